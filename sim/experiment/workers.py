"""Workers that compute blocks: this process or several; `cluster` adds Dask. All give the same bytes for a block."""

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
from multiprocessing.process import BaseProcess
from time import monotonic

from sim.experiment.ahead import make_code
from sim.experiment.block import Task, compute_bytes
from sim.experiment.patience import POLL, Patience, Tell
from sim.left_out import leave_out_dask_arrays
from sim.results.blocks import lasting_folder, scratch_folder
from sim.signals import start_resource_tracker, uninterrupted

Done = tuple[Task, bytes]
Check = Callable[[], None]
Workers = Callable[[Sequence[Task], Check], Iterator[Done]]
"""Takes tasks and yields each with its bytes, in any order; calls the check often: it may raise KeyboardInterrupt."""
QUIET = 120.0
"""Seconds without a block after which the user is told; a block takes seconds."""
BUSY = "blocks take longer on a busy machine, where fewer --processes may help"
ENDING = 3.0
"""Seconds in which worker processes may end by themselves."""
AHEAD = 2
"""Tasks submitted for each process, so that none waits and an interrupt loses little work."""
TRIES = 3
"""Deaths of the worker processes in a row, without a finished block between them, that end the run."""


LONGEST_SOCKET = 70
"""Most characters of the folder of a socket, whose whole path may have 107."""
SAFE_PATH = "PYTHONSAFEPATH"
"""Variable of the environment by which Python leaves the current folder out of its path."""


class WorkersError(RuntimeError):
    """Workers cannot start or go on; the text gives the reason and the remedy."""


@contextmanager
def safe_path() -> Iterator[None]:
    """Let processes that are started meanwhile import nothing from the current folder, such as a `random.py` there."""
    before = os.environ.get(SAFE_PATH)
    os.environ[SAFE_PATH] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(SAFE_PATH, None)
        else:
            os.environ[SAFE_PATH] = before


@contextmanager
def in_this_process() -> Iterator[Workers]:
    """Provide one worker, this process, which computes blocks one after the other."""

    def work(tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        for task in tasks:
            check()
            yield task, compute_bytes(task)

    yield work


@contextmanager
def in_processes(number: int, tell: Tell = lambda _: None) -> Iterator[Workers]:
    """Provide `number` processes of this machine; if one dies, all are replaced and unfinished blocks run again.

    `tell` is called where none of them finishes a block for long.
    """
    pools: list[ProcessPoolExecutor] = []

    def work(tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        make_code(tasks, check)
        left = list(tasks)
        tries = 0
        while left:
            with uninterrupted():
                pools[:] = [_pool(min(number, len(left)), scratch)]
            try:
                for task, content in _compute_in_pool(pools[0], left, number * AHEAD, check, tell):
                    left = [one for one in left if one.first != task.first]
                    tries = 0
                    yield task, content
            except BrokenProcessPool as error:
                check()  # a signal to the whole group ends them too
                tries += 1
                if tries >= TRIES:
                    raise WorkersError(
                        f"worker processes died {TRIES} times without finishing a block, perhaps out of memory; "
                        "use fewer with --processes"
                    ) from error
            finally:
                _stop(pools[0])

    with scratch_folder() as scratch, safe_path():
        try:
            yield work
        finally:
            for pool in pools:
                _stop(pool)


def _pool(number: int, scratch: str) -> ProcessPoolExecutor:
    # forkserver, where the system has it: the libraries are imported once and every worker is a fork of that process
    start_resource_tracker()
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if forks else "spawn")
    _keep_temporary_files()
    if forks:
        context.set_forkserver_preload(["sim.experiment.block"])
    return ProcessPoolExecutor(number, mp_context=context, initializer=_start_worker, initargs=(scratch,))


def _keep_temporary_files() -> None:
    """Let multiprocessing keep its socket in a folder that is removed even if this process is killed.

    Its setting has no public name. A folder that it makes itself, it removes itself at the end, when ours is gone.
    """
    config = getattr(multiprocessing.process.current_process(), "_config", {})
    if config.get("tempdir") is None and len(folder := lasting_folder()) < LONGEST_SOCKET:
        config["tempdir"] = folder


def _start_worker(scratch: str) -> None:
    """Leave Ctrl-C to the parent, and end when it does: a killed run must not go on in the background.

    Temporary files go to `scratch`, which the parent removes or, if it was killed, the workers do.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    leave_out_dask_arrays()
    tempfile.tempdir = scratch
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_exit_with_parent, args=(parent.sentinel, scratch), daemon=True).start()


def _exit_with_parent(sentinel: int, scratch: str) -> None:
    wait_for([sentinel])
    shutil.rmtree(scratch, ignore_errors=True)
    os._exit(1)


def _compute_in_pool(
    pool: ProcessPoolExecutor, tasks: Sequence[Task], most: int, check: Check, tell: Tell
) -> Iterator[Done]:
    """Submit tasks as others finish, at most `most` at a time, and yield the finished ones."""
    waiting = iter(list(tasks))
    under_way: dict[Future[bytes], Task] = {}

    def submit() -> None:
        while len(under_way) < most:
            task = next(waiting, None)
            if task is None:
                return
            under_way[pool.submit(compute_bytes, task)] = task

    with uninterrupted():
        submit()
    patience = Patience("no worker process has finished a block", BUSY, tell, QUIET)
    while under_way:
        check()
        patience.look()
        finished, _ = wait(under_way, timeout=POLL, return_when=FIRST_COMPLETED)
        for future in finished:
            patience.heard()
            yield under_way.pop(future), future.result()
        submit()


def _stop(pool: ProcessPoolExecutor) -> None:
    """Terminate the processes at once; their unfinished blocks are computed again later."""
    with uninterrupted():
        _terminate(pool)


def _wake() -> None:
    """Let stopped processes of this group go on: they, and the one that forks them, hear no other signal but SIGKILL.

    Python waits at its end for processes that were forked, whoever stopped them.
    """
    if hasattr(signal, "SIGCONT"):
        os.killpg(os.getpgrp(), signal.SIGCONT)


def _end(processes: Sequence[BaseProcess]) -> None:
    """End processes: by SIGTERM, and those that do not hear it, as stopped ones, by SIGKILL."""
    for process in processes:
        process.terminate()
    until = monotonic() + ENDING
    for process in processes:
        process.join(timeout=max(0.0, until - monotonic()))
    if any(process.is_alive() for process in processes):
        _wake()
    for process in processes:
        process.kill()
        process.join(timeout=ENDING)


def _terminate(pool: ProcessPoolExecutor) -> None:
    # the pool forgets these at its shutdown
    processes = list((getattr(pool, "_processes", None) or {}).values())
    calls, results = getattr(pool, "_call_queue", None), getattr(pool, "_result_queue", None)
    if calls is not None:
        calls.cancel_join_thread()  # tasks that fill the pipe are waited for by nobody
    pool.shutdown(wait=False, cancel_futures=True)
    _end(processes)
    # a process that died while sending leaves the reader waiting, unless the last writing end of the pipe is closed
    if results is not None and processes:
        results._writer.close()
