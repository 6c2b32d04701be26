"""Ctrl-C and polite requests to end: held back while files are written or processes started, and never lost."""

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Ctrl-C, `kill`, and a terminal that is closed: all end a command in the same clean way."""
_CAME = threading.Event()
"""Set once a signal came that should have ended the command."""
MOMENT = 0.01
"""Seconds after which an interrupt that was dropped comes again."""


def end_on_signals() -> Callable[[], bool]:
    """Let all of these signals raise KeyboardInterrupt; the function given says whether one came.

    Libraries may turn a KeyboardInterrupt while they are loaded into an error of their own. Where Python drops it, as
    in what it calls when an object is freed, it comes once more a moment later.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        _CAME.set()
        raise KeyboardInterrupt

    sys.unraisablehook = _once_more
    if threading.current_thread() is threading.main_thread():
        for number in ENDING:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, end)
    return _CAME.is_set


def _once_more(dropped: "sys.UnraisableHookArgs") -> None:
    if isinstance(dropped.exc_value, KeyboardInterrupt):
        again = threading.Timer(MOMENT, _thread.interrupt_main)
        again.daemon = True
        again.start()
    else:
        sys.__unraisablehook__(dropped)


@contextmanager
def held_interrupts() -> Iterator[Callable[[], None]]:
    """Hold these signals back until the function given is called: then, or at the end, KeyboardInterrupt is raised.

    An interrupt in the middle of a NetCDF file would leave its lock taken, and closing the file would wait for ever.
    A second signal is not held back. Where one came before that a library kept to itself, this begins with it.
    """
    if _CAME.is_set():
        raise KeyboardInterrupt
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    before = {number: signal.getsignal(number) for number in ENDING}
    held = {number: handler for number, handler in before.items() if handler not in (None, signal.SIG_IGN)}
    pressed = threading.Event()

    def hold(_number: int, _frame: FrameType | None) -> None:
        pressed.set()
        for number in held:
            signal.signal(number, signal.default_int_handler)

    def check() -> None:
        if pressed.is_set():
            raise KeyboardInterrupt

    for number in held:
        signal.signal(number, hold)
    try:
        yield check
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
    check()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold signals back for a moment: a process that is half started or half stopped would complain by the page.

    The first that came is handed on at the end, as if it came then.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: handler for number in ENDING if callable(handler := signal.getsignal(number))}
    for number in before:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if came:
        before[signal.Signals(came[0])](came[0], None)


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
