"""Money: a hard-currency account for each country and one for the rest of the world, and what money is for (C3, C9).

What it is for is one composite good, *other imports*: consumer goods, fertiliser, machines and all else that the model
does not trade by itself, counted at cost. Every purchase moves money from one account to another; none is made or lost.
"""

import numpy as np

from sim.arrays import Array
from sim.model import accounts, value
from sim.model.accounts import as_far_as
from sim.model.routes import TRADES, to_lanes
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import CHN, COUNTRIES, JPN, KOR, PRK, RUS, USA
from sim.scenario.units import a_month
from sim.scenario.values import Parameters

_IS_PRK = np.arange(len(COUNTRIES)) == PRK
WITH_PRK = (_IS_PRK[:, None] | _IS_PRK)[..., None]
"(country, country, 1) pairs with North Korea, to which the banking ban applies (UNSCR 2270, 2321)."
_SUPPLIERS = np.arange(len(COUNTRIES) + 1)
_UNDER_SANCTIONS = (np.isin(_SUPPLIERS[:-1], (RUS, PRK))[:, None] & np.isin(_SUPPLIERS, (USA, KOR, JPN)))[..., None]
"(receiver, supplier, 1) pairs of a target of sanctions and a country that imposes them; the rest of the world is last."


def linked(p: Parameters) -> Array:
    """Return 1 where an open route carries general cargo from one country to another, (from, to, worlds)."""

    def build() -> Array:
        runs = p.by_route("capacity") * p.by_route("open")
        return (to_lanes(np.stack([runs * TRADES] * 2, axis=1)) > TINY).astype(float)

    return p.once("linked", build)


def reach(s: State, p: Parameters) -> Array:
    """Return the share that a country gets of what it orders of each supplier, (receiver, supplier, worlds) 0-1.

    One by an open route, for North Korea the border regime; the rest of the world, the last, is reached by any route.
    Of what China sells Russia the part that sanctions touch comes as far as inputs of its plants do (C21).
    """
    border = np.ones_like(s.money)
    border[PRK] = s.border
    by_partner = np.swapaxes(linked(p), 0, 1) * border[:, None] * border[None]
    by_partner[RUS, CHN] *= 1.0 - p["sanctions.other_imports"] * (1.0 - s.inputs)
    out = np.zeros_like(s.other_imports)
    out[:, :-1], out[:, -1] = by_partner, by_partner.max(axis=1)
    return out


def use(s: State, p: Parameters) -> None:
    """Use other imports: the requirement of a month, at most what is in store (C9)."""
    need = p.other_imports().sum(axis=1)
    used = np.minimum(need, s.other_stock)
    s.other_stock = s.other_stock - used
    s.other_met = np.where(need > TINY, used / np.maximum(need, TINY), 1.0)


def worth(reached: Array, cover: Array, target: Array, need: Array, elasticity: Array, cap: Array) -> Array:
    """Return the marginal value of a dollar to its owner, in dollars' worth of other imports at target cover.

    cover is goods in store and money in months of `need`, MUSD a month; reached, 0-1, is the share of the need that
    orders can fill. A dollar in plenty keeps its face value for the next order: `reached`. Short of the `target` it
    gains, up to `cap`. Where nothing can be ordered it is worth nothing (C9).
    """
    return reached * value.marginal_value(cover * need, target * need, 1.0, elasticity, 1.0, cap)


def appraise(s: State, p: Parameters) -> None:
    """Set what a dollar is worth to each country, and credit lines; only who can send goods gets new credit."""
    orders = p.other_imports()
    need = orders.sum(axis=1)
    filled = (orders * reach(s, p)).sum(axis=1) / np.maximum(need, TINY)
    # what one month cannot fill the next one orders again, at most the store: a dollar waits and is not lost
    reached = np.minimum(p["money.store"] * filled, 1.0)
    cover = value.cover(s.other_stock + s.money, 0.0, need)
    s.dollar = worth(reached, cover, p["money.cover"], need, p["money.elasticity"], p["goods.value_cap"])
    terms = s.trust, s.continuation, p.by_country("gdp"), p["accounts.debt_share"]
    s.line = accounts.credit_line(p["accounts.credit_line"], *terms)
    s.credit = s.line * np.swapaxes(linked(p), 0, 1)


def earn(s: State, p: Parameters, sales: Array) -> None:
    """Add the month's income from the rest of the world and its payment for `sales`, MUSD (country, worlds).

    Income falls with the pressure on the country: work abroad, thefts that must be laundered, exports (C5).
    """
    yearly = p.by_country("income") * (1.0 - p["sanctions.income_loss"] * s.pressure)
    received = a_month(yearly) + sales
    s.money = s.money + received
    s.world_money = s.world_money - received.sum(axis=0)


def spend(s: State, p: Parameters, bill: Array) -> Array:
    """Buy other imports beside a `bill` of the world market, MUSD; return the share of both that money pays for.

    Each country orders what its store lacks to the target, of each supplier its usual share as far as it is reached.
    bill and the share, 0-1, are (country, worlds).
    """
    usual = p.other_imports()
    need = usual.sum(axis=1)
    gap = np.maximum(p["money.store"] * need - s.other_stock, 0.0)
    wanted = (gap / np.maximum(need, TINY))[:, None]
    # who imposes sanctions does not fill what others fail to send
    orders = usual * reach(s, p) * (wanted - _UNDER_SANCTIONS * s.pressure[:, None] * np.maximum(wanted - 1.0, 0.0))
    granted = as_far_as(s.money, bill + orders.sum(axis=1))
    s.other_imports = orders * granted[:, None]
    bought, bill = s.other_imports.sum(axis=1), bill * granted
    s.other_stock = s.other_stock + bought
    s.money = np.maximum(s.money - bought - bill, 0.0) + s.other_imports[:, :-1].sum(axis=0)
    s.world_money = s.world_money + bill.sum(axis=0) + s.other_imports[:, -1].sum(axis=0)
    return granted


def cash_share(money: Array, goods: Array, owed: Array) -> Array:
    """Return the share of what is due that a debtor pays in money, (creditor, debtor, worlds) 0-1 (C3).

    money and goods are what the creditor gains by each for a dollar that the debtor gives up. Goods wait on account,
    which takes less of them in arrears (`owed`, 0-1). A dollar may also be kept, which is worth a dollar. Shares go by
    the squares of what is gained (Luce 1959): what brings a tenth gets a hundredth.
    """
    other = np.maximum((1.0 - owed) * goods, 1.0)
    return money**2 / (money**2 + other**2)


def channel(most: Array, friction: Array) -> Array:
    """Return the most that a debtor can bring to a creditor in money, MUSD a month, (country, country, worlds).

    Banks may not serve North Korea, so its money travels by couriers and front companies: `most` (worlds) without
    sanctions, less by the `friction` of the pair. Other pairs have banks, and no bound.
    """
    return np.where(WITH_PRK, most * np.maximum(1.0 - friction, 0.0), np.inf)


def in_kind(p: Parameters, friction: Array) -> Array:
    """Return the most that North Korea takes in other goods for its claims, MUSD a month (creditor, debtor, worlds).

    Goods that its debtor makes at home count at cost and cost it no hard currency: food in cans, lorries, parts (C3).
    They come by an open route, less by the friction of sanctions, and are used as they come, beside what North Korea
    buys. Others trade such goods for money.
    """
    most = p["money.in_kind"] * np.maximum(1.0 - friction, 0.0) * np.swapaxes(linked(p), 0, 1)
    return np.where(_IS_PRK[:, None, None], most, 0.0)


def payment(share: Array, due: Array, most: Array, has: Array) -> Array:
    """Return what debtors pay in money, MUSD: ``[i, j]`` by j to i, the `share` of what is `due`, at most `most`.

    All are (creditor, debtor, worlds). A debtor pays no more than it `has` (country, worlds), and all alike.
    """
    wanted = np.minimum(share * due, most)
    return wanted * as_far_as(has, wanted.sum(axis=0))[None]


def settle(s: State) -> None:
    """Pay part of what is owed after the month's deliveries, in other goods first, then in money."""
    due = accounts.net_due(s.balance, s.value_delivered, s.project_price)
    s.in_kind = np.minimum(s.in_kind_most, due)
    s.cash = paid = np.minimum(payment(s.cash_share, due, s.channel, s.money), due - s.in_kind)
    s.money = np.maximum(s.money - paid.sum(axis=0), 0.0) + paid.sum(axis=1)
