"""In which direction each number works, as the description says, for every equation that a claim rests on.

Each row names the claim, an equation and one of its inputs. A few thousand cases are drawn at random, each once with
the input lower and once with it higher: the result must never move against the sign, and must move in some. Prices are
compared where there is a deal both times.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pytest
from one_pair import (
    CASES,
    ambition,
    arrears,
    bite,
    capacity,
    credit,
    dependence,
    friction,
    guard,
    norm,
    of_deal,
    paid,
    prestige,
    seizure,
    started,
)

from sim.model import accounts, bargain, country, indices, money, relations, sanctions, technology, threat, value, war

Array = np.ndarray
UP, DOWN = 1, -1
Range = tuple[float, float]
SHARE: Range = (0.0, 1.0)


@dataclass(frozen=True)
class Sign:
    """`says` in the words of the description; `of` is computed from draws of `inputs`, and `moves` is the one tried."""

    claims: str
    says: str
    of: Callable[..., Array]
    moves: str
    direction: int
    inputs: Mapping[str, Range]


def rows(
    claims: str, of: Callable[..., Array], inputs: Mapping[str, Range], *signs: tuple[str, int, str]
) -> list[Sign]:
    """Several inputs of one equation."""
    return [Sign(claims, says, of, moves, direction, inputs) for moves, direction, says in signs]


def practical(value: Array, value_half: Array, size: Array, highest_tier: Array, exercises: Array) -> Array:
    """The practical index of one month of its kind."""
    return indices.practical_index(np.stack([value, highest_tier, exercises])[:, None], value_half, size)


DEAL = {"buyers_cover": (0.1, 10.0), "sellers_cover": (5.0, 60.0), "works": (0.3, 1.0), "cost": (0.0, 1.0)}
STORE = {"free": (0.1, 5000.0), "target": (1.0, 5000.0), "value": (0.1, 3.0)}
PLANNED = {"present": (0.0, 5000.0), "plan": (0.0, 12.0), "wartime": (0.0, 500.0)}
LOTS = {"old": (0.0, 5000.0), "stock": (0.0, 5000.0), "preference": (0.1, 10.0)}
CURVE = STORE | {"elasticity": (0.1, 2.0), "floor": (0.05, 0.5), "cap": (1.5, 4.0)}
ABROAD = {"value": (0.1, 5.0), "access": SHARE, "world_price": (0.1, 5.0), "margin": (0.0, 0.9)}
DEMAND = {"price": (0.1, 10.0), "scale": (0.1, 5.0), "target": (1.0, 5000.0), "free": (0.1, 5000.0)} | {
    "elasticity": (0.1, 2.0),
    "works": (0.1, 1.0),
}
BEST = {"margin": (0.01, 3.0), "demand": (1.0, 500.0), "slope_buyer": (1e-3, 1.0), "slope_seller": (0.0, 1.0)}
BURDEN = {"pressure": SHARE, "ties": SHARE, "risk": SHARE, "monitoring": SHARE, "unwatched": SHARE}
SEIZED = {"exposure": SHARE, "enforcement": SHARE, "monitoring": SHARE, "pressure": SHARE}
GUARD = {"price": (1.0, 100.0), "trust": SHARE, "need": SHARE, "hostility": SHARE, "by_trust": SHARE, "by_need": SHARE}
PROJECT = {"size": (0.1, 5.0), "worth": (2.0, 40.0), "guard": (1.0, 40.0), "claims": (0.0, 200.0)}
HAZARD = {"worth": (0.1, 100.0), "cost": (0.1, 100.0), "hazard": (0.01, 0.25), "precision": (0.0, 8.0)}
AMBITION = {"own": (0.0, 90.0), "level": (0.0, 100.0), "fear": SHARE, "hostility": SHARE, "rivalry": SHARE}

SIGNS = [
    *rows(
        "C1 C2",
        lambda stock, reserve, requirement: value.cover(stock, reserve, requirement),
        {"stock": (0.0, 5000.0), "reserve": (0.0, 2000.0), "requirement": (1.0, 500.0)},
        ("stock", UP, "more stock lasts longer"),
        ("reserve", DOWN, "what is held in reserve does not count"),
        ("requirement", DOWN, "who needs more has less"),
    ),
    *rows(
        "C1 C2",
        value.target_stock,
        PLANNED | {"allies": (0.0, 2.0)},
        ("present", UP, "who needs more wants more in store"),
        ("plan", UP, "who plans for a longer war keeps more"),
        ("wartime", UP, "and who would use more in it"),
        ("allies", DOWN, "an ally makes good a part"),
    ),
    *rows(
        "C2",
        value.old_in_cargo,
        LOTS,
        ("old", UP, "more old lots, more of them in cargo"),
        ("stock", DOWN, "sound rounds dilute them"),
        ("preference", UP, "the more the seller wants to be rid of them"),
    ),
    *rows(
        "C1 C3 C9",
        value.marginal_value,
        CURVE,
        ("free", DOWN, "more stock never raises the marginal value"),
        ("target", UP, "who wants to hold more values a unit more"),
        ("value", UP, "the scale"),
        ("cap", UP, "the cap is the most that a unit is worth"),
        ("floor", UP, "the floor is the least"),
    ),
    *rows(
        "C5",
        value.value_to_buyer,
        ABROAD,
        ("access", DOWN, "isolation makes a buyer pay more"),
        ("margin", UP, "and so does a dear market"),
        ("value", UP, "never more than its own value"),
    ),
    *rows(
        "C5",
        value.value_to_seller,
        ABROAD,
        ("access", UP, "isolation makes a seller ask less"),
        ("margin", DOWN, "and so does a market that keeps a margin"),
        ("value", UP, "never less than its own value"),
    ),
    *rows(
        "C1 C19",
        lambda wanted, free, reserve, production, expected, horizon: value.spending(
            wanted, free + production, reserve, production, expected, horizon
        ),
        {"wanted": (0.0, 500.0), "free": (0.0, 5000.0), "reserve": (0.0, 2000.0), "production": (0.0, 300.0)}
        | {"expected": (0.0, 300.0), "horizon": (1.0, 24.0)},
        ("wanted", UP, "who wants more fires more"),
        ("free", UP, "more stock, more fire"),
        ("production", UP, "more output, more fire"),
        ("expected", UP, "what is about to arrive is fired"),
        ("reserve", DOWN, "the reserve is not fired"),
        ("horizon", DOWN, "stock stretched over more months"),
    ),
    *rows(
        "C1 C19",
        war.wanted_fire,
        {"intensity": (0.0, 2.0), "base": (0.0, 300.0), "goal_ratio": (0.0, 5.0), "ukraine_fire": (0.0, 300.0)},
        ("intensity", UP, "war makes the need"),
        ("goal_ratio", UP, "the goal of the fire ratio"),
        ("ukraine_fire", UP, "less supply to Ukraine lowers Russia's need"),
        ("base", UP, "an attack asks for more"),
    ),
    *rows(
        "C1",
        war.substituted,
        {"share": (0.0, 0.3), "ceiling": (0.3, 1.0), "growth": (0.0, 1.0)},
        ("ceiling", UP, "drones and glide bombs replace more shells"),
        ("growth", UP, "and sooner"),
    ),
    *rows(
        "C2",
        country.converted,
        {"now": (0.0, 100.0), "asked": (100.0, 500.0), "ceiling": (100.0, 200.0), "most": (100.0, 200.0)}
        | {"speed": (0.02, 0.5), "back": (0.0, 0.02)},
        ("asked", UP, "long orders from abroad make North Korea convert plants"),
        ("most", UP, "as far as there are plants to convert"),
        ("now", UP, "and what was built stays for a while"),
    ),
    *rows(
        "C3 C5 C7",
        bargain.nash_weight,
        {"outside_seller": SHARE, "outside_buyer": SHARE, "need_seller": SHARE, "need_buyer": SHARE}
        | {"outside_effect": (0.0, 0.5), "need_effect": (0.0, 0.5)},
        ("outside_seller", UP, "a seller with other buyers gets more"),
        ("outside_buyer", DOWN, "a buyer with other suppliers pays less"),
        ("need_buyer", UP, "a buyer in need pays more"),
        ("need_seller", DOWN, "what the seller owes counts as its need"),
    ),
    *rows(
        "C3",
        bargain.demand_at,
        DEMAND,
        ("price", DOWN, "dearer, less"),
        ("scale", UP, "worth more, more"),
        ("target", UP, "a higher target, more"),
        ("free", DOWN, "more in store, less"),
    ),
    *rows(
        "C3",
        bargain.best_volume,
        BEST,
        ("margin", UP, "more to gain, more"),
        ("demand", UP, "more demand, more"),
        ("slope_buyer", DOWN, "a value that falls faster, less"),
        ("slope_seller", DOWN, "a reservation that rises faster, less"),
    ),
    *rows(
        "C1 C3",
        of_deal("price"),
        {name: DEAL[name] for name in ("buyers_cover", "sellers_cover")},
        ("buyers_cover", DOWN, "a buyer with less pays no less"),
        ("sellers_cover", DOWN, "a seller with less asks no less"),
    ),
    *rows(
        "C8",
        of_deal("volume"),
        DEAL | {"room": (0.0, 500.0)},
        ("room", UP, "more room never lowers a deal's volume"),
        ("buyers_cover", DOWN, "a buyer with less takes no less"),
        ("sellers_cover", UP, "a seller with more sells no less"),
        ("cost", DOWN, "what trade costs lowers it"),
    ),
    *rows(
        "C2 C7",
        of_deal("volume"),
        DEAL | {"on_order": (0.0, 500.0)},
        ("on_order", DOWN, "what is on order, or bought outside, is not ordered again"),
    ),
    *rows(
        "C3 C5",
        of_deal("volume"),
        DEAL | {"credit": (0.0, 500.0), "openness": SHARE},
        ("credit", UP, "more credit never lowers it"),
        ("openness", UP, "a pair that is open trades more"),
    ),
    *rows(
        "C20",
        of_deal("gain_seller"),
        DEAL | {"weight": (0.05, 0.95)},
        ("weight", UP, "the Nash weight is the seller's share"),
    ),
    *rows(
        "C3",
        credit,
        {"line": (0.0, 1000.0), "trust": SHARE, "continuation": (0.0, 1.0), "debtor": (10.0, 2e4)}
        | {"most": (0.0, 1e-3)},
        ("trust", UP, "trust lends more"),
        ("continuation", UP, "a relation that lasts lends more"),
        ("debtor", UP, "a larger debtor may owe more"),
        ("most", UP, "as far as the creditor can lend at all"),
    ),
    *rows(
        "C3 C15",
        arrears,
        {"debt": (-100.0, 300.0), "line": (0.0, 300.0)},
        ("debt", UP, "more debt, more arrears"),
        ("line", DOWN, "more credit, less arrears"),
    ),
    *rows(
        "C4",
        prestige,
        {"worth": (0.0, 300.0), "debt": (-100.0, 300.0)},
        ("worth", UP, "prestige settles debt"),
        ("debt", UP, "but no more than is owed"),
    ),
    *rows(
        "C3 C5",
        paid,
        {"share": SHARE, "due": (0.0, 300.0), "most": (0.0, 100.0), "has": (0.0, 100.0)},
        ("due", UP, "more is paid of more debt"),
        ("most", UP, "a wider channel lets more through"),
        ("has", UP, "small means hold payment back"),
    ),
    *rows(
        "C3 C5",
        money.cash_share,
        {"money": (0.0, 2.0), "goods": (0.0, 5.0), "owed": SHARE},
        ("money", UP, "money is worth what the creditor can buy with it"),
        ("goods", DOWN, "goods that the creditor values more are sent instead"),
        ("owed", UP, "the more is owed, the less the account takes"),
    ),
    *rows(
        "C9",
        money.worth,
        {"reached": SHARE, "cover": (0.1, 20.0), "target": (1.0, 6.0), "need": (1.0, 1e4), "elasticity": (0.2, 1.5)}
        | {"cap": (1.0, 4.0)},
        ("reached", UP, "a dollar is worth what it can fetch"),
        ("cover", DOWN, "and more where it is scarce"),
    ),
    *rows(
        "C3",
        relations.learnt_trust,
        {"start": SHARE, "prior": (1.0, 50.0), "kept": (0.0, 50.0), "failed": (0.0, 50.0)},
        ("kept", UP, "deliveries build trust"),
        ("failed", DOWN, "debts that are not served wear it down"),
        ("start", UP, "it starts from what was known before"),
    ),
    *rows(
        "C16 C17",
        dependence,
        {"partner": (0.0, 100.0), "rest": (0.0, 100.0)},
        ("partner", UP, "buying from the patron makes dependent"),
        ("rest", DOWN, "other sources make less so"),
    ),
    *rows(
        "C17",
        lambda share: accounts.reluctance(share),
        {"share": SHARE},
        ("share", UP, "higher dependence never lowers the reluctance to buy more"),
    ),
    *rows(
        "C5",
        sanctions.market_access,
        {"access": SHARE, "pressure": SHARE, "loss": SHARE},
        ("pressure", DOWN, "more pressure never raises access"),
        ("access", UP, "access without sanctions"),
    ),
    *rows(
        "C5 C6 C21",
        friction,
        BURDEN,
        ("pressure", UP, "pressure on the partner makes trade dearer"),
        ("ties", UP, "for whom has western ties to lose"),
        ("monitoring", UP, "as far as it is seen"),
    ),
    *rows(
        "C5",
        bite,
        {"one": SHARE, "other": SHARE, "bite": SHARE},
        ("one", UP, "pressure on the one"),
        ("other", UP, "pressure on the other"),
    ),
    *rows(
        "C5 C6",
        norm,
        {"norm": SHARE, "access": SHARE, "weight": SHARE},
        ("norm", UP, "a norm that is held costs whom breaks it"),
        ("access", UP, "isolation makes it cheaper"),
    ),
    *rows(
        "C6",
        seizure,
        SEIZED,
        ("exposure", UP, "more exposure never lowers seizure"),
        ("enforcement", UP, "nor does enforcement"),
        ("monitoring", UP, "nor monitoring"),
        ("pressure", UP, "nor pressure"),
    ),
    *rows(
        "C8 C9",
        capacity,
        {"kt": (0.0, 200.0), "winter": SHARE, "border": SHARE},
        ("kt", UP, "capacity"),
        ("winter", UP, "what winter leaves"),
        ("border", UP, "what the border regime leaves"),
    ),
    *rows(
        "C14 C15",
        guard,
        GUARD,
        ("trust", DOWN, "trust softens the guard"),
        ("need", DOWN, "desperation softens it"),
        ("hostility", UP, "rivals give each other nothing"),
    ),
    *rows(
        "C3 C14 C15",
        technology.release_hazard,
        HAZARD,
        ("worth", UP, "worth more to the receiver, it is released sooner"),
        ("cost", DOWN, "guarded more, later"),
        ("hazard", UP, "as often as there is an opportunity"),
    ),
    *rows(
        "C3 C15",
        started,
        PROJECT,
        ("claims", UP, "only what debt pays for"),
    ),
    *rows(
        "C14",
        ambition,
        AMBITION,
        ("own", UP, "a country wants what it wants"),
        ("level", UP, "and what its rival has"),
        ("fear", UP, "the more it is afraid of it"),
        ("hostility", UP, "and hostile to it"),
        ("rivalry", UP, "by the weight of that"),
    ),
    *rows(
        "C3",
        technology.pressed_on,
        {"technology_appeal": (0.0, 5.0), "goods_appeal": (0.0, 5.0)},
        ("technology_appeal", UP, "the debtor settles in what the creditor values most"),
        ("goods_appeal", DOWN, "which may be goods"),
    ),
    *rows(
        "C11 C13",
        threat.move_threat,
        {"threat": SHARE, "standing": (0.0, 2.0), "seen": (0.0, 2.0), "own_war": SHARE, "speed": SHARE},
        ("seen", UP, "what the other bloc does worries"),
        ("standing", UP, "what it is, too"),
    ),
    *rows(
        "C12 C13",
        threat.answer,
        {"threat": SHARE, "seen": (0.0, 1.5), "superiority": SHARE, "spiral": (0.0, 1.5), "deterrence": SHARE},
        ("threat", UP, "fear answers arms with arms"),
        ("superiority", DOWN, "the stronger deters"),
        ("spiral", UP, "by the weight of the one theory"),
        ("deterrence", DOWN, "and of the other"),
    ),
    *rows(
        "C13",
        threat.move_coordination,
        {"coordination": SHARE, "west_threat": SHARE, "growth": SHARE, "friction": SHARE, "decay": SHARE},
        ("west_threat", UP, "threat brings the three together"),
        ("friction", DOWN, "quarrels hold them apart"),
    ),
    *rows(
        "C18",
        practical,
        {"value": (0.0, 500.0), "value_half": (10.0, 100.0), "size": (0.1, 10.0), "highest_tier": (0.0, 4.0)}
        | {"exercises": (0.0, 5.0)},
        ("value", UP, "what is delivered"),
        ("highest_tier", UP, "what technology passes"),
        ("exercises", UP, "and what is trained together"),
        ("size", DOWN, "for their size"),
    ),
]


@pytest.mark.parametrize(
    "sign", SIGNS, ids=lambda s: f"{s.claims.replace(' ', '-')}-{s.moves}-{s.says}".replace(" ", "_")
)
def test_the_sign_is_as_described(sign: Sign) -> None:
    draw = np.random.default_rng(2023)
    given = {name: draw.uniform(*bounds, CASES) for name, bounds in sign.inputs.items()}
    low, high = np.sort(draw.uniform(*sign.inputs[sign.moves], (2, CASES)), axis=0)
    less, more = (np.asarray(sign.of(**{**given, sign.moves: x})) for x in (low, high))
    both = np.isfinite(less) & np.isfinite(more)
    moved = (sign.direction * (more - less))[both]
    scale = np.maximum(np.abs(less), np.abs(more))[both]
    assert both.mean() > 0.2
    assert (moved >= -1e-9 * np.maximum(scale, 1e-6)).all(), f"against its sign in case {int(moved.argmin())}"
    assert (moved > 1e-6 * scale).mean() > 0.01, "it moves something"
