"""A file of HTML that a command makes: written aside and renamed, and never over a file that the command did not write.

The last line is a seal, the SHA-256 of all above it. A file with another seal, or none, is the user's.
"""

import hashlib
import os
import re
from pathlib import Path

from sim.files import read_bytes
from sim.present.atomic import OutputError, resolved
from sim.results.cleanup import hold, mark, remove_orphans
from sim.scenario.problems import shown

PART = ".part"


def sealed(text: str, kind: str) -> bytes:
    """Return the bytes of a file with its seal; `kind` is the command that makes it, `report` or `page`."""
    body = text.encode("utf-8")
    return body + f"<!-- sim {kind} {hashlib.sha256(body).hexdigest()} -->\n".encode()


def is_sealed(content: bytes, kind: str) -> bool:
    """Return whether these bytes are a file as the command wrote it."""
    found = re.search(rb"<!-- sim " + kind.encode() + rb" ([0-9a-f]{64}) -->\n\Z", content)
    return found is not None and hashlib.sha256(content[: found.start()]).hexdigest() == found[1].decode()


def fault(out: Path, kind: str) -> str:
    """Return the reason why a file may not be written there; empty if it may."""
    other = "choose another with --out"
    example = shown(str(out / f"{kind}.html"), 200)
    if out.is_dir():
        return f"is a folder; {other}, such as {example}"
    if out.suffix.lower() not in (".html", ".htm"):
        return f"a {kind} is a file that ends in .html, such as {shown(str(out.with_suffix('.html')), 200)}"
    try:
        target = resolved(out)
        if target.exists() and not is_sealed(read_bytes(target), kind):
            return f"is no {kind}, or was changed since the {kind} was written; {other}"
        parent = next(path for path in target.parents if path.exists())
        if not parent.is_dir():
            return f"{parent.name} is a file, not a folder; {other}"
        if not os.access(parent, os.W_OK | os.X_OK):
            return f"no permission to write there; {other}"
    except OutputError as error:
        return str(error).removeprefix(f"{out}: ")
    except (OSError, ValueError) as error:
        return f"cannot be written to: {(getattr(error, 'strerror', '') or str(error)).lower()}; {other}"
    return ""


def put(content: bytes, target: Path) -> None:
    """Write a file aside and rename it. Raises OSError."""
    remove_orphans(target.parent.glob(f".*{PART}"))
    part = target.with_name(f".{target.name[:60]}.{mark()}{PART}")
    part.touch()
    release = hold(part)
    try:
        part.write_bytes(content)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
        release()
