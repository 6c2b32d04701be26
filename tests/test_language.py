"""The scenario language beyond single values and plain events: what each key changes, from when on, and its errors."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import scenario

from sim.experiment.run import run
from sim.scenario import ParameterEvent, ScenarioError, load
from sim.scenario.event import ActEvent, Timing, event_from_dict, event_to_dict
from sim.scenario.happenings import Happenings, occurrences
from sim.scenario.scenario import Scenario

PAGE = Path(__file__).parents[1] / "docs" / "language.md"
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
HEAD = 'title = "T"\nquestion = "Q?"\n'
CHANGE = '[[events]]\nmonth = "2024-01"\nkey = "war.intensity"\nfactor = 0.5\n'
ACT = '[[events]]\nmonth = "2024-01"\nact = "exercise"\nactors = ["USA", "KOR"]\n'


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Load a scenario of this text."""

    def _read(text: str, name: str = "mine.toml") -> Scenario:
        (tmp_path / name).write_text(HEAD + text, encoding="utf-8")
        return load(tmp_path / name)

    return _read


def change(
    key: str = "war.intensity", factor: float = 0.5, duration: int | None = None, **timing: Any
) -> ParameterEvent:
    return ParameterEvent(4, key, None, factor, duration, "", "", "a change", Timing(**timing))


def act(**timing: Any) -> ActEvent:
    return ActEvent(4, "exercise", ("USA", "KOR"), "", "", "an act", Timing(**timing))


def weights(event: ParameterEvent, months: int = 30) -> list[float]:
    found = [Happenings([event]).changes(month) for month in range(months)]
    return [float(changes[0].weight) if changes else 0.0 for changes in found]


# ---- The page -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_every_example_of_the_page_is_a_scenario(number: int, tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(EXAMPLES[number], encoding="utf-8")
    found = load(path)
    assert Scenario.from_dict(found.to_dict()) == found
    assert all(event.why for event in found.events)


# ---- Names, and another start ---------------------------------------------------------------------------------


def test_events_are_dropped_and_replaced_by_name(read: Any) -> None:
    before = load("sea_route")
    found = read(
        'extends = "sea_route"\ndrop_events = ["gap in American aid"]\n' + CHANGE + 'name = "pause of sailings"'
    )
    names = [event.name for event in found.events]
    assert names == ["Vostochny summit", "secondary sanctions", "pause of sailings"]
    assert getattr(found.events[2], "key", "") == "war.intensity"
    assert [event.name for event in read('extends = "sea_route"\ndrop_events = "all"').events] == []
    assert len(before.events) == 4


def test_a_name_changes_no_result(read: Any) -> None:
    assert read(CHANGE).hash == read(CHANGE + 'name = "lull"').hash


def test_a_later_start_keeps_dates_and_what_still_holds(read: Any) -> None:
    """Four months later: the change for good and the running one go on, the one that is over is gone."""
    base = '[[events]]\nname = "{}"\nmonth = "2023-1{}"\nkey = "war.intensity"\nfactor = 0.5\n' + "duration = {}\n"
    read(CHANGE + "".join(base.format(*row) for row in (("over", 0, 2), ("runs", 1, 9))), "base.toml")
    found = read('extends = "base.toml"\nstart = "2024-02"')
    assert [(event.name, event.month) for event in found.events] == [("runs", -3), ("", -1)]
    assert [[c.event.name for c in Happenings(found.events).changes(m)] for m in (0, 5, 6)] == [["runs", ""]] * 2 + [
        [""]
    ]
    assert Happenings(found.events).changes(-1) == []


def test_an_act_before_a_later_start_has_to_be_dropped(read: Any) -> None:
    later = 'extends = "sea_route"\nstart = "2024-01"\n'
    with pytest.raises(
        ScenarioError, match=r'start: the act of article.toml:\d+ .* drop_events = \["Vostochny summit"\]'
    ):
        read(later)
    assert len(read(later + 'drop_events = ["Vostochny summit"]').events) == 3


# ---- By degrees, again, in season -----------------------------------------------------------------------------


def test_a_change_comes_in_by_equal_steps() -> None:
    assert weights(change(over=4))[3:9] == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]


def test_a_change_comes_again_and_ends() -> None:
    held = [month for month, weight in enumerate(weights(change(duration=2, every=6, last=12))) if weight]
    assert held == [4, 5, 10, 11, 16, 17]


def test_a_season_is_that_of_the_calendar() -> None:
    """Month 4 after September is January; the season is December to February."""
    held = [month for month, weight in enumerate(weights(change(season=(1, 2, 12), of_year=1))) if weight]
    assert held == [4, 5, 15, 16, 17, 27, 28, 29]


@pytest.mark.parametrize(
    ("timing", "months"),
    [
        ({}, [4]),
        ({"every": 6}, [4, 10, 16]),
        ({"every": 6, "last": 6}, [4, 10]),
        ({"season": (3, 5), "of_year": 1}, [6, 8, 18]),
    ],
)
def test_an_act_comes_again(timing: dict[str, Any], months: list[int]) -> None:
    assert occurrences(act(**timing), 20) == months
    assert [month for month in range(20) if list(Happenings([act(**timing)]).acts(month))] == months


def test_a_ramp_is_felt_from_its_month_on() -> None:
    """Half-way through the ramp to 0 the war is half as intense; before it nothing changes."""
    plain, ramp = (run(scenario(months=6, worlds=8, events=events)) for events in ((), (change(factor=0.0, over=2),)))
    wanted = [one["fire"].values for one in (plain, ramp)]
    assert np.array_equal(wanted[0][:4], wanted[1][:4])
    assert (wanted[1][4] < wanted[0][4]).any()


def test_stored_events_come_back() -> None:
    for event in (change(over=3), act(season=(1, 5), of_year=1), change()):
        assert event_from_dict(event_to_dict(event)) == event
    assert "timing" not in event_to_dict(change())


# ---- Errors ---------------------------------------------------------------------------------------------------

WRONG = [
    (CHANGE + 'name = "a"\n' + CHANGE + 'name = "a"', r'mine.toml:12: events.name: "a" is also the name on line 7'),
    (CHANGE + 'name = "a|b"', r"events.name: must be text in quotes of at most 60 letters"),
    (CHANGE + 'name = "all"', r'events.name: "all" stands for every event'),
    (
        'extends = "sea_route"\ndrop_events = ["pause of sailing"]',
        r"drop_events: no inherited .*mean pause of sailings\?",
    ),
    ('drop_events = ["x"]', r"drop_events: no inherited event is called \"x\"; none of them has a name"),
    ("drop_events = 3", r'drop_events: must be a list of names of inherited events, or "all", found 3'),
    (CHANGE + "over = 0", r"events.over: must be greater than or equal to 1, found 0"),
    (CHANGE + "over = 6\nduration = 3", r"events.over: must not be longer than duration, 3 months, found 6"),
    (
        CHANGE.replace("war.intensity", "routes.rajin.open").replace("factor = 0.5", "value = true") + "over = 6",
        "is a switch and cannot change by degrees",
    ),
    (CHANGE + "every = 6", r"events.every: a change that comes again needs duration"),
    (CHANGE + "every = 6\nduration = 6", r"events.duration: must be shorter than every, 6 months, found 6"),
    (CHANGE + "season = [13]", r"events.season: must be a list of months of the year, such as \[12, 1, 2\], found 13"),
    (CHANGE + "season = 12", r"events.season: must be a list of months of the year"),
    (CHANGE + "season = [1, 1]", r"events.season: names a month of the year twice"),
    (CHANGE + "season = [1]\nduration = 2", r"events.duration: season says already how long"),
    (CHANGE + 'until = "2024-05"', r"events.until: until ends what comes again"),
    (ACT + 'every = 2\nuntil = "2023-12"', r"events.until: must not lie before the month of the event, 2024-01"),
    (ACT + "over = 3", r"events.over: an event with an act has no such key"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_mistakes_are_named(number: int, read: Any) -> None:
    text, message = WRONG[number]
    with pytest.raises(ScenarioError) as error:
        read(text)
    assert re.search(message, str(error.value)), str(error.value)
    assert len(error.value.problems) == 1, str(error.value)
