"""Who gained and who lost: against the same worlds with the lanes between Russia and North Korea shut."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import SEA, Changes, from_month, scenario

from sim.analysis.headline import opening_changes, score_changes
from sim.experiment.batch import run_reduced
from sim.experiment.rest import openings
from sim.experiment.run import run
from sim.experiment.unopened import COMPARED, SCORE
from sim.present.summary import summary
from sim.scenario.case import SHUT_BEFORE
from sim.scenario.scenario import Event

pytestmark = pytest.mark.usefixtures("short_rest")

LANES = openings(SHUT_BEFORE)
SHUT: Changes = dict.fromkeys(LANES, 0.0)
OPENED_LATER = tuple(from_month(3, lane, 1.0) for lane in LANES)
PEACE = from_month(5, "war.intensity", 0.0)


@pytest.mark.parametrize(
    ("changes", "events"), [(SEA, ()), (SEA, (PEACE,)), (SHUT, (*OPENED_LATER, PEACE))], ids=["open", "peace", "later"]
)
def test_the_twin_is_the_run_with_the_lanes_shut(changes: Changes, events: tuple[Event, ...]) -> None:
    """To the last bit: parameters, chance and all other events are those of the run itself."""
    ds = run(scenario(changes, months=8, worlds=16, events=events))
    kept = tuple(event for event in events if event not in OPENED_LATER)
    shut = run(scenario({**changes, **SHUT}, months=8, worlds=16, events=kept))
    assert np.array_equal(ds[SCORE].values, shut["score"].values[-1])
    assert opening_changes(ds).any()


def test_where_nothing_opens_nobody_gains_or_loses() -> None:
    ds = run(scenario(SHUT, months=3, worlds=8))
    assert not opening_changes(ds).any()
    assert "stay shut in this scenario" in summary(ds)


def test_the_mean_change_and_its_error() -> None:
    ds = run(scenario(SEA, months=6, worlds=8))
    change = next(one for one in score_changes(ds) if (one.country, one.goal) == ("PRK", "need"))
    steps = ds["score"].sel(country="PRK", goal="need").values[-1] - ds[SCORE].sel(country="PRK", goal="need").values
    assert change.mean == pytest.approx(steps.mean())
    assert change.error == pytest.approx(steps.std(ddof=1) / np.sqrt(8))
    assert f"({change.mean:+.2f} ± {change.error:.1g})" in summary(ds) or abs(change.mean) < 0.05


def test_only_the_first_worlds_are_compared() -> None:
    later = run(scenario(SEA, months=2, worlds=8), first=COMPARED)
    assert np.isnan(later[SCORE].values).all()
    assert not score_changes(later)
    assert "were not run with the lanes" in summary(later)


def test_studies_do_without_the_second_run() -> None:
    seen = []
    run_reduced(scenario(SEA, months=2, worlds=8), lambda ds: seen.append(SCORE in ds) or {"none": np.zeros(8)})
    assert seen == [False]
