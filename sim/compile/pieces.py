"""A program cut into pieces, so that compilers do not choke on one function of sixty thousand operations.

Compilers take time that grows faster than the length of straight-line code. A piece is compiled as a function of its
own; a value that a later piece needs goes through a slot of scratch memory. Slots are used again once their value has
had its last reader, so that the scratch memory stays in the cache.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.compile.program import Operation

LENGTH = 500
"""Operations in a piece. LLVM's time grows from here on; code of shorter pieces is larger, not faster."""


@dataclass(frozen=True)
class Pieces:
    """Where a program is cut and what passes from piece to piece."""

    cuts: list[range]
    "places of the operations of each piece"
    slots: dict[int, int]
    "scratch slot of each value that a later piece reads"
    size: int
    "slots in all"


def cut(operations: Sequence[Operation], length: int = LENGTH) -> Pieces:
    """Pieces of about equal length. Loads are repeated where they are needed, which is as cheap as a slot."""
    number = max(1, round(len(operations) / length))
    edges = [len(operations) * k // number for k in range(number + 1)]
    cuts = [range(a, b) for a, b in pairwise(edges)]
    last = _last_readers(operations, cuts)
    slots: dict[int, int] = {}
    free: list[int] = []
    freed: dict[int, list[int]] = defaultdict(list)
    size = 0
    for piece, places in enumerate(cuts):
        free += freed.pop(piece, [])
        for value in places:
            if last.get(value, piece) == piece or operations[value].name == "load":
                continue
            if not free:
                free.append(size)
                size += 1
            slots[value] = free.pop()
            freed[last[value] + 1].append(slots[value])
    return Pieces(cuts, slots, size)


def _last_readers(operations: Sequence[Operation], cuts: list[range]) -> dict[int, int]:
    """Value -> number of the last piece that reads it."""
    last: dict[int, int] = {}
    for piece, places in enumerate(cuts):
        for place in places:
            last |= {value: piece for value in operations[place].of if isinstance(value, int)}
    return last
