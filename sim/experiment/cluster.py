"""Blocks on a Dask cluster: a local one that is started for the run, or a scheduler that is already there.

Workers need this program in the same version, and nothing else: a block travels back as bytes, so no shared disk is
needed, and only the process that was started by the user writes to the store. Dask gives the tasks of a worker that
died to another one.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sim.experiment.block import Task, compute_bytes
from sim.experiment.store import program_digest
from sim.experiment.workers import AHEAD, PATIENCE, Check, Done, Workers, WorkersError

LOCAL = "dask"
EXTRA = "dask"
LONG = 10.0
"""Seconds to wait for a scheduler, and for its first worker."""


@contextmanager
def on_dask(where: str, processes: int) -> Iterator[Workers]:
    """Workers of a Dask cluster: `dask` starts one here with so many processes, `tcp://HOST:PORT` joins one."""
    try:
        import distributed
    except ImportError as error:
        raise WorkersError('--on needs Dask, which is not installed: pip install "sim[dask]"') from error
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    with _client(distributed, where, processes) as client:
        _same_program(client, where)
        yield lambda tasks, check: _work(distributed, client, tasks, check)


@contextmanager
def _client(distributed: Any, where: str, processes: int) -> Iterator[Any]:
    if where == LOCAL:
        with (
            distributed.LocalCluster(
                n_workers=processes, threads_per_worker=1, dashboard_address=None, host="127.0.0.1"
            ) as cluster,
            distributed.Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(where, timeout=LONG)
    except (OSError, ValueError, TimeoutError) as error:
        raise WorkersError(f"--on: no Dask scheduler answers at {where}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=LONG)
        except TimeoutError as error:
            raise WorkersError(f"--on: the scheduler at {where} has no workers") from error
        yield client


def _same_program(client: Any, where: str) -> None:
    """Blocks of another version would not be the same bytes."""
    try:
        theirs = client.run(program_digest)
    except Exception as error:
        raise WorkersError(f"--on: the workers at {where} cannot load this program: {error}") from error
    other = sorted(worker for worker, found in theirs.items() if found != program_digest())
    if other:
        raise WorkersError(f"--on: another version of this program is installed on {', '.join(other[:3])}")


def _work(distributed: Any, client: Any, tasks: Sequence[Task], check: Check) -> Iterator[Done]:
    waiting = iter(tasks)
    under_way: dict[Any, Task] = {}

    def hand_out() -> None:
        most = max(1, len(client.nthreads())) * AHEAD
        while len(under_way) < most:
            task = next(waiting, None)
            if task is None:
                return
            under_way[client.submit(compute_bytes, task, pure=False)] = task

    hand_out()
    while under_way:
        check()
        try:
            finished, _ = distributed.wait(list(under_way), timeout=PATIENCE, return_when="FIRST_COMPLETED")
        except (TimeoutError, distributed.TimeoutError):
            finished = set()
        for future in finished:
            yield under_way.pop(future), _result(distributed, future)
        hand_out()


def _result(distributed: Any, future: Any) -> bytes:
    try:
        content: bytes = future.result()
    except distributed.scheduler.KilledWorker as error:
        raise WorkersError(f"--on: workers died again and again while doing one block: {error}") from error
    return content
