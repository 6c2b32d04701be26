"""Who does the work: this process, several processes, or a Dask cluster. All give the same bytes, block by block."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait as wait_for

from sim.experiment.block import Task, compute_bytes
from sim.results.blocks import scratch_folder
from sim.signals import start_tracker, uninterrupted

Done = tuple[Task, bytes]
Check = Callable[[], None]
Workers = Callable[[Sequence[Task], Check], Iterator[Done]]
"""Takes tasks and yields each with its bytes, in any order; calls the check often: it may raise KeyboardInterrupt."""
PATIENCE = 0.2
"""Seconds between two looks for an interrupt."""
AHEAD = 2
"""Tasks handed out for each process, so that none waits and little is lost when the work is broken off."""
TRIES = 3
"""How often processes that died are replaced without a block having been finished in between."""


class WorkersError(RuntimeError):
    """The work cannot be done there; the text says why and what to do."""


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


@contextmanager
def in_this_process() -> Iterator[Workers]:
    """One block after the other, here."""

    def work(tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        for task in tasks:
            check()
            yield task, compute_bytes(task)

    yield work


@contextmanager
def in_processes(number: int) -> Iterator[Workers]:
    """Several processes of this machine; those that die are replaced and their blocks done again."""
    pools: list[ProcessPoolExecutor] = []

    def work(tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        left = list(tasks)
        tries = 0
        while left:
            with uninterrupted():
                pools[:] = [_pool(min(number, len(left)), scratch)]
            try:
                for task, content in _drain(pools[0], left, number * AHEAD, check):
                    left = [one for one in left if one.first != task.first]
                    tries = 0
                    yield task, content
            except BrokenProcessPool as error:
                check()  # a signal to the whole group ends them too
                tries += 1
                if tries >= TRIES:
                    raise WorkersError(
                        f"worker processes ended {TRIES} times without finishing a block, perhaps for want of memory; "
                        "take fewer with --processes"
                    ) from error
            finally:
                _stop(pools[0])

    with scratch_folder() as scratch:
        try:
            yield work
        finally:
            for pool in pools:
                _stop(pool)


def _pool(number: int, scratch: str) -> ProcessPoolExecutor:
    # a clean process that has loaded the libraries once is copied, where the system can do that
    start_tracker()
    copies = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if copies else "spawn")
    if copies:
        context.set_forkserver_preload(["sim.experiment.block"])
    return ProcessPoolExecutor(number, mp_context=context, initializer=_begin, initargs=(scratch,))


def _begin(scratch: str) -> None:
    """Workers leave Ctrl-C to their parent, and end when it does: a killed run must not go on in the background.

    What they write aside lies in `scratch`, which the parent removes or, if that was killed, the workers do.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tempfile.tempdir = scratch
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel, scratch), daemon=True).start()


def _end_with(sentinel: int, scratch: str) -> None:
    wait_for([sentinel])
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)


def _drain(pool: ProcessPoolExecutor, tasks: Sequence[Task], most: int, check: Check) -> Iterator[Done]:
    """Hand out tasks as others are finished."""
    waiting = iter(list(tasks))
    under_way: dict[Future[bytes], Task] = {}

    def hand_out() -> None:
        while len(under_way) < most:
            task = next(waiting, None)
            if task is None:
                return
            under_way[pool.submit(compute_bytes, task)] = task

    with uninterrupted():
        hand_out()
    while under_way:
        check()
        finished, _ = wait(under_way, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        for future in finished:
            yield under_way.pop(future), future.result()
        hand_out()


def _stop(pool: ProcessPoolExecutor) -> None:
    """End the processes at once; what they were doing is done again another time."""
    with uninterrupted():
        _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(timeout=5.0)
    # a process that ended while sending leaves the reader waiting for the rest, unless nobody else can write to it
    writer = getattr(getattr(pool, "_result_queue", None), "_writer", None)
    if writer is not None and not writer.closed and processes:
        writer.close()
