"""Machine code for worker processes of this machine: made once before they start, if so much is to be computed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import copy_context
from threading import Thread

from sim.compile.engine import prepare
from sim.experiment.block import Task
from sim.experiment.patience import POLL


def make_code(tasks: Sequence[Task], check: Callable[[], None]) -> None:
    """Make the machine code that workers will read, if all these blocks together are worth it.

    The check is called meanwhile: it may raise KeyboardInterrupt, for which nothing here is waited for.
    """
    if not tasks:
        return
    size = sum(task.worlds * task.scenario.months for task in tasks)
    given = prepare, tasks[0].scenario, size
    making = Thread(target=copy_context().run, args=given, daemon=True)  # it logs in the language spoken here
    making.start()
    while making.is_alive():
        check()
        making.join(POLL)
