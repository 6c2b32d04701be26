"""Equations of several countries, or of a whole deal, as functions of one pair: arrays of cases in, one array out."""

from collections.abc import Callable

import numpy as np

from sim.model import accounts, bargain, money, routes, sanctions, technology

Array = np.ndarray
CASES = 4000
"""That are tried of each equation."""


# ---- Equations of several countries, of one pair --------------------------------------------------------------


def between(a: Array, b: Array) -> Array:
    """(country, country, cases): a of the first with the second, b back."""
    return np.array([[np.zeros_like(a), a], [b, np.zeros_like(a)]])


def credit(line: Array, trust: Array, continuation: Array, debtor: Array, most: Array | float = 1.0) -> Array:
    gdp = np.array([np.full_like(debtor, 2000.0), debtor])
    lasting = between(trust, trust), between(continuation, continuation)
    return accounts.credit_line(line, *lasting, gdp, np.asarray(most))[0, 1]


def arrears(debt: Array, line: Array) -> Array:
    return accounts.arrears(between(debt, -debt), between(line, line))[0, 1]


def prestige(worth: Array, debt: Array) -> Array:
    return accounts.prestige_payment(between(worth, worth), between(debt, -debt))[0, 1]


def paid(share: Array, due: Array, most: Array, has: Array) -> Array:
    one_way = between(due, np.zeros_like(due))
    return money.payment(between(share, share), one_way, between(most, most), np.array([has, has]))[0, 1]


def dependence(partner: Array, rest: Array) -> Array:
    none = np.zeros_like(partner)
    return accounts.dependence(np.array([[none, partner, rest], [none, none, rest]]))[0, 1]


def friction(pressure: Array, ties: Array, risk: Array, monitoring: Array, unwatched: Array) -> Array:
    """Of South Korea with North Korea under pressure."""
    press, tied = np.zeros((6, CASES)), np.zeros((6, CASES))
    press[1], tied[3] = pressure, ties
    return sanctions.secondary_risk(press, np.zeros(CASES), tied, risk, monitoring, unwatched)[3, 1, 0]


def bite(one: Array, other: Array, bite: Array) -> Array:
    return sanctions.friction_of_pressure(np.array([one, other]), bite)[0, 1, 0]


def norm(norm: Array, access: Array, weight: Array) -> Array:
    felt, market = np.zeros((6, CASES)), np.zeros((6, CASES))
    felt[0], market[0] = norm, access
    return sanctions.embargo_norm(felt, market, weight)[1, 0]


def capacity(kt: Array, winter: Array, border: Array, month: int = 1) -> Array:
    """Of Khasan, in January."""
    each = (np.broadcast_to(x, (len(routes.ENDS), CASES)) for x in (kt, np.ones(CASES), winter))
    return routes.effective_capacity(*each, month, border)[1]


def seizure(exposure: Array, enforcement: Array, monitoring: Array, pressure: Array) -> Array:
    """Share seized on Rajin, which touches North Korea."""
    each = (np.broadcast_to(x, (len(routes.ENDS), CASES)) for x in (exposure, pressure))
    first, last = each
    return routes.interdiction(first, enforcement, monitoring, last)[0]


def guard(price: Array, trust: Array, need: Array, hostility: Array, by_trust: Array, by_need: Array) -> Array:
    pair = between(trust, trust), np.array([need, need]), between(hostility, hostility)
    return technology.guard_cost(price[None], *pair, by_trust, by_need, np.full(CASES, 4.0))[0, 1, 0]


def ambition(own: Array, level: Array, fear: Array, hostility: Array, rivalry: Array) -> Array:
    """Of the first country, whose rival has that level."""
    levels = np.array([np.zeros_like(own), level])[:, None]
    wants = np.array([own, own])[:, None]
    return technology.ambition(wants, levels, np.array([fear, fear]), between(hostility, hostility), rivalry)[0, 0]


def started(size: Array, worth: Array, guard: Array, claims: Array) -> Array:
    """Points of tier 2 that the first country starts to pass on to the second, where chance wills it."""
    only = between(np.ones(CASES), np.zeros(CASES))[:, :, None] * np.array([0.0, 1.0, 0.0, 0.0])[:, None]
    return technology.start_projects(
        worth=only * worth,
        guard=only * guard,
        cost=only,
        weight=np.full((2, 2, 1, CASES), 0.5),
        size=only * size,
        claims=between(claims, claims),
        charged=np.ones((2, 2, CASES)),
        hazard=(np.full(CASES, 0.25), np.full(CASES, 4.0)),
        draw=np.zeros((2, 2, CASES)),
    ).points[0, 1, 1]


# ---- A whole deal of one seller with one buyer ----------------------------------------------------------------


def deal(
    buyers_cover: Array,
    sellers_cover: Array,
    works: Array,
    cost: Array,
    on_order: Array,
    room: Array,
    stock: Array,
    credit: Array,
    weight: Array,
    openness: Array,
) -> bargain.Deals:
    """Both value their stock by the curve of section 6, at elasticity 0.8 and without limits; 100 units a month."""
    worth, target, required, eta = 1.8, 4.0, 100.0, np.full(CASES, 0.8)
    first, asks = (worth * (target / k) ** 0.8 for k in (buyers_cover, sellers_cover))
    store = np.full(CASES, worth), np.full(CASES, target * required), buyers_cover * required, eta
    lanes = {
        "value": first * works,
        "reservation": asks,
        "cost": cost,
        "demand": bargain.demand_at(asks + cost, *store, works),
        "slope_buyer": 0.8 * first * works**2 / (required * buyers_cover),
        "slope_seller": 0.8 * asks / stock,
        "arrives": np.ones(CASES),
        "works": works,
        "weight": weight,
        "room": room,
        "borne": np.zeros(CASES),
    }

    def lane(of: Array, other: float) -> Array:
        full = np.full((2, 2, 1, CASES), other)
        full[0, 1, 0] = of
        return full

    unreal = {"reservation": 1e9, "slope_buyer": 1.0, "arrives": 1.0, "works": 1.0, "weight": 0.5}
    return bargain.bargain(
        **{name: lane(of, unreal.get(name, 0.0)) for name, of in lanes.items()},
        openness=between(openness, openness)[:, :, None],
        on_order=np.array([np.zeros(CASES), on_order])[:, None],
        available=np.array([stock, stock])[:, None],
        release_bound=np.full((2, 1, CASES), bargain.STOCK),
        headroom=between(credit, credit),
        cash_share=np.zeros((2, 2, CASES)),
        charged=np.ones((2, 2, 1, CASES)),
        least_share=np.full(CASES, 0.05),
        contract=lane(np.zeros(CASES), 0.0),
        keeps=np.zeros((1, CASES)),
    )


def of_deal(name: str) -> Callable[..., Array]:
    """Volume or price of a deal; with plenty of what the row does not draw."""

    def found(**given: Array) -> Array:
        plenty = {"works": 1.0, "cost": 0.1, "on_order": 0.0, "room": 1e6, "stock": 1e5, "credit": 1e9}
        plenty |= {"weight": 0.5, "openness": 1.0, "sellers_cover": 30.0}
        terms = {key: np.full(CASES, number) for key, number in plenty.items()}
        agreed = deal(**{**terms, **given})
        got = getattr(agreed, name)
        return np.asarray(np.where(agreed.volume > 0.0, got, np.nan) if name == "price" else got)[0, 1, 0]

    return found
