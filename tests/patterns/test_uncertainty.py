"""Claim C22: it is too early to predict."""

from __future__ import annotations

import inspect

import numpy as np

from sim.scenario.load import load
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import WORLDS as DEFAULT_WORLDS

from .ensemble import Array, ensemble, pair, shells
from .lever import back
from .pattern import Pattern
from .register import claim

DRAWN_ANEW = {key: row.value for key, row in PARAMETERS.items() if row.low is not None}
"""Every uncertain parameter at its central value."""


def deviation(values: Array) -> Array:
    """Distance of each world from the median, as share of the median."""
    middle = float(np.median(values))
    return np.abs(values - middle) / max(abs(middle), 1e-9)


@claim
def test_c22_too_early_to_predict() -> list[Pattern]:
    """C22: it is too early to predict.

    Rule: experiment.design.sample, experiment.chance.uniforms. Parameters: every range of the table.
    Expected: a run has many worlds unless the user says otherwise; they differ materially; uncertain parameters
    contribute. Control: with every parameter fixed only chance is left, and the spread is smaller.
    """
    assert DEFAULT_WORLDS >= 100
    assert inspect.signature(load).parameters["worlds"].default is None
    low, middle, high = np.quantile(shells(ensemble()), [0.05, 0.5, 0.95])
    assert high - low > 0.3 * middle, "the 90 % band of shells delivered is narrow"
    outcomes = {"shells delivered": shells, "the practical index": lambda ds: pair(ds, "practical", "RUS", "PRK")[-1]}
    return [
        Pattern(
            pattern=f"worlds differ in {what}",
            unit="share of the median",
            lever=back(DRAWN_ANEW),
            outcome=lambda ds, outcome=outcome: deviation(outcome(ds)),
            level=True,
            off="every parameter fixed",
        )
        for what, outcome in outcomes.items()
    ]
