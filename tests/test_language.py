"""The scenario language beyond single values and plain events: what each key changes, from when on, and its errors."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small_worlds import SEA, scenario, world_of

from sim.compile import engine
from sim.experiment.happenings import Watch, begin_month, happenings
from sim.experiment.run import run
from sim.model.relations import learnt_trust
from sim.scenario import ParameterEvent, ScenarioError, Setting, load
from sim.scenario.event import ActEvent, ShockEvent, Timing, event_from_dict, event_to_dict, month_of, timing_words
from sim.scenario.happenings import NEVER, Happenings, occurrences
from sim.scenario.options import group_of
from sim.scenario.scenario import Scenario

PAGE = Path(__file__).parents[1] / "docs" / "language.md"
EXAMPLES = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
RAIL = "routes.khasan.capacity"
HEAD = 'title = "T"\nquestion = "Q?"\n'
CHANGE = '[[events]]\nmonth = "2024-01"\nkey = "war.intensity"\nfactor = 0.5\n'
ACT = '[[events]]\nmonth = "2024-01"\nact = "exercise"\nactors = ["USA", "KOR"]\n'
SHOCK = '[[events]]\nmonth = "2024-01"\nshock = "prk.ammunition.stock"\n'


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
    sized = named("a", when="coordination > 0.5", delay=2, spread=Setting(0.1, 0.0, 0.2, "uniform", ""))
    for event in (change(over=3), act(season=(1, 5), of_year=1), change(), sized, shock("coordination", 0.5)):
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
    (
        CHANGE + f"season = {[*range(1, 13), *range(1, 13), []]}",
        r"must be a list of months of the year.*found an array",
    ),
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


# ---- Perhaps, some month, about so much -----------------------------------------------------------------------


def named(name: str, month: int = 2, *, spread: Setting | None = None, **timing: Any) -> ParameterEvent:
    return ParameterEvent(month, RAIL, None, 0.5, None, "", "", name, Timing(**timing), spread)


def test_draws_belong_to_the_name_and_are_balanced() -> None:
    """In the long run three worlds of ten, months with equal odds; another event shifts nothing."""
    spec = scenario(worlds=2000, events=(named("a", probability=0.3, latest=3),))
    other = replace(spec, events=(named("b", probability=0.5), *spec.events))
    begins = [happenings(one, 0, 2000)._begins[-1] for one in (spec, other)]
    assert np.array_equal(*begins)
    share = (begins[0] < NEVER).mean()
    assert abs(share - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 2000)
    months = np.bincount(begins[0][begins[0] < NEVER], minlength=6)[2:6]
    assert months.sum() == (begins[0] < NEVER).sum()
    assert (abs(months - months.mean()) < 4 * np.sqrt(months.mean())).all()
    assert np.array_equal(happenings(spec, 8, 16)._begins[0], begins[0][8:24])


@pytest.fixture(scope="module")
def plain() -> xr.Dataset:
    return run(scenario(SEA, months=8, worlds=16))


def same_months(before: xr.Dataset, after: xr.Dataset, world: int) -> int:
    """Number of months, from the first, in which stocks of a world are the same to the last bit."""
    both = [one["stock"].isel(world=world).values.reshape(one.sizes["month"], -1) for one in (before, after)]
    equal = (both[0] == both[1]).all(axis=1)
    return int(np.argmin(equal)) if not equal.all() else len(equal)


def test_worlds_without_the_event_are_the_paired_worlds_to_the_last_bit(plain: xr.Dataset) -> None:
    event = named("narrow", 3, probability=0.5, spread=Setting(0.1, 0.01, 0.2, "uniform", ""))
    spec = scenario(SEA, months=8, worlds=16, events=(event,))
    struck = happenings(spec, 0, 16)._begins[0] < NEVER
    assert 0 < struck.sum() < 16
    after = run(spec)
    for world in range(16):
        assert same_months(plain, after, world) == (3 if struck[world] else 8)


def test_an_act_that_some_worlds_see_is_not_called_scheduled() -> None:
    event = ActEvent(2, "summit", ("RUS", "PRK"), "", "", "meeting", Timing(probability=0.5))
    spec = scenario(months=4, worlds=16, events=(event, replace(event, month=3, name="", timing=Timing())))
    found = run(spec)
    rows = list(group_of("summit", "RUS", "PRK"))
    assert [int(found["scheduled"].isel(option=rows, month=month).sum()) for month in (2, 3)] == [0, 2]
    struck = happenings(spec, 0, 16)._begins[0] < NEVER
    assert found["outcome"].isel(option=rows[0], month=2).values[struck].all()


# ---- Shocks ---------------------------------------------------------------------------------------------------


def shock(target: str, factor: float | None = None, add: float | None = None, **timing: Any) -> ShockEvent:
    return ShockEvent(3, target, factor, add, "", "", target, Timing(**timing))


@pytest.mark.parametrize(
    ("event", "variable", "at"),
    [
        (shock("prk.ammunition.stock", factor=0.5), "stock", {"country": "PRK", "good": "ammunition"}),
        (shock("rus_prk.trust", add=-0.3), "trust", {"country": "RUS", "partner": "PRK"}),
        (shock("rus_prk.alignment", add=-0.5), "alignment", {"country": "PRK", "partner": "RUS"}),
        (shock("coordination", factor=0.5), "coordination", {}),
    ],
)
def test_a_shock_is_felt_from_its_month_on(event: ShockEvent, variable: str, at: Any, plain: xr.Dataset) -> None:
    after = run(scenario(SEA, months=8, worlds=16, events=(event,)))
    both = [one[variable].sel(at).transpose("month", "world").values for one in (plain, after)]
    assert np.array_equal(both[0][:3], both[1][:3])
    assert (both[1][3] < both[0][3]).all()
    for world in range(16):
        assert same_months(plain, after, world) >= 3


def test_trust_after_a_shock_is_what_was_asked_for() -> None:
    world = world_of(
        scenario(SEA, worlds=8, events=(shock("rus_prk.trust", add=-0.2), shock("prk_rus.trust", add=0.2)))
    )
    for _ in range(3):
        world.step()
    s, p = world.state, world.parameters
    before = s.trust.copy()
    begin_month(world, Watch(p.happenings))
    for pair, by in (((0, 1), -0.2), ((1, 0), 0.2)):
        assert s.trust[pair] == pytest.approx(np.clip(before[pair] + by, 0.01, 0.99))
        told = learnt_trust(s.usual_trust[pair], p["trust.prior"], s.kept[pair], s.failed[pair])
        assert told == pytest.approx(s.trust[pair])
    world.close()


# ---- If, then -------------------------------------------------------------------------------------------------


def test_an_event_begins_after_the_first_month_that_meets_its_condition(plain: xr.Dataset) -> None:
    limit = float(plain["shells_delivered"].isel(month=3).median())
    event = named("answer", 0, when=f"shells_delivered > {limit!r}", delay=1)
    after = run(scenario(SEA, months=8, worlds=16, events=(event,)))
    met = (plain["shells_delivered"] > limit).transpose("month", "world").values
    first = np.where(met.any(axis=0), met.argmax(axis=0), 99)
    assert len(set(first.tolist())) > 1
    assert [same_months(plain, after, world) for world in range(16)] == np.minimum(first + 2, 8).tolist()


@pytest.mark.skipif(not engine.possible(), reason="machine code cannot be used here")
def test_the_compiled_month_meets_the_same_events_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    events = (
        shock("prk.ammunition.stock", factor=0.5),
        shock("rus_prk.trust", add=-0.2, probability=0.5),
        named("answer", 0, when="shells_delivered > 200 and prk.ammunition.stock > 0"),
    )
    spec = scenario(SEA, months=6, worlds=16, events=events)
    monkeypatch.setenv("SIM_COMPILED", "0")
    numpy = run(spec)
    monkeypatch.delenv("SIM_COMPILED")
    monkeypatch.setattr(engine, "WORTH_MAKING", 0)
    monkeypatch.setattr(engine, "_CODE", [])
    assert run(spec).equals(numpy)
    assert engine._CODE[0] is not None
    assert run(spec, variables={"stock"})["stock"].equals(numpy["stock"])


def test_words_tell_months_of_the_calendar() -> None:
    event = act(every=12, last=21)
    assert timing_words(event, "2024-01").endswith(f" until {month_of(event, '2024-01', 21)}")
    assert month_of(act(), "2023-12", -act().month) == "2023-12"


MORE_WRONG = [
    (
        CHANGE.replace('"2024-01"', '["2024-03", "2024-05"]') + 'name = "a"',
        "events.month: an uncertain month is written",
    ),
    (CHANGE + "probability = 0.5", "needs a name"),
    (CHANGE + 'name = "a"\nprobability = 0', "events.probability: must be above 0 and at most 1, found 0"),
    (CHANGE.replace('"2024-01"', '{ low = "2024-03" }') + 'name = "a"', "events.month: an uncertain month is written"),
    (CHANGE.replace('"2024-01"', '{ low = "2024-03", high = "2024-02" }') + 'name = "a"', "low must lie before high"),
    (
        CHANGE.replace('"2024-01"', '{ low = "2024-03", high = "2034-02" }') + 'name = "a"',
        "months of the scenario, found 2034-02",
    ),
    (CHANGE.replace("0.5", "{ low = 0.5 }") + 'name = "a"', "events.factor: a range needs low and high"),
    (CHANGE.replace("0.5", "{ low = 0.5, high = 99 }") + 'name = "a"', "events.factor: 99 times"),
    (
        CHANGE + 'when = "prk.thret > 1"',
        r"events.when: prk.thret: unknown variable 'thret'.*\(did you mean threat\?\), at character 1",
    ),
    (CHANGE + 'when = "coordination > p50"', "events.when: expected a number after >, at character 16"),
    (CHANGE + 'when = "coordination > 1"\nevery = 3\nduration = 1', "events.every: an if-then event begins once"),
    (CHANGE + "delay = 1", "events.delay: delay goes with when"),
    (SHOCK + "factor = 0.5\nadd = 1", "a shock has either factor or add"),
    (SHOCK.replace("stock", "production") + "factor = 0.5", "cannot be hit by a shock; what can is"),
    (SHOCK.replace("prk", "nk") + "factor = 0.5", "nk is no country and no pair"),
    (SHOCK + "factor = -1", "events.factor: must be a finite number from 0 on, found -1"),
    (SHOCK + 'add = "2 kt"', 'events.add: must be in krounds, found the unit "kt"'),
    (SHOCK + "factor = 0.5\nduration = 3", "events.duration: an event with a shock has no such key"),
]


@pytest.mark.parametrize("number", range(len(MORE_WRONG)))
def test_more_mistakes_are_named(number: int, read: Any) -> None:
    text, message = MORE_WRONG[number]
    with pytest.raises(ScenarioError) as error:
        read(text)
    assert re.search(message, str(error.value)), str(error.value)
    assert len(error.value.problems) == 1, str(error.value)
