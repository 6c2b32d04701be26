"""Addresses of NumPy's own loops, so that machine code gets from them the very exponentials that NumPy gives."""

from __future__ import annotations

import ctypes
from functools import cache
from typing import Any

import numpy as np

from sim.compile.tracing import LOOPS


class _Ufunc(ctypes.Structure):
    """The beginning of NumPy's `PyUFuncObject` (numpy/ufuncobject.h), after the head of every Python object."""

    _fields_ = (
        *((name, ctypes.c_int) for name in ("nin", "nout", "nargs", "identity")),
        ("functions", ctypes.POINTER(ctypes.c_void_p)),
        ("data", ctypes.POINTER(ctypes.c_void_p)),
        ("ntypes", ctypes.c_int),
    )


@cache
def numpy_loops() -> Any:
    """A table of addresses: of each loop over doubles in the order of `LOOPS`, and of what it wants to be handed.

    Raises RuntimeError where they are not found or do not give what NumPy gives.
    """
    table: list[int | None] = []
    for name in LOOPS:
        ufunc: np.ufunc = getattr(np, name)
        inside = _Ufunc.from_address(id(ufunc) + object.__basicsize__)
        if (inside.nin, inside.nout, inside.ntypes) != (ufunc.nin, ufunc.nout, ufunc.ntypes):
            raise RuntimeError("NumPy's functions are not where they are looked for")
        number = ufunc.types.index("d" * ufunc.nin + "->d")
        loop, data = inside.functions[number], inside.data[number] if inside.data else None
        _check(ufunc, loop, data)
        table += [loop, data]
    return (ctypes.c_void_p * len(table))(*table)


def _check(ufunc: np.ufunc, loop: Any, data: Any) -> None:
    """The loop must give for eight numbers what NumPy gives for them."""
    given = [np.linspace(0.1, 3.0, 8) + k for k in range(ufunc.nin)]
    found = np.empty(8)
    arrays = (ctypes.c_void_p * 3)(*(one.ctypes.data for one in (*given, found)))
    call = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(loop)
    call(arrays, (ctypes.c_int64 * 1)(8), (ctypes.c_int64 * 3)(8, 8, 8), data)
    if found.tobytes() != ufunc(*given).tobytes():
        raise RuntimeError(f"NumPy's loop of {ufunc.__name__} cannot be called")
