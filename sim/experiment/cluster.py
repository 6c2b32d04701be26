"""Blocks on a Dask cluster: a local one that is started for the run, or one that already runs.

Workers need this program in the same version and no shared disk: a block returns as bytes, and only the user's process
writes to the store. Dask gives the tasks of a dead worker to another one. Every block comes with the environment that
computed it, so that a worker that joins later is checked as well.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from sim.experiment.block import NothingLeftError, Task, compute_bytes
from sim.experiment.fingerprint import differences, environment
from sim.experiment.workers import AHEAD, POLL, Check, Done, Workers, WorkersError, safe_path
from sim.results import ResultsError
from sim.results.blocks import scratch_folder
from sim.signals import uninterrupted

LOCAL = "dask"
EXTRA = "dask"
LONG = 10.0
"""Seconds to wait for a scheduler, and for its first worker."""
BLOCK_ERRORS = (NothingLeftError, ResultsError, FloatingPointError, OSError, MemoryError)
"""Errors of a block itself, which are not the cluster's."""
NOISY = ("distributed", "tornado", "asyncio")


@contextmanager
def on_dask(where: str, processes: int) -> Iterator[Workers]:
    """Provide workers of a Dask cluster: `dask` starts one here with `processes`, `tcp://HOST:PORT` joins one."""
    try:
        import distributed
    except ImportError as error:
        install = 'pip install -e ".[dask]" in the folder of the project'
        raise WorkersError(f"--on needs Dask, which is not installed: {install}") from error
    _silence_loggers()
    client: Any = None
    try:
        with ExitStack() as stack:
            client = _local(distributed, processes, stack) if where == LOCAL else _remote(distributed, where, stack)
            _check_environments(client, where)
            yield lambda tasks, check: _work(distributed, client, where, tasks, check)
    finally:
        if client is not None:
            client.status = "closed"  # so that its finaliser does not close it a second time


def _silence_loggers() -> None:
    """Silence Dask's loggers, which would print pages from several threads; this program reports an error once."""
    for name in (*NOISY, *logging.root.manager.loggerDict):
        if name.partition(".")[0] in NOISY:
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _local(distributed: Any, processes: int, stack: ExitStack) -> Any:
    folder = stack.enter_context(scratch_folder())
    stack.enter_context(safe_path())
    with uninterrupted():  # a signal comes before what it makes of half started workers
        return _started(distributed, processes, folder, stack)


def _started(distributed: Any, processes: int, folder: str, stack: ExitStack) -> Any:
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
        raise WorkersError(f"--on: cannot start a local cluster: {error}") from error


def _remote(distributed: Any, where: str, stack: ExitStack) -> Any:
    try:
        client = distributed.Client(where, timeout=LONG)
    except Exception as error:  # whatever answers there may say anything, such as a length that no memory holds
        said = str(error) or type(error).__name__
        raise WorkersError(f"--on: no Dask scheduler answers at {where}: {said}") from error
    stack.callback(client.close, timeout=POLL)
    try:
        client.wait_for_workers(1, timeout=LONG)
    except (TimeoutError, distributed.TimeoutError) as error:
        raise WorkersError(f"--on: the scheduler at {where} has no workers") from error
    return client


def _check_environments(client: Any, where: str) -> None:
    """Raise WorkersError for workers whose blocks would not be the same bytes."""
    try:
        theirs = client.run(environment)
    except Exception as error:
        raise WorkersError(f"--on: the workers at {where} cannot load this program: {error}") from error
    for worker, found in theirs.items():
        check_environment(worker, found)


def check_environment(worker: str, found: Mapping[str, object]) -> None:
    """Raise WorkersError unless the environment `found` at a worker is that of this process."""
    if other := differences(found, environment()):
        raise WorkersError(f"--on: worker {worker} would not make the same blocks: {'; '.join(other)}")


def compute_on_worker(task: Task) -> tuple[str, dict[str, object], bytes]:
    """Run a block on a worker and return the worker's address, its environment, and the block."""
    from distributed import get_worker

    return str(get_worker().address), environment(), compute_bytes(task)


def _work(distributed: Any, client: Any, where: str, tasks: Sequence[Task], check: Check) -> Iterator[Done]:
    waiting = iter(tasks)
    under_way: dict[Any, Task] = {}

    def submit() -> None:
        most = max(1, len(client.nthreads())) * AHEAD
        while len(under_way) < most:
            task = next(waiting, None)
            if task is None:
                return
            under_way[client.submit(compute_on_worker, task, pure=False)] = task

    with _cluster_errors(distributed, client, where):
        submit()
    while under_way:
        check()
        with _cluster_errors(distributed, client, where):
            try:
                finished, _ = distributed.wait(list(under_way), timeout=POLL, return_when="FIRST_COMPLETED")
            except (TimeoutError, distributed.TimeoutError):
                if client.status != "running":
                    raise
                finished = set()
            results = [(under_way.pop(future), future.result()) for future in finished]
        for task, (worker, found, content) in results:
            check_environment(worker, found)
            yield task, content
        with _cluster_errors(distributed, client, where):
            submit()


@contextmanager
def _cluster_errors(distributed: Any, client: Any, where: str) -> Iterator[None]:
    """Raise WorkersError with one line for errors of the cluster; errors of a block itself pass unchanged."""
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        raise WorkersError(f"--on: workers died repeatedly on the same block: {error}") from error
    except Exception as error:
        if client.status != "running":
            raise WorkersError(
                f"--on: the connection to the scheduler at {where} is lost; finished blocks are in the store, "
                "give the same command again once it is back"
            ) from error
        if isinstance(error, BLOCK_ERRORS):
            raise
        raise WorkersError(f"--on: the cluster at {where} failed: {error}") from error
