"""Outcomes by name: what a name reads, and what is said of a name that reads nothing."""

import re

import numpy as np
import pytest
import xarray as xr

import sim
from sim.analysis.measures import HEADLINE
from sim.analysis.outcome import PLAIN, OutcomeError, needed, outcome, read_by
from sim.analysis.record.file import observed_of
from sim.experiment.batch import OPENED, run_reduced
from sim.experiment.run import run


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return sim.run(sim.load("article", worlds=6, months=10))


@pytest.mark.parametrize(
    ("name", "variable", "where"),
    [
        ("rus_prk.practical", "practical", {"country": "RUS", "partner": "PRK"}),
        ("PRK-RUS.trust@2023-12", "trust", {"country": "PRK", "partner": "RUS"}),
        ("kor.threat", "threat", {"country": "KOR"}),
        ("prk.food.stock@2024-01", "stock", {"country": "PRK", "good": "food"}),
        ("prk_rus.ammunition.delivered", "delivered", {"country": "PRK", "partner": "RUS", "good": "ammunition"}),
        ("fire_ratio@2024-06", "fire_ratio", {}),
    ],
)
def test_a_dotted_name_reads_one_variable(ds: xr.Dataset, name: str, variable: str, where: dict[str, str]) -> None:
    month = name.partition("@")[2]
    values = ds[variable].sel(**where)
    expected = values.sel(month=f"{month}-01") if month else values.isel(month=-1)
    np.testing.assert_array_equal(outcome(name).values(ds), expected.values)


def test_plain_names_are_the_measures_of_comparisons() -> None:
    assert all(outcome(name) is measure for name, measure in HEADLINE.items())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("tecnology", "did you mean technology"),
        ("rus_pkr.practical", "no country and no pair"),
        ("rus.threats", "did you mean threat"),
        ("technology@2024-06", "only variables over months"),
        ("rus_prk.trust@June", "YYYY-MM"),
        ("rus_rus.trust", "no country and no pair"),
        ("rus.gold.stock", "ammunition, food, energy"),
        ("__import__('os')", "unknown outcome"),
        ("", "unknown outcome"),
    ],
)
def test_a_wrong_name_is_explained(name: str, said: str) -> None:
    with pytest.raises(OutcomeError, match=said):
        outcome(name)


def test_what_a_wrong_name_is_told_is_short_and_says_what_lists_all() -> None:
    """The control: every name of the list is an outcome."""
    with pytest.raises(OutcomeError) as told:
        outcome("tests_of_nobody")
    few = re.search(r"choose one of ([\w, ]+) \(sim list outcomes names all\)", str(told.value))
    assert few
    assert len({outcome(name).words for name in few[1].split(", ")}) == 4, (
        "tests is an outcome and a variable, named once"
    )
    with pytest.raises(OutcomeError, match=r"outcome \(did you mean oil\?\); sim list outcomes names all$"):
        outcome("oill")


def test_a_month_outside_the_run_is_named(ds: xr.Dataset) -> None:
    with pytest.raises(OutcomeError, match="the run covers 2023-09 to 2024-06"):
        outcome("rus_prk.trust@2025-01").values(ds)


def test_given_values_replace_what_worlds_draw() -> None:
    scenario = sim.load("article", worlds=11, months=3)
    wide = np.linspace(10.0, 100.0, 11)
    ds = run(scenario, first=5, given={"routes.khasan.capacity": wide})
    np.testing.assert_array_equal(ds["parameters"].sel(key="routes.khasan.capacity").values, wide)
    other = "sanctions.pressure"
    free = run(scenario, first=5)
    np.testing.assert_array_equal(ds["parameters"].sel(key=other).values, free["parameters"].sel(key=other).values)


def test_given_values_go_to_their_own_worlds_through_blocks() -> None:
    scenario = sim.load("article", worlds=300, months=1)
    wide = np.linspace(10.0, 100.0, 300)
    key = "routes.khasan.capacity"
    found = run_reduced(scenario, lambda ds: {"x": ds["parameters"].sel(key=key).values}, given={key: wide})
    np.testing.assert_array_equal(found["x"], wide)


def test_what_cannot_be_given_is_refused() -> None:
    scenario = sim.load("article", worlds=3, months=1)
    with pytest.raises(KeyError, match="no_such"):
        run(scenario, given={"no_such.key": np.ones(3)})
    with pytest.raises(ValueError, match="3 finite values"):
        run(scenario, given={"routes.khasan.capacity": np.ones(2)})


def test_an_outcome_needs_no_other_variables_than_those_that_are_told(ds: xr.Dataset) -> None:
    named = [*PLAIN, "kor.threat", "rus_prk.trust@2023-10", "all.summit", "rus_prk.energy.delivered@all"]
    named += ["all.monitoring", "usa_kor.monitoring", "usa-kor.monitoring"]  # an act, and a variable of pairs
    for name in named:
        few = ds[list(read_by(name))]
        np.testing.assert_array_equal(outcome(name).values(few), outcome(name).values(ds), name)
    assert set(needed(named)) < OPENED
    assert needed(["kor.threat", "kor.threat"], ["gain"]) == ("gain", "threat")
    scenario = sim.load("article", worlds=6, months=1)
    assert set(run(scenario, variables=needed(["kor.threat"])).data_vars) == {"threat"}


def test_a_series_of_the_record_needs_no_other_variables_than_those_that_are_told(ds: xr.Dataset) -> None:
    rows = observed_of(sim.load("article").record).rows
    known = {row.series: row.known for row in rows if row.series in row.definitions.known}
    assert len(known) > 5
    for one in known.values():
        few = ds[list(one.reading.reads)]
        np.testing.assert_array_equal(one.reading.values(few), one.reading.values(ds))
