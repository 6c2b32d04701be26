"""The finding of each picture, in a sentence made from the data, with the numbers that it rests on.

A sentence says in how many worlds it holds (`in_worlds`), rounds to two digits, and gives way to a weaker one where the
data do not bear it out: what follows from each case stands here, so that a test can contradict it.
"""

import numpy as np
import xarray as xr

from sim.analysis.calendar import NAMES, month_words, starts
from sim.analysis.headline import bound_by, country_name, pair
from sim.analysis.quantiles import mean
from sim.present.palette import BINDING_WORDS
from sim.present.room.hedge import Claim, about, in_worlds, listed, rounded, spread
from sim.present.style import NOTHING
from sim.present.words import capital, percent
from sim.scenario.names import COUNTRIES, TIER_NAMES

YEAR = 12
LACK = 0.05
"""A country lacks food in a month in which at least this share of what it needs is not met (definition)."""
STEP = 0.05
"""Least change of an index, 0 to 1, that is called a rise or a fall (definition)."""
CLOSE = 0.05
"""Two constraints are named together if they bind in about as many months: their shares differ by less (definition)."""


def no_numbers(what: str) -> Claim:
    """Return the claim of a picture whose data are missing in every world."""
    return Claim(f"These results hold no numbers on {what}", {})


def finite(values: np.ndarray) -> np.ndarray:
    """Return the worlds, the last axis, in which all values are numbers."""
    return values[..., np.isfinite(values).all(axis=tuple(range(values.ndim - 1)))]


def last_year(values: np.ndarray) -> np.ndarray:
    """Return the mean of (..., month, world) over the last twelve months, or over all of a shorter run."""
    recent = values[..., -YEAR:, :]
    return mean(np.moveaxis(recent, -2, -1))


def shells(ds: xr.Dataset) -> Claim:
    """Say how many shells North Korea has delivered to Russia by the end."""
    total = finite(ds["shells_delivered"].values[-1:] / 1000.0)[0]
    if not total.size:
        return no_numbers("shells")
    some = total > NOTHING
    numbers = {"median": float(np.median(total)), "share": float(some.mean())}
    if not some.any():
        return Claim("No North Korean shell reaches Russia in any world", numbers)
    if some.mean() < 0.5:
        return Claim(f"North Korean shells reach Russia only {in_worlds(some)}", numbers)
    much = about(numbers["median"], "million")
    return Claim(f"North Korea delivers {much} shells to Russia by {month_words(ds)}{spread(total)}", numbers)


def limits(ds: xr.Dataset) -> Claim:
    """Say what binds the shells in most months."""
    shares = bound_by(ds, "PRK", "RUS", "ammunition")
    ranked = sorted(((share, name) for name, share in shares.items() if share > 0.0), reverse=True)
    if not ranked:
        return no_numbers("what binds")
    numbers = {name: share for share, name in ranked}
    together = [BINDING_WORDS[name] for share, name in ranked if share > ranked[0][0] - CLOSE]
    if len(together) > 2:
        return Claim("What binds them: several limits about as often", numbers)
    often = "in every month" if ranked[0][0] == 1.0 else "most often"
    return Claim(f"What binds them {often}: {listed(together)}", numbers)


def suppliers(ds: xr.Dataset) -> Claim:
    """Say who supplies most of what North Korea imports at the end."""
    others = ds["dependence"].sel(country="PRK", partner=[code for code in COUNTRIES if code != "PRK"])
    shares = finite(last_year(others.transpose("partner", "month", "world").values))
    if not shares.size:
        return no_numbers("North Korea's imports")
    codes = [str(code) for code in others["partner"].values]
    middle = np.median(shares, axis=1)
    numbers = dict(zip(codes, middle.tolist(), strict=True))
    if not shares.max() > NOTHING:
        return Claim("North Korea imports nothing from the five others in any world", numbers)
    first, second = np.argsort(-middle)[:2]
    leads = shares[first] == shares.max(axis=0)
    who = country_name(codes[first])
    beside = f"; {country_name(codes[second])}: {about(100 * middle[second])} %" if middle[second] >= 0.005 else ""
    span = "over the last year" if ds.sizes["month"] > YEAR else "over the run"
    return Claim(
        f"{who} is North Korea's main supplier {in_worlds(leads)}: {about(100 * middle[first])} % of its imports "
        f"{span}{beside}",
        numbers | {"share": float(leads.mean())},
    )


def tiers(ds: xr.Dataset) -> Claim:
    """Say which tier of technology Russia passes on in at least half of the worlds, and how rare the next one is."""
    last = finite(ds["tier_released"].values[-1:])[0]
    if not last.size:
        return no_numbers("technology")
    passed = {int(tier): last >= float(tier) for tier in ds["tier"].values}
    numbers = {f"tier {tier}": float(worlds.mean()) for tier, worlds in passed.items()}
    if not any(numbers.values()):
        return Claim("Russia passes on no tier of technology in any world", numbers)
    usual = max((tier for tier, worlds in passed.items() if worlds.mean() >= 0.5), default=0)
    beyond = passed.get(usual + 1)
    rest = "" if beyond is None else f"tier {usual + 1} ({TIER_NAMES[usual + 1]}) {in_worlds(beyond)}"
    if not usual:
        return Claim(f"Russia passes on {rest}, and nothing in the others", numbers)
    text = f"Russia passes on tier {usual} ({TIER_NAMES[usual]}) {in_worlds(passed[usual])}"
    return Claim(f"{text}, {rest}" if rest else text, numbers)


def _move(name: str, values: np.ndarray) -> tuple[str, dict[str, float]]:
    """Return how an index (month, world) moves from its first to its last month, and the numbers."""
    change = values[-1] - values[0]
    up, down = change >= STEP, change <= -STEP
    first, last = float(np.median(values[0])), float(np.median(values[-1]))
    numbers = {f"{name} up": float(up.mean()), f"{name} down": float(down.mean()), f"{name} at the end": last}
    ends = f"({rounded(first)} to {rounded(last)})".replace("none", "0")
    if max(up.mean(), down.mean()) < 0.5:
        return f"{name} cooperation hardly moves {in_worlds(~up & ~down)} {ends}", numbers
    word, which = ("rises", up) if up.mean() >= down.mean() else ("falls", down)
    return f"{name} cooperation {word} {in_worlds(which)} {ends}", numbers


def cooperation(ds: xr.Dataset) -> Claim:
    """Say how practical and symbolic cooperation of Russia and North Korea move from the first month to the last."""
    both = finite(np.stack([pair(ds, name, "RUS", "PRK") for name in ("practical", "symbolic")]))
    if not both.size:
        return no_numbers("cooperation")
    (deeds, first), (display, second) = _move("practical", both[0]), _move("symbolic", both[1])
    return Claim(f"{capital(deeds)}; {display}", first | second)


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
    """Say in how many worlds North Korea lacks food in some month, and in which month of the year most often."""
    unmet = finite(unmet_food(ds))
    if not unmet.size:
        return no_numbers("food in North Korea")
    lacks = unmet >= LACK
    ever = np.asarray(lacks.any(axis=0))
    numbers = {"share": float(ever.mean()), "months": float(np.median(lacks.sum(axis=0)))}
    least = f"North Korea lacks {percent(LACK)} or more of its food"
    if not ever.any():
        return Claim(f"{capital(in_worlds(ever))} {least} in any month", numbers)
    of_year = starts(ds).astype(int) % YEAR
    often = [lacks[of_year == k].mean() if (of_year == k).any() else -1.0 for k in range(YEAR)]
    month = int(np.argmax(often))
    numbers |= {"month": float(month + 1), "month share": float(often[month])}
    when = f", most often in {NAMES[month]}" if ds.sizes["month"] > 1 else ""
    return Claim(f"{capital(in_worlds(ever))} {least} in some month{when}", numbers)
