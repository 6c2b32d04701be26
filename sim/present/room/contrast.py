"""What runs side by side say against each other: one number a world, compared world by world where they share them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.quantiles import Z_90
from sim.present.room.hedge import FEW_WORLDS, MOST, Claim, in_worlds, listed, rounded
from sim.present.words import percent

LETTERS = "ABCD"


@dataclass(frozen=True)
class Compared:
    """One number a world by which runs are told apart."""

    words: str
    values: Callable[[xr.Dataset], np.ndarray]
    "(world)"
    unit: str = ""
    counted: bool = False
    "Whether it is a count, so that no `about` is needed."
    share: bool = False
    "Whether a world's number is 0 or 1, so that only its mean, a share of worlds, has a meaning."


def paired(runs: Sequence[xr.Dataset]) -> bool:
    """Return whether all runs share seed and worlds, so that world k of one belongs to world k of another."""
    return len({(int(ds.attrs["seed"]), tuple(ds["world"].values.tolist())) for ds in runs}) == 1


def contrast(compared: Compared, runs: Sequence[xr.Dataset]) -> Claim:
    """Say the median of each run, and which is higher in how many worlds."""
    values = [np.asarray(compared.values(ds), dtype=float) for ds in runs]
    if compared.share:
        return _of_shares(compared, values, paired(runs))
    middles = [float(np.median(one[np.isfinite(one)])) if np.isfinite(one).any() else float("nan") for one in values]
    numbers = dict(zip(LETTERS, middles, strict=False))
    told = [f"{rounded(middle)} in {letter}" for letter, middle in numbers.items()]
    about = "" if compared.counted or rounded(middles[0]) in ("none", "unknown") else "about "
    verdict, share = _verdict(values, paired(runs))
    alike = len({rounded(middle) for middle in middles}) == 1 and np.isfinite(middles).all()
    if alike:
        told = [f"{rounded(middles[0])} in {listed(list(numbers))}"]
        if verdict.startswith("high"):
            verdict = f"{verdict}, by less than these digits show"
    unit = compared.unit and f", {compared.unit}"
    return Claim(f"{compared.words}{unit}: {about}{listed(told)}; {verdict}", numbers | {"share": share})


def _of_shares(compared: Compared, values: Sequence[np.ndarray], same_worlds: bool) -> Claim:
    """Say the share of worlds of each run, and where it is highest if the difference stands out of chance."""
    known = [one[np.isfinite(one)] for one in values]
    shares = [float(one.mean()) if one.size else float("nan") for one in known]
    numbers = dict(zip(LETTERS, shares, strict=False))
    told = f"{compared.words}: {listed([f'{percent(share)} in {letter}' for letter, share in numbers.items()])}"
    if not all(one.size == whole.size for one, whole in zip(known, values, strict=True)):
        return Claim(f"{told}; numbers are missing", numbers)
    first, second = np.argsort(shares, kind="stable")[::-1][:2]
    one, other = known[first], known[second]
    apart = (one - other).var(ddof=0) / one.size if same_worlds else one.var() / one.size + other.var() / other.size
    clear = shares[first] - shares[second] > Z_90 * max(float(apart), 0.0) ** 0.5
    most = f"clearly {'highest' if len(values) > 2 else 'higher'} in {LETTERS[first]}"
    verdict = most if clear else "no clear difference"
    return Claim(f"{told}; {verdict}", numbers | {"error": float(apart) ** 0.5})


def _verdict(values: Sequence[np.ndarray], same_worlds: bool) -> tuple[str, float]:
    """Return which run is highest and in how many worlds, in words and as a share."""
    if not all(np.isfinite(one).all() and one.size for one in values):
        return "numbers are missing", float("nan")
    if not same_worlds:
        values = _every_pair(values)
    table = np.stack(values)
    same = (table == table[0]).all(axis=0)
    if same.mean() >= MOST:
        return f"the same {in_worlds(same)}" if same_worlds else "mostly the same", float(same.mean())
    ahead = np.array([[(one > other).all(axis=0)] for one, other in _against(table)])[:, 0]
    first = int(np.argmax(ahead.mean(axis=1)))
    share = float(ahead[first].mean())
    if share < MOST:
        return "no run is clearly highest" if len(values) > 2 else "neither is clearly higher", share
    where = in_worlds(ahead[first]) if same_worlds else f"in {100 * share:.0f} % of all combinations of worlds"
    return f"{'highest' if len(values) > 2 else 'higher'} in {LETTERS[first]} {where}", share


def _against(table: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return each row beside all others."""
    return [(row, np.delete(table, k, axis=0)) for k, row in enumerate(table)]


def _every_pair(values: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return all combinations of worlds of runs that do not share them, by quantiles where there are too many."""
    few = [np.quantile(one, (np.arange(FEW_WORLDS) + 0.5) / FEW_WORLDS) for one in values]
    return [grid.ravel() for grid in np.meshgrid(*few, indexing="ij")]
