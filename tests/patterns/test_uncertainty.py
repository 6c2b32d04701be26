"""Claim C22: it is too early to predict."""

from __future__ import annotations

import inspect

import numpy as np

from sim.scenario.load import load
from sim.scenario.scenario import WORLDS as DEFAULT_WORLDS

from .ensemble import FIXED, NOTHING, Array, ensemble, pair, shells
from .evidence import Evidence, claim, evidence


def deviation(values: Array) -> Array:
    """Distance of each world from the median, as share of the median."""
    middle = float(np.median(values))
    return np.abs(values - middle) / max(abs(middle), 1e-9)


@claim
def test_c22_too_early_to_predict() -> list[Evidence]:
    """C22: it is too early to predict.

    Rule: experiment.design.sample, experiment.chance.uniforms. Parameters: every range of the table.
    Expected: a run has many worlds unless the user says otherwise; they differ materially; uncertain parameters
    contribute. Control: with every parameter fixed only chance is left, and the spread is smaller.
    """
    assert DEFAULT_WORLDS >= 100
    assert inspect.signature(load).parameters["worlds"].default is None

    def spread(changes: dict[str, float], name: str) -> Array:
        ds = ensemble(changes)
        return deviation(shells(ds) if name == "shells" else pair(ds, name, "RUS", "PRK")[-1])

    free = shells(ensemble(NOTHING))
    low, middle, high = np.quantile(free, [0.05, 0.5, 0.95])
    assert high - low > 0.3 * middle, "the 90 % band of shells delivered is narrow"
    return [
        evidence(
            f"worlds differ in {what}",
            spread({}, name),
            off="every parameter fixed",
            control=spread(FIXED, name),
            expected="smaller",
            unit="share of the median",
        )
        for name, what in (("shells", "shells delivered"), ("practical", "the practical index"))
    ]
