"""The table of who matters: effects in standard deviations, and a country that is taken out."""

import numpy as np
from small_worlds import scenario

from docs.generate.who_matters import LEVERS, OUTCOMES, effects, silent, values, without
from sim.scenario import PARAMETERS


def test_an_effect_is_the_paired_difference_beside_the_spread_of_the_worlds() -> None:
    usual = {name: np.array([0.0, 2.0]) for name in OUTCOMES}
    found = {
        e.outcome: e for e in effects("x", usual, usual | {"tests": np.array([3.0, 5.0])}, dict.fromkeys(OUTCOMES, 2.0))
    }
    assert (found["tests"].size, found["tests"].error) == (1.5, 0.0)
    assert found["symbolic"].size == 0.0


def test_a_country_that_is_taken_out_trades_and_decides_nothing() -> None:
    base = scenario(months=6, worlds=8)
    gone, still = without(base, "RUS"), silent(base, "RUS")
    assert (values(gone)["shells_delivered"] == 0.0).all()
    assert (values(still)["shells_delivered"] > 0.0).all()
    assert still.settings["RUS.decides"].value == 0.0


def test_every_lever_is_a_parameter_and_its_range_is_valid() -> None:
    for keys in LEVERS.values():
        for key, (low, high) in keys.items():
            assert PARAMETERS[key].min <= low < high <= PARAMETERS[key].max
