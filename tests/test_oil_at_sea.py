"""Tankers that meet at sea bring North Korea oil (claim C6). The control is the table as it is."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from small_worlds import CLOSED, Changes, scenario

from sim.experiment.run import run
from sim.scenario.scenario import ParameterEvent
from sim.scenario.units import KBBL_PER_KT

RECORD = 1500.0 / 8.5 / KBBL_PER_KT
"""1.5 million barrels from January to mid-September 2023 (UN Panel S/2024/215), kt a month."""


@cache
def _run(changes: tuple[tuple[str, float], ...]) -> xr.Dataset:
    return run(scenario(dict(changes), months=12, worlds=32))


def bought(changes: Changes) -> np.ndarray:
    """Oil that North Korea buys outside the six, kt (month, world)."""
    found = _run(tuple(changes.items()))["world_imports"].sel(country="PRK", good="energy")
    return found.transpose("month", "world").values


def test_the_first_month_is_as_the_record_of_2023() -> None:
    assert abs(np.median(bought({})[0]) - RECORD) < 0.25 * RECORD


def test_enforcement_monitoring_and_pressure_take_from_it() -> None:
    full = {"sanctions.enforcement": 1.0, "monitoring.start": 1.0, "sanctions.pressure": 1.0}
    without = {**full, "PRK.energy.at_sea": 0.0}
    assert bought(full)[0] == pytest.approx(bought(without)[0], rel=1e-3), "what is left is the open market"
    assert bought({"sanctions.enforcement": 0.0})[0].mean() > bought({})[0].mean()


def test_more_than_all_of_it_cannot_be_caught() -> None:
    """Events may lift enforcement beyond one, factor by factor: nothing is bought at sea then, and nothing sold."""
    doubled = [ParameterEvent(month, "sanctions.enforcement", None, 2.5, None, "test", "test") for month in (1, 2)]
    most = {"sanctions.pressure": 1.0, "monitoring.after_veto": 1.0, "PRK.access": 0.0}
    found = run(scenario(most, months=6, worlds=8, events=tuple(doubled)))
    at_sea = found["world_imports"].sel(country="PRK", good="energy").transpose("month", "world").values
    assert at_sea[0].any()
    assert not at_sea[1:].any()


def test_without_any_route_no_tanker_comes() -> None:
    assert not bought(CLOSED).any()


def test_a_closed_border_does_not_stop_tankers() -> None:
    shut = {"border.start": 0.0, "border.target": 0.0}
    assert bought(shut)[0].mean() > 0.8 * RECORD


def test_what_others_deliver_takes_its_place() -> None:
    """With all the oil that it wants from Russia it buys less at sea."""
    plenty = {"routes.khasan.capacity": 400.0, "norm.oil_cap": 1e5}
    assert bought(plenty)[-1].mean() < 0.7 * bought({})[-1].mean()
