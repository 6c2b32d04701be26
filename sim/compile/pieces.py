"""Put a program in order and cut it into pieces, each to be compiled as a function of its own.

Compilers choose instructions and registers in a time that grows faster than the length of straight-line code, and a
month has eighty thousand operations. A value that a later piece reads is spilled: it goes through a slot of scratch
memory. A slot is free again after the last piece that reads its value, so that scratch memory stays in the cache.

What serves nothing but the record stands at the end of each piece, as its aside, which is skipped where nobody asked
for what it records: to write all of the record takes as long as a quarter of the month. What serves only rows that are
read of one world now and then stands apart from what pictures of many worlds ask for.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from sim.compile.month import Month
from sim.compile.order import ordered
from sim.compile.program import Operation
from sim.model.block import GROUP

LENGTH = 500
"""Operations in a piece. Longer pieces take LLVM more time; shorter ones spill more, and their code is larger."""


class Piece(NamedTuple):
    """Indices of operations: those that are always done, those of the aside, and those for rare rows of the record."""

    always: list[int]
    aside: list[int]
    rare: list[int]


@dataclass(frozen=True)
class Pieces:
    """Operations in a good order, where they are cut, and what is spilled."""

    operations: Sequence[Operation]
    cuts: list[Piece]
    slots: dict[int, int]
    "scratch slot of each value that is spilled"
    size: int
    "number of slots"

    @cached_property
    def asides(self) -> dict[int, set[int]]:
        """Return the asides that are needed, by row of what is recorded.

        They are told by the number of their piece; what rare rows need, by that number behind those of all pieces.
        """
        many = len(self.cuts)
        home = {index: number for number, piece in enumerate(self.cuts) for index in piece.aside}
        home |= {index: many + number for number, piece in enumerate(self.cuts) for index in piece.rare}
        needed: dict[int, set[int]] = {}
        found: dict[int, set[int]] = {}
        for number, piece in enumerate(self.cuts):
            for place, indices in ((number, piece.aside), (many + number, piece.rare)):
                read = (one for index in indices for one in self.operations[index].of if isinstance(one, int))
                others = {home[one] for one in read if home.get(one, place) != place}
                needed[place] = {place}.union(*(needed[other] for other in others))
                stored = (self.operations[index] for index in indices)
                found |= {one.at[1]: needed[place] for one in stored if one.name == "store"}
        return found


def cut(operations: Sequence[Operation], length: int = LENGTH, rare: Collection[int] = ()) -> Pieces:
    """Cut into pieces of about equal length. Inputs are loaded again in each piece, which costs no more than a slot.

    `rare` are the rows of the record that are seldom asked for.
    """
    operations = ordered(operations)
    number = max(1, round(len(operations) / length))
    edges = [len(operations) * k // number for k in range(number + 1)]
    served = _served(operations, rare)
    cuts = [
        Piece(*([k for k in range(a, b) if served[k] == one] for one in (STATE, RECORD, RARE)))
        for a, b in pairwise(edges)
    ]
    last = _last_readers(operations, cuts)
    slots: dict[int, int] = {}
    free: list[int] = []
    freed: dict[int, list[int]] = defaultdict(list)
    size = 0
    for number, piece in enumerate(cuts):
        free += freed.pop(number, [])
        for value in (*piece.always, *piece.aside, *piece.rare):
            if last.get(value, number) == number or operations[value].name == "load":
                continue
            if not free:
                free.append(size)
                size += 1
            slots[value] = free.pop()
            freed[last[value] + 1].append(slots[value])
    return Pieces(operations, cuts, slots, size)


def laid_out(month: Month, programs: Collection[Pieces]) -> Month:
    """Return the layout with the sizes of the memory that pieces need, and the asides of what is recorded."""
    sizes = {
        "scratch": max(pieces.size for pieces in programs),
        "asked": max(-(-2 * len(pieces.cuts) // GROUP) for pieces in programs),
    }
    rows = {row: asides for pieces in programs for row, asides in pieces.asides.items()}
    recorded = [
        replace(part, asides=tuple(sorted(set().union(*(rows[row] for row in range(part.first, part.last))))))
        for part in month.recorded
    ]
    return replace(month, sizes=month.sizes | sizes, recorded=recorded)


RARE, RECORD, STATE = range(3)
"""What an operation serves at most: rare rows of the record, others, the state or the result of a function."""


def _served(operations: Sequence[Operation], rare: Collection[int]) -> list[int]:
    """Return what each operation serves."""
    served = []
    for one in operations:
        recorded = one.name == "store" and one.at[0] == "recorded"
        ends = one.name in ("store", "return")
        served.append((RARE if one.at[1] in rare else RECORD) if recorded else STATE if ends else RARE)
    for index in reversed(range(len(operations))):
        for read in operations[index].of:
            if isinstance(read, int):
                served[read] = max(served[read], served[index])
    return served


def _last_readers(operations: Sequence[Operation], cuts: Iterable[Piece]) -> dict[int, int]:
    """Return the number of the last piece that reads each value."""
    last: dict[int, int] = {}
    for number, piece in enumerate(cuts):
        for index in (*piece.always, *piece.aside, *piece.rare):
            last |= {value: number for value in operations[index].of if isinstance(value, int)}
    return last
