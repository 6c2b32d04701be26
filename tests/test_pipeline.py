"""China's crude goes by its pipeline and by nothing else (claim C21). Controls are the table as it is, or `BUYS`."""

from functools import cache

import numpy as np
import pytest
import xarray as xr
from small_worlds import Changes, from_month, scenario

from sim.experiment.run import run

FULL = 43.75
"""What the pipeline carries, kt a month."""


BUYS: Changes = {"pairs.PRK-CHN.openness": 1.0, "PRK.energy.requirement": 88.0, "routes.khasan.open": 0.0}
"""North Korea buys oil of China, too."""


@cache
def _run(changes: tuple[tuple[str, float], ...]) -> xr.Dataset:
    return run(scenario(dict(changes), months=12, worlds=8))


def seen(changes: Changes, name: str, **where: str) -> np.ndarray:
    """A recorded variable, (month, world)."""
    return _run(tuple(changes.items()))[name].sel(where).transpose("month", "world").values


def piped(changes: Changes) -> np.ndarray:
    """What goes by the pipeline in each month and world, kt."""
    assert not seen(changes, "route_load", route="pipeline", direction="forward").any(), "nothing goes back"
    return seen(changes, "route_load", route="pipeline", direction="back")


def oil_of_china(changes: Changes) -> np.ndarray:
    """What China sends of oil in each month and world, kt."""
    return seen(changes, "shipped", country="CHN", partner="PRK", good="energy")


def test_all_crude_that_china_lends_goes_by_the_pipeline() -> None:
    usual = piped({"aid.pipeline": 30.0})
    assert usual == pytest.approx(np.full_like(usual, 30.0))
    assert piped({"aid.pipeline": 0.0}) == pytest.approx(np.zeros_like(usual)), "and no other oil"


def test_the_pipeline_carries_no_more_than_it_has_room_for() -> None:
    much = piped({"aid.pipeline": 100.0})
    assert much == pytest.approx(np.full_like(much, FULL))
    other = oil_of_china({"aid.pipeline": 100.0}) - oil_of_china({"aid.pipeline": FULL})
    assert other == pytest.approx(np.zeros_like(other), abs=1e-9), "the rest is not lent"


def test_a_closed_border_leaves_the_crude_and_stops_what_meets_people() -> None:
    shut = {"border.start": 0.0, "border.target": 0.0}
    assert piped(shut) == pytest.approx(piped({}))
    assert oil_of_china(shut) == pytest.approx(piped(shut))
    assert oil_of_china({}).sum() > piped({}).sum()


@pytest.mark.parametrize("stop", [{"routes.pipeline.open": 0.0}, {"restrictions.CHN.PRK.energy": 1.0}])
def test_without_the_pipeline_or_by_a_ban_of_china_none_is_lent(stop: Changes) -> None:
    assert not piped(stop).any()
    lost = (oil_of_china({}) - oil_of_china(stop)).mean()
    assert lost > 0.8 * piped({}).mean(), "rail and ships do not take it over"


def test_half_a_ban_halves_it() -> None:
    assert piped({"restrictions.CHN.PRK.energy": 0.5}) == pytest.approx(piped({}) / 2.0)


def test_the_loan_takes_no_room_of_what_is_bought() -> None:
    """Where the border lets less through than the loan, there are purchases all the same."""
    narrow = {**BUYS, "border.start": 0.02, "border.target": 0.02, "aid.pipeline": 30.0}
    by_rail_and_ship = 0.02 * (220.0 + 120.0)
    assert (oil_of_china(narrow) - piped(narrow)).mean() > 0.25 * by_rail_and_ship


def test_bought_oil_goes_by_rail_and_ship_alone() -> None:
    usual = {**BUYS, "aid.pipeline": 30.0}
    assert piped(usual) == pytest.approx(np.full_like(piped(usual), 30.0))
    others = sum(seen(usual, "route_load", route=one, direction="back") for one in ("dandong", "nampo"))
    bought = oil_of_china(usual) - piped(usual)
    assert bought.mean() > 1.0
    assert (others > bought - 1e-4).all()


def test_china_lends_what_it_has_and_owes_no_rest() -> None:
    """Without stock above its reserve none goes, and none is made good for when there is some again."""
    empty = from_month(3, "CHN.energy.reserve", 1e7), from_month(6, "CHN.energy.reserve", 35000.0)
    worlds = run(scenario({"aid.pipeline": 30.0}, months=12, worlds=8, events=empty))
    sent = worlds["route_load"].sel(route="pipeline", direction="back").transpose("month", "world").values
    assert not sent[3:6].any()
    assert sent[:3] == pytest.approx(np.full((3, 8), 30.0))
    assert sent[6:] == pytest.approx(np.full((6, 8), 30.0))
    lane = worlds["queue"].sel(country="CHN", partner="PRK", good="energy").transpose("month", "world")
    assert lane[3:6].values.max() < 30.0, "no loan waits"


def test_what_waits_with_every_route_of_trade_shut_does_not_wait_at_the_pipeline() -> None:
    shut = {"routes.dandong.open": 0.0, "routes.nampo.open": 0.0, "acts.aid.base": 5.0}
    assert seen(shut, "queue", country="CHN", partner="PRK", good="food").any()
    assert not seen(shut, "route_queue", route="pipeline", direction="back").any()
    assert seen(shut, "route_queue", route="dandong", direction="back").any()
