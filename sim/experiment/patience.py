"""Waiting for others with an end: a limit, a word on what is waited for, and a signal that ends the wait at once."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Thread
from time import monotonic
from typing import TypeVar

from sim.signals import act_on_held

Tell = Callable[[str], None]
"""Takes a remark for the user."""
Answer = TypeVar("Answer")
POLL = 0.2
"""Seconds between two looks at signals and at the answer."""
QUIET = 5.0
"""Seconds of waiting without a word."""
PAUSE = 10.0
"""Seconds between two looks at the clock beyond which this process stood still, stopped or on a machine asleep."""


class Awake:
    """Seconds in which this process ran, by a clock that is looked at every `POLL` while it waits.

    Pauses of its own do not count: those it waits for may have stood still as long, and could not be heard.
    """

    def __init__(self) -> None:
        self._looked, self._seconds = monotonic(), 0.0

    def __call__(self) -> float:
        """Return the seconds since it was made."""
        now = monotonic()
        self._seconds += now - self._looked if 0.0 < now - self._looked < PAUSE else 0.0
        self._looked = now
        return self._seconds


awake = Awake()


def in_time(ask: Callable[[], Answer], limit: float, whom: str, tell: Tell) -> Answer:
    """Return what a call returns that may block, such as a question to a scheduler; its errors pass unchanged.

    It runs in a thread of its own, which is left behind where it does not end: nothing can end it from outside. Raises
    TimeoutError after `limit` seconds awake, and KeyboardInterrupt if a signal is held back.
    """
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except BaseException as error:
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    begun, told = awake(), False
    while not wait([answer], timeout=POLL).done:
        act_on_held()
        waited = awake() - begun
        if waited > limit:
            raise TimeoutError(f"{whom} has not answered for {limit:.0f} seconds")
        if waited > QUIET and not told:
            told = True
            tell(f"waiting for {whom}, for {limit:.0f} seconds at most")
    return answer.result()


class Patience:
    """How long nothing has been heard of workers: a remark after `quiet` seconds, and an end after `limit`.

    Each further remark takes twice the silence of the one before, whatever was heard meanwhile: on a busy machine all
    may be well and slow. Without a limit there are remarks alone. Pauses of this process do not count.
    """

    def __init__(self, whom: str, remedy: str, tell: Tell, quiet: float, limit: float | None = None) -> None:
        self.whom, self.remedy, self.tell, self.quiet, self.limit = whom, remedy, tell, quiet, limit
        self._heard = awake()

    @property
    def silence(self) -> float:
        """Seconds since something was heard."""
        return awake() - self._heard

    def heard(self) -> None:
        """Begin anew."""
        self._heard = awake()

    def look(self) -> None:
        """Tell the user that nothing is heard, and what to do; raise TimeoutError when the limit is over."""
        if self.limit is not None and self.silence > self.limit:
            raise TimeoutError(f"{self.whom} for {self.limit:.0f} seconds")
        if self.silence > self.quiet:
            most = f", for {self.limit:.0f} seconds at most" if self.limit is not None else ""
            end = "Ctrl-C ends: finished blocks stay, and the same command goes on from them"
            self.tell(f"{self.whom} for {self.quiet:.0f} seconds; waiting on{most}: {self.remedy}. {end}")
            self.quiet *= 2.0
