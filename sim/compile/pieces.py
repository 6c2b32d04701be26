"""Cut a program into pieces, each to be compiled as a function of its own.

Compilers choose instructions and registers in a time that grows faster than the length of straight-line code, and a
month has fifty thousand operations. A value that a later piece reads is spilled: it goes through a slot of scratch
memory. A slot is free again after the last piece that reads its value, so that scratch memory stays in the cache.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from sim.compile.program import Operation

LENGTH = 500
"""Operations in a piece. Longer pieces take LLVM more time; shorter ones spill more, and their code is larger."""


@dataclass(frozen=True)
class Pieces:
    """Where a program is cut, and what is spilled."""

    cuts: list[range]
    "indices of the operations of each piece"
    slots: dict[int, int]
    "scratch slot of each value that is spilled"
    size: int
    "number of slots"


def cut(operations: Sequence[Operation], length: int = LENGTH) -> Pieces:
    """Cut into pieces of about equal length. Inputs are loaded again in each piece, which costs no more than a slot."""
    number = max(1, round(len(operations) / length))
    edges = [len(operations) * k // number for k in range(number + 1)]
    cuts = [range(a, b) for a, b in pairwise(edges)]
    last = _last_readers(operations, cuts)
    slots: dict[int, int] = {}
    free: list[int] = []
    freed: dict[int, list[int]] = defaultdict(list)
    size = 0
    for piece, indices in enumerate(cuts):
        free += freed.pop(piece, [])
        for value in indices:
            if last.get(value, piece) == piece or operations[value].name == "load":
                continue
            if not free:
                free.append(size)
                size += 1
            slots[value] = free.pop()
            freed[last[value] + 1].append(slots[value])
    return Pieces(cuts, slots, size)


def _last_readers(operations: Sequence[Operation], cuts: list[range]) -> dict[int, int]:
    """Return the number of the last piece that reads each value."""
    last: dict[int, int] = {}
    for piece, indices in enumerate(cuts):
        for index in indices:
            last |= {value: piece for value in operations[index].of if isinstance(value, int)}
    return last
