"""Chance by name: every draw is known by (seed, cause, month, world) before any decision is taken.

A stream belongs to one seed, one cause and one block of 256 worlds. Months are drawn in order, so a longer run only
adds draws at the end. No decision, event or other cause can shift a draw, and world k draws the same numbers whether
it runs alone or among a million.

Generator: Philox (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"), counter-based.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache

import numpy as np

from sim.scenario.options import OPTIONS, PARTNERSHIPS

Array = np.ndarray
STREAM = 256
"""Worlds that share a stream."""
SHOCKS = ("war", "regime", "harvest", "tests", "interdiction")
BEFORE = "before "
"""Begins the names of the streams of the months before the first, so that these leave the draws of the others alone."""


def stream(seed: int, cause: str, block: int) -> np.random.Generator:
    """Return the generator of a cause for one block of worlds."""
    return np.random.Generator(np.random.Philox(key=int.from_bytes(key_of(seed, cause, block), "little")))


def key_of(seed: int, cause: str, block: int) -> bytes:
    """Return the key of that generator, 16 bytes of which the lowest come first."""
    return hashlib.sha256(f"{seed}/{cause}/{block}".encode()).digest()[:16]


def uniforms(seed: int, cause: str, months: int, first: int, worlds: int) -> Array:
    """Draw uniform numbers in (0, 1), shape (months, worlds), for the worlds `first` … `first + worlds - 1`."""
    found = np.empty((months, worlds))
    for block in range(first // STREAM, (first + worlds - 1) // STREAM + 1):
        begin, end = max(first, block * STREAM), min(first + worlds, (block + 1) * STREAM)
        drawn = stream(seed, cause, block).random((months, STREAM))
        found[:, begin - first : end - first] = drawn[:, begin - block * STREAM : end - block * STREAM]
    return _inside(found)


def uniforms_of(seed: int, cause: str, months: int, numbers: Array) -> Array:
    """Draw the same numbers for worlds in any order, repeats allowed: column k is that of world `numbers[k]`."""
    found = np.empty((months, len(numbers)))
    blocks = numbers // STREAM
    for block in np.unique(blocks).tolist():
        mine = blocks == block
        drawn = stream(seed, cause, block).random((months, STREAM))
        found[:, mine] = drawn[:, numbers[mine] - block * STREAM]
    return _inside(found)


def _inside(numbers: Array) -> Array:
    """Clip to [1e-12, 1 - 1e-12], in place: the logarithms of u and of 1 - u are taken."""
    np.maximum(numbers, 1e-12, out=numbers)
    return np.minimum(numbers, 1.0 - 1e-12, out=numbers)


def draw_all(
    seed: int, months: int, first: int, worlds: int, *, chance: Array | None = None, streams: str = ""
) -> dict[str, Array]:
    """Draw all chance of some worlds: a shock is (months, 1, worlds), `acts` is (months, option, worlds).

    `projects` is (months, giver and receiver, worlds), for each giver all receivers.
    `chance`, (worlds), names the worlds whose draws these worlds get instead of their own; `streams` begins the names
    of the streams (`BEFORE`: those of the months before the first). Worlds that are drawn once more, as for another
    policy, get the same arrays, which cannot be changed.
    """
    numbers = None if chance is None else np.asarray(chance, dtype=np.int64).tobytes()
    return dict(_drawn_once(seed, months, first, worlds, numbers, streams))


@lru_cache(maxsize=2)
def _drawn_once(
    seed: int, months: int, first: int, worlds: int, numbers: bytes | None, streams: str
) -> dict[str, Array]:
    """Draw for the worlds of these numbers (64-bit integers), or for those from `first` on."""
    chance = None if numbers is None else np.frombuffer(numbers, dtype=np.int64)

    def drawn(cause: str, rows: int) -> Array:
        if chance is None:
            return uniforms(seed, streams + cause, rows, first, worlds)
        return uniforms_of(seed, streams + cause, rows, chance)

    found = _draw_all(months, worlds, drawn)
    for array in found.values():
        array.flags.writeable = False
    return found


def _draw_all(months: int, worlds: int, drawn: Callable[[str, int], Array]) -> dict[str, Array]:
    draws = {cause: drawn(cause, months)[:, None] for cause in SHOCKS}
    draws["acts"] = np.empty((months, len(OPTIONS), worlds))
    for row, option in enumerate(OPTIONS):
        draws["acts"][:, row] = drawn(f"act {option.label}", months)
    draws["projects"] = drawn("projects", months * PARTNERSHIPS).reshape(months, PARTNERSHIPS, -1)
    return draws
