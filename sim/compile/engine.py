"""Run the compiled month: its steps as machine code, made of the very functions that NumPy runs.

`sim.compile.month` traces the steps, `program` lists the operations, `pieces` cuts the list, and the library llvmlite
makes machine code of it (extra `fast`; `machine`, `llvm`) or, where that cannot be used, wasmtime (extra `portable`;
`portable`, `wasm`). `cache` keeps it, and `aside` has it made while the first runs are done by NumPy. Results are those
of NumPy to the last bit, so nothing in a file depends on it.

`SIM_COMPILED=0` in the environment switches it off; `SIM_CACHE_DIR` names the folder where machine code is kept.
"""

from __future__ import annotations

import logging
import os
import platform
import sys
import warnings
from collections.abc import Collection, Iterable
from importlib import import_module
from importlib.util import find_spec
from threading import Lock
from typing import cast

import numpy as np

from sim.compile.backend import ERRORS, MACHINES, Backend, Made
from sim.compile.month import ORDERED, Part, arrays_of, by_numpy, put_back
from sim.compile.program import SECTIONS, SHARED
from sim.model.block import GROUP, Block
from sim.model.record import nothing
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters

Array = np.ndarray
WORTH_BEGINNING = 1000
"""World-months in this process from which another is asked to make machine code. Where there is some it is always read:
even one world comes to rest in more time than that takes."""
WORTH_MAKING = 50_000
"""World-months that NumPy computes in about the time in which machine code is made: so much work waits for it."""
LIBRARIES = {"llvmlite": "sim.compile.machine", "wasmtime": "sim.compile.portable"}
"""Libraries that make machine code, the one whose code is fastest first, and the modules that use them."""
MADE_ASIDE = "making machine code beside this run: later ones will be quicker"
"""What is logged where nobody waits for it."""
UNUSABLE = (ImportError, OSError, RuntimeError, AttributeError, ValueError)
"""What a library that is broken or too old raises."""
_LOG = logging.getLogger(__name__)
_LOCK = Lock()
_CODE: list[Made | None] = []
"What has been loaded; None if that failed."
_WITHOUT = [0]
"World-months that were computed without it, in this process."
_BROKEN: list[str] = []
"Libraries that are there and failed."


def libraries() -> list[str]:
    """Return the libraries that can be used here, the fastest first; none if machine code is switched off.

    On Windows LLVM's code has never been tried; wasmtime needs neither the flags of a processor nor a C library.
    """
    if os.environ.get("SIM_COMPILED") == "0":
        return []
    known = sys.platform != "win32" and platform.machine() in MACHINES
    there = [name for name in LIBRARIES if name not in _BROKEN and find_spec(name) is not None]
    return [name for name in there if known or name == "wasmtime"]


def possible() -> bool:
    """Return whether machine code can be used here and is not switched off."""
    return bool(libraries())


def compiled(world: Block, wanted: Collection[str] | None, *, at_once: bool = False) -> CompiledMonth | None:
    """Return an engine for a world if machine code is possible and worth it, or `at_once` if it is possible.

    Of what is recorded it hands on the `wanted`.
    """
    worlds = world.parameters.worlds
    size = worlds * len(world.calendar)
    if worlds % GROUP or not possible():
        return None
    with _LOCK:
        if not _CODE:
            _WITHOUT[0] += size
            _load(world.spec, at_once)
        code = _CODE[0] if _CODE else None
    return CompiledMonth(code, worlds // GROUP, wanted) if code else None


def driven(block: Block, wanted: Collection[str] | None, *, at_once: bool = False) -> Block:
    """Return a block whose months are compiled, or else a world, which loads Mesa and is stepped by NumPy."""
    if found := compiled(block, wanted, at_once=at_once):
        block.engine = found
        return block
    return by_numpy(block)


def prepare(scenario: Scenario, size: int) -> None:
    """Make the code, if it is worth it, before other processes of this machine compute `size` world-months.

    They find it in the cache folder; each for itself would count its own share only, and several would make the same.
    """
    from sim.compile.cache import can_keep

    if not possible() or not can_keep():
        return
    with _LOCK:
        if not _CODE:
            _WITHOUT[0] += size
            _load(scenario, at_once=False)


def make(scenario: Scenario) -> None:
    """Make the code, unless it is kept already."""
    _load(scenario, at_once=True)


def _load(scenario: Scenario, at_once: bool) -> None:
    """Load code by the first library that can be used; where it is not worth waiting for yet, another process makes it.

    A later block finds it then.
    """
    while names := libraries():
        try:
            backend = cast(Backend, import_module(LIBRARIES[names[0]]))
            from sim.compile.aside import begin
            from sim.compile.cache import begins, load

            if found := load(backend, scenario, may_make=at_once or _WITHOUT[0] >= WORTH_MAKING):
                _CODE.append(found)
            elif _WITHOUT[0] >= WORTH_BEGINNING and begins(backend) and begin():
                _LOG.info(MADE_ASIDE)
            return
        except UNUSABLE as error:
            _BROKEN.append(names[0])
            instead = [*libraries(), "NumPy"][0]
            warnings.warn(f"{names[0]} cannot be used ({error}); {instead} computes the same, slower", stacklevel=3)
    _CODE.append(None)


class CompiledMonth:
    """An engine: the data of a block of worlds in arrays (group, row, 8 worlds), and the code that works on them."""

    def __init__(self, code: Made, groups: int, wanted: Collection[str] | None) -> None:
        self.month, self.groups = code.month, groups
        rows = {name: self.month.sizes[section] for name, section in SECTIONS.items()}
        shapes = {name: (groups, size) for name, size in rows.items()}
        self.code, memory = code.prepared(shapes | {name: (1, self.month.sizes[name]) for name in SHARED})
        self.old, self.new, self.recorded, self.given, self.scratch, self.asked = memory
        self.changes, self.moved = -1, False
        self.parts = {part.name: part for part in self.month.state}
        self.wanted = [part for part in self.month.recorded if wanted is None or part.name in wanted]
        self.asides = sorted({aside for part in self.wanted for aside in part.asides})

    def __call__(self, w: Block) -> None:
        """Do `World.steps_1_to_8`. Nothing of the state is handed back."""
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
        for part in wanted:
            values = _get(self.recorded, part)
            w.keep(part.name, w.month, values if part.by_world else values[:, 0])

    def hand_back(self, w: Block) -> None:
        """Bring the whole state up to date, and take it in anew next month."""
        self.show(w, self.parts)
        self.changes = -1

    def show(self, w: Block, names: Iterable[str]) -> None:
        """Bring these arrays of the state up to date; after a month by NumPy they are."""
        if self.changes >= 0:
            put_back(w, {name: _get(self.old, self.parts[name]).copy() for name in names})

    def take(self, w: Block, names: Iterable[str]) -> None:
        """Take these arrays of the state in, since they were changed."""
        for name in names:
            _set(self.old, self.parts[name], getattr(w.state, name))

    def _leave_to_numpy(self, w: Block) -> None:
        """Do the month again by NumPy, which names the operation that failed, if its result is used at all."""
        self.hand_back(w)
        if self.moved:
            w.parameters.move_back()
        world = by_numpy(w)
        try:
            world.steps_1_to_8()
            put_back(w, dict(arrays_of(world.state)))
        finally:
            world.close()

    def _take_in(self, w: Block) -> None:
        """Copy into the rows what changed since the month before."""
        p, first = w.parameters, self.changes < 0
        if self.moved or p.changes != self.changes:
            self._set_parameters(p, "before")
        self.moved = p.move_to(w.month)
        if p.changes != self.changes:
            self._set_parameters(p, "now", "start")
            self.changes = p.changes
        numbers = {"month": w.month, "of_year": w.of_year}
        for part in self.month.inputs:
            if part.name in numbers:
                self.given[:, part.first] = numbers[part.name]
            else:
                _set(self.given, part, w.draws[part.name][w.month])
        if first:
            self.zero = dict.fromkeys(ORDERED, False)
            self.take(w, self.parts)
        else:
            self.take(w, [name for name in ORDERED if self._differs(w, name)])

    def _set_parameters(self, p: Parameters, *times: str) -> None:
        """Copy the values of these times into their rows."""
        for row, (when, key) in enumerate(self.month.parameters):
            if when in times:
                self.given[:, row] = (p.start[key] if when == "start" else p[key]).reshape(-1, GROUP)

    def _differs(self, w: Block, name: str) -> bool:
        """Return whether something is ordered, or was the month before: mostly nothing is, and copying takes time."""
        was, self.zero[name] = self.zero[name], not getattr(w.state, name).any()
        return not (was and self.zero[name])


def _get(rows: Array, part: Part) -> Array:
    """Return an array from its rows, worlds last."""
    values = rows[:, part.first : part.last].swapaxes(0, 1).reshape(*part.shape, -1)
    return values > 0.0 if part.boolean else values


def _set(rows: Array, part: Part, values: Array) -> None:
    rows[:, part.first : part.last] = values.reshape(-1, len(rows), GROUP).swapaxes(0, 1)
