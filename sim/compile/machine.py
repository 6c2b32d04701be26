"""Machine code of the month by LLVM (library `llvmlite`)."""

import _thread
import ctypes
import ctypes.util
import multiprocessing
import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from sim.compile.llvm import to_llvm
from sim.compile.month import Month, Trace
from sim.compile.pieces import laid_out
from sim.compile.program import MEMORY, program
from sim.limits import cores
from sim.model.block import GROUP

OF_THE_C_LIBRARY = ("feclearexcept", "fetestexcept")
NO_ORDER = "-enable-misched=false"
"""Leave instructions in their order, which `sim.compile.order` chose: compiling takes four fifths of the time."""
LITTLE = 1
"""How much LLVM tries, 0-3: with 2 it compiles a quarter longer, to code of the same size and speed."""
FEWEST = 4
"""Groups of worlds for each thread: their month takes a millisecond or two, and a thread less than a tenth of one."""
FLAGS, DONE = 1, 2
"""Places in what threads share: the errors of arithmetic, and the groups that are done."""
MOMENT = 2e-5
"""Seconds between two looks whether another thread is through with its last group."""


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
        kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_void_p)
        self._function = kind(self._engine.get_function_address("month"))

    def prepared(self, shapes: Mapping[str, tuple[int, int]]) -> tuple["Divided", list[np.ndarray]]:
        """Return what does a month, and memory (group, row, world) for each name in `program.MEMORY`."""
        memory = [_aligned(*shapes[name]) for name in MEMORY]
        return Divided(self, memory), memory

    def __call__(self, sections: Sequence[int], groups: int, shared: np.ndarray) -> None:
        """Do a month of `groups` of worlds at these addresses, which are in the order of `program.MEMORY`.

        `shared`, (3), is where threads that do so at once share the groups out among them. Other threads run meanwhile.
        """
        self._function((ctypes.c_void_p * len(sections))(*sections), groups, shared.ctypes.data)


class Divided:
    """A month whose groups of worlds the processors share out among them, each with scratch memory of its own.

    Where others keep a processor busy its thread comes too late, finds nothing left to do and is not waited for.
    """

    def __init__(self, code: Code, memory: Sequence[np.ndarray]) -> None:
        self.code, self.memory = code, memory  # what a late thread looks at
        scratch = memory[MEMORY.index("scratch")]
        most = len(memory[0]) // FEWEST
        threads = min(processors(), most) if most > 1 else 1  # for few worlds nobody need ask what the system allows
        self.scratch = [scratch, *(_aligned(*scratch.shape[:2]) for _ in range(threads - 1))]

    def __call__(self, sections: Sequence[int], groups: int) -> int:
        """Do a month, and return the errors of arithmetic as flags of the C library."""
        shared = np.zeros(3, dtype=np.int64)
        with suppress(RuntimeError):  # no more threads: then without
            for scratch in self.scratch[1:]:
                _thread.start_new_thread(self._take_part, (sections, groups, shared, scratch))
        self._take_part(sections, groups, shared, self.scratch[0])
        while shared[DONE] < groups:
            time.sleep(MOMENT)
        return int(shared[FLAGS])

    def _take_part(self, sections: Sequence[int], groups: int, shared: np.ndarray, scratch: np.ndarray) -> None:
        own = list(sections)
        own[MEMORY.index("scratch")] = scratch.ctypes.data
        self.code(own, groups, shared)


def processors() -> int:
    """Return how many processors a month may use: one in a process that is one of several workers.

    `OMP_NUM_THREADS`, which libraries of linear algebra heed, bounds it for who starts several processes himself.
    """
    most = os.environ.get("OMP_NUM_THREADS", "")
    alone = multiprocessing.parent_process() is None
    return min(cores(), int(most) if most.isdecimal() else cores()) if alone else 1


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
        cpu=llvm.get_host_cpu_name(), features=_features(), opt=LITTLE, codemodel="jitdefault", jit=True
    )


def lanes() -> int:
    """Return the worlds in a vector: eight with AVX-512; elsewhere four, which compile in a fifth of the time."""
    return 8 if llvm.get_host_cpu_features().get("avx512f") else 4


def _features() -> str:
    features: str = llvm.get_host_cpu_features().flatten()
    return features
