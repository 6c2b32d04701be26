"""Money is neither made nor lost, a closed border makes it worthless, and it gives China's trade its true size."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from small_worlds import CLOSED, SEA, Changes, from_month, scenario, watch, world_of

from sim.model.money import reach, spend
from sim.model.routes import PIPELINE
from sim.scenario.names import AMMUNITION, CHN, ENERGY, FOOD, JPN, KOR, PRK, RUS, USA
from sim.scenario.options import ROWS
from sim.scenario.units import KBBL_PER_KT

Array = np.ndarray
WITH_CHINA = ("dandong", "pipeline", "nampo")
"""The routes of North Korea and China."""


@lru_cache(maxsize=4)
def seen(*changes: tuple[str, float], shut_from: int = 0) -> dict[str, Array]:
    """Two years with ships from Rajin, `changes`, and the routes to China shut from a month on (0: never)."""
    names = (f"routes.{route}.open" for route in WITH_CHINA)
    events = tuple(from_month(shut_from, name, 0.0) for name in names) if shut_from else ()
    return watch(scenario({**SEA, **dict(changes)}, months=24, worlds=16, events=events), compiled=True)


def of_all(run: dict[str, Array]) -> Array:
    return run["money"].sum(axis=1) + run["world_money"]


def test_money_is_neither_made_nor_lost() -> None:
    """All accounts together, in every month and world; and no country spends more than it has."""
    run = seen()
    together = of_all(run)
    np.testing.assert_allclose(together, np.broadcast_to(together[0], together.shape), rtol=1e-9)
    assert (run["money"] >= 0.0).all()
    assert np.abs(np.diff(run["money"], axis=0)).min(axis=(0, 2)).max() > 0.0, "it moves"


def test_the_count_would_notice_a_thousand_dollars() -> None:
    """The control: one millionth of what North Korea has, from nowhere, breaks the law."""
    run = seen()
    found = run["money"].copy()
    found[5, PRK] += 1e-6 * found[5, RUS]
    together = of_all({**run, "money": found})
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(together, np.broadcast_to(together[0], together.shape), rtol=1e-9)


def test_with_the_border_to_china_shut_money_is_worthless_and_russia_pays_in_kind() -> None:
    """A year after the routes close a dollar fetches next to nothing, and next to nothing is paid with it."""
    run, usual = seen(shut_from=6), seen()
    dollar = run["dollar"][:, PRK].mean(axis=1)
    assert dollar[12:].max() < 0.1
    assert usual["dollar"][12:, PRK].mean() > 0.8, "the control: an open border"
    paid, open_border = (x["cash_share"][12:, PRK, RUS].mean() for x in (run, usual))
    assert paid < 0.5 * open_border
    assert run["other_met"][14:, PRK].mean() < 0.2


def test_without_a_channel_no_money_is_paid_to_north_korea() -> None:
    """The control of the channel: none, and all is barter; wide, and the debt is smaller."""
    none, wide = seen(("money.channel", 0.0)), seen(("money.channel", 1000.0))
    assert not none["cash"][:, PRK].any()
    assert wide["cash"][:, PRK, RUS].mean() > 10.0
    assert wide["balance"][-1, PRK, RUS].mean() < 0.9 * none["balance"][-1, PRK, RUS].mean()


def test_a_pair_pays_in_the_form_that_the_scenario_sets() -> None:
    """Goods alone: no cent between the two, and the others pay on. Money alone: no other goods to North Korea."""
    barter, usual = seen(("pairs.RUS-CHN.least_in_goods", 1.0)), seen()
    assert usual["cash"][:, RUS, CHN].min() > 0.0, "the control"
    assert not barter["cash"][:, [RUS, CHN], [CHN, RUS]].any()
    assert barter["cash"][:, USA, CHN].mean() > 0.9 * usual["cash"][:, USA, CHN].mean()
    money = seen(("pairs.RUS-PRK.least_in_cash", 1.0))
    assert not money["in_kind"][:, PRK, RUS].any()
    assert usual["in_kind"][:, PRK, RUS].mean() > 1.0, "the control"
    assert money["cash"][:, PRK, RUS].mean() > usual["cash"][:, PRK, RUS].mean()


def test_who_is_owed_pays_nothing() -> None:
    """Goods pay for goods first: no two countries pay each other in a month, and nobody pays more than it owes."""
    run = seen()
    paid, owed = run["cash"] + run["in_kind"], run["balance"]  # in rows the creditor, in columns the debtor
    assert not ((paid > 0.0) & (np.swapaxes(paid, 1, 2) > 0.0)).any()
    assert (owed[paid > 0.0] > -1e-6).all()
    assert (run["delivered"][:, RUS, PRK, ENERGY] > 0.0)[12:].mean() > 0.9, "though goods go both ways"


@pytest.mark.parametrize("pressure", [0.0, 0.5, 1.0])
def test_the_west_does_not_fill_what_others_fail_to_send(pressure: float) -> None:
    """With an empty store Russia orders twice the usual: the west sends 2 - pressure times it, China and the rest 2."""
    world = world_of(scenario(months=1, worlds=1))
    s, p = world.state, world.parameters
    s.other_stock[RUS], s.money[RUS], s.pressure[RUS] = 0.0, 1e9, pressure
    spend(s, p, np.zeros_like(s.money))
    west, usual = [USA, KOR, JPN], p.other_imports() * reach(s, p)
    np.testing.assert_allclose(s.other_imports[RUS, west], (2.0 - pressure) * usual[RUS, west], rtol=1e-12)
    np.testing.assert_allclose(s.other_imports[RUS, [CHN, -1]], 2.0 * usual[RUS, [CHN, -1]], rtol=1e-12)
    assert (usual[RUS, west] > 0.0).all()


def test_debt_stays_within_what_the_creditor_can_lend() -> None:
    """North Korea lends Russia no more than a twentieth of a year's income; without the bound it lends far more."""
    gdp = 28.7e3
    assert np.median(seen()["balance"][:, PRK, RUS].max(axis=0)) < 0.05 * gdp
    boundless = seen(("accounts.debt_share", 1.0))
    assert np.median(boundless["balance"][:, PRK, RUS].max(axis=0)) > 0.08 * gdp


def test_nobody_pays_for_technology_with_nothing() -> None:
    """With every route shut no debtor can ever send goods, so it has no credit and receives nothing."""
    run = watch(scenario(CLOSED, months=12, worlds=16), compiled=True)
    assert not run["transfer"].any()
    assert not run["credit_line"].any()
    assert seen()["transfer"][:, RUS, PRK].any(), "the control: open routes"


def test_trade_with_china_has_the_size_of_the_customs_figures() -> None:
    """2.3 bn USD in 2023 both ways (Chinese customs): other goods as bought, food and refined oil at world prices.

    The crude of the pipeline, a gift in the model, is not in the customs figures. The second year, when the border is
    open, within a quarter.
    """
    run = seen()
    year = slice(12, 24)
    other = (run["other_imports"][year, PRK, CHN] + run["other_imports"][year, CHN, PRK]).sum(axis=0)
    food = 0.3 * run["delivered"][year, CHN, PRK, FOOD].sum(axis=0)
    assert 0.75 * 2300.0 < np.median(other + food) < 1.25 * 2300.0
    products = run["delivered"][year, CHN, PRK, ENERGY] - run["route_delivered"][year, PIPELINE, 1, ENERGY]
    assert np.median(products.sum(axis=0)) > 0.0


def test_pressure_takes_part_of_north_koreas_income() -> None:
    """More sanctions leave it less money; where they take no income, they do not."""
    none: Changes = {"sanctions.income_loss": 0.0}

    def money(pressure: float, changes: Changes = none) -> float:
        # no money goes with Russia, whose own pressure changes too
        changes = {"money.channel": 0.0, "sanctions.pressure": pressure, **changes}
        return float(seen(*changes.items())["money"][-1, PRK].mean())

    assert money(0.9, {"sanctions.income_loss": 0.3}) < money(0.3, {"sanctions.income_loss": 0.3}) - 300.0
    assert abs(money(0.9) - money(0.3)) < 150.0


# ---- Oil as a decision ----------------------------------------------------------------------------------------


def oil(run: dict[str, Array]) -> Array:
    """Thousand barrels from Russia that reach North Korea, (month, world)."""
    return run["delivered"][:, RUS, PRK, ENERGY] * KBBL_PER_KT


def decided(run: dict[str, Array]) -> Array:
    """Whether Russia has decided to break the cap, (month, world)."""
    return run["outcome"][:, ROWS["oil_beyond_cap"]].any(axis=1).cumsum(axis=0) > 0


NEVER, AT_ONCE = ("acts.oil_beyond_cap.base", -100.0), ("acts.oil_beyond_cap.base", 100.0)


def test_russia_keeps_to_its_share_of_the_cap_until_it_decides_to_break_it() -> None:
    """A fifth of 500 thousand barrels a year is 8.3 a month; a queue may bring a month's more, the year no more."""
    held = seen(NEVER)
    assert not decided(held).any()
    assert (oil(held)[:12].sum(axis=0) <= 100.0 + 1e-9).all()
    assert oil(held).mean() > 4.0, "the cap is used"


def test_without_a_cap_oil_flows_at_once() -> None:
    """The control: with the decision taken in the first month, as if there were no norm, oil comes in tens of times."""
    free = seen(AT_ONCE)
    assert decided(free)[0].all()
    assert oil(free)[1:12].mean() > 10.0 * oil(seen(NEVER))[1:12].mean()


def test_the_decision_falls_when_it_is_in_the_record() -> None:
    """First seaborne load on 7 March 2024, month 6; before, what was declared. Over 165 thousand barrels in March.

    The base of the act was set by this record, so this is no prediction: it holds the calibration in place.
    """
    run = watch(scenario(SEA, months=12, worlds=64), compiled=True)
    first = np.where(decided(run).any(axis=0), decided(run).argmax(axis=0), 12)
    assert 4 <= np.median(first) <= 9
    assert np.median(oil(run)[:4].mean(axis=0)) < 30.0


def test_a_norm_without_weight_is_broken_earlier_and_arrears_press() -> None:
    """The norm holds the decision back; where Russia owes nothing and needs nothing, it has no reason to take it."""

    def share(*changes: tuple[str, float]) -> float:
        return float(decided(seen(*changes))[11].mean())

    usual = share()
    assert share(("RUS.norm", 0.0)) > usual
    assert share(("acts.weight.need", 0.0)) < usual


def test_payment_in_other_goods_brings_shells_and_takes_no_trade_from_china() -> None:
    """The control of payment in kind: without it fewer shells are paid for."""
    without, usual = seen(("money.in_kind", 0.0)), seen()
    assert not without["in_kind"].any()
    assert usual["in_kind"][:, PRK, RUS].mean() > 10.0
    assert not np.delete(usual["in_kind"], PRK, axis=1).any()
    assert usual["delivered"][:, PRK, RUS, AMMUNITION].sum() > without["delivered"][:, PRK, RUS, AMMUNITION].sum()
    theirs = (x["other_imports"][12:, PRK, CHN].mean() for x in (usual, without))
    np.testing.assert_allclose(*theirs, rtol=0.02)


def test_with_every_route_shut_nothing_is_paid_in_other_goods() -> None:
    shut = seen(*CLOSED.items())
    assert not shut["in_kind"].any()


def test_a_cap_is_not_broken_where_no_oil_can_pass() -> None:
    """However willing; the control: the two routes to Russia are open."""
    no_route = (("routes.khasan.open", 0.0), ("routes.rajin.open", 0.0))
    assert not decided(seen(AT_ONCE, *no_route)).any()
    assert decided(seen(AT_ONCE)).all()
