"""From an elementwise Python function to one machine-code loop, by way of LLVM (library `llvmlite`, optional).

The function is called once with stand-ins for its arguments (`sim.model.stand_in`), which write down every operation
done to them in LLVM's language. That holds the same arithmetic in the same order; nothing is contracted or reordered.
LLVM turns it into a loop over several worlds at a time, and NumPy gets it as a ufunc: broadcasting, error flags and the
release of Python's lock are NumPy's own. Machine code is kept in the user's cache folder for later starts.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sim.model.stand_in import StandIn

Function = Callable[..., Any]
LLVM_TYPE = {"Array": "double", "Mask": "i8", "Codes": "i8"}
BYTES = {"Array": 8, "Mask": 1, "Codes": 1}
KEPT = 8
"Versions of the machine code that stay in the cache folder."
NUMPY_TYPE = {"Array": np.dtype(float).num, "Mask": np.dtype(bool).num, "Codes": np.dtype(np.int8).num}


def kinds(function: Function) -> tuple[list[str], list[str]]:
    """Annotations of the parameters and of the results: Array, Mask or Codes."""
    found = dict(function.__annotations__)
    results = re.findall(r"Array|Mask|Codes", str(found.pop("return")))
    return [re.findall(r"Array|Mask|Codes", str(annotation))[0] for annotation in found.values()], results


def written_down(function: Function, number: int) -> str:
    """The function in LLVM's language: `@k…`, which NumPy calls, and two loops, over neighbours and over any steps."""
    takes, gives = kinds(function)
    lines: list[str] = []
    given = [StandIn(lines, f"%a{i}", "double") for i in range(len(takes))]
    for i, kind in enumerate(takes):
        if kind == "Mask":
            given[i] = given[i].write(f"icmp ne i8 %a{i}, 0", "i1")
        elif kind == "Codes":
            given[i] = given[i].write(f"sitofp i8 %a{i} to double", "double")
    results = function(*given)
    results = results if isinstance(results, tuple) else (results,)
    stored = []
    for kind, result in zip(gives, results, strict=True):
        if kind == "Array":
            stored.append(f"double {given[0].number(result)}")
        elif kind == "Mask":
            stored.append(f"i8 {result.write(f'zext i1 {result.truth(result)} to i8', '').name}")
        else:
            stored.append(f"i8 {result.write(f'fptosi double {result.name} to i8', '').name}")
    all_kinds, body = takes + gives, "\n".join(lines)
    return "\n".join(
        [
            _loop(f"near{number}", takes, gives, body, stored, strided=False),
            _loop(f"far{number}", takes, gives, body, stored, strided=True),
            _entry(number, all_kinds),
        ]
    )


def _loop(name: str, takes: list[str], gives: list[str], body: str, stored: list[str], *, strided: bool) -> str:
    """One loop over the numbers of a row; `strided` where they are not neighbours in memory."""
    every = takes + gives
    access = ["noalias readonly"] * len(takes) + ["noalias"] * len(gives)
    heads = [f"ptr {how} %p{i}, i64 %s{i}" for i, how in enumerate(access)]
    how = "optsize" if strided else ""  # rare: not worth the time of making it fast
    text = [f"define internal void @{name}(i64 %n, {', '.join(heads)}) noinline nounwind {how} {{", "entry:"]
    text += ["  br label %loop"]
    text += ["loop:", "  %k = phi i64 [ 0, %entry ], [ %next, %loop ]"]
    for i, kind in enumerate(every):
        step = f"%s{i}" if strided else str(BYTES[kind])
        text += [f"  %o{i} = mul i64 %k, {step}", f"  %q{i} = getelementptr i8, ptr %p{i}, i64 %o{i}"]
    text += [f"  %a{i} = load {LLVM_TYPE[kind]}, ptr %q{i}" for i, kind in enumerate(takes)]
    text += [body]
    text += [f"  store {value}, ptr %q{len(takes) + i}" for i, value in enumerate(stored)]
    text += ["  %next = add nuw nsw i64 %k, 1", "  %done = icmp eq i64 %next, %n"]
    return "\n".join([*text, "  br i1 %done, label %end, label %loop", "end:", "  ret void", "}"])


def _entry(number: int, every: list[str]) -> str:
    """What NumPy calls: picks the loop by the steps between the numbers of each array."""
    text = [f"define void @k{number}(ptr %args, ptr %dims, ptr %steps, ptr %data) nounwind {{", "entry:"]
    text += ["  %n = load i64, ptr %dims", "  %some = icmp sgt i64 %n, 0", "  br i1 %some, label %start, label %end"]
    text += ["start:", "  %w = add i1 0, 1"]
    for i, kind in enumerate(every):
        text += [f"  %x{i} = getelementptr ptr, ptr %args, i64 {i}", f"  %p{i} = load ptr, ptr %x{i}"]
        text += [f"  %y{i} = getelementptr i64, ptr %steps, i64 {i}", f"  %s{i} = load i64, ptr %y{i}"]
        text += [f"  %e{i} = icmp eq i64 %s{i}, {BYTES[kind]}"]
        text += [f"  %w{i} = and i1 %e{i}, {f'%w{i - 1}' if i else '%w'}"]
    values = "i64 %n, " + ", ".join(f"ptr %p{i}, i64 %s{i}" for i in range(len(every)))
    text += [f"  br i1 %w{len(every) - 1}, label %near, label %far"]
    for name in ("near", "far"):
        text += [f"{name}:", f"  call void @{name}{number}({values})", "  br label %end"]
    return "\n".join([*text, "end:", "  ret void", "}"])


def loops(functions: Sequence[Function]) -> list[Function]:
    """A NumPy ufunc for each elementwise function."""
    import llvmlite.binding as llvm

    head = ["declare double @llvm.sqrt.f64(double)", "declare double @llvm.fabs.f64(double)"]
    text = "\n\n".join([*head, *(written_down(function, number) for number, function in enumerate(functions))])
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    machine = llvm.Target.from_default_triple().create_target_machine(
        cpu=llvm.get_host_cpu_name(),
        features=llvm.get_host_cpu_features().flatten(),
        opt=3,
        codemodel="jitdefault",
        jit=True,
    )
    code = _kept(text, machine, llvm)
    engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return [_ufunc(f, engine.get_function_address(f"k{number}"), engine) for number, f in enumerate(functions)]


def _kept(text: str, machine: Any, llvm: Any) -> bytes:
    """Machine code of `text`, from the cache folder if it is there already, else compiled and put there."""
    target = (
        f"{llvm.llvm_version_info} {machine.triple} {llvm.get_host_cpu_name()} {llvm.get_host_cpu_features().flatten()}"
    )
    path = cache_folder() / f"kernels-{hashlib.sha256((target + text).encode()).hexdigest()[:24]}.o"
    try:
        return path.read_bytes()
    except OSError:
        pass
    module = llvm.parse_assembly(text)
    options = llvm.create_pipeline_tuning_options(speed_level=2)
    options.loop_vectorization = True  # one vector at a time: memory is what takes time, and this compiles faster
    options.loop_interleaving = options.loop_unrolling = False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    code: bytes = machine.emit_object(module)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as aside:
            aside.write(code)
        os.replace(aside.name, path)
        for old in sorted(path.parent.glob("kernels-*.o"), key=lambda one: one.stat().st_mtime)[:-KEPT]:
            old.unlink()
    except OSError:  # nowhere to keep it: the next start compiles again
        pass
    return code


def cache_folder() -> Path:
    """Where machine code is kept: `SIM_CACHE_DIR`, or the user's cache folder."""
    if own := os.environ.get("SIM_CACHE_DIR"):
        return Path(own)
    home = os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else os.environ.get("XDG_CACHE_HOME")
    return Path(home) / "sim" if home else Path("~/.cache/sim").expanduser()


def _ufunc(function: Function, address: int, engine: Any) -> Function:
    """A NumPy ufunc of a loop at an address, by NumPy's C interface (`PyUFunc_FromFuncAndData`)."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
    table = ctypes.cast(pointer(np._core._multiarray_umath._UFUNC_API, None), ctypes.POINTER(ctypes.c_void_p))  # type: ignore[attr-defined]
    p, i, s = ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p
    make = ctypes.PYFUNCTYPE(ctypes.py_object, p, p, p, i, i, i, i, s, s, i)(table[1])
    takes, gives = kinds(function)
    types = (ctypes.c_byte * len(takes + gives))(*(int(NUMPY_TYPE[kind]) for kind in takes + gives))
    held = ((p * 1)(address), (p * 1)(None), types, function.__name__.encode(), engine)
    FOR_GOOD.append(held)
    a, b, c = (ctypes.addressof(part) for part in held[:3])
    ufunc: Function = make(a, b, c, 1, len(takes), len(gives), -1, held[3], b"", 0)
    return ufunc


FOR_GOOD: list[Any] = []
"""What the ufuncs point to and must never be freed."""
