"""Programs in order and in pieces: the same numbers, fewer values that wait, and what nobody asked for left out."""

from collections.abc import Collection, Sequence

import numpy as np
import pytest

from sim.compile.month import Month, Part
from sim.compile.order import ordered
from sim.compile.pieces import Pieces, cut, laid_out
from sim.compile.program import Operation
from sim.page.lasting import lasting, ranges, stored, without_others

STATE, RECORDED = 6, 9
"""Rows that a program by chance stores."""


def by_chance(seed: int, length: int = 200) -> list[Operation]:
    """Additions of inputs and earlier values; the last of them are stored, in the state or in the record."""
    chance = np.random.default_rng(seed)
    operations = [Operation("load", (), "float", ("old", row)) for row in range(5)]
    for _ in range(length):
        a, b = chance.integers(0, len(operations), 2).tolist()
        operations.append(Operation("add", (a, b), "float"))
    stored = chance.choice(np.arange(5, len(operations)), STATE + RECORDED, replace=False).tolist()
    places = [("new", row) for row in range(STATE)] + [("recorded", row) for row in range(RECORDED)]
    return operations + [Operation("store", (of,), "float", at) for of, at in zip(stored, places, strict=True)]


def done(pieces: Pieces, asides: Collection[int]) -> dict[tuple[str, int], int]:
    """What is stored if these asides are done; what another piece has computed is read from its slot of memory."""
    memory: dict[tuple[str, int], int] = {("old", row): 10**row for row in range(5)}
    for number, piece in enumerate(pieces.cuts):
        here: dict[int, int] = {}
        rare = piece.rare if number + len(pieces.cuts) in asides else ()
        for index in (*piece.always, *(piece.aside if number in asides else ()), *rare):
            operation = pieces.operations[index]
            of = [_read(pieces, one, here, memory) for one in operation.of if isinstance(one, int)]
            if operation.name == "store":
                memory[operation.at] = of[0]
            elif operation.name == "add":
                here[index] = sum(of)
                if index in pieces.slots:
                    memory["scratch", pieces.slots[index]] = here[index]
    return {at: value for at, value in memory.items() if at[0] in ("new", "recorded")}


def _read(pieces: Pieces, one: int, here: dict[int, int], memory: dict[tuple[str, int], int]) -> int:
    operation = pieces.operations[one]
    if one in here:
        return here[one]
    return memory[operation.at if operation.name == "load" else ("scratch", pieces.slots[one])]


def most_waiting(operations: Sequence[Operation]) -> int:
    """The most values that are computed and still to be read."""
    last = {one: index for index, operation in enumerate(operations) for one in operation.of if isinstance(one, int)}
    lives = [(one, end) for one, end in last.items() if operations[one].name != "load"]
    return max(sum(begin < index <= end for begin, end in lives) for index in range(len(operations)))


def test_only_rows_that_a_later_month_reads_for_the_record_last() -> None:
    """Row 0 is recorded a month later, row 1 is kept for row 0, row 2 only for itself; nothing reads row 3."""
    load = [Operation("load", (), "float", ("old", row)) for row in range(3)]
    store = [Operation("store", (of,), "float", ("new", row)) for of, row in ((1, 0), (1, 1), (2, 2), (0, 3))]
    month = [*load, *store[1:3], Operation("store", (0,), "float", ("recorded", 0)), store[3]]
    programs = {"month": month, "late": [load[1], store[0]._replace(of=(0,))]}
    assert lasting(programs) == {0, 1}
    short = without_others(month, {0, 1})
    assert [one.at for one in short if one.name == "store"] == [("new", 1), ("recorded", 0)]
    assert [short[of].at for one in short for of in one.of if isinstance(of, int)] == [("old", 1), ("old", 0)]
    assert stored(month) == [[1, 4]]
    assert ranges([7, 2, 3]) == [[2, 4], [7, 8]]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("length", [3, 20, 1000])
def test_in_pieces_of_any_length_the_numbers_are_those_of_the_list(seed: int, length: int) -> None:
    operations = by_chance(seed)
    rare = range(6, RECORDED)
    pieces = cut(operations, length, rare)
    values: list[int] = []
    for one in operations:
        values.append(10 ** one.at[1] if one.name == "load" else sum(values[k] for k in one.of if isinstance(k, int)))
    right = {one.at: value for one, value in zip(operations, values, strict=True) if one.name == "store"}
    assert done(pieces, range(2 * len(pieces.cuts))) == right
    assert done(pieces, ()) == {at: value for at, value in right.items() if at[0] == "new"}
    for row in range(RECORDED):
        some = done(pieces, pieces.asides[row])
        assert some["recorded", row] == right["recorded", row], "with the asides that a row needs, it is right"
        assert row in rare or max(pieces.asides[row]) < len(pieces.cuts), "other rows need nothing of the rare ones"


def test_the_layout_says_which_asides_a_variable_needs() -> None:
    pieces = cut(by_chance(1), 20)
    month = Month([], [], [], [Part("x", (4,), 0), Part("y", (5,), 4)], {"state": 6})
    found = laid_out(month, [pieces])
    rows = {part.name: range(part.first, part.last) for part in found.recorded}
    for part in found.recorded:
        assert set(part.asides) == set().union(*(pieces.asides[row] for row in rows[part.name]))
    assert found.sizes == {"state": 6, "scratch": pieces.size, "asked": -(-2 * len(pieces.cuts) // 8)}
    assert Month.from_plain(found.to_plain()) == found


def test_values_are_read_soon() -> None:
    """Fifty products of inputs, then fifty sums of two of them: few products need wait for the others."""
    loads = [Operation("load", (), "float", ("old", row)) for row in range(51)]
    products = [Operation("multiply", (k, k + 1), "float") for k in range(50)]
    sums = [Operation("add", (51 + k, 51 + (k + 1) % 50), "float") for k in range(50)]
    stores = [Operation("store", (101 + k,), "float", ("new", k)) for k in range(50)]
    operations = [*loads, *products, *sums, *stores]
    assert most_waiting(operations) >= 50
    assert most_waiting(ordered(operations)) <= 4
