"""Rival theories of exchange: what is given without a bargain, and on what condition (C3, C12, C15, C17, C21).

transaction  a bargain alone: every side gives what is worth more to the other. Nothing here applies.
alliance     what an ally fights with guards the giver too (Morrow 1991), and whoever arms an ally at war may be drawn
             in (entrapment, Snyder 1997)
patronage    patrons of North Korea bid aid to keep their share of what it buys, and ask for restraint (Carney 1989;
             Snyder 1997)

Each world follows one of them, `structure.exchange`. A function returns zero in the worlds that follow another.
"""

import numpy as np

from sim.arrays import Array
from sim.model import money
from sim.model.state import State
from sim.model.value import TINY
from sim.scenario.names import AMMUNITION, CHN, COUNTRIES, PRK, RUS
from sim.scenario.parameters import choice
from sim.scenario.values import Parameters

PATRONS = (RUS, CHN)
"""Countries that may be patrons of North Korea."""


def follows(p: Parameters, key: str, name: str) -> Array:
    """Return 1 in the worlds where the choice `key` is `name`, else 0, (worlds)."""
    return p.once(f"{key} {name}", lambda: np.where(p[key] == choice(key, name), 1.0, 0.0))


def commitment(alignment: Array, pledge: Array, threat: Array) -> Array:
    """Return how much i minds the safety of j, (country, country, worlds) 0-1: ``max(a, 0) (P + (1 - P) θ_i θ_j)``.

    Friends by treaty, or else as far as both feel threatened (Walt 1987). alignment is -1 to 1, pledge 0-1, threat
    (country, worlds) 0-1.
    """
    shared = threat[:, None] * threat[None]
    return np.maximum(alignment, 0.0) * (pledge + (1.0 - pledge) * shared)


def committed(s: State, p: Parameters) -> Array:
    """Return the commitment of each giver to each receiver, (from, to, worlds) 0-1, under the theory of alliance."""
    return follows(p, "structure.exchange", "alliance") * commitment(s.alignment, s.pledge, s.threat)


def taken(p: Parameters, committed: Array, works: Array) -> Array:
    """Return the share of a unit that its giver's security loses, (from, to, good, worlds) 0-1.

    What arrives and `works` at an ally's front guards the giver too: of a round for Russia at war less is lost. In a
    depot it guards nobody else, or allies would swap rounds. committed (from, to, worlds) and works are 0-1.
    """
    lost = np.ones_like(works)
    fought = p["alliance.security"] * np.minimum(p["war.intensity"], 1.0) * committed[:, RUS]
    lost[:, RUS, AMMUNITION] -= fought * works[:, RUS, AMMUNITION]
    return lost


def charged(p: Parameters, committed: Array, like: Array) -> Array:
    """Return the share of the payment that a seller asks, (from, to, good, worlds) 0-1: of an ally not all for rounds.

    committed (from, to, worlds) is 0-1; `like` is any array of the shape of the result.
    """
    asked = np.ones_like(like)
    asked[:, :, AMMUNITION] -= p["alliance.gift"] * committed
    return asked


def bid(wanted: Array, share: Array, restraint: Array, aid: Array) -> Array:
    """Return the aid by which a patron bids for its client, MUSD a month: ``aid max(wanted - share - restraint, 0)``.

    wanted and share are parts of all that the client buys, 0-1; restraint is the part that ties to others make it give
    up; aid in MUSD a month for a whole share. All arrays (…, worlds).
    """
    return aid * np.maximum(wanted - share - restraint, 0.0)


def patrons_aid(s: State, p: Parameters) -> Array:
    """Return the food and energy that patrons give North Korea, units a month (patron, good, worlds).

    Half of the worth each at world prices; of Russia food alone until it breaks the UN cap on oil (C6). Nothing goes
    where no route is open.
    """
    of = list(PATRONS)
    wanted = np.stack([p[f"{COUNTRIES[c]}.patronage"] for c in of])
    restraint = p["patronage.restraint"] * p.by_country("western_ties")[of] * s.pressure[PRK]
    aid = follows(p, "structure.exchange", "patronage") * p["patronage.aid"]
    worth = bid(wanted, s.dependence[PRK, of], restraint, aid) * money.linked(p)[of, PRK]
    allowed = np.stack([np.where(s.oil_free, 1.0, 0.0), np.ones_like(aid)])
    oil = worth * allowed / 2.0
    out = np.stack([np.zeros_like(worth), worth - oil, oil], axis=1)
    return out / np.maximum(p.by_good("world_price"), TINY)


def condition(s: State, p: Parameters) -> Array:
    """Return the restraint that patrons ask of North Korea, (patron, worlds) 0-1: in proportion to what it owes each.

    It holds back tests, and guarded technology from the other patron.
    """
    asked = follows(p, "structure.exchange", "patronage") * p["patronage.condition"]
    return asked * s.dependence[PRK, list(PATRONS)]
