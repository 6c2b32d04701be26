"""Blocks on a Dask cluster: a local one that is started for the run, or one that already runs.

Workers need this program in the same version and no shared disk: a block returns as bytes, and only the user's process
writes to the store. Dask gives the tasks of a dead worker to another one. Every block comes with the environment that
computed it, so that a worker that joins later is checked as well.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from time import monotonic
from typing import Any

from sim.experiment.ahead import make_code
from sim.experiment.block import NothingLeftError, Task, compute_bytes
from sim.experiment.fingerprint import differences, environment
from sim.experiment.patience import POLL, Patience, Tell, in_time
from sim.experiment.workers import AHEAD, Check, Done, Workers, WorkersError, safe_path
from sim.results import ResultsError
from sim.results.blocks import scratch_folder
from sim.signals import uninterrupted

LOCAL = "dask"
EXTRA = "dask"
LONG = 10.0
"""Seconds to wait for an answer of a scheduler, and for its first worker."""
LOADING = 120.0
"""Seconds to wait until workers have loaded this program, which may be on a slow disk, or handed over a block."""
HEARTBEATS = 30.0
"""Seconds without a block after which the scheduler is asked when it last heard of the workers."""
PATIENCE = 300.0
"""Seconds without any sign of a worker that end the run."""
BLOCK_ERRORS = (NothingLeftError, ResultsError, FloatingPointError, OSError, MemoryError)
"""Errors of a block itself, which are not the cluster's."""
NOISY = ("distributed", "tornado", "asyncio")


@contextmanager
def on_dask(where: str, processes: int, tell: Tell) -> Iterator[Workers]:
    """Provide workers of a Dask cluster: `dask` starts one here with `processes`, `tcp://HOST:PORT` joins one.

    No answer is waited for without a limit, and `tell` is called with what is waited for.
    """
    try:
        import distributed
    except ImportError as error:
        install = 'pip install -e ".[dask]" in the folder of the project'
        raise WorkersError(f"--on needs Dask, which is not installed: {install}") from error
    _silence_loggers()
    client: Any = None
    try:
        with ExitStack() as stack:
            if where == LOCAL:
                client = _local(distributed, processes, stack)
            else:
                client = _remote(distributed, where, stack, tell)
            _check_environments(client, where, tell)
            cluster = _Cluster(distributed, client, where, tell)

            def work(tasks: Sequence[Task], check: Check) -> Iterator[Done]:
                if where == LOCAL:
                    make_code(tasks, check)
                yield from cluster.work(tasks, check)

            yield work
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
            dashboard_address="127.0.0.1:0",  # a free port; with None it is 8787, on which Dask warns if it is taken
            host="127.0.0.1",
            silence_logs=logging.CRITICAL + 1,
            local_directory=folder,
            env={"TMPDIR": folder},
        )
        stack.enter_context(cluster)
        return stack.enter_context(distributed.Client(cluster))
    except (OSError, RuntimeError, ValueError) as error:
        raise WorkersError(f"--on: cannot start a local cluster: {error}") from error


def _remote(distributed: Any, where: str, stack: ExitStack, tell: Tell) -> Any:
    try:
        # its own limit does not hold for one that takes the connection and says nothing
        client = in_time(lambda: distributed.Client(where, timeout=LONG), 2 * LONG, f"a scheduler at {where}", tell)
    except Exception as error:  # whatever answers there may say anything, such as a length that no memory holds
        foreign = isinstance(error, MemoryError | ValueError | struct.error)
        said = "something else does" if foreign else str(error) or type(error).__name__
        raise WorkersError(f"--on: no Dask scheduler answers at {where}: {said}") from error
    stack.callback(_leave, client)
    try:
        in_time(lambda: client.wait_for_workers(1, timeout=LONG), 2 * LONG, f"a worker at {where}", tell)
    except (TimeoutError, distributed.TimeoutError) as error:
        raise WorkersError(f"--on: the scheduler at {where} has no workers") from error
    return client


def _leave(client: Any) -> None:
    """Close the connection, or leave it where it does not close: the process ends soon."""
    with suppress(Exception):
        in_time(lambda: client.close(timeout=POLL), LONG, "the cluster to let go", lambda _: None)


def _check_environments(client: Any, where: str, tell: Tell) -> None:
    """Raise WorkersError for workers whose blocks would not be the same bytes."""
    try:
        theirs = in_time(lambda: client.run(environment), LOADING, f"the workers at {where} to load the program", tell)
    except TimeoutError as error:
        raise WorkersError(f"--on: {error}; are workers stopped?") from error
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


class _Cluster:
    """A cluster at work: blocks are handed out as others return, and the workers are listened for."""

    def __init__(self, distributed: Any, client: Any, where: str, tell: Tell) -> None:
        self.distributed, self.client, self.where, self.tell = distributed, client, where, tell
        self.under_way: dict[Any, Task] = {}
        silent = f"--on: no worker at {where} was heard of"
        self.patience = Patience(silent, "see whether its workers run", tell, 2 * HEARTBEATS, PATIENCE)
        self._signs: Any = None
        self._asked = monotonic()

    def work(self, tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        """Yield each task with its bytes as workers return them."""
        waiting = iter(tasks)
        with self._errors():
            self._submit(waiting)
        while self.under_way:
            check()
            with self._errors():
                results = self._finished()
            for task, (worker, found, content) in results:
                check_environment(worker, found)
                self.patience.heard()
                yield task, content
            with self._errors():
                self._submit(waiting) if results else self._listen()

    def _submit(self, waiting: Iterator[Task]) -> None:
        threads = in_time(self.client.nthreads, LOADING, f"the scheduler at {self.where}", self.tell)
        while len(self.under_way) < max(1, len(threads)) * AHEAD:
            task = next(waiting, None)
            if task is None:
                return
            self.under_way[self.client.submit(compute_on_worker, task, pure=False)] = task

    def _finished(self) -> list[tuple[Task, tuple[str, dict[str, object], bytes]]]:
        """Return the blocks that are done, after a short wait."""
        try:
            done, _ = self.distributed.wait(list(self.under_way), timeout=POLL, return_when="FIRST_COMPLETED")
        except (TimeoutError, self.distributed.TimeoutError):
            if self.client.status != "running":
                raise
            return []
        whom = f"a worker at {self.where} to hand over a block"
        return [(self.under_way.pop(one), in_time(one.result, PATIENCE, whom, self.tell)) for one in done]

    def _listen(self) -> None:
        """Ask the scheduler now and then when it last heard of workers; raise TimeoutError after a long silence."""
        if self.patience.silence > HEARTBEATS and monotonic() - self._asked > HEARTBEATS / 2:
            self._asked = monotonic()
            found = in_time(self.client.scheduler_info, LOADING, f"the scheduler at {self.where}", self.tell)
            signs = {address: one.get("last_seen") for address, one in found["workers"].items()}
            if signs and signs != self._signs and self._signs is not None:
                self.patience.heard()
            self._signs = signs
        self.patience.look()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Raise WorkersError with one line for errors of the cluster; errors of a block itself pass unchanged."""
        again = "finished blocks are in the store, give the same command again once it is back"
        try:
            yield
        except self.distributed.scheduler.KilledWorker as error:
            raise WorkersError(f"--on: workers died repeatedly on the same block: {error}") from error
        except Exception as error:
            if self.client.status != "running":
                raise WorkersError(f"--on: the connection to the scheduler at {self.where} is lost; {again}") from error
            if isinstance(error, TimeoutError):
                raise WorkersError(f"{error}; {again}") from error
            if isinstance(error, BLOCK_ERRORS):
                raise
            raise WorkersError(f"--on: the cluster at {self.where} failed: {error}") from error
