"""Standard output and error of a command: never closed, never in a wrong encoding, and a reader may leave early."""

import io
import os
import sys
from typing import Any, TextIO


def prepare() -> None:
    """Make both streams fit to print to, whatever they are connected to.

    A stream that is closed, as of `sim list >&-`, becomes the null device. A character that the terminal cannot encode
    is printed as a question mark. Once the reader of a pipe has left, as of `sim list | head`, the rest is printed to
    nowhere: the command goes on and writes its folder.
    """
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.stdout = _lenient(sys.stdout)


class _Lenient(io.RawIOBase):
    """A file that takes what is written after its reader has left."""

    def __init__(self, stream: TextIO, file: io.FileIO) -> None:
        self.stream, self.file = stream, file  # a stream that nobody holds would close its file

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self.file.fileno()

    def isatty(self) -> bool:
        return self.file.isatty()

    def write(self, content: "bytes | memoryview") -> int | None:  # type: ignore[override]
        try:
            return self.file.write(content)
        except BrokenPipeError:
            return len(content)


def _lenient(stream: TextIO) -> TextIO:
    """Return a stream that lets its reader leave; one that is a terminal, or no file, as it is."""
    buffer = getattr(stream, "buffer", None)
    file = getattr(buffer, "raw", buffer)  # unbuffered streams write to the file itself
    if not isinstance(stream, io.TextIOWrapper) or not isinstance(file, io.FileIO) or file.isatty():
        return stream
    stream.flush()
    raw: Any = _Lenient(stream, file)
    written_to = raw if buffer is file else io.BufferedWriter(raw)
    return io.TextIOWrapper(
        written_to, encoding=stream.encoding, errors=stream.errors, write_through=stream.write_through
    )


def _open_closed() -> None:
    closed = sys.stdout is None
    if closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if closed:
        sys.stderr.write("standard output is closed: nothing is printed\n")
