"""What is left out is said: events after the end, two values for one month, what cannot be varied, names cut alike."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

import sim
from sim.commands.loading import attempt_load
from sim.commands.naming import named_keys
from sim.experiment.design import sample
from sim.scenario import Problem
from sim.scenario.unfelt import unfelt
from sim.scenario.unreached import unreached
from sim.scenario.values import Parameters
from sim.studies.compare.figures import LONGEST_NAME, brief, briefs

KEY = "routes.khasan.capacity"


def remarks(*events: dict[str, Any], months: int = 6) -> list[str]:
    numbered = [{"month": "2023-11", "key": KEY, "why": "a test", **event} for event in events]
    return [one for one in unfelt(sim.load("article", months=months, events=numbered)) if "last month" not in one]


def test_two_values_for_one_month_are_said_with_that_which_counts() -> None:
    (said,) = remarks({"value": 10}, {"value": 90})
    assert "routes.khasan.capacity is set twice in 2023-11" in said
    assert "that of events:2 counts, not that of events:1" in said
    assert "the later in the file counts" in said


@pytest.mark.parametrize(
    "events",
    [
        [{"value": 10}],
        [{"value": 10}, {"value": 10}],
        [{"value": 10}, {"value": 90, "month": "2023-12"}],
        [{"value": 10}, {"factor": 2.0}],
        [{"value": 10}, {"value": 0.5, "key": "sanctions.pressure"}],
        [{"value": 10}, {"value": 90, "name": "perhaps", "probability": 0.5}],
        [{"value": 10}, {"value": 90, "season": [12, 1]}],
    ],
)
def test_what_can_both_hold_is_not_said(events: Sequence[dict[str, Any]]) -> None:
    assert remarks(*events) == []


SUMMIT = {"month": "2023-11", "duration": 3, "by": "PRK", "with": "RUS"}


def rulings(*events: dict[str, Any]) -> list[str]:
    asked = [{"why": "a test", **event} for event in events]
    return [one for one in unfelt(sim.load("article", months=6, events=asked)) if "last month" not in one]


def test_of_two_words_on_one_decision_that_which_counts_is_said() -> None:
    (said,) = rulings({**SUMMIT, "asked": "summit"}, {**SUMMIT, "refused": "summit", "month": "2024-01"})
    assert "summit is refused by PRK and also asked for in 2024-01" in said
    assert "events:2 counts there, not events:1" in said
    (said,) = rulings(
        {"refused": "summit", "month": "2023-10"}, {"act": "summit", "actors": ["RUS", "PRK"], "month": "2023-12"}
    )
    assert "also scheduled in 2023-12: events:2 counts there, not events:1" in said


@pytest.mark.parametrize(
    "other",
    [
        {"month": "2024-02"},
        {"by": "RUS", "with": "PRK"},
        {"with": "CHN"},
        {"probability": 0.5, "name": "perhaps"},
    ],
    ids=str,
)
def test_words_on_other_decisions_or_months_overrule_nothing(other: dict[str, Any]) -> None:
    assert rulings({**SUMMIT, "asked": "summit"}, {**SUMMIT, "refused": "summit", **other}) == []


def test_a_factor_before_a_value_of_the_same_month_is_lost_and_said() -> None:
    assert len(remarks({"factor": 2.0}, {"value": 90, "duration": 3})) == 1


def test_the_rule_is_that_of_the_model() -> None:
    """What the remark says counts is what a run takes."""
    events = [{"month": "2023-11", "key": KEY, "why": "a test", "value": value} for value in (10, 90)]
    made = sim.load("article", months=3, worlds=2, events=events)
    values = Parameters(sample(made, 0, 2), made.events)
    values.move_to(2)
    assert (values[KEY] == 90.0).all()


def test_events_after_the_last_month_are_named() -> None:
    short = sim.load("ceasefire", months=3)
    (said,) = unfelt(short)
    assert "after the last month, 2023-11, left out: " in said
    assert f"({short.left_out[0].origin})" in said
    assert unfelt(sim.load("ceasefire")) == []
    assert short.hash == replace(short, left_out=()).hash
    assert all(event.month < 3 for event in short.events)


def test_relief_between_countries_without_an_open_route_is_said_to_move_no_goods() -> None:
    """Whether it is a setting or an event, and until some event opens a route; technology and the UN need none."""
    relief = {"month": "2023-11", "key": "restrictions.USA.PRK.all", "value": -1, "why": "a test"}
    opens = {"month": "2023-12", "key": "routes.ocean_prk_usa.open", "value": True, "why": "a test"}
    for asked in ({"set": ["restrictions.PRK.USA.food=1"]}, {"events": [relief]}):
        (said,) = unreached(sim.load("article", months=6, **asked))
        assert "no route between PRK and USA is open in any month" in said
        assert "routes.ocean_prk_usa.open = true would open one" in said
    assert unreached(sim.load("article", months=6, events=[relief, opens])) == []
    for key in ("restrictions.USA.PRK.technology", "restrictions.UN.PRK.all", "restrictions.USA.JPN.food"):
        assert unreached(sim.load("article", months=6, set=[f"{key}=1"])) == []


def test_relief_where_all_routes_are_shut_names_each_that_could_be_opened() -> None:
    """The crude pipeline carries no trade, so it is not named."""
    shut = [f"routes.{route}.open=0" for route in ("dandong", "nampo")]
    (said,) = unreached(sim.load("article", months=6, set=["restrictions.CHN.PRK.food=-1", *shut]))
    assert "routes.dandong.open or routes.nampo.open = true would open one" in said
    for good in ("energy", "all"):  # a ban stops the crude that is lent
        assert unreached(sim.load("article", months=6, set=[f"restrictions.CHN.PRK.{good}=1", *shut])) == []


def test_commands_say_that_relief_moves_no_goods(capsys: pytest.CaptureFixture[str]) -> None:
    attempt_load([], "article", set=["restrictions.USA.PRK.all=-1"])
    assert "without effect on goods" in capsys.readouterr().err


def test_studies_of_one_scenario_say_it_too(capsys: pytest.CaptureFixture[str]) -> None:
    attempt_load([], "ceasefire", months=3)
    assert "left out" in capsys.readouterr().err


def test_switches_among_the_keys_of_a_study_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    problems: list[Problem] = []
    scenario = sim.load("article")
    assert named_keys(["routes"], scenario, "--keys", problems)
    assert "switches have no range" in capsys.readouterr().err
    named_keys(["war.intensity"], scenario, "--keys", problems)
    assert capsys.readouterr().err == ""
    assert not problems
    named_keys(["routes.khasan.open"], scenario, "--keys", problems)
    assert "is a switch, which has no range" in problems[0].rule
    assert "low=" not in problems[0].rule


def test_two_scenarios_never_have_one_label() -> None:
    names = [f"khasan_railway_capacity_doubled_quickly_{end}_aid" for end in ("with", "without")]
    names += ["x" * 40 + str(number) + "y" * 40 for number in range(3)]
    found = briefs(names)
    assert len(set(found.values())) == len(names)
    assert max(map(len, found.values())) <= LONGEST_NAME
    assert len({brief(name) for name in names}) < len(names), "the control: each cut by itself"
    assert briefs(["short", *names])["short"] == "short"
