"""What a backend is: a module that makes code of a traced month, by LLVM (`machine`) or wasmtime (`portable`)."""

import platform
from collections.abc import Callable, Mapping
from typing import Protocol

from sim.arrays import Array
from sim.compile.month import Month, Trace

MACHINES = {"x86_64": 4, "AMD64": 4, "aarch64": 2, "arm64": 2}
"""Processors whose flags of errors are known, and the one that says divide by zero."""
_DIVIDE = MACHINES.get(platform.machine(), 4)
ERRORS = {"invalid": 1, "divide": _DIVIDE, "over": 2 * _DIVIDE}
"""NumPy's names of the errors of arithmetic, and their flags in the C library."""


class Made(Protocol):
    """Code that a backend has made."""

    month: Month

    def prepared(self, shapes: Mapping[str, tuple[int, int]]) -> tuple[Callable[[list[int], int], int], list[Array]]:
        """Return what does a month at these addresses, and memory (group, row, world) in the order of MEMORY.

        It returns the errors of arithmetic as flags of the C library.
        """


class Backend(Protocol):
    """A module that makes code by a library."""

    @property
    def Code(self) -> Callable[..., Made]:  # noqa: N802  a class
        """Return what makes code that can run of a layout and the bytes that `make` made."""

    def made_for(self) -> str:
        """Return what the code depends on beside the program: library and processor."""

    def make(self, trace: Trace) -> tuple[Month, bytes]:
        """Return the layout, with what the pieces need, and the code of a trace."""
