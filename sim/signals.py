"""Ctrl-C and termination signals: deferred while files are written or processes started, and never lost."""

import _thread
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, `kill`, and a closed terminal: all end a command in the same clean way."""
_RECEIVED = threading.Event()
"""Set once a signal was received that should end the command."""
_numbers: list[int] = []
"""The signals received, in their order."""
_held = threading.Event()
"""Set while a signal is held back that will end what runs."""
_left: dict[str, None] = {}
"""What this command has written so far, as a message names it."""
RESEND = 0.01
"""Seconds between two looks whether a dropped interrupt can be sent again."""


def end_on_signals() -> Callable[[], bool]:
    """Let all of these signals raise KeyboardInterrupt; return a function that says whether one was received.

    A library may turn a KeyboardInterrupt during its import into an error of its own. Where Python drops the interrupt,
    as in a finaliser, it is sent again a moment later.
    """

    def end(number: int, _frame: FrameType | None) -> None:
        _numbers.append(number)
        _RECEIVED.set()
        raise KeyboardInterrupt

    sys.unraisablehook = _resend_interrupt
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, end)
    return _RECEIVED.is_set


def exit_code() -> int:
    """Return the exit code of a command that a signal ended, as shells use it: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_numbers[0] if _numbers else signal.SIGINT)


def is_written(path: object = "") -> None:
    """Remember that something was written whole, by its name, or without one where a message of its own tells of it."""
    _left[str(path)] = None


def left() -> tuple[bool, list[str]]:
    """Return whether this command has written anything whole so far, and the names of what a message names."""
    return bool(_left), [path for path in _left if path]


def act_on_held() -> None:
    """Raise KeyboardInterrupt if a signal is held back: it comes before any later error is told."""
    if _held.is_set():
        raise KeyboardInterrupt


def _resend_interrupt(dropped: "sys.UnraisableHookArgs") -> None:
    if not isinstance(dropped.exc_value, KeyboardInterrupt):
        sys.__unraisablehook__(dropped)
        return
    here, main = sys._getframe(), threading.main_thread().ident

    def resend() -> None:
        # while this hook runs, Python would drop the interrupt once more
        while _is_running(here, main):
            time.sleep(RESEND)
        _thread.interrupt_main()

    threading.Thread(target=resend, daemon=True).start()


def _is_running(function: FrameType, thread: int | None) -> bool:
    """Return whether a thread is still inside a function, or in what this has called."""
    frame = sys._current_frames().get(thread or 0)
    while frame is not None and frame is not function:
        frame = frame.f_back
    return frame is function


@contextmanager
def deferred_interrupts() -> Iterator[Callable[[], None]]:
    """Defer these signals until the yielded function is called: then, or at the end, raise KeyboardInterrupt.

    An interrupt in the middle of a NetCDF file would leave its lock taken, and closing the file would wait for ever.
    A second signal is not deferred. If a library has swallowed an earlier one, KeyboardInterrupt is raised at once.
    """
    if _RECEIVED.is_set():
        raise KeyboardInterrupt
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    held = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}
    deferred = threading.Event()

    def defer(number: int, _frame: FrameType | None) -> None:
        deferred.set()
        _held.set()
        _numbers.append(number)
        for number in held:
            signal.signal(number, signal.default_int_handler)

    def check() -> None:
        if deferred.is_set():
            raise KeyboardInterrupt

    for number in held:
        signal.signal(number, defer)
    try:
        yield check
    except Exception:
        check()  # the signal was first, and may be why this failed
        raise
    finally:
        _held.clear()
        for number, handler in held.items():
            signal.signal(number, handler)
    check()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Defer signals while processes start or stop: a half started process would print pages of tracebacks.

    The first signal received is delivered at the end, also where what was started has failed: it may be the reason.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    before = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, lambda number, _: received.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if received:
            before[signal.Signals(received[0])](received[0], None)


def start_resource_tracker() -> None:
    """Start multiprocessing's resource tracker with SIGHUP ignored.

    A closed terminal signals the whole process group; a tracker that ends first makes the other processes complain.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "SIGHUP"):
        return
    from multiprocessing import resource_tracker

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        resource_tracker.ensure_running()
    finally:
        signal.signal(signal.SIGHUP, before)
