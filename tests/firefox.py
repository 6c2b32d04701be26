"""A real Firefox for tests, where it is installed, driven by WebDriver BiDi: JSON over a WebSocket (RFC 6455)."""

import base64
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

NAMES = ("firefox-esr", "firefox")
PATIENCE = 60.0
"""Seconds after which a state counts as never reached: no test measures time by it."""


class Firefox:
    """A window of Firefox."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = socket.create_connection((host, port), timeout=PATIENCE)
        key = base64.b64encode(os.urandom(16)).decode("ascii")
        asked = ("GET /session HTTP/1.1", f"Host: {host}:{port}", "Upgrade: websocket", "Connection: Upgrade")
        lines = (*asked, f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "", "")
        self._socket.sendall("\r\n".join(lines).encode("ascii"))
        answer = b""
        while not answer.endswith(b"\r\n\r\n"):
            answer += self._read(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        self._number = 0
        self.complaints: list[str] = []
        self.call("session.new", {"capabilities": {}})
        self.call("session.subscribe", {"events": ["log.entryAdded"]})
        self.window = self.call("browsingContext.create", {"type": "window"})["context"]

    def close(self) -> None:
        """End the conversation."""
        self._socket.close()

    def call(self, method: str, given: dict[str, Any]) -> Any:
        """Return the result of a command; what the page logs meanwhile is kept in `complaints`."""
        self._number += 1
        self._send(json.dumps({"id": self._number, "method": method, "params": given}))
        while True:
            told = json.loads(self._receive())
            if told.get("method") == "log.entryAdded":
                self.complaints.append(str(told["params"]["text"]))
            if told.get("id") == self._number:
                assert told["type"] == "success", told
                return told["result"]

    def open(self, address: str) -> None:
        """Load a page."""
        self.call("browsingContext.navigate", {"context": self.window, "url": address, "wait": "complete"})

    def wait(self, expression: str) -> Any:
        """Return the first value of an expression that is true."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            given = {"expression": expression, "target": {"context": self.window}, "awaitPromise": True}
            found = self.call("script.evaluate", given)
            assert found["type"] == "success", found
            if value := found["result"].get("value"):
                return value
            time.sleep(0.05)
        raise TimeoutError(expression)

    def press(self, key: str) -> None:
        """Press a key by its code of WebDriver."""
        actions = [{"type": one, "value": key} for one in ("keyDown", "keyUp")]
        keys = [{"type": "key", "id": "keys", "actions": actions}]
        self.call("input.performActions", {"context": self.window, "actions": keys})

    def _read(self, many: int) -> bytes:
        found = b""
        while len(found) < many:
            part = self._socket.recv(many - len(found))
            if not part:
                raise ConnectionError("Firefox has closed the connection")
            found += part
        return found

    def _send(self, text: str) -> None:
        content, mask = text.encode(), os.urandom(4)
        size = len(content)
        length = bytes([0x80 | size]) if size < 126 else bytes([0x80 | 126]) + struct.pack(">H", size)
        hidden = bytes(byte ^ mask[k % 4] for k, byte in enumerate(content))
        self._socket.sendall(b"\x81" + length + mask + hidden)

    def _receive(self) -> bytes:
        """Return a message of text, put together of its frames."""
        found = b""
        while True:
            first, size = self._read(2)
            if size >= 126:
                size = int.from_bytes(self._read(2 if size == 126 else 8), "big")
            content = self._read(size)
            if first & 0x0F < 3:  # neither a ping nor the end
                found += content
                if first & 0x80:
                    return found


@contextmanager
def firefox(folder: Path) -> Iterator[Firefox]:
    """Firefox without a window that anybody sees; the test is skipped, and says so, where there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip("NO FIREFOX: nothing of the page was tried in Firefox")
    folder.mkdir()
    log = folder / "told.txt"
    command = [found, "--headless", "--no-remote", "--profile", str(folder), "--remote-debugging-port=0"]
    with log.open("w") as told, subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=told) as process:
        try:
            with closing(Firefox(*_listening(log))) as window:
                yield window
        finally:
            process.terminate()


def _listening(log: Path) -> tuple[str, int]:
    """Return the address at which Firefox says that it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if at := re.search(r"BiDi listening on ws://([\d.]+):(\d+)", log.read_text(encoding="utf-8")):
            return at[1], int(at[2])
        time.sleep(0.05)
    raise TimeoutError("Firefox does not listen")
