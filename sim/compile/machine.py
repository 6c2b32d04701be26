"""Machine code of the month by LLVM (library `llvmlite`)."""

import ctypes
import ctypes.util
from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from sim.compile.llvm import to_llvm
from sim.compile.month import Month, Trace
from sim.compile.pieces import laid_out
from sim.compile.program import MEMORY, program
from sim.model.block import GROUP

OF_THE_C_LIBRARY = ("feclearexcept", "fetestexcept")


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

    def prepared(self, shapes: Mapping[str, tuple[int, int]]) -> tuple["Code", list[np.ndarray]]:
        """Return this function, and memory (group, row, world) for each name in `program.MEMORY`."""
        return self, [_aligned(*shapes[name]) for name in MEMORY]

    def __call__(self, sections: list[int], groups: int) -> int:
        """Do a month of `groups` of worlds at these addresses, which are in the order of `program.MEMORY`.

        Return the errors of arithmetic as flags of the C library. Other threads run meanwhile.
        """
        flags: int = self._function((ctypes.c_void_p * len(sections))(*sections), groups)
        return flags


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
