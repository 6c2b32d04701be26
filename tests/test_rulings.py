"""What a scenario says of decisions: acts asked for, refused and forbidden, and countries more or less willing."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import SEA, act_in, scenario, watch, world_of

from sim.commands.describe import what as described
from sim.compile import engine
from sim.experiment.design import sample
from sim.experiment.run import run
from sim.experiment.witness import witness
from sim.present.decisions import ASKED, REFUSED, decisions
from sim.present.room.happenings import words
from sim.present.spreadsheets import EVENTS_COLUMNS, events
from sim.present.what_differs import event_words
from sim.scenario import DecisionEvent, Scenario, ScenarioError, Setting, load
from sim.scenario.card import card
from sim.scenario.decision import as_event
from sim.scenario.difference import differences
from sim.scenario.event import DECISIONS, Event, Timing, decision_words, event_from_dict, event_to_dict, last_month
from sim.scenario.happenings import Happenings, occurrences
from sim.scenario.names import TERMS
from sim.scenario.options import OPTIONS, chosen, group_of
from sim.scenario.policies import read_study
from sim.studies.compare.change_words import change_words
from sim.studies.explain.acts import PARTS, Act, sentences
from sim.texts.spoken import speaking

Array = np.ndarray
HEAD = 'title = "T"\nquestion = "Q?"\nextends = "sea_route"\n[[events]]\n'
FROM, MONTHS, WORLDS = 2, 6, 16
MEETING = group_of("summit", "RUS", "PRK")
"""Rows of Russia's and North Korea's decision on a summit."""


def said(
    what: str, act: str, by: str = "", partners: str = "", *, add: float | None = None, duration: int | None = None,
    name: str = "", spread: Setting | None = None, month: int = FROM, **timing: Any,
) -> DecisionEvent:  # fmt: skip
    lists = tuple(by.split()), tuple(partners.split())
    return DecisionEvent(month, what, act, *lists, add, duration, "", "", name, Timing(**timing), spread)


def seen_with(*events: Event, compiled: bool = False) -> dict[str, Array]:
    return watch(scenario(SEA, months=MONTHS, worlds=WORLDS, events=events), compiled=compiled)


@pytest.fixture(scope="module")
def plain() -> dict[str, Array]:
    return seen_with()


# ---- Rulings --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ruled() -> dict[str, Array]:
    """China refuses all summits, missile tests are forbidden, and North Korea is asked for a summit with Russia."""
    return seen_with(
        said("refused", "summit", "CHN"),
        said("refused", "missile_test"),
        said("asked", "summit", "PRK", "RUS", duration=3),
    )


def test_a_refused_act_never_happens(plain: dict[str, Array], ruled: dict[str, Array]) -> None:
    summits = [k for k, o in enumerate(OPTIONS) if o.act == "summit" and "CHN" in (o.actor, *o.partners)]
    for rows in (summits, chosen("missile_test")):
        assert plain["outcome"][FROM:, rows].any()
        assert not ruled["outcome"][FROM:, rows].any()
    assert not ruled["choice"][FROM:, chosen("summit", ("CHN",))].any()
    assert ruled["choice"][FROM:, chosen("summit", partners=("CHN",))].any(), "the partners answer for themselves"


def test_who_is_asked_says_yes_and_the_partner_decides(plain: dict[str, Array], ruled: dict[str, Array]) -> None:
    asked, partner = chosen("summit", ("PRK",), ("RUS",))[0], chosen("summit", ("RUS",), ("PRK",))[0]
    when = slice(FROM, FROM + 3)
    assert ruled["choice"][when, asked].all()
    assert 0 < plain["choice"][FROM, asked].sum() < WORLDS
    assert np.array_equal(ruled["choice"][FROM, partner], plain["choice"][FROM, partner]), "by the chance that it had"
    assert np.array_equal(ruled["outcome"][when, asked], ruled["choice"][when, partner])
    assert 0 < ruled["outcome"][when, asked].sum() < 3 * WORLDS
    assert not ruled["choice"][FROM + 3 :, asked].all()


def test_nothing_changes_before_the_first_ruling(plain: dict[str, Array], ruled: dict[str, Array]) -> None:
    for name in plain:
        assert np.array_equal(plain[name][:FROM], ruled[name][:FROM], equal_nan=True), name


def test_what_is_not_open_cannot_be_asked_for() -> None:
    """South Korea draws its red line in the first month in which it is asked, and once."""
    seen = seen_with(said("asked", "red_line"), said("asked", "veto", month=0))
    (line,) = chosen("red_line")
    assert (seen["outcome"][: FROM + 1, line].sum(axis=0) == 1).all()
    assert not seen["outcome"][FROM + 1 :, line].any()
    assert not seen["outcome"][:, chosen("veto")].any(), "the mandate is renewed in March, month 6"


def test_scheduled_comes_before_refused_and_refused_before_asked() -> None:
    seen = seen_with(
        said("asked", "summit", "RUS"),
        said("refused", "summit", "RUS", "PRK"),
        act_in(FROM + 1, "summit", "RUS", "PRK"),
    )
    happened = seen["outcome"][:, MEETING[0]]
    assert not happened[FROM].any()
    assert happened[FROM + 1].all()
    assert not happened[FROM + 2 :].any()
    assert seen["choice"][FROM:, chosen("summit", ("RUS",), ("CHN", "USA"))].all()


def test_the_log_is_the_state() -> None:
    """The same rulings, from a file of JSON or in code and in any order, give the same world anywhere."""
    log = [(OPTIONS[8], "refused", "2024-01"), (OPTIONS[40], "asked", "2023-11"), (OPTIONS[41], "asked", "2023-11")]
    tables = [as_event(*entry) for entry in log]
    spec = load("sea_route", events=tables, worlds=24, months=5)
    many = run(spec, variables={"outcome", "stock", "trust"})
    again = load("sea_route", events=json.loads(json.dumps(tables[::-1])), worlds=1, months=5)
    assert run(again, first=17, variables={"outcome", "stock", "trust"}).equals(many.isel(world=slice(17, 18)))
    assert Scenario.from_dict(json.loads(json.dumps(spec.to_dict()))).hash == spec.hash
    rows = [
        chosen(e.act, e.by, e.partners)
        for e in sorted(spec.events, key=lambda e: e.origin)
        if isinstance(e, DecisionEvent)
    ]
    assert rows == [[8], [40], [41]]


# ---- Willingness ----------------------------------------------------------------------------------------------


def test_willingness_is_added_to_the_utility(plain: dict[str, Array]) -> None:
    """In its first month nothing else differs; the range is drawn by the name of the event, and comes in by steps."""
    seen = seen_with(
        said("willing", "summit", "RUS", add=0.8),
        said("willing", "summit", "RUS", "PRK", add=-0.3),
        said("willing", "visit", name="drawn", add=1.0, spread=Setting(1.0, 0.5, 1.5, "uniform", ""), over=2),
    )
    more = (seen["terms"] - plain["terms"])[FROM].sum(axis=1)
    expected = np.zeros_like(more)
    expected[chosen("summit", ("RUS",))] += 0.8
    expected[chosen("summit", ("RUS",), ("PRK",))] -= 0.3
    half = more[chosen("visit")[0]]
    assert (half > 0.25).all()
    assert (half < 0.75).all()
    assert len(np.unique(half)) == WORLDS
    expected[chosen("visit")] = half
    np.testing.assert_allclose(more, expected, atol=1e-12)
    precision = sample(scenario(SEA, months=MONTHS, worlds=WORLDS), 0, WORLDS)["acts.precision"]
    (up,) = chosen("summit", ("RUS",), ("CHN",))
    after, before = (found["probability"][FROM, up] for found in (seen, plain))
    np.testing.assert_allclose(after / (1.0 - after), np.exp(0.8 * precision) * before / (1.0 - before), rtol=1e-9)
    others = [k for k in range(len(OPTIONS)) if OPTIONS[k].act not in ("summit", "visit")]
    assert np.array_equal(seen["choice"][FROM, others], plain["choice"][FROM, others])


def test_willingness_adds_up_in_the_ledger_and_is_named() -> None:
    set_by = said("willing", "summit", "RUS", "PRK", add=0.8), said("refused", "visit", "RUS", month=4)
    w = witness(scenario(SEA, months=5, worlds=1, events=set_by), 0)
    act = Act(w, MEETING)
    before, after = (act.ledger(MEETING[0], month).checked() for month in (FROM - 1, FROM))
    assert [part.name for part in before.parts] == list(TERMS)
    assert [part.name for part in after.parts] == list(PARTS)
    assert after.part("willingness") == pytest.approx(0.8)
    assert after.value == pytest.approx(
        w.ds["terms"].isel(option=MEETING[0], month=FROM, world=0).sum().item(), abs=1e-5
    )
    visit = " ".join(sentences(Act(w, group_of("visit", "RUS", "PRK")), 4))
    assert "Russia said no, since the scenario forbids it" in visit
    assert "So it could not come about in January 2024." in visit


def test_the_table_of_decisions_says_who_decided() -> None:
    set_by = said("refused", "visit", "RUS"), said("asked", "visit", "PRK", "RUS")
    found = run(scenario(SEA, months=3, worlds=8, events=set_by))
    rows = list(decisions(found, [0], ["visit"], ["RUS", "PRK"]))
    place = rows[0].index("reason")
    reasons = {(row[0], row[1], row[3]): row[place] for row in rows[1:]}
    assert reasons["2023-11", "RUS", "CHN"] == reasons["2023-11", "RUS", "PRK"] == REFUSED
    assert reasons["2023-11", "PRK", "RUS"] == ASKED
    assert reasons["2023-10", "RUS", "PRK"] not in (REFUSED, ASKED)
    table = [dict(zip(EVENTS_COLUMNS, row, strict=True)) for row in events(found)]
    (row,) = (row for row in table if row["kind"] == "asked")
    assert (row["month"], row["what"], row["actors"], row["targets"]) == ("2023-11", "visit", "PRK", "RUS")


# ---- Both backends, and what is stored ------------------------------------------------------------------------


@pytest.mark.skipif(not engine.possible(), reason="machine code cannot be used here")
def test_the_compiled_month_is_that_of_numpy_to_the_last_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    set_by = (
        said("asked", "exercise", "PRK CHN", name="perhaps", probability=0.5),
        said("refused", "summit", "USA"),
        said("willing", "visit", name="drawn", add=0.0, spread=Setting(0.0, -2.0, 2.0, "triangular", ""), over=3),
    )
    plain = seen_with(*set_by)
    monkeypatch.setattr(engine, "WORTH_MAKING", 0)
    fast = seen_with(*set_by, compiled=True)
    assert world_of(scenario(worlds=8, months=1), compiled=True).engine
    assert [name for name in plain if plain[name].tobytes() != fast[name].astype(plain[name].dtype).tobytes()] == []


def test_stored_events_come_back() -> None:
    for event in (
        said("asked", "summit", "PRK", "RUS"),
        said("refused", "aid"),
        said("willing", "visit", add=0.5, over=2),
    ):
        assert event_from_dict(json.loads(json.dumps(event_to_dict(event)))) == event
    assert last_month(said("asked", "aid", duration=3)) == FROM + 2
    assert last_month(said("refused", "aid")) is None
    assert occurrences(said("refused", "aid", duration=2, every=4), 12) == [2, 6, 10]
    sized = said("willing", "visit", name="drawn", add=1.0, spread=Setting(1.0, 0.5, 1.5, "uniform", ""))
    assert occurrences(sized, 12) == [FROM], "only how large it is differs between worlds"
    held = [Happenings([said("refused", "aid", duration=2, every=4)]).decisions(month)[1].min() for month in range(8)]
    assert held == [0.0, 0.0, -1.0, -1.0, 0.0, 0.0, -1.0, -1.0]


def test_words_of_decisions() -> None:
    assert decision_words(said("refused", "aid")) == "aid forbidden"
    assert decision_words(said("refused", "summit", "CHN", "PRK")) == "summit refused by CHN with PRK"
    with speaking("fr"):
        assert decision_words(said("refused", "summit", "CHN", "PRK")).endswith(" avec la Corée du Nord")
    assert decision_words(said("asked", "summit", duration=1)) == "summit asked by all for 1 month"
    assert decision_words(said("willing", "visit", "CHN", add=-0.5)) == "willingness -0.5 of CHN: visit"


def test_every_place_tells_what_is_said_of_decisions() -> None:
    event, text = said("refused", "summit", "CHN", duration=3), "summit refused by CHN for 3 months"
    spec = scenario(months=6, worlds=8, events=(event, said("willing", "visit", "CHN", name="cooler", add=-0.5)))
    assert event_words(event_to_dict(event)) == described(event, spec.start) == text
    assert words(event) == "summit refused by China for 3 months"
    assert text in card(spec)
    told = [change_words(change, spec.start) for change in differences(replace(spec, events=()), spec)]
    assert f"Decisions on summit: {text} from 2023-11" in told
    assert "Cooler: willingness -0.5 of CHN: visit from 2023-11" in told


def test_a_lever_settles_decisions_of_its_own_countries_alone(tmp_path: Path) -> None:
    own, other = (f'why = "w"\n[[CHN.seat.{name}.events]]\nrefused = "summit"\n' for name in ("open", "shut"))
    options = f'[CHN.seat.open]\n{own}by = "CHN"\n[CHN.seat.shut]\n{other}'
    (tmp_path / "mine.toml").write_text(f'title = "T"\nquestion = "Q?"\n{options}', encoding="utf-8")
    with pytest.raises(
        ScenarioError, match=r"a decision of RUS, PRK, USA, KOR, JPN cannot be scheduled by a lever of CHN"
    ):
        read_study(str(tmp_path / "mine.toml"), load("article"))


WRONG = [
    ('refused = "sumit"', r'mine.toml:5: events.refused: unknown act "sumit".*mean summit\?'),
    ('refused = "summit"\nby = "ROK"', r'mine.toml:6: events.by: unknown country "ROK".*mean KOR\?'),
    ('refused = "veto"\nby = "KOR"', "events.by: veto is an act of RUS, CHN, found KOR"),
    ('refused = "veto"\nwith = "KOR"', "events.with: veto is an act of one country; leave out with"),
    ('asked = "summit"\nby = "KOR"\nwith = "KOR"', "events.with: KOR has no summit with KOR"),
    (
        'asked = "trilateral_exercise"\nby = "KOR"\nwith = ["USA", "CHN"]',
        "events.with: KOR has no trilateral_exercise with CHN",
    ),
    ('asked = "summit"\nby = []', "events.by: must be a country such as"),
    ('asked = "summit"\nby = ["KOR", "KOR"]', "events.by: names a country twice"),
    ('asked = "summit"\nover = 3', "events.over: an act is asked or it is not"),
    ('asked = "summit"\nadd = 3', "events.add: an event with asked has no such key"),
    ('willing = "summit"', "events.willing: needs add"),
    ('willing = "summit"\nadd = "much"', 'events.add: must be a number, found "much"'),
    ('willing = "summit"\nadd = 101', r"events.add: must lie in -100 .. 100, found 101"),
    ('willing = "summit"\nadd = { low = 0, high = 1 }', "needs a name"),
    ('asked = "summit"\nevery = 3', "events.every: a change that comes again needs duration"),
    ('asked = "summit"\nrefused = "summit"', "an event has one of key .*asked, refused and willing"),
]


@pytest.mark.parametrize("number", range(len(WRONG)))
def test_mistakes_are_named(number: int, tmp_path: Path) -> None:
    text, message = WRONG[number]
    (tmp_path / "mine.toml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        load(tmp_path / "mine.toml")
    assert re.search(message, str(error.value)), str(error.value)
    assert len(error.value.problems) == 1, str(error.value)


def test_the_names_of_rulings_are_keys_of_events(tmp_path: Path) -> None:
    for what in DECISIONS:
        text = f'{what} = "summit"\n' + "add = 0.5\n" * (what == "willing")
        (tmp_path / "mine.toml").write_text(HEAD + text, encoding="utf-8")
        (event,) = (event for event in load(tmp_path / "mine.toml").events if isinstance(event, DecisionEvent))
        assert (event.what, event.month, event.duration) == (what, 0, None)
