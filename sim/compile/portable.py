"""The compiled month as WebAssembly, run by the library `wasmtime`.

It is made in two to three seconds of processor time on any processor that wasmtime knows, and is the module that a
browser runs; machine code of LLVM, which has longer vectors, runs faster (`benchmarks/README.md`).
"""

import ctypes
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import numpy as np
import wasmtime

from sim.arrays import Array
from sim.compile.backend import ERRORS
from sim.compile.month import Month, Trace
from sim.compile.program import MEMORY, program
from sim.compile.wasm import SIZE, to_wasm
from sim.model.block import GROUP

PAGE = 65536
"""Bytes of a page of WebAssembly's memory."""
EMPTY = b"\0asm\x01\0\0\0"
"""A module without anything."""


def made_for() -> str:
    """Return what the code depends on beside the program: library and processor, which an empty module names, too."""
    empty = bytes(wasmtime.Module(wasmtime.Engine(), EMPTY).serialize())
    return f"{empty!r} wasmtime {version('wasmtime')}"


def make(trace: Trace) -> tuple[Month, bytes]:
    """Return the layout, with what the pieces need, and the machine code of the module of a trace."""
    module, month = to_wasm({"month": program(trace)}, trace.month)
    return month, bytes(wasmtime.Module(wasmtime.Engine(), module).serialize())


class Code:
    """The module of a month, compiled for this processor, and the layout of its data."""

    def __init__(self, month: Month, machine_code: bytes) -> None:
        self.month = month
        self._engine = wasmtime.Engine()
        try:
            self._module = wasmtime.Module.deserialize(self._engine, machine_code)
        except wasmtime.WasmtimeError as error:
            raise RuntimeError(error) from error

    def prepared(self, shapes: Mapping[str, tuple[int, int]]) -> tuple[Callable[[list[int], int], int], list[Array]]:
        """Return the function of a month, and memory (group, row, world) for each name in `program.MEMORY`.

        Each call makes an instance, whose memory is its own, so that threads share nothing. Which error of arithmetic
        there was is not told: after one, all flags are set.
        """
        store = wasmtime.Store(self._engine)
        exports: Any = wasmtime.Instance(store, self._module, []).exports(store)
        memory, month = exports["memory"], exports["month"]
        places, end = [], SIZE
        for name in MEMORY:
            places.append(end)
            end += shapes[name][0] * shapes[name][1] * SIZE
        memory.grow(store, end // PAGE)
        base = ctypes.addressof(memory.data_ptr(store).contents)
        whole = np.ctypeslib.as_array((ctypes.c_double * (end // 8)).from_address(base))
        arrays = [
            whole[place // 8 :][: shapes[name][0] * shapes[name][1] * GROUP].reshape(*shapes[name], GROUP)
            for name, place in zip(MEMORY, places, strict=True)
        ]

        def call(addresses: list[int], groups: int) -> int:
            try:
                with np.errstate(over="raise", invalid="raise", divide="raise"):
                    seen(lambda: month(store, *(address - base for address in addresses), groups))
            except FloatingPointError:
                return sum(ERRORS.values())
            return 0

        return call, arrays


seen = np.frompyfunc(lambda work: work(), 1, 1)
"""Do some work as an operation of NumPy, which reads the flags of errors of any processor and system by itself."""
