"""What runs side by side say against each other: one number a world, compared world by world where they share them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.quantiles import Z_90, band
from sim.present.room.claims import span
from sim.present.room.hedge import FEW_WORLDS, MOST, NOTHING, Claim, in_worlds, is_nothing, is_written, rounded
from sim.present.words import percent
from sim.texts.spoken import said, several

LETTERS = "ABCD"


@dataclass(frozen=True)
class Compared:
    """One number a world by which runs are told apart."""

    picture: str
    "The picture whose number it is, by which the texts name it."
    values: Callable[[xr.Dataset], np.ndarray]
    "(world)"
    least: float = 0.0
    "A bound that its words name, 0 to 1."
    counted: bool = False
    "Whether it is a count, so that no `about` is needed."
    share: bool = False
    "Whether a world's number is 0 or 1, so that only its mean, a share of worlds, has a meaning."

    def words(self, runs: Sequence[xr.Dataset]) -> str:
        """Return what is compared."""
        longest = span(max(ds.sizes["month"] for ds in runs))
        return said(f"printed.picture.{self.picture}.compared", least=percent(self.least), span=longest)

    def title(self, runs: Sequence[xr.Dataset], told: str, verdict: str) -> str:
        """Return a title from the numbers of the runs and what they say."""
        unit = said(f"printed.picture.{self.picture}.unit")
        unit = unit and said("printed.contrast.unit", unit=unit)
        return said("printed.contrast.title", words=self.words(runs), unit=unit, told=told, verdict=verdict)


@dataclass(frozen=True)
class Verdict:
    """Which run is highest."""

    words: str
    share: float = float("nan")
    "Share of worlds in which the words hold."
    first: int | None = None
    "The run that is highest in most worlds; None if none is."
    lead: float = 0.0
    "Its median lead over the next, where it is ahead."


def lettered(place: int, text: str) -> str:
    """Return a text after the letter of its run: `A: ...`."""
    return said("printed.letter", letter=LETTERS[place], text=text)


def paired(runs: Sequence[xr.Dataset]) -> bool:
    """Return whether all runs share seed and worlds, so that world k of one belongs to world k of another."""
    return len({(int(ds.attrs["seed"]), tuple(ds["world"].values.tolist())) for ds in runs}) == 1


def contrast(compared: Compared, runs: Sequence[xr.Dataset]) -> Claim:
    """Say the median of each run, and which is higher in how many worlds."""
    values = [np.asarray(compared.values(ds), dtype=float) for ds in runs]
    if compared.share:
        return _of_shares(compared, runs, values)
    middles = [_middle(one[np.isfinite(one)], compared.counted) for one in values]
    numbers = dict(zip(LETTERS, middles, strict=False))
    told = [_each(rounded(middle), letter) for letter, middle in numbers.items()]
    verdict = _verdict(values, paired(runs))
    if len({rounded(middle) for middle in middles}) == 1 and np.isfinite(middles).all():
        told = [_each(rounded(middles[0]), several(list(numbers)))]
    exact = compared.counted or not is_written(middles[0])
    all_told = several(told) if exact else said("printed.number.about", number=several(told))
    return Claim(compared.title(runs, all_told, _beside(middles, verdict)), numbers | {"share": verdict.share})


def _beside(middles: Sequence[float], verdict: Verdict) -> str:
    """Return a verdict as it stands beside the medians, which may say otherwise or hide it behind their last digit."""
    if verdict.first is None:
        return verdict.words
    own = middles[verdict.first]
    next_best = max(middle for k, middle in enumerate(middles) if k != verdict.first)
    if own > next_best and rounded(own) != rounded(next_best):
        return verdict.words
    digit = NOTHING if is_nothing(own) else 10.0 ** (np.floor(np.log10(abs(own))) - 1)
    hidden = rounded(own) == rounded(next_best) and verdict.lead < digit
    return said(f"printed.contrast.{'close' if hidden else 'against'}", verdict=verdict.words)


def _middle(values: np.ndarray, counted: bool) -> float:
    """Return the median; of what is counted the lower of the two in the middle, since there is no tier 2.5."""
    return band(values, whole=counted).mid


def _each(number: str, letters: str) -> str:
    return said("printed.contrast.each", number=number, letter=letters)


def _of_shares(compared: Compared, runs: Sequence[xr.Dataset], values: Sequence[np.ndarray]) -> Claim:
    """Say the share of worlds of each run, and where it is highest if the difference stands out of chance."""
    known = [one[np.isfinite(one)] for one in values]
    shares = [float(one.mean()) if one.size else float("nan") for one in known]
    numbers = dict(zip(LETTERS, shares, strict=False))
    told = several([_each(_share(one), letter) for letter, one in zip(numbers, known, strict=True)])
    if not all(one.size == whole.size for one, whole in zip(known, values, strict=True)):
        return Claim(compared.title(runs, told, said("printed.contrast.missing")), numbers)
    first, second = np.argsort(shares, kind="stable")[::-1][:2]
    one, other = known[first], known[second]
    apart = (one - other).var(ddof=0) / one.size if paired(runs) else one.var() / one.size + other.var() / other.size
    clear = shares[first] - shares[second] > Z_90 * max(float(apart), 0.0) ** 0.5
    which = ("clear_of_many" if len(values) > 2 else "clear_of_two") if clear else "unclear"
    verdict = said(f"printed.contrast.{which}", letter=LETTERS[first])
    return Claim(compared.title(runs, told, verdict), numbers | {"error": float(apart) ** 0.5})


def _share(holds: np.ndarray) -> str:
    """Return the share of worlds, 0 or 1 each, in which something holds; of few worlds `3 of 8`."""
    if 0 < holds.size < FEW_WORLDS:
        return said("printed.contrast.of", some=int(holds.sum()), n=holds.size)
    return percent(float(holds.mean()) if holds.size else float("nan"))


def _verdict(values: Sequence[np.ndarray], same_worlds: bool) -> Verdict:
    """Return which run is highest, in how many worlds, and by how much."""
    if not all(np.isfinite(one).all() and one.size for one in values):
        return Verdict(said("printed.contrast.missing"))
    if not same_worlds:
        values = _every_pair(values)
    table = np.stack(values)
    same = (table == table[0]).all(axis=0)
    if same.mean() >= MOST:
        which = "same" if same_worlds else "mostly_same"
        return Verdict(said(f"printed.contrast.{which}", worlds=in_worlds(same)), float(same.mean()))
    ahead = np.array([[(one > other).all(axis=0)] for one, other in _against(table)])[:, 0]
    first = int(np.argmax(ahead.mean(axis=1)))
    share = float(ahead[first].mean())
    of = "of_many" if len(values) > 2 else "of_two"
    if share < MOST:
        return Verdict(said(f"printed.contrast.none_{of}"), share)
    where = in_worlds(ahead[first]) if same_worlds else said("printed.worlds.combinations", number=f"{100 * share:.0f}")
    lead = table[first] - np.delete(table, first, axis=0).max(axis=0)
    words = said(f"printed.contrast.{of}", letter=LETTERS[first], worlds=where)
    return Verdict(words, share, first, float(np.median(lead[ahead[first]])))


def _against(table: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return each row beside all others."""
    return [(row, np.delete(table, k, axis=0)) for k, row in enumerate(table)]


def _every_pair(values: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Return all combinations of worlds of runs that do not share them, by quantiles where there are too many."""
    few = [np.quantile(one, (np.arange(FEW_WORLDS) + 0.5) / FEW_WORLDS) for one in values]
    return [grid.ravel() for grid in np.meshgrid(*few, indexing="ij")]
