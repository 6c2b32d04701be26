"""Months, switches and choices are whole numbers wherever values come from; numbers of NumPy are numbers."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import sim
from sim.ema import Function
from sim.plain import plain
from sim.scenario import ScenarioError
from sim.scenario.check import Spot
from sim.scenario.parameters import COLUMNS, PARAMETERS, TableError, read_table
from sim.scenario.problems import Problems
from sim.studies.explain.counterfactual import Lever
from sim.studies.sweep.axes import _given, axes_of

MONTH = "monitoring.renewal_month"
SWITCHED = "routes.khasan.open"


def refused(text: str, load: Callable[[], object]) -> None:
    with pytest.raises(ScenarioError, match=re.escape(text)):
        load()


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (3.5, "is a calendar month: must be a whole number from 1 to 12, found 3.5"),
        ("3.5 calendar month", "must be a whole number from 1 to 12, found 3.5"),
        (13, "must lie in 1 .. 12 calendar month"),
        ({"low": 1, "high": 12}, "is a calendar month and can have no range; write one, 1 to 12"),
        ({"value": 3.5}, "must be a whole number"),
    ],
)
def test_a_setting(value: Any, rule: str) -> None:
    refused(rule, lambda: sim.load("article", set={MONTH: value}))


@pytest.mark.parametrize(
    ("size", "rule"),
    [
        ({"value": 3.5}, "must be a whole number from 1 to 12, found 3.5"),
        ({"value": {"low": 1, "high": 12}, "name": "drawn"}, "a calendar month can have no range"),
        ({"factor": 1.5}, "a calendar month has no factor; give a value"),
        ({"value": 6, "over": 3}, "is a calendar month and cannot change by degrees"),
    ],
)
def test_an_event(size: dict[str, Any], rule: str) -> None:
    event = {"month": "2023-11", "key": MONTH, "why": "a test", **size}
    refused(rule, lambda: sim.load("article", events=[event]))


def test_a_sweep() -> None:
    refused("must give whole numbers, such as 1:12:2", lambda: axes_of([f"{MONTH}=1:12:5"], ()))
    assert axes_of([f"{MONTH}=1:12:12"], ()) == {MONTH: tuple(map(float, range(1, 13)))}
    problems = Problems()
    _given(MONTH, [1, 3.5], Spot("vary", 0, MONTH, "vary", problems))
    assert "whole number" in str(problems.found[0])


def test_an_experiment_of_the_workbench() -> None:
    function = Function(sim.load("article", worlds=1, months=1), ("technology",), ())
    for key in (MONTH, SWITCHED):
        with pytest.raises(ValueError, match="must be a whole number in every experiment"):
            function(**{key.replace(".", "__"): 0.5})


def test_doses_of_a_counterfactual() -> None:
    lever = Lever(MONTH, "", 1.0, 12.0, 3.0)
    assert all(dose.is_integer() for dose in lever.first_doses)
    assert lever.inside == []


def test_the_table_refuses_a_fraction_or_a_range() -> None:
    def table(**changed: str) -> str:
        row = PARAMETERS[MONTH]
        cells = {**dict.fromkeys(COLUMNS, ""), "key": MONTH, "value": "3", "unit": row.unit, "distribution": "fixed"}
        cells |= {"min": "1", "max": "12", "when": "monthly", "claims": "C6", "source": "x", "meaning": "y"}
        return ",".join(COLUMNS) + "\n" + ",".join((cells | changed)[name] for name in COLUMNS) + "\n"

    assert read_table(table())[MONTH].steps == "a calendar month"
    with pytest.raises(TableError, match="whole number"):
        read_table(table(value="3.5"))
    with pytest.raises(TableError, match="has no range"):
        read_table(table(low="1", high="12", distribution="uniform"))


NUMBERS: list[tuple[str, Any, Any]] = [
    ("routes.khasan.capacity", np.arange(10, 50, 10)[0], 10.0),
    ("routes.khasan.capacity", np.float32(20), 20.0),
    ("routes.khasan.capacity", np.linspace(10, 50, 5)[0], 10.0),
    ("routes.khasan.capacity", np.array(15), 15.0),
    ("routes.khasan.capacity", {"low": np.int64(5), "high": np.float64(20), "value": np.int8(10)}, 10.0),
    (SWITCHED, np.array([True])[0], 1.0),
    (SWITCHED, np.int64(0), 0.0),
    (MONTH, np.uint8(10), 10.0),
    ("structure.exchange", np.array(["alliance"])[0], 1.0),
]


@pytest.mark.parametrize(("key", "value", "expected"), NUMBERS)
def test_numbers_of_numpy_are_numbers(key: str, value: Any, expected: float) -> None:
    made = sim.load("article", set={key: value})
    assert made.settings[key].value == expected
    assert replace(made, name="x").hash == replace(sim.load("article", set={key: plain(value)}), name="x").hash


def test_worlds_seed_and_months_of_numpy() -> None:
    made = sim.load("article", worlds=np.int64(8), seed=np.uint16(473), months=np.int32(2))
    assert (made.worlds, made.seed, made.months) == (8, 473, 2)
    refused("must be a whole number, found 8.5", lambda: sim.load("article", worlds=np.float64(8.5)))  # type: ignore[arg-type]


def test_events_of_numpy() -> None:
    event = {"month": "2023-10", "key": "routes.khasan.capacity", "factor": np.float32(0.5), "duration": np.int64(2)}
    made = sim.load("article", events=[{**event, "why": "a test"}])
    assert [(one.factor, one.duration) for one in made.events if one.why == "a test"] == [(0.5, 2)]


def test_what_is_no_number_is_still_refused() -> None:
    refused("must be a number", lambda: sim.load("article", set={"routes.khasan.capacity": np.bool_(True)}))
    refused("found nan", lambda: sim.load("article", set={"routes.khasan.capacity": np.float64("nan")}))
    assert plain([np.arange(3)])[0].shape == (3,)
