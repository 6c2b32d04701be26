"""Which rows of the state last: those that a later month reads for something that is recorded.

The others hold what a month works out anew, so a page neither stores nor copies them: nearly half of the state.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sim.compile.program import Operation


def lasting(programs: Mapping[str, Sequence[Operation]]) -> set[int]:
    """Return the rows of the state on which anything recorded depends, in this month or in a later one."""
    found: set[int] = set()
    while True:
        read = set().union(*(_read(operations, found) for operations in programs.values()))
        if read <= found:
            return found
        found |= read


def without_others(operations: Iterable[Operation], rows: Collection[int]) -> list[Operation]:
    """Return the operations, but of the stores in the state only those in these rows."""
    kept: list[Operation] = []
    places: dict[int, int] = {}
    for index, one in enumerate(operations):
        if one.name == "store" and one.at[0] == "new" and one.at[1] not in rows:
            continue
        places[index] = len(kept)
        kept.append(one._replace(of=tuple(places[x] if isinstance(x, int) else x for x in one.of)))
    return kept


def stored(operations: Iterable[Operation]) -> list[list[int]]:
    """Return the rows of the state that are stored, as `ranges`."""
    return ranges(one.at[1] for one in operations if one.name == "store" and one.at[0] == "new")


def ranges(rows: Iterable[int]) -> list[list[int]]:
    """Return rows as pairs of a first and the one after a last."""
    found: list[list[int]] = []
    for row in sorted(rows):
        if found and found[-1][1] == row:
            found[-1][1] += 1
        else:
            found.append([row, row + 1])
    return found


def _read(operations: Sequence[Operation], rows: Collection[int]) -> set[int]:
    """Return the rows of the state that a program reads for what it records, or leaves in these rows."""
    needed: set[int] = set()
    found = set()
    for index in range(len(operations) - 1, -1, -1):
        one = operations[index]
        if one.name != "store" and index not in needed:
            continue
        if one.name == "store" and one.at[0] == "new" and one.at[1] not in rows:
            continue
        if one.name == "load" and one.at[0] == "old":
            found.add(one.at[1])
        needed.update(x for x in one.of if isinstance(x, int))
    return found
