"""Machine code of the month by LLVM (library `llvmlite`)."""

import ctypes
import ctypes.util
import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from sim.compile.llvm import to_llvm
from sim.compile.month import Month, Trace
from sim.compile.pieces import laid_out
from sim.compile.program import MEMORY, SECTIONS, program
from sim.limits import cores
from sim.model.block import GROUP

OF_THE_C_LIBRARY = ("feclearexcept", "fetestexcept")
NO_ORDER = "-enable-misched=false"
"""Leave instructions in their order, which `sim.compile.order` chose: compiling takes four fifths of the time."""
FEWEST = 4
"""Groups of worlds whose month, a millisecond, is worth handing to another thread."""


class Code:
    """The function of a month in memory, and the layout of its data."""

    def __init__(self, month: Month, machine_code: bytes) -> None:
        self.month = month
        for name in OF_THE_C_LIBRARY:
            if llvm.address_of_symbol(name) is None:
                function = getattr(ctypes.CDLL(ctypes.util.find_library("m")), name)
                llvm.add_symbol(name, ctypes.cast(function, ctypes.c_void_p).value)
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), _machine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(machine_code))
        self._engine.finalize_object()
        kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
        self._function = kind(self._engine.get_function_address("month"))

    def prepared(self, shapes: Mapping[str, tuple[int, int]]) -> tuple["Shared", list[np.ndarray]]:
        """Return what does a month, and memory (group, row, world) for each name in `program.MEMORY`."""
        memory = [_aligned(*shapes[name]) for name in MEMORY]
        return Shared(self, memory), memory

    def __call__(self, sections: Sequence[int], groups: int) -> int:
        """Do a month of `groups` of worlds at these addresses, which are in the order of `program.MEMORY`.

        Return the errors of arithmetic as flags of the C library. Other threads run meanwhile.
        """
        flags: int = self._function((ctypes.c_void_p * len(sections))(*sections), groups)
        return flags


class Shared:
    """A month of which each processor does a part of the groups of worlds, each with scratch memory of its own."""

    def __init__(self, code: Callable[[Sequence[int], int], int], memory: Sequence[np.ndarray]) -> None:
        self.code, self.memory = code, memory  # a part that still runs after an interrupt needs it
        self.steps = [rows[0].nbytes if name in SECTIONS else 0 for name, rows in zip(MEMORY, memory, strict=True)]
        self.parts = max(1, min(processors(), len(memory[0]) // FEWEST))
        scratch = memory[MEMORY.index("scratch")]
        self.scratch = [scratch, *(_aligned(*scratch.shape[:2]) for _ in range(1, self.parts))]

    def __call__(self, sections: Sequence[int], groups: int) -> int:
        """Do what `Code` does."""
        cuts = [groups * part // self.parts for part in range(self.parts + 1)]
        others = [_threads().submit(self._part, sections, cuts, part) for part in range(1, self.parts)]
        flags = self._part(sections, cuts, 0)
        for other in others:
            flags |= other.result()
        return flags

    def _part(self, sections: Sequence[int], cuts: Sequence[int], part: int) -> int:
        moved = [address + cuts[part] * step for address, step in zip(sections, self.steps, strict=True)]
        moved[MEMORY.index("scratch")] = self.scratch[part].ctypes.data
        return self.code(moved, cuts[part + 1] - cuts[part])


def processors() -> int:
    """Return how many processors a month may use: one in a process that is one of several workers."""
    return cores() if multiprocessing.parent_process() is None else 1


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max(1, processors() - 1))


def _aligned(groups: int, rows: int) -> np.ndarray:
    """Return memory (group, row, world) in which no vector crosses a cache line, which would take twice the time."""
    size = groups * rows * GROUP
    memory = np.empty(size + GROUP)
    first = -(memory.ctypes.data // memory.itemsize) % GROUP
    return memory[first : first + size].reshape(groups, rows, GROUP)


def made_for() -> str:
    """Return what the code depends on beside the program: library and processor."""
    host = (llvm.llvm_version_info, _machine().triple, llvm.get_host_cpu_name(), _features())
    return f"{host} llvmlite {version('llvmlite')}"


def make(trace: Trace) -> tuple[Month, bytes]:
    """Return the layout, with what the pieces need, and the machine code of a trace."""
    llvm.set_option("", NO_ORDER)
    text, pieces = to_llvm(program(trace), trace.month.sizes, lanes())
    code: bytes = _machine().emit_object(llvm.parse_assembly(text))
    return laid_out(trace.month, [pieces]), code


def _machine() -> Any:
    """Return a new machine: LLVM's engine takes ownership of the one that it is given."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=2, codemodel="jitdefault", jit=True
    )


def lanes() -> int:
    """Return the worlds in a vector: eight with AVX-512; elsewhere four, which compile in a fifth of the time."""
    return 8 if llvm.get_host_cpu_features().get("avx512f") else 4


def _features() -> str:
    features: str = llvm.get_host_cpu_features().flatten()
    return features
