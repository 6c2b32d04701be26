"""Sanctions, market access, isolation and the cost of breaking the embargo (claims C5, C6, C21)."""

from __future__ import annotations

import numpy as np

from sim.arrays import Array
from sim.scenario.names import CHN, COUNTRIES, PRK, RUS


def base_pressure(overall: Array, on_rus: Array, on_prk: Array, on_chn: Array) -> Array:
    """Return the pressure on each country, (country, worlds) 0-1: overall pressure times the target's factor."""
    out = np.zeros((len(COUNTRIES), *np.shape(overall)), like=overall)
    for number, factor in ((RUS, on_rus), (PRK, on_prk), (CHN, on_chn)):
        out[number] = np.clip(overall * factor, 0.0, 1.0)
    return out


def market_access(access: Array, pressure: Array, loss: Array) -> Array:
    """Return the effective access to the rest-of-world market, (country, worlds) 0-1 (C5).

    loss is the share of its access that a country loses at full pressure.
    """
    return access * (1.0 - loss * pressure)


def pair_pressure(pressure: Array) -> Array:
    """Return the pressure on a deal, (country, country, worlds) 0-1: that on its more sanctioned side."""
    return np.maximum(pressure[:, None], pressure[None, :])


def secondary_risk(pressure: Array, western_ties: Array, risk: Array, monitoring: Array, unwatched: Array) -> Array:
    """Return what dealing with a sanctioned country costs, as share of the good's value, (country, country, worlds).

    It falls on the side that has western ties (0-1) to lose (C21); `risk` is the share at full ties and pressure. Deals
    with North Korea are seen as far as `monitoring` (worlds), 0-1, reaches, the share `unwatched` without any (C6).
    """
    at_stake = western_ties[:, None] * pressure[None]
    cost = risk * np.maximum(at_stake, np.swapaxes(at_stake, 0, 1))
    seen = unwatched + (1.0 - unwatched) * monitoring
    cost[PRK] *= seen
    cost[:PRK, PRK] *= seen
    cost[PRK + 1 :, PRK] *= seen
    return cost


def friction_of_pressure(pressure: Array, bite: Array) -> Array:
    """Return what payment, insurance and spare parts cost, as share of value, (country, country, worlds) (C5).

    The mean cube of the pressure on both sides times `bite`: mild sanctions are felt little.
    """
    cube = pressure * pressure * pressure
    return bite * (cube[:, None] + cube[None]) / 2.0


def embargo_norm(norm: Array, access: Array, weight: Array) -> Array:
    """Return what breaking the UN embargo on North Korea costs, as share of value, (country, country, worlds).

    Breaking rules costs those who have something to lose: each side's norm, 0-1, counts by its market access, 0-1, so
    that isolation makes it cheaper (C5, C6). Zero where North Korea is no party.
    """
    felt = norm * access
    out = np.zeros((len(COUNTRIES), len(COUNTRIES), norm.shape[-1]), like=norm)
    out[PRK, :] = out[:, PRK] = weight * (felt + felt[PRK])
    out[PRK, PRK] = 0.0
    return out
