"""Which parameters the months before the first read, so that a page need not step them again when others are moved.

Followed through the programs of a run is what is known of each number, whatever the parameters are: routes that were
shut are shut, no event acts, and what no month changes stays as it starts. A product with zero is zero; were the other
factor infinite, the run in Python would stop. So what only products with zero need is not read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sim.compile.month import ORDERED
from sim.compile.program import Constant, Operation
from sim.page.programs import Programs

FOLLOWING = ("month", "early", "late", "rested")
"""Programs that follow the start: a month, and what changes the state between months."""
Known = float | None
"""The number, where it is known; truths are 0.0 and 1.0."""
EXACT = {
    **{name: getattr(np, name) for name in ("add", "subtract", "multiply", "divide", "minimum", "maximum", "negative")},
    **{name: getattr(np, name) for name in ("less", "less_equal", "greater", "greater_equal", "equal")},
    **{"to_float": np.positive, "not": np.logical_not},
}
"""Operations whose result is known if their operands are; what others give counts as unknown."""


def unread_before(made: Programs, shut: Sequence[str]) -> list[str]:
    """Return the keys whose values do not matter to the state at the first month.

    `shut` are the keys of parameters that are zero before it (`sim.experiment.rest.openings`).
    """
    given = _given(made, shut)
    programs = {name: made.operations[name] for name in ("start", *FOLLOWING)}
    followed = {"start": _follow(programs["start"], given, {})}
    state = {row: one for row, one in _stored(programs["start"], followed["start"]) if one is not None}
    while True:
        followed |= {name: _follow(programs[name], given, state) for name in FOLLOWING}
        every = [one for name in FOLLOWING for one in _stored(programs[name], followed[name])]
        changed = {row for row, one in every if row in state and one != state[row]}
        if not changed:
            break
        state = {row: one for row, one in state.items() if row not in changed}
    read = {row for name, values in followed.items() for row in _read(programs[name], values)}
    parameters = made.layout.parameters
    return sorted({key for _, key in parameters} - {parameters[row][1] for row in read if row < len(parameters)})


def _given(made: Programs, shut: Sequence[str]) -> dict[int, Known]:
    """Return what is known of the rows of inputs."""
    parameters = enumerate(made.layout.parameters)
    closed = [row for row, (when, key) in parameters if key in shut and when != "start"]
    ordered = [row for part in made.layout.inputs if part.name in ORDERED for row in range(part.first, part.last)]
    return dict.fromkeys([*closed, *ordered], 0.0)


def _stored(operations: Sequence[Operation], values: Sequence[Known]) -> list[tuple[int, Known]]:
    """Return the rows of the state that a program stores, and what is known of them."""
    return [(one.at[1], values[k]) for k, one in enumerate(operations) if one.name == "store" and one.at[0] == "new"]


def _follow(operations: Sequence[Operation], given: Mapping[int, Known], state: Mapping[int, Known]) -> list[Known]:
    """Return what is known of the value of each operation, and of what each store stores."""
    values: list[Known] = []
    for one in operations:
        if one.name == "load":
            values.append((given if one.at[0] == "given" else state).get(one.at[1]))
        else:
            values.append(_result(one.name, [values[x] if isinstance(x, int) else _number(x) for x in one.of]))
    return values


def _number(one: Constant) -> float:
    return float(np.int64(one.bits).view(np.float64)) if one.kind == "float" else float(one.bits)


def _result(name: str, of: Sequence[Known]) -> Known:
    if name == "store":
        return of[0]
    if name == "select":
        if of[0] is None:
            return of[1] if of[1] == of[2] else None
        return of[1] if of[0] else of[2]
    if name in ("and", "or"):
        decisive = float(name == "or")
        return decisive if decisive in of else None if None in of else 1.0 - decisive
    if (name == "multiply" and 0.0 in of) or (name == "divide" and of[0] == 0.0):
        return 0.0
    if None in of or name not in EXACT:
        return None
    with np.errstate(all="ignore"):
        return float(EXACT[name](*of))


def _read(operations: Sequence[Operation], values: Sequence[Known]) -> set[int]:
    """Return the rows of inputs on which the state depends that a program leaves."""
    needed: set[int] = set()
    rows = set()
    for index in range(len(operations) - 1, -1, -1):
        one = operations[index]
        wanted = one.at[0] == "new" if one.name == "store" else index in needed
        if not wanted or values[index] is not None:
            continue
        if one.name == "load" and one.at[0] == "given":
            rows.add(one.at[1])
        needed.update(x for x in _reads(one, values) if isinstance(x, int))
    return rows


def _reads(one: Operation, values: Sequence[Known]) -> tuple[Any, ...]:
    """Return the operands that matter: of a choice that is known, what is chosen."""
    if one.name != "select":
        return one.of
    condition = one.of[0]
    known = values[condition] if isinstance(condition, int) else _number(condition)
    return one.of if known is None else (one.of[1 if known else 2],)
