"""Sanctions, market access, isolation and the cost of breaking the embargo (claims C5, C6, C21)."""

import numpy as np

from sim.arrays import Array
from sim.scenario.embargoes import barred_by
from sim.scenario.names import ALL_GOODS, AMMUNITION, CHN, COUNTRIES, ENERGY, PRK, RUS
from sim.scenario.values import Parameters


def base_pressure(p: Parameters) -> Array:
    """Return the pressure before designations, (country, worlds) 0-1: overall pressure times the target's factor."""

    def build() -> Array:
        out = np.zeros((len(COUNTRIES), p.worlds), like=p["sanctions.pressure"])
        for target in (RUS, PRK, CHN):
            out[target] = np.clip(p["sanctions.pressure"] * p[f"sanctions.{COUNTRIES[target]}"], 0.0, 1.0)
        return out

    return p.once("base pressure", build)


def market_access(access: Array, pressure: Array, loss: Array) -> Array:
    """Return the effective access to the rest-of-world market, (country, worlds) 0-1 (C5).

    `loss` is the share of access lost at full pressure.
    """
    return access * (1.0 - loss * pressure)


def secondary_risk(
    pressure: Array, banks: Array, ties: Array, risk: Array, watched: Array, unseen: Array, left: Array | float = 1.0
) -> Array:
    """Return the cost of dealing with a sanctioned country, as share of value, (country, country, good, worlds).

    It falls on the side with western `ties` to lose (C21); `risk` is the share at full ties and pressure. In deals with
    Russia the pressure is at least that on its partners' `banks`. In deals with North Korea the cost grows with
    monitoring, `watched`, from the share `unseen` on (C6). `left` is the share that a sender's relief leaves, (sender,
    target, good, worlds); without it the result has one good. All 0-1.
    """
    at_stake = ties[:, None] * pressure[None]
    at_stake[:, RUS] = ties * np.maximum(pressure[RUS], banks)
    at_stake = at_stake[:, :, None] * left
    cost = risk * np.maximum(at_stake, np.swapaxes(at_stake, 0, 1))
    seen = unseen + (1.0 - unseen) * watched
    cost[PRK] *= seen
    cost[:, PRK] *= seen
    return cost


def friction_of_pressure(pressure: Array, bite: Array, left: Array | float = 1.0) -> Array:
    """Return the extra cost of payment, insurance and spare parts, as share of value, by pair and good (C5).

    It is `bite` times the mean cube of the pressure on both sides: mild sanctions are felt little. `left` as above.
    """
    felt = (pressure * pressure * pressure)[None, :, None] * left
    return bite * (np.swapaxes(felt, 0, 1) + felt) / 2.0


def touched(p: Parameters) -> Array:
    """Return how much sanctions touch each good, (good, worlds): the factor of their cost."""
    return p.once("touched", lambda: np.stack([p[f"sanctions.{good}"] for good in ALL_GOODS]))


def passes(p: Parameters) -> Array:
    """Return the share of trade that the law of neither side stops, (from, to, good, worlds) 0-1, technology last (C5).

    Each side stops what is listed for it and what its restrictions add, and no longer what these lift.
    """

    def build() -> Array:
        own, hold = p.restrictions()[:-1], np.where(p["sanctions.embargoes"] > 0.0, 1.0, 0.0)
        by_seller, by_buyer = (law[..., None] * hold for law in barred_by())
        stopped = np.clip(by_seller + own, 0.0, 1.0), np.clip(by_buyer + np.swapaxes(own, 0, 1), 0.0, 1.0)
        return (1.0 - stopped[0]) * (1.0 - stopped[1])

    return p.once("lawful", build)


def banned(p: Parameters) -> Array:
    """Return the share of a lane's goods under the UN embargo, (from, 1, good, worlds) 0-1, technology the last.

    All arms and technology, all that North Korea sells, part of the energy and none of the food that it buys (UNSCR
    1718, 2371, 2397), more or less by the restrictions of the UN.
    """

    def build() -> Array:
        found = np.zeros((len(COUNTRIES), 1, len(ALL_GOODS), p.worlds), like=p["norm.imports_energy"])
        found[:, :, [AMMUNITION, -1]] = found[PRK] = 1.0
        found[np.arange(len(COUNTRIES)) != PRK, :, ENERGY] = p["norm.imports_energy"]
        return np.clip(found + p.restrictions()[-1, PRK], 0.0, 1.0)

    return p.once("banned", build)


def embargo_norm(norm: Array, access: Array, weight: Array) -> Array:
    """Return the cost of breaking the UN embargo on North Korea, as share of value, (country, country, worlds).

    Breaking rules costs those who have something to lose: each side's norm, 0-1, counts by its market access, 0-1, so
    that isolation makes it cheaper (C5, C6). Zero for pairs without North Korea.
    """
    felt = norm * access
    out = np.zeros((len(COUNTRIES), len(COUNTRIES), norm.shape[-1]), like=norm)
    out[PRK, :] = out[:, PRK] = weight * (felt + felt[PRK])
    out[PRK, PRK] = 0.0
    return out
