"""What the month costs as WebAssembly run by wasmtime, beside machine code by LLVM and beside NumPy.

    python benchmarks/portable.py

Processor seconds of a block of 256 worlds x 36 months of article at rest, without the twins, each way in turns, five
times; and what making the code takes. Two minutes, most of it LLVM's.
"""

import gzip
import statistics
import time
from collections.abc import Callable, Collection
from unittest.mock import patch

import llvmlite.binding as llvm
from engine_worker import BATCH

import sim
from sim.compile import machine, portable
from sim.compile.backend import Made
from sim.compile.engine import CompiledMonth
from sim.compile.month import by_numpy, trace
from sim.experiment.design import sample
from sim.experiment.run import Engine, run_block
from sim.experiment.unopened import SCORE
from sim.model.block import GROUP, Block
from sim.page.payload import payload
from sim.results.variables import VARIABLES

TIMES = 5
WANTED = VARIABLES.keys() - {SCORE}


def by(code: Made) -> Engine:
    """Return the engine that uses this code."""

    def driven(block: Block, wanted: Collection[str] | None) -> Block:
        block.engine = CompiledMonth(code, block.parameters.worlds // GROUP, wanted)
        return block

    return driven


def seconds(work: Callable[[], object]) -> float:
    """Return the processor seconds of some work, all threads together."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def made() -> dict[str, Engine]:
    """Make the code of each way, and print what that takes."""
    traced = trace(sim.load("article", worlds=BATCH))
    found: dict[str, Engine] = {"NumPy": lambda block, _: by_numpy(block)}
    codes: list[Made] = []
    cpu = patch.object(llvm, "get_host_cpu_name", lambda: "haswell")
    without = patch.object(llvm, "get_host_cpu_features", lambda: llvm.FeatureMap({"avx2": True, "fma": False}))

    def llvms() -> None:
        codes.append(machine.Code(*machine.make(traced)))

    def narrower() -> None:
        with cpu, without:
            llvms()

    ways = {"LLVM": llvms, "wasmtime": lambda: codes.append(portable.Code(*portable.make(traced)))}
    if machine.lanes() == 8:
        ways["LLVM without AVX-512"] = narrower
    for name, make in ways.items():
        print(f"{name}: made in {seconds(make):.1f} s")
        found[name] = by(codes[-1])
    return found


def main() -> None:
    """Measure and print."""
    ways = made()
    spec = sim.load("article", worlds=BATCH)
    values = sample(spec, 0, BATCH)
    took: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(TIMES):
        for name, engine in ways.items():

            def block(engine: Engine = engine) -> None:
                run_block(spec, values, 0, BATCH, lambda *_: None, lambda _: None, wanted=WANTED, engine=engine)

            took[name].append(seconds(block))
    for name, times in took.items():
        print(f"{name}: {min(times):.2f} s (median {statistics.median(times):.2f})")
    shipped = payload([sim.load("article", worlds=200)])
    sizes = (len(one) for whole in (shipped.wasm, shipped.data) for one in (whole, gzip.compress(whole, 9)))
    print("module {:,} bytes, {:,} compressed; numbers of 200 worlds {:,} and {:,}".format(*sizes))


if __name__ == "__main__":
    main()
