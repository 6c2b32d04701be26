"""What the compiled month costs: processor seconds to make it and to run it, bytes of machine code.

    python benchmarks/compiling.py [--cpu haswell]

`--cpu` makes code for another processor of LLVM's list; this machine must be able to run it.
"""

import argparse
import time
from unittest.mock import patch

import llvmlite.binding as llvm
from engine_worker import BATCH, profile

import sim
from sim.compile import engine, machine
from sim.compile.month import trace

TIMES = 5


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--cpu")
    cpu = parser.parse_args().cpu
    if cpu:
        features = llvm.FeatureMap(dict.fromkeys(("avx512f",), False))
        patch.object(llvm, "get_host_cpu_name", lambda: cpu).start()
        patch.object(llvm, "get_host_cpu_features", lambda: features).start()
    spec = sim.load("article", worlds=BATCH)
    begin = time.process_time()
    traced_month = trace(spec)
    traced = time.process_time()
    month, code = machine.make(traced_month)
    made = time.process_time()
    engine._CODE[:] = [machine.Code(month, code)]
    spent = min(profile(spec)["all steps as machine code"] for _ in range(TIMES))
    print(f"{cpu or llvm.get_host_cpu_name()}: traced in {traced - begin:.2f} s, compiled in {made - traced:.2f} s")
    print(f"{len(code) / 1e6:.2f} MB of code; {BATCH} worlds x {spec.months} months: {spent:.3f} s in it")


if __name__ == "__main__":
    main()
