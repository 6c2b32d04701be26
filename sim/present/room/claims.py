"""The finding of each picture, in a sentence made from the data, with the numbers that it rests on.

A sentence says in how many worlds it holds (`in_worlds`), rounds to two digits, and gives way to a weaker one where the
data do not bear it out: what follows from each case stands here, so that a test can contradict it.
"""

from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.calendar import month_words, starts
from sim.analysis.headline import bound_by, pair
from sim.analysis.quantiles import mean
from sim.present.room.hedge import Claim, about_millions, about_percent, digits, in_worlds, spread
from sim.present.style import NOTHING
from sim.present.words import capital, percent
from sim.present.words import month_words as named_month
from sim.scenario.names import COUNTRIES
from sim.texts.spoken import said, several

YEAR = 12
LACK = 0.05
"""A country lacks food in a month in which at least this share of what it needs is not met (definition)."""
STEP = 0.05
"""Least change of an index, 0 to 1, that is called a rise or a fall (definition)."""
CLOSE = 0.05
"""Two constraints are named together if they bind in about as many months: their shares differ by less (definition)."""


def no_numbers(of: str) -> Claim:
    """Return the claim of a picture whose data are missing in every world."""
    return Claim(said("printed.no_numbers", what=said(f"printed.{of}.what")), {})


def finite(values: np.ndarray) -> np.ndarray:
    """Return the worlds, the last axis, in which all values are numbers."""
    return values[..., np.isfinite(values).all(axis=tuple(range(values.ndim - 1)))]


def last_year(values: np.ndarray) -> np.ndarray:
    """Return the mean of (..., month, world) over the last twelve months, or over all of a shorter run."""
    recent = values[..., -YEAR:, :]
    return mean(np.moveaxis(recent, -2, -1))


def span(months: int) -> str:
    """Return over what `last_year` takes the mean in a run of so many months."""
    return said(f"printed.suppliers.{'year' if months > YEAR else 'run'}")


def shells(ds: xr.Dataset) -> Claim:
    """Say how many shells North Korea has delivered to Russia by the end."""
    total = finite(ds["shells_delivered"].values[-1:] / 1000.0)[0]
    if not total.size:
        return no_numbers("shells")
    some = total > NOTHING
    numbers = {"median": float(np.median(total)), "share": float(some.mean())}
    if not some.any():
        return Claim(said("printed.shells.none"), numbers)
    if some.mean() < 0.5:
        return Claim(said("printed.shells.some", worlds=in_worlds(some)), numbers)
    much = about_millions(numbers["median"])
    return Claim(said("printed.shells.many", much=much, month=month_words(ds), spread=spread(total)), numbers)


def limits(ds: xr.Dataset) -> Claim:
    """Say what binds the shells in most months."""
    shares = bound_by(ds, "PRK", "RUS", "ammunition")
    ranked = sorted(((share, name) for name, share in shares.items() if share > 0.0), reverse=True)
    if not ranked:
        return no_numbers("limits")
    numbers = {name: share for share, name in ranked}
    together = [said(f"printed.binding.{name}") for share, name in ranked if share > ranked[0][0] - CLOSE]
    if len(together) > 2:
        return Claim(said("printed.limits.several"), numbers)
    often = "always" if ranked[0][0] == 1.0 else "often"
    return Claim(said(f"printed.limits.{often}", names=several(together)), numbers)


def suppliers(ds: xr.Dataset) -> Claim:
    """Say who supplies most of what North Korea imports at the end."""
    others = ds["dependence"].sel(country="PRK", partner=[code for code in COUNTRIES if code != "PRK"])
    shares = finite(last_year(others.transpose("partner", "month", "world").values))
    if not shares.size:
        return no_numbers("suppliers")
    codes = [str(code) for code in others["partner"].values]
    middle = np.median(shares, axis=1)
    numbers = dict(zip(codes, middle.tolist(), strict=True))
    if not shares.max() > NOTHING:
        return Claim(said("printed.suppliers.none"), numbers)
    first, second = np.argsort(-middle)[:2]
    leads = shares[first] == shares.max(axis=0)
    other, less = said(f"printed.the.{codes[second]}"), middle[second]
    text = said(
        "printed.suppliers.first",
        who=said(f"printed.the.{codes[first]}"),
        worlds=in_worlds(leads),
        share=about_percent(middle[first]),
        span=span(ds.sizes["month"]),
        beside=said("printed.suppliers.second", who=other, share=about_percent(less)) if less >= 0.005 else "",
    )
    return Claim(text, numbers | {"share": float(leads.mean())})


def tiers(ds: xr.Dataset) -> Claim:
    """Say which tier of technology Russia passes on in at least half of the worlds, and how rare the next one is."""
    last = finite(ds["tier_released"].values[-1:])[0]
    if not last.size:
        return no_numbers("tiers")
    passed = {int(tier): last >= float(tier) for tier in ds["tier"].values}
    numbers = {f"tier {tier}": float(worlds.mean()) for tier, worlds in passed.items()}
    if not any(numbers.values()):
        return Claim(said("printed.tiers.none"), numbers)
    usual = max((tier for tier, worlds in passed.items() if worlds.mean() >= 0.5), default=0)
    often, rest = (_tier(tier, passed[tier]) if tier in passed else "" for tier in (usual, usual + 1))
    which = "both" if usual and rest else "usual" if usual else "only"
    return Claim(said(f"printed.tiers.{which}", usual=often, rest=rest), numbers)


def _tier(tier: int, worlds: np.ndarray) -> str:
    return said("printed.tiers.one", tier=tier, name=said(f"printed.tier.{tier}"), worlds=in_worlds(worlds))


def _move(name: str, values: np.ndarray) -> tuple[str, dict[str, float]]:
    """Return how an index (month, world) moves from its first to its last month, or is in one, and the numbers."""
    change = values[-1] - values[0]
    up, down = change >= STEP, change <= -STEP
    first, last = float(np.median(values[0])), float(np.median(values[-1]))
    numbers = {f"{name} up": float(up.mean()), f"{name} down": float(down.mean()), f"{name} at the end": last}
    word, which = ("rises", up) if up.mean() >= down.mean() else ("falls", down)
    if which.mean() < 0.5:
        word, which = "still" if len(values) > 1 else "alone", ~up & ~down
    ends = {"first": digits(first), "last": digits(last)}
    called = said(f"printed.deeds.{name}")
    return said(f"printed.deeds.{word}", name=called, worlds=in_worlds(which), **ends), numbers


def cooperation(ds: xr.Dataset) -> Claim:
    """Say how practical and symbolic cooperation of Russia and North Korea move from the first month to the last."""
    both = finite(np.stack([pair(ds, name, "RUS", "PRK") for name in ("practical", "symbolic")]))
    if not both.size:
        return no_numbers("deeds")
    (deeds, first), (display, second) = _move("practical", both[0]), _move("symbolic", both[1])
    return Claim(said("printed.join", first=capital(deeds), second=display), first | second)


def unmet_food(ds: xr.Dataset) -> np.ndarray:
    """Return the share of North Korea's food requirement that is not met, 0 to 1, (month, world)."""
    food = ds.sel(country="PRK", good="food")
    needed = food["requirement"].where(food["requirement"] > NOTHING)
    return np.asarray((food["shortage"] / needed).transpose("month", "world").values)


def lacking(ds: xr.Dataset, least: float = LACK) -> np.ndarray:
    """Return the share of worlds in which North Korea lacks at least that share of its food, (month)."""
    unmet = unmet_food(ds)
    known = np.isfinite(unmet).any(axis=1)
    return np.where(known, mean(np.where(np.isfinite(unmet), unmet >= least, np.nan)), np.nan)


def hunger(ds: xr.Dataset) -> Claim:
    """Say in how many worlds North Korea lacks food in some month, and in which month in most of them."""
    unmet = finite(unmet_food(ds))
    if not unmet.size:
        return no_numbers("hunger")
    lacks = unmet >= LACK
    ever = np.asarray(lacks.any(axis=0))
    numbers = {"share": float(ever.mean()), "months": float(np.median(lacks.sum(axis=0)))}
    where: dict[str, Any] = {"worlds": capital(in_worlds(ever)), "least": percent(LACK)}
    if not ever.any():
        return Claim(said("printed.hunger.never", **where), numbers)
    by_month = lacks.mean(axis=1)
    month = int(np.argmax(by_month))
    numbers |= {"month": float(month + 1), "month share": float(by_month[month])}
    when = said("printed.hunger.when", month=named_month(starts(ds)[month])) if ds.sizes["month"] > 1 else ""
    return Claim(said("printed.hunger.ever", when=when, **where), numbers)
