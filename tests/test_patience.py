"""No wait without an end: a limit, a word on what is waited for, and a signal that ends it."""

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from types import SimpleNamespace
from typing import Any

import pytest

from sim.experiment import cluster, patience, workers
from sim.experiment.ensemble import start_workers
from sim.experiment.patience import Patience, in_time
from sim.experiment.workers import WorkersError
from sim.signals import deferred_interrupts


def test_a_call_that_does_not_end_is_left_behind_with_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "QUIET", 0.1)
    never, told = threading.Event(), list[str]()
    with pytest.raises(TimeoutError, match="somebody has not answered"):
        in_time(never.wait, 0.5, "somebody", told.append)
    assert told == ["waiting for somebody, for 0 seconds at most"]
    never.set()
    assert in_time(lambda: 3, 5.0, "somebody", told.append) == 3
    with pytest.raises(ZeroDivisionError):
        in_time(lambda: 1 // 0, 5.0, "somebody", told.append)


@pytest.fixture
def heard() -> Iterator[None]:
    """SIGINT is heard also where the tests run behind an `&`, which makes processes deaf to it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heard")
def test_one_signal_that_is_held_back_ends_the_wait() -> None:
    never = threading.Event()
    threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt), deferred_interrupts():
        in_time(never.wait, 60.0, "somebody", lambda _: None)
    assert time.monotonic() - begun < 30.0
    never.set()


def test_silence_is_told_once_and_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now, told = [0.0], list[str]()
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])
    silent = Patience("no worker was heard of", "wake them", told.append, 10.0, 30.0)
    for now[0] in (5.0, 11.0, 12.0):
        silent.look()
    assert len(told) == 1
    silent.heard()
    for now[0] in (20.0, 25.0, 33.0, 41.0):
        silent.look()
    assert len(told) == 2
    now[0] = 43.0
    with pytest.raises(TimeoutError, match="no worker was heard of for 30 seconds"):
        silent.look()


def test_slow_workers_are_told_of_less_and_less_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twice as late each time, also where every block takes long though all is well."""
    now, told = [0.0], list[tuple[float, str]]()
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])
    slow = Patience("no block is done", "use fewer", lambda remark: told.append((now[0], remark)), 10.0)
    for now[0] in map(float, range(100)):
        slow.look()
        if now[0] in (15.0, 30.0):
            slow.heard()
    assert [when for when, _ in told] == [11.0, 51.0, 71.0]
    assert told[0][1].startswith("no block is done for 10 seconds; waiting on: use fewer. Ctrl-C ends")


def test_pauses_of_this_process_are_no_silence_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped for an hour, or on a machine asleep: whoever is waited for has as long as before, and no longer."""
    now, told = [0.0], list[str]()
    monkeypatch.setattr(patience, "monotonic", lambda: now[0])
    silent = Patience("no worker was heard of", "wake them", told.append, 10.0, 30.0)
    for now[0] in (5.0, 3605.0, 3609.0, 7209.0):
        silent.look()
    assert silent.silence == 9.0
    assert not told
    for now[0] in (7215.0, 7222.0, 7229.0):
        silent.look()
    now[0] = 7231.0
    with pytest.raises(TimeoutError, match="no worker was heard of for 30 seconds"):
        silent.look()

    def asleep(*_: object, **__: object) -> SimpleNamespace:
        now[0] += 3600.0
        return SimpleNamespace(done=now[0] > 5 * 3600.0)

    monkeypatch.setattr(patience, "wait", asleep)
    assert in_time(lambda: 3, 5.0, "somebody", told.append) == 3


@pytest.fixture
def answering() -> Iterator[tuple[socket.socket, list[bytes]]]:
    """A socket that listens, and what it says to whoever connects."""
    said: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def serve() -> None:
            while True:
                try:
                    one, _ = server.accept()
                except OSError:
                    return
                kept.append(one)
                one.sendall(b"".join(said))

        threading.Thread(target=serve, daemon=True).start()
        yield server, said
    for one in kept:
        one.close()


def test_a_local_cluster_takes_free_ports_of_this_machine() -> None:
    """Dask's dashboard listens on port 8787, whose being taken it warns of, unless it is given another."""
    given: dict[str, Any] = {}

    def cluster_with(**options: object) -> Any:
        given.update(options)
        return nullcontext()

    dask = SimpleNamespace(LocalCluster=cluster_with, Client=lambda _: nullcontext())
    with ExitStack() as stack:
        cluster._started(dask, 1, "folder", stack)
    assert given["host"] == "127.0.0.1"
    assert given["dashboard_address"] == "127.0.0.1:0"


@pytest.mark.parametrize(
    ("words", "told"), [(b"", "has not answered|timed out"), (bytes(range(256)), "something else")]
)
def test_what_is_no_scheduler_is_told_in_time(
    answering: tuple[socket.socket, list[bytes]], words: bytes, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "LONG", 0.4)
    server, said = answering
    said.append(words)
    with pytest.raises(WorkersError, match=f"no Dask scheduler answers at .*({told})"):
        start_workers(f"tcp://127.0.0.1:{server.getsockname()[1]}", 1).__enter__()


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="no signals that stop a process")
def test_stopped_processes_end_with_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """What stops hears no SIGTERM, and was waited for at the end for ever."""
    import multiprocessing

    monkeypatch.setattr(workers, "ENDING", 0.2)
    one = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600.0,))
    one.start()
    os.kill(one.pid or 0, signal.SIGSTOP)
    workers._end([one])
    assert not one.is_alive()
