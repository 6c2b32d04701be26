"""Limits: what must be left when one thing is taken away altogether. Each has its control, in which it is left in.

All ensembles have 64 worlds, 24 months and one seed, so that a limit and its control differ by nothing but the change.
"""

from functools import cache

import numpy as np
import xarray as xr
from small_worlds import CLOSED, SEA, Changes, act_in, scenario

from sim.experiment.run import run
from sim.scenario.names import COUNTRIES, PAIR_ACTS, TIERS

Array = np.ndarray
WORLDS, MONTHS = 64, 24
PEACE: Changes = {"war.intensity": 0.0, "RUS.ammunition.plan": 0.0}
"""No war, and no plan for another one."""
UNTHREATENED: Changes = {
    "threat.sensitivity": 0.0,
    "threat.background": 0.0,
    "threat.war": 0.0,
    **{f"{c}.threat_response": 0.0 for c in COUNTRIES},
}
CONTENT: Changes = {
    "PRK.food.production": 700.0,
    "PRK.energy.production": 120.0,
    **{f"{c}.ambition.tier{k}": 0.0 for c in COUNTRIES for k in TIERS},
}
"""North Korea has plenty of food and energy, and nobody wants technology."""


@cache
def _run(changes: tuple[tuple[str, float], ...]) -> xr.Dataset:
    summits = tuple(act_in(month, "summit", "RUS", "PRK") for month in (6, 18))
    return run(scenario(dict(changes), months=MONTHS, worlds=WORLDS, events=summits))


def ensemble(changes: Changes) -> xr.Dataset:
    """Run once, with two summits of Russia and North Korea prescribed; kept for the next test."""
    return _run(tuple(sorted(changes.items())))


def normal() -> xr.Dataset:
    """The control: as it happened."""
    return ensemble(SEA)


def lane(ds: xr.Dataset, name: str, sender: str, receiver: str, good: str) -> Array:
    """(month, world)"""
    return ds[name].sel(country=sender, partner=receiver, good=good).values


def expected_acts(ds: xr.Dataset, act: str, one: str, other: str) -> float:
    """Acts a year that the two may be expected to agree on: both probabilities multiplied; not in prescribed months."""
    both = np.ones((MONTHS, WORLDS))
    for actor, partner in ((one, other), (other, one)):
        row = (ds["act"].values == act) & (ds["actor"].values == actor) & (ds["partner_of"].values == partner)
        both *= ds["probability"].values[:, row][:, 0]
    free = [m for m in range(MONTHS) if m not in (6, 18)]
    return float(both[free].mean() * 12.0)


def test_without_routes_nothing_is_delivered_anywhere() -> None:
    closed = ensemble(CLOSED)
    for variable in ("ordered", "shipped", "delivered", "seized", "in_transit", "route_load", "imports", "exports"):
        assert not closed[variable].values.any(), variable
        assert normal()[variable].values.any(), variable
    assert not closed["shells_delivered"].values.any()
    assert (normal()["shells_delivered"].values[-1] > 0.0).mean() > 0.9


def test_without_routes_the_flow_is_known_to_be_closed() -> None:
    """Where trade would pay, the records say that the routes are what binds."""
    closed = ensemble(CLOSED)
    names = closed["binding"].attrs["flag_meanings"].split()
    bound = lane(closed, "binding", "PRK", "RUS", "ammunition")
    assert np.mean(bound == names.index("closed")) > 0.9
    assert not np.any(lane(normal(), "binding", "PRK", "RUS", "ammunition") == names.index("closed"))


def test_without_routes_talk_goes_on() -> None:
    """Symbolic acts need no railway: summits happen and count, tests and visits are chosen as before."""
    closed = ensemble(CLOSED)
    symbolic = closed["symbolic"].sel(country="RUS", partner="PRK").values
    assert (symbolic[6] > symbolic[5]).mean() > 0.9
    assert (symbolic[6] > 0.25).all()
    for act in ("visit", "missile_test", "designation"):
        assert closed["outcome"].values[:, closed["act"].values == act].any(), act
    assert closed["practical"].sel(country="RUS", partner="PRK").values[-1].mean() < 0.2
    assert normal()["practical"].sel(country="RUS", partner="PRK").values[-1].mean() > 0.3


def test_without_war_russia_asks_for_training_rounds_only() -> None:
    peace = ensemble({**SEA, **PEACE})
    training = peace["parameters"].sel(key="RUS.ammunition.requirement").values
    required = peace["requirement"].sel(country="RUS", good="ammunition").values
    np.testing.assert_array_equal(required, np.broadcast_to(training, required.shape))
    assert not peace["fire"].values.any()
    assert not peace["ukraine_fire"].values[1:].any()
    at_war = normal()["requirement"].sel(country="RUS", good="ammunition").values
    assert (at_war > 2.0 * training).all()


def test_without_war_nobody_sells_russia_shells() -> None:
    """Its stock is fine from the first month on: cover is above the target, and nothing is bought."""
    peace = ensemble({**SEA, **PEACE})
    target = peace["parameters"].sel(key="RUS.ammunition.target").values
    assert (peace["cover"].sel(country="RUS", good="ammunition").values > target).all()
    assert not peace["ordered"].sel(partner="RUS", good="ammunition").values.any()
    assert not peace["outside_ammunition"].values.any()
    assert (lane(normal(), "ordered", "PRK", "RUS", "ammunition").sum(axis=0) > 0.0).mean() > 0.9


def test_with_a_plan_for_another_war_russia_rebuilds_its_stock_in_peace() -> None:
    """The control of the last: the use ends, in most worlds the demand does not; but less is bought than in war. China,
    which would sell rounds too once there is no war to arm, is left out.
    """
    peace = ensemble({**SEA, "war.intensity": 0.0, "CHN.ammunition.handling": 0.0})
    assert not peace["fire"].values.any()
    ordered, in_war = (lane(ds, "ordered", "PRK", "RUS", "ammunition").sum(axis=0) for ds in (peace, normal()))
    assert (ordered > 0.0).mean() > 0.5
    assert ordered.mean() < in_war.mean()


def test_without_war_shells_are_worth_less() -> None:
    """The marginal value falls to the floor, a fifth of that at target cover."""
    runs = ensemble({**SEA, **PEACE}), normal()
    peace, war = (ds["marginal_value"].sel(country="RUS", good="ammunition").values for ds in runs)
    assert (peace < war).all()
    assert peace[-1].mean() < 0.15 * war[-1].mean()


def test_with_an_infinite_guard_no_technology_changes_hands() -> None:
    """Levels grow by the countries' own research and nothing else."""
    guarded = ensemble({**SEA, "technology.guard_scale": 1e12})
    assert not guarded["transfer"].values.any()
    assert not guarded["tier_released"].values.any()
    research = guarded["parameters"].sel(key="technology.research").values
    grown = guarded["technology"].values[-1] - guarded["technology"].values[0]
    assert (grown <= research * (MONTHS - 1) + 1e-9).all()
    released = normal()["transfer"].sel(country="RUS", partner="PRK").values.sum(axis=(0, 1))
    assert np.mean(released > 0.1) > 0.5
    shells = [ds["shells_delivered"].values[-1].mean() for ds in (guarded, normal())]
    assert shells[0] > 0.2 * shells[1], "shells are still paid for, with food, energy and credit"


def test_without_a_route_russia_owes_nothing_and_gives_no_technology() -> None:
    """With money in hand North Korea buys none: couriers do not carry the price of a licence."""
    shut = ensemble({"routes.khasan.open": 0.0, "routes.rajin.open": 0.0})
    assert not shut["transfer"].sel(country="RUS", partner="PRK").values.any()
    assert normal()["transfer"].sel(country="RUS", partner="PRK").values.any()


def nothing_asked() -> xr.Dataset:
    return ensemble({**SEA, **PEACE, **UNTHREATENED, **CONTENT})


def test_without_threat_and_need_only_ordinary_trade_is_left() -> None:
    """No shells, no technology, no arms for Ukraine; what remains of Russia and North Korea is what neighbours sell."""
    none = nothing_asked()
    assert not none["threat"].values.any()
    assert not none["transfer"].values.any()
    assert not none["ordered"].sel(partner="RUS", good="ammunition").values.any()
    assert not none["outcome"].values[:, none["act"].values == "lethal_aid"].any()
    practical = [ds["practical"].sel(country="RUS", partner="PRK").values[-1].mean() for ds in (none, normal())]
    assert practical[0] < 0.05
    assert practical[1] > 0.3
    for seller, buyer, good in (("RUS", "CHN", "energy"), ("RUS", "KOR", "energy"), ("USA", "JPN", "food")):
        ordinary = [lane(ds, "delivered", seller, buyer, good).sum(axis=0).mean() for ds in (none, normal())]
        assert 0.8 < ordinary[0] / ordinary[1] < 1.25, f"{good} from {seller} to {buyer}"


def test_without_threat_and_need_nobody_seeks_a_treaty_or_an_exercise() -> None:
    """Acts a year that Russia and North Korea would agree on by themselves."""
    for act in PAIR_ACTS:
        none, control = (expected_acts(ds, act, "RUS", "PRK") for ds in (nothing_asked(), normal()))
        assert none < 0.25 * control, act
        if act in ("treaty", "exercise"):
            assert none < 0.01, act


def test_without_access_the_world_market_is_shut() -> None:
    """No food or energy from or to the rest of the world; rounds only from the supplier that ignores the embargo."""
    shut = ensemble({**SEA, **{f"{c}.access": 0.0 for c in COUNTRIES}, "PRK.energy.at_sea": 0.0})
    assert not shut["access"].values.any()
    assert (shut["isolation"].values == 1.0).all()
    assert not shut["world_imports"].sel(good=["food", "energy"]).values.any()
    assert not shut["world_exports"].values.any()
    capacity = shut["parameters"].sel(key="outside.capacity").values
    assert (shut["outside_ammunition"].values <= capacity + 1e-12).all()
    for variable, country in (("world_imports", "KOR"), ("world_exports", "RUS")):
        assert normal()[variable].sel(country=country, good="energy").values.all()


def test_where_a_dollar_buys_nothing_money_settles_nothing() -> None:
    """A creditor that can buy nothing with money is paid none: a debt stands until goods or prestige pay it."""
    fed = {"PRK.food.production": 700.0, "PRK.energy.production": 120.0, "money.channel": 5000.0}
    china = {f"routes.{route}.open": 0.0 for route in ("dandong", "pipeline", "nampo")}
    shut, usual = (ensemble({**SEA, **fed, "technology.guard_scale": 1e12, **changes}) for changes in (china, {}))
    owed, paid = (
        [ds[name].sel(country="PRK", partner="RUS").values[6:].mean() for ds in (shut, usual)]
        for name in ("balance", "cash")
    )
    assert paid[0] < 0.1 * paid[1]
    assert owed[0] > owed[1]
