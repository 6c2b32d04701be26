"""Step 5: agreements of all pairs on rival goods and technology."""

import numpy as np

from sim.arrays import Array
from sim.model import bargain, exchange, money, sanctions, technology
from sim.model.accounts import as_far_as, net_due, settling_discount
from sim.model.cargo import unit_weight
from sim.model.offers import CLOSED_COST, LEAST_WORKING, Offers
from sim.model.routes import LENT, PIPELINE, room_by_good, to_lanes
from sim.model.state import State
from sim.model.threat import hostility
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, ENERGY, PRK, RUS
from sim.scenario.units import KBBL_PER_KT, MONTHS_A_YEAR
from sim.scenario.values import Parameters

OIL = RUS, PRK, ENERGY
"""The lane of Russia's oil to North Korea."""


def agree(s: State, p: Parameters, o: Offers) -> bargain.Deals:
    """Return the month's deals on rival goods and add their volumes to the sellers' queues (C3)."""
    lawful = sanctions.passes(p)[:, :, :-1]  # what has not left is not sent any more
    s.queue = np.where(lawful > 0.0, s.queue, 0.0)
    s.channel = money.channel(p["money.channel"], o.friction)
    s.in_kind_most = money.in_kind(p, o.friction) * (1.0 - p.by_pair("least_in_cash"))
    lanes_under_way = s.queue + s.in_transit
    s.cash_share = in_money = _cash_share(s, p, o, lanes_under_way)
    # of what waits the seized share is not to be expected, nor to be paid for; what travels has escaped
    traded = s.queue.copy()
    traded[LENT] -= s.lent  # which goes by the pipeline
    expected = s.in_transit + traded * o.arrives
    expected[LENT] += s.lent * (1.0 - o.seized[PIPELINE])
    under_way = (s.price_under_way * expected).sum(axis=2)
    on_order = (expected * (o.works / np.maximum(o.arrives, LEAST_WORKING))).sum(axis=0)
    on_order[RUS, AMMUNITION] += s.outside_ammunition  # it comes into the store and takes no room on a route
    # a contract brings more in the months to come, and these months use more than is made or bought outside
    ahead, use = p.by_good("contract") - 1.0, np.maximum(s.consumption - s.production - s.world_imports, 0.0)
    on_order += ahead * ((s.contract * o.works).sum(axis=0) - use)
    keeps = ahead / (ahead + 1.0)
    room = np.maximum(_room(p, o.capacity) - traded, 0.0)
    held = _hold_oil(s, p, room)
    deals = bargain.bargain(
        value=o.value,
        reservation=o.reservation,
        cost=o.cost,
        borne=o.borne,
        demand=o.demand,
        slope_buyer=o.slope_buyer,
        slope_seller=o.slope_seller,
        arrives=o.arrives,
        works=o.works,
        weight=o.weight,
        openness=p.by_pair("openness")[:, :, None] * lawful,
        on_order=on_order,
        room=room,
        available=np.maximum(o.available - s.queue.sum(axis=1), 0.0),
        release_bound=o.release_bound,
        headroom=_headroom(s, under_way, in_money),
        cash_share=in_money,
        charged=exchange.charged(p, o.committed, o.cost),
        least_share=p["accounts.least_share"],
        contract=s.contract,
        keeps=keeps,
    )
    promised = keeps * s.contract
    could = as_far_as(o.available, promised.sum(axis=1))[:, None] * (o.cost < CLOSED_COST)
    s.broken = _broken(promised * p.by_good("value"), could * (deals.margin <= 0.0))
    s.contract = deals.contract
    deals.binding[OIL] = np.where(held & (deals.binding[OIL] == bargain.CAPACITY), bargain.NORM, deals.binding[OIL])
    s.price_under_way = _mean_price(s.price_under_way, lanes_under_way, deals.price, deals.volume)
    s.queue = s.queue + deals.volume
    s.gain = deals.gain_seller.sum(axis=2) + np.swapaxes(deals.gain_buyer.sum(axis=2), 0, 1)
    s.foreign_orders = np.maximum(s.queue[:, :, AMMUNITION], deals.wanted[:, :, AMMUNITION]).sum(axis=1)
    ordered = under_way + (deals.price * deals.volume * o.arrives).sum(axis=2)
    # technology is paid for with claims: what the giver owes, goods on their way to the receiver deducted
    s.claims_left = p["technology.credit"] * s.credit - s.balance - ordered * (1.0 - in_money)
    return deals


def _broken(promised: Array, unwanted: Array) -> Array:
    """Return the share of what was `promised`, MUSD, that brings no gain any more and so is not traded, 0-1.

    `unwanted` is the share that could be delivered and is not wanted: a closed route or an empty store breaks no
    promise. Both are (from, to, good, worlds), the result (from, to, worlds).
    """
    return (promised * unwanted).sum(axis=2) / np.maximum(promised.sum(axis=2), TINY)


def _headroom(s: State, ordered: Array, in_money: Array) -> Array:
    """Return the credit and payment in kind left after what is `ordered`, MUSD (from, to, worlds).

    A project under way has its price in claims that goods cannot have too. Above the credit line goods still move
    against goods, as much as the debtor repaid last month.
    """
    owed = s.balance + s.project_price.sum(axis=2)
    return np.maximum(s.credit + s.in_kind_most - owed - ordered * (1.0 - in_money), s.repaid)


def _mean_price(price: Array, volume: Array, new_price: Array, new_volume: Array) -> Array:
    """Return the mean price, by volume, of goods under way and new ones, MUSD a unit; zero without any."""
    both = volume + new_volume
    return np.where(both > TINY, (price * volume + new_price * new_volume) / np.maximum(both, TINY), 0.0)


def _room(p: Parameters, capacity: Array) -> Array:
    """Return the units that a pair's routes carry within the order horizon, (from, to, good, worlds) (C8)."""
    room = to_lanes(room_by_good(p, capacity))
    room *= p.once("units ordered ahead", lambda: p["routes.order_horizon"] / unit_weight(p))
    return room


def _hold_oil(s: State, p: Parameters, room: Array) -> Array:
    """Cut in `room`, units by lane, Russia's oil to North Korea to its share of the UN cap; return where that bites.

    Until Russia decides to break the cap it stays within what it declared of it, more by relief of the UN (UNSCR 2397).
    """
    left_by_relief = np.maximum(1.0 + np.minimum(p.restrictions()[-1, PRK, ENERGY], 0.0), TINY)
    allowed = p["norm.oil_share"] * p["norm.oil_cap"] / (MONTHS_A_YEAR * KBBL_PER_KT) / left_by_relief
    left = np.maximum(allowed - s.queue[OIL], 0.0)
    held = ~s.oil_free & (left < room[OIL])
    room[OIL] = np.where(held, left, room[OIL])
    return held


def _cash_share(s: State, p: Parameters, o: Offers, under_way: Array) -> Array:
    """Return the share of what is due that each debtor pays in money, (creditor, debtor, worlds) 0-1.

    Due is the debt, with last month's deliveries once more (C3, C5, C9). Other goods come first: they cost no hard
    currency. Money that a creditor receives may be frozen, so it is worth less by the friction of sanctions, as far as
    they touch what is paid for: the goods `under_way`, units by lane. What a scenario sets for the pair comes before
    this choice, goods before money. No more is planned than the channel lets through.
    """
    worth = s.price_under_way * under_way
    touched = (worth * o.touched[:, :, :-1]).sum(axis=2) / np.maximum(worth.sum(axis=2), TINY)
    frozen = o.friction * np.where(worth.sum(axis=2) > TINY, touched, 1.0)
    in_money = s.dollar[:, None] * np.maximum(1.0 - frozen, 0.0) / np.maximum(s.dollar[None], TINY)
    chosen = money.cash_share(in_money, np.swapaxes(goods_appeal(s, o), 0, 1), o.arrears)
    due = np.maximum(net_due(s.balance, s.value_delivered, s.project_price), TINY)
    in_goods = np.minimum(s.in_kind_most / due, 1.0)
    share = np.clip(chosen * (1.0 - in_goods), p.by_pair("least_in_cash"), 1.0 - p.by_pair("least_in_goods"))
    return np.minimum(share, s.channel / due)


def goods_appeal(s: State, o: Offers) -> Array:
    """Return the best ratio, over the goods, of a buyer's value to the seller's own cost, (from, to, worlds).

    Oil that is held back under the UN cap pays nothing.
    """
    ratio = (o.value - o.cost) / np.maximum(o.reservation, TINY)
    ratio[OIL] = np.where(s.oil_free, ratio[OIL], 0.0)
    return np.maximum(ratio.max(axis=2), 0.0)


def transfer_technology(s: State, p: Parameters, o: Offers, draw: Array) -> technology.Transfers:
    """Return the technology that arrives this month, raise the receivers' levels, and start projects (C14, C15).

    draw (giver and receiver, worlds) is uniform on 0-1.
    """
    arrived = _finished(s)
    hostile = hostility(s.alignment)
    ambition = technology.ambition(
        p.by_country_tier("ambition"), s.technology, s.threat, hostile, p["technology.rivalry"]
    )
    own = np.where(ambition > s.technology, p["technology.research"], 0.0)
    s.technology = np.clip(s.technology + arrived.points.sum(axis=0) + own, 0.0, technology.HIGHEST_LEVEL)
    s.released = s.released + arrived.points
    s.guarded = s.released[RUS, PRK, 2:].sum(axis=0)
    started = _started(s, p, o, ambition, arrived.payment, draw.reshape(*s.balance.shape))
    s.projects = s.projects + started.points
    s.project_price = s.project_price + started.payment
    lead = p.once("lead time", lambda: p["technology.lead"] * technology.TIER_NUMBERS)
    s.project_due = np.where(started.points > 0.0, lead, s.project_due)
    s.gain = s.gain + started.gain_giver.sum(axis=2) + np.swapaxes(started.gain_receiver.sum(axis=2), 0, 1)
    return arrived


def _finished(s: State) -> technology.Transfers:
    """Return the projects whose time has come, and take them off those under way."""
    s.project_due = np.maximum(s.project_due - 1.0, 0.0)
    done = s.project_due <= 0.0
    points, payment = (np.where(done, of, 0.0) for of in (s.projects, s.project_price))
    s.projects, s.project_price = s.projects - points, s.project_price - payment
    return technology.Transfers(points, payment, np.zeros_like(points), np.zeros_like(points))


def _started(s: State, p: Parameters, o: Offers, ambition: Array, ended: Array, draw: Array) -> technology.Transfers:
    """Return the projects that start: at most one a month between two countries, and one at a time in each tier.

    `ended`, MUSD (giver, receiver, tier, worlds), is the price of those that end and are not booked yet.
    """
    coming = s.technology + s.projects.sum(axis=0)
    size = np.minimum(
        p["technology.project"], np.minimum(s.technology[:, None] - coming[None], (ambition - coming)[None])
    )
    size = np.where(s.projects > 0.0, 0.0, np.maximum(size, 0.0))
    worth = technology.technology_value(p.by_tier("value"), (ambition - coming)[None] - size / 2.0, s.threat)
    full = p.once("guard", lambda: p.by_tier("guard") * p["technology.guard_scale"])
    effects = (p[f"technology.{name}_effect"] for name in ("trust", "need", "hostility"))
    guard = technology.guard_cost(full, s.trust, s.hardship, hostility(s.alignment), *effects)
    guard[RUS, PRK, 2:] *= 1.0 + p["acts.red_line_effect"] * s.warned
    guard = guard * (1.0 - p["alliance.security"] * o.committed)[:, :, None]  # what an ally knows guards the giver too
    # the other patron would rather that its client does without
    for giver, asked in zip(exchange.PATRONS, exchange.condition(s, p)[::-1], strict=True):
        worth[giver, PRK, 2:] *= 1.0 - asked

    # a debtor settles with what the creditor values most per unit of the debtor's cost (C3)
    of_tiers = (worth / np.maximum(guard, TINY)).max(axis=2)
    gives_up = settling_discount(p["accounts.arrears_discount"], o.arrears, s.continuation)
    gives_up = gives_up * technology.pressed_on(of_tiers, goods_appeal(s, o))
    # banks move the price of a licence where they may and it buys the giver something, couriers do not
    by_bank = np.where(money.WITH_PRK, 0.0, np.minimum(s.dollar[:, None], 1.0) * s.money[None])
    by_bank = by_bank * (1.0 - p.by_pair("least_in_goods"))
    norm = o.norm * sanctions.banned(p)[:, :, -1]
    claims = s.claims_left - (s.project_price + ended).sum(axis=2) + by_bank
    return technology.start_projects(
        worth=worth,
        guard=guard * (1.0 - gives_up[:, :, None]),
        cost=worth * (o.friction * o.touched[:, :, -1] + norm)[:, :, None],
        weight=o.weight.mean(axis=2)[:, :, None],
        size=size,
        claims=np.maximum(claims, 0.0),
        charged=1.0 - p["alliance.gift"] * o.committed,
        hazard=(p["technology.hazard"] * sanctions.passes(p)[:, :, -1:], p["technology.precision"]),
        draw=draw,
    )
