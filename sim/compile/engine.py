"""Run the compiled month: steps 2 to 8 as machine code, made of the very functions that NumPy runs.

`sim.compile.month` traces the steps, `program` puts the operations in order, `pieces` cuts them, `llvm` emits them, and
`cache` makes and keeps the machine code (library `llvmlite`, extra `fast`). Results are those of NumPy
to the last bit, so nothing in a file depends on it.

`SIM_COMPILED=0` in the environment switches it off; `SIM_CACHE_DIR` names the folder where machine code is kept.
"""

from __future__ import annotations

import atexit
import os
import platform
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Mapping
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.compile.month import AFTER, BEFORE, Month, Part, arrays_of, put_back
from sim.compile.program import SECTIONS, SHARED
from sim.model.record import nothing
from sim.model.world import GROUP, World

if TYPE_CHECKING:
    from sim.compile.cache import Code

Array = np.ndarray
WORTH_READING = 1000
"""World-months in this process from which reading the machine code saves more time than it takes."""
WORTH_MAKING = 100_000
"""World-months that NumPy computes in about the time in which machine code is made. It is made once that many have been
computed, by this process or by earlier ones, so that nobody waits for it who would not soon have waited as long."""
MACHINES = {"x86_64": 4, "AMD64": 4, "aarch64": 2, "arm64": 2}
"""Processors whose flags of errors are known, and the one that says divide by zero."""
_DIVIDE = MACHINES.get(platform.machine(), 4)
ERRORS = {"invalid": 1, "divide": _DIVIDE, "over": 2 * _DIVIDE}
"""NumPy's names of the errors of arithmetic, and their flags in the C library."""
UNUSABLE = (ImportError, OSError, RuntimeError, AttributeError, ValueError)
"""What a library that is broken or too old raises."""
_LOCK = Lock()
_CODE: list[Code | None] = []
"What has been loaded; None if that failed."
_WITHOUT = [0]
"World-months that were computed without it, in this process."
_EARLIER: list[int] = []
"Those of earlier processes, once they have been read."


def possible() -> bool:
    """Return whether machine code can be used here and is not switched off; on Windows it has never been tried."""
    known = sys.platform != "win32" and platform.machine() in MACHINES
    return known and os.environ.get("SIM_COMPILED") != "0" and find_spec("llvmlite") is not None


def compiled(world: World, wanted: Collection[str] | None, *, at_once: bool = False) -> CompiledMonth | None:
    """Return an engine for a world if machine code is possible and worth it, or `at_once` if it is possible.

    Of what is recorded it hands on the `wanted`.
    """
    worlds = world.parameters.worlds
    size = worlds * len(world.calendar)
    if worlds % GROUP or not possible():
        return None
    with _LOCK:
        if not _CODE and (at_once or _WITHOUT[0] + size >= WORTH_READING):
            try:
                from sim.compile.cache import earlier, load

                if not _EARLIER:
                    _EARLIER.append(earlier())
                    atexit.register(_remember)
                found = load(world, may_make=at_once or _EARLIER[0] + _WITHOUT[0] >= WORTH_MAKING)
                _CODE.extend([found] if found else [])
            except UNUSABLE as error:
                warnings.warn(f"llvmlite cannot be used ({error}); NumPy computes the same, slower", stacklevel=2)
                _CODE.append(None)
        code = _CODE[0] if _CODE else None
        _WITHOUT[0] += 0 if code else size
    return CompiledMonth(code, worlds // GROUP, wanted) if code else None


def _remember() -> None:
    """Keep the count of world-months without machine code for the next process, where there still is none."""
    if _EARLIER and not _CODE:
        from sim.compile.cache import remember

        remember(_EARLIER[0] + _WITHOUT[0])


class Made(Protocol):
    """Code that a backend has made."""

    month: Month

    def prepared(self, shapes: Mapping[str, tuple[int, int]]) -> tuple[Callable[[list[int], int], int], list[Array]]:
        """Return what does a month at these addresses, and memory (group, row, world) in the order of MEMORY.

        It returns the errors of arithmetic as flags of the C library.
        """


class CompiledMonth:
    """An engine: the data of a block of worlds in arrays (group, row, 8 worlds), and the code that works on them."""

    def __init__(self, code: Made, groups: int, wanted: Collection[str] | None) -> None:
        self.month, self.groups = code.month, groups
        rows = {name: self.month.sizes[section] for name, section in SECTIONS.items()}
        shapes = {name: (groups, size) for name, size in rows.items()}
        self.code, memory = code.prepared(shapes | {name: (1, self.month.sizes[name]) for name in SHARED})
        self.old, self.new, self.recorded, self.given, self.scratch, self.asked = memory
        self.changes = -1
        self.parts = {part.name: part for part in self.month.state}
        self.wanted = [part for part in self.month.recorded if wanted is None or part.name in wanted]
        self.asides = sorted({aside for part in self.wanted for aside in part.asides})

    def __call__(self, w: World) -> None:
        """Do `World.steps_2_to_8`. Of the state only what step 1 reads is handed back."""
        self._take_in(w)
        wanted = [] if w.keep is nothing else self.wanted
        self.asked.fill(0.0)
        self.asked.reshape(-1)[self.asides if wanted else []] = 1.0
        memory = (self.old, self.new, self.recorded, self.given, self.scratch, self.asked)
        sections = [rows.ctypes.data for rows in memory]
        if self.code(sections, self.groups) & sum(ERRORS.values()):
            self._leave_to_numpy(w)
            return
        self.old, self.new = self.new, self.old
        for name in BEFORE:
            setattr(w.state, name, _get(self.old, self.parts[name]))
        for part in wanted:
            values = _get(self.recorded, part)
            w.keep(part.name, w.month, values if part.by_world else values[:, 0])

    def hand_back(self, w: World) -> None:
        """Bring the whole state up to date, and take it in anew next month."""
        self.show(w, self.parts)
        self.changes = -1

    def show(self, w: World, names: Iterable[str]) -> None:
        """Bring these arrays of the state up to date; after a month by NumPy they are."""
        if self.changes >= 0:
            put_back(w, {name: _get(self.old, self.parts[name]).copy() for name in names})

    def take(self, w: World, names: Iterable[str]) -> None:
        """Take these arrays of the state in, since they were changed."""
        for name in names:
            _set(self.old, self.parts[name], getattr(w.state, name))

    def _leave_to_numpy(self, w: World) -> None:
        """Do the month again by NumPy, which names the operation that failed, if its result is used at all."""
        self.hand_back(w)
        w.steps_2_to_8()

    def _take_in(self, w: World) -> None:
        """Copy into the rows what changed since the month before."""
        p, first = w.parameters, self.changes < 0
        if p.changes != self.changes:
            for row, (when, key) in enumerate(self.month.parameters):
                self.given[:, row] = (p[key] if when == "now" else p.start[key]).reshape(-1, GROUP)
            self.changes = p.changes
        for part in self.month.draws:
            _set(self.given, part, w.draws[part.name][w.month])
        if first:
            for name, array in arrays_of(w.state):
                _set(self.old, self.parts[name], array)
        else:
            self.take(w, AFTER)


def _get(rows: Array, part: Part) -> Array:
    """Return an array from its rows, worlds last."""
    values = rows[:, part.first : part.last].swapaxes(0, 1).reshape(*part.shape, -1)
    return values > 0.0 if part.boolean else values


def _set(rows: Array, part: Part, values: Array) -> None:
    rows[:, part.first : part.last] = values.reshape(-1, len(rows), GROUP).swapaxes(0, 1)
