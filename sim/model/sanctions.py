"""Sanctions, market access, isolation and the cost of breaking the embargo (claims C5, C6, C21)."""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.scenario.names import CHN, COUNTRIES, GOODS, PRK, RUS
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


def secondary_risk(pressure: Array, banks: Array, ties: Array, risk: Array, watched: Array, unseen: Array) -> Array:
    """Return the cost of dealing with a sanctioned country, as share of value, (country, country, worlds).

    It falls on the side with western `ties` to lose (C21); `risk` is the share at full ties and pressure. In deals with
    Russia the pressure is at least that on its partners' `banks`. In deals with North Korea the cost grows with
    monitoring, `watched`, from the share `unseen` on (C6). All 0-1.
    """
    at_stake = ties[:, None] * pressure[None]
    at_stake[:, RUS] = ties * np.maximum(pressure[RUS], banks)
    cost = risk * np.maximum(at_stake, np.swapaxes(at_stake, 0, 1))
    seen = unseen + (1.0 - unseen) * watched
    cost[PRK] *= seen
    cost[:, PRK] *= seen
    return cost


def friction_of_pressure(pressure: Array, bite: Array) -> Array:
    """Return the extra cost of payment, insurance and spare parts, as share of value, (country, country, worlds) (C5).

    It is `bite` times the mean cube of the pressure on both sides: mild sanctions are felt little.
    """
    cube = pressure * pressure * pressure
    return bite * (cube[:, None] + cube[None]) / 2.0


def touched(p: Parameters) -> Array:
    """Return how much sanctions touch each good, (good, worlds): the factor of their cost."""
    return p.once("touched", lambda: np.stack([p[f"sanctions.{good}"] for good in GOODS]))


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
