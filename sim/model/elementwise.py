"""Equations that treat every number alike: written once, run by NumPy or compiled from the same function.

A function marked `@elementwise` takes arrays (or numbers) that broadcast and computes each number of its result from
the numbers in the same place. NumPy alone goes through memory once for every sign in the formula. Where the optional
library `llvmlite` is installed (``pip install "sim[fast]"``), `sim.model.compiled` makes of the very same function one
loop, which goes through memory once. Both do the same arithmetic in the same order: results are equal to the last bit.

What may stand in such a function: ``+ - * /``, squares, comparisons, ``& | ~``, `np.where`, `np.minimum`, `np.maximum`,
`np.clip`, `np.sqrt`, `np.abs`, and other elementwise functions. No sums, no indexing, no `if` on an argument.
Exponentials and logarithms stay outside, since libraries round them differently. Parameters and results are annotated
`Array` (numbers), `Mask` (yes or no) or `Codes` (small whole numbers).

`SIM_COMPILED=0` in the environment switches compiling off; `SIM_CACHE_DIR` names the folder where machine code is kept.
"""

from __future__ import annotations

import inspect
import os
import warnings
from collections.abc import Callable
from functools import wraps
from importlib.util import find_spec
from threading import Lock
from typing import Any, TypeVar

import numpy as np

Array = np.ndarray
Function = TypeVar("Function", bound=Callable[..., Any])
WORTHWHILE = 1000
"""World-months from which loading the compiled functions saves more time than it takes."""


class Kernel:
    """One elementwise function and, once compiled, the loop made of it."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.names = tuple(inspect.signature(function).parameters)
        self.loop: Callable[..., Any] | None = None
        "what is called instead of the function, a NumPy ufunc"


KERNELS: list[Kernel] = []
_LOOPS: list[Callable[..., Any] | None] = []
"What `loops` made of them, once it has; nothing where the library failed."
_LOCK = Lock()


def elementwise(function: Function) -> Function:
    """Mark a function as elementwise. It is called as before."""
    kernel = Kernel(function)
    KERNELS.append(kernel)
    names = kernel.names

    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        if named:
            given += tuple(named[name] for name in names[len(given) :])
        return (kernel.loop or function)(*given)

    call.kernel = kernel  # type: ignore[attr-defined]
    return call  # type: ignore[return-value]


def fill(arrays: tuple[Array, ...], function: Callable[..., Any], *given: Any) -> None:
    """Put what an elementwise function of several results gives into arrays that are there already."""
    kernel: Kernel = function.kernel  # type: ignore[attr-defined]
    if kernel.loop:
        kernel.loop(*given, out=arrays)
    else:
        for array, values in zip(arrays, function(*given), strict=True):
            array[...] = values


def compiled() -> bool:
    """Whether the compiled functions are in use."""
    return any(kernel.loop for kernel in KERNELS)


def compile_all(world_months: int = WORTHWHILE) -> bool:
    """Use the compiled functions from now on, unless that is switched off, not installed or not worth it for so few
    `world_months`. Returns whether they are in use."""
    if compiled():
        return True
    if world_months < WORTHWHILE or os.environ.get("SIM_COMPILED") == "0" or find_spec("llvmlite") is None:
        return False
    with _LOCK:
        if not _LOOPS:
            from sim.model.compiled import loops

            try:
                _LOOPS.extend(loops([kernel.function for kernel in KERNELS]))
            except (ImportError, OSError, RuntimeError) as error:  # a library that is broken or too old
                warnings.warn(f"llvmlite cannot be used ({error}); NumPy computes the same, slower", stacklevel=2)
                _LOOPS.extend([None] * len(KERNELS))
        for kernel, loop in zip(KERNELS, _LOOPS, strict=True):
            kernel.loop = loop
    return compiled()


def use_numpy() -> None:
    """Let NumPy alone do the work from now on; `compile_all` changes back."""
    for kernel in KERNELS:
        kernel.loop = None
