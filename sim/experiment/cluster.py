"""Blocks on a Dask cluster: a local one that is started for the run, or a scheduler that is already there.

Workers need this program in the same version, and nothing else: a block travels back as bytes, so no shared disk is
needed, and only the process that was started by the user writes to the store. Dask gives the tasks of a worker that
died to another one. Every block comes with what made it, so that a worker that joins later is checked as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from sim.experiment.block import NothingLeftError, Task, compute_bytes
from sim.experiment.fingerprint import differences, maker
from sim.experiment.workers import AHEAD, PATIENCE, Check, Done, Workers, WorkersError
from sim.results import ResultsError
from sim.results.blocks import scratch_folder

LOCAL = "dask"
EXTRA = "dask"
LONG = 10.0
"""Seconds to wait for a scheduler, and for its first worker."""
OURS = (NothingLeftError, ResultsError, FloatingPointError, OSError, MemoryError)
"""What can go wrong in a block itself, as on this machine."""
NOISY = ("distributed", "tornado", "asyncio")


@contextmanager
def on_dask(where: str, processes: int) -> Iterator[Workers]:
    """Workers of a Dask cluster: `dask` starts one here with so many processes, `tcp://HOST:PORT` joins one."""
    try:
        import distributed
    except ImportError as error:
        raise WorkersError('--on needs Dask, which is not installed: pip install "sim[dask]"') from error
    _silence()
    client: Any = None
    try:
        with ExitStack() as stack:
            client = _local(distributed, processes, stack) if where == LOCAL else _remote(distributed, where, stack)
            _check_makers(client, where)
            yield lambda tasks, check: _work(distributed, client, where, tasks, check)
    finally:
        if client is not None:
            client.status = "closed"  # whatever became of it, it is not closed once more when memory is tidied


def _silence() -> None:
    """What goes wrong is told by this program, once; Dask would tell it by the page from several threads."""
    for name in (*NOISY, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _local(distributed: Any, processes: int, stack: ExitStack) -> Any:
    folder = stack.enter_context(scratch_folder())
    try:
        cluster = distributed.LocalCluster(
            n_workers=processes,
            threads_per_worker=1,
            dashboard_address=None,
            host="127.0.0.1",
            silence_logs=logging.CRITICAL + 1,
            local_directory=folder,
            env={"TMPDIR": folder},
        )
        stack.enter_context(cluster)
        return stack.enter_context(distributed.Client(cluster))
    except (OSError, RuntimeError, ValueError) as error:
        raise WorkersError(f"--on: a local cluster does not start: {error}") from error


def _remote(distributed: Any, where: str, stack: ExitStack) -> Any:
    try:
        client = distributed.Client(where, timeout=LONG)
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkersError(f"--on: no Dask scheduler answers at {where}: {error}") from error
    stack.callback(client.close, timeout=PATIENCE)
    try:
        client.wait_for_workers(1, timeout=LONG)
    except (TimeoutError, distributed.TimeoutError) as error:
        raise WorkersError(f"--on: the scheduler at {where} has no workers") from error
    return client


def _check_makers(client: Any, where: str) -> None:
    """Refuse workers whose blocks would not be the same bytes."""
    try:
        theirs = client.run(maker)
    except Exception as error:
        raise WorkersError(f"--on: the workers at {where} cannot load this program: {error}") from error
    for worker, found in theirs.items():
        _check_maker(worker, found)


def _check_maker(worker: str, found: Mapping[str, object]) -> None:
    if other := differences(found, maker()):
        raise WorkersError(f"--on: worker {worker} would not make the same blocks: {'; '.join(other)}")


def made(task: Task) -> tuple[str, dict[str, object], bytes]:
    """On a worker: its address, what it is, and the block."""
    from distributed import get_worker

    return str(get_worker().address), maker(), compute_bytes(task)


def _work(distributed: Any, client: Any, where: str, tasks: Sequence[Task], check: Check) -> Iterator[Done]:
    waiting = iter(tasks)
    under_way: dict[Any, Task] = {}

    def hand_out() -> None:
        most = max(1, len(client.nthreads())) * AHEAD
        while len(under_way) < most:
            task = next(waiting, None)
            if task is None:
                return
            under_way[client.submit(made, task, pure=False)] = task

    with _plain_losses(distributed, client, where):
        hand_out()
    while under_way:
        check()
        with _plain_losses(distributed, client, where):
            try:
                finished, _ = distributed.wait(list(under_way), timeout=PATIENCE, return_when="FIRST_COMPLETED")
            except (TimeoutError, distributed.TimeoutError):
                if client.status != "running":
                    raise
                finished = set()
            results = [(under_way.pop(future), future.result()) for future in finished]
        for task, (worker, found, content) in results:
            _check_maker(worker, found)
            yield task, content
        with _plain_losses(distributed, client, where):
            hand_out()


@contextmanager
def _plain_losses(distributed: Any, client: Any, where: str) -> Iterator[None]:
    """Turn what a cluster raises into one line, but let through what went wrong in a block itself."""
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        raise WorkersError(f"--on: workers died again and again while doing one block: {error}") from error
    except Exception as error:
        if client.status != "running":
            raise WorkersError(
                f"--on: the connection to the scheduler at {where} is lost; finished blocks are in the store, "
                "give the same command again once it is back"
            ) from error
        if isinstance(error, OURS):
            raise
        raise WorkersError(f"--on: the cluster at {where} cannot do the work: {error}") from error
