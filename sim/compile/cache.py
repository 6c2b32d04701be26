"""Make machine code of the month by LLVM (library `llvmlite`), and keep it in the user's cache folder."""

import ctypes
import ctypes.util
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm
import numpy as np

from sim.compile.month import Month, Trace
from sim.compile.program import MEMORY
from sim.files import read_bytes, read_text
from sim.model.world import GROUP, World

KEPT = 4
"""Files of machine code that stay in the cache folder."""
MOST_CODE = 100_000_000
"""Most bytes of such a file."""
COUNT = "without"
"""File with the world-months that were computed without machine code."""
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


def load(world: World, *, may_make: bool) -> Code | None:
    """Return the code for worlds like this one: from the cache folder, or made now if that is allowed, else None."""
    path = cache_folder() / _name()
    kept = _read(path)
    if kept is None:
        if not may_make:
            return None
        from sim.compile.month import trace

        kept = make(trace(world))
        _put(path, *kept)
    return Code(*kept)


@cache
def _name() -> str:
    """Return the name of the file: a digest of everything that the code depends on."""
    host = (llvm.llvm_version_info, _machine().triple, llvm.get_host_cpu_name(), _features())
    content = "\n".join([str(host), np.__version__, version("llvmlite"), *_sources()])
    return f"month-{hashlib.sha256(content.encode()).hexdigest()[:24]}"


def make(trace: Trace) -> tuple[Month, bytes]:
    """Return the layout, with what the pieces need, and the machine code of a trace."""
    from sim.compile.llvm import to_llvm
    from sim.compile.pieces import laid_out
    from sim.compile.program import program

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


def _sources() -> Iterator[str]:
    """Yield the text of all files that the code depends on."""
    for package in ("sim.compile", "sim.elementary", "sim.model", "sim.scenario"):
        for file in sorted(resources.files(package).iterdir(), key=lambda one: one.name):
            if file.name.endswith(".py"):
                yield file.read_text(encoding="utf-8")


def _read(path: Path) -> tuple[Month, bytes] | None:
    """Return what `_put` wrote; None if it is missing, damaged, or of another form."""
    try:
        head, code = read_bytes(path, most=MOST_CODE).split(b"\n", 1)
        digest, month = head.split(b" ", 1)
        return (Month.from_plain(json.loads(month)), code) if digest == _digest(month, code) else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


def _put(path: Path, month: Month, code: bytes) -> None:
    plain = json.dumps(month.to_plain()).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix="month-", suffix=".part", delete=False) as aside:
            aside.write(_digest(plain, code) + b" " + plain + b"\n" + code)
        os.replace(aside.name, path)
        for old in sorted(path.parent.glob("month-*"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink()
    except OSError:  # nowhere to keep it: the next start compiles again
        pass


def earlier() -> int:
    """Return the world-months that earlier processes computed without the code for worlds like these."""
    try:
        name, count = read_text(cache_folder() / COUNT, most=1000).split()
        return int(count) if name == _name() else 0
    except (OSError, ValueError):
        return 0


def remember(count: int) -> None:
    """Keep that number, with that of this process added."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=folder, prefix=COUNT, delete=False, encoding="ascii") as aside:
            aside.write(f"{_name()} {count}\n")
        os.replace(aside.name, folder / COUNT)
    except OSError:  # nowhere to keep it: the next process counts anew
        pass


def _digest(month: bytes, code: bytes) -> bytes:
    return hashlib.sha256(month + code).hexdigest().encode()


def cache_folder() -> Path:
    """Return where machine code is kept: `SIM_CACHE_DIR`, or the user's cache folder."""
    if own := os.environ.get("SIM_CACHE_DIR"):
        return Path(own)
    home = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    return Path(home) / "sim" if home else Path("~/.cache/sim").expanduser()
