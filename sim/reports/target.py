"""The file of a report: written aside and renamed, and never over a file that no report wrote.

The last line of a report is a seal, the SHA-256 of all above it. A file with another seal, or none, is the user's.
"""

import hashlib
import json
import os
import re
from pathlib import Path

from sim.present.atomic import MANIFEST, OutputError, digest, recorded, resolved
from sim.results.cleanup import mark, remove_orphans
from sim.scenario import Problem
from sim.scenario.problems import shown

FILE = "report.html"
PART = ".part"
_SEAL = re.compile(rb"<!-- sim report ([0-9a-f]{64}) -->\n\Z")


def sealed(text: str) -> bytes:
    """Return the bytes of a report with its seal."""
    body = text.encode("utf-8")
    return body + f"<!-- sim report {hashlib.sha256(body).hexdigest()} -->\n".encode()


def is_sealed(content: bytes) -> bool:
    """Return whether these bytes are a report as it was written."""
    found = _SEAL.search(content)
    return bool(found) and hashlib.sha256(content[: found.start()]).hexdigest() == found[1].decode() if found else False


def check_file(out: Path, problems: list[Problem]) -> None:
    """Append the reason why a report may not be written there, if there is one."""
    if rule := _fault(out):
        problems.append(Problem(shown(str(out), 200) or "--out", 0, "", rule))


def _fault(out: Path) -> str:
    other = "choose another with --out"
    if out.suffix.lower() not in (".html", ".htm"):
        return f"a report is a file that ends in .html, such as {shown(str(out / FILE), 200)}"
    try:
        target = resolved(out)
        if target.is_dir():
            return f"is a folder; {other}, such as {shown(str(out / FILE), 200)}"
        if target.exists() and not is_sealed(target.read_bytes()):
            return f"is no report, or was changed since the report was written; {other}"
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


def write(text: str, out: Path) -> Path:
    """Write a report and return its path. In a folder of output it becomes a file of that folder.

    So the command that made the folder may replace it, and `sim replay` notices a change. Raises OSError.
    """
    target = resolved(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    _put(sealed(text), target)
    if recorded(target.parent) is not None:
        _register(target)
    return out


def _put(content: bytes, target: Path) -> None:
    remove_orphans(target.parent.glob(f".*{PART}"))
    part = target.with_name(f".{target.name[:60]}.{mark()}{PART}")
    try:
        part.write_bytes(content)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _register(target: Path) -> None:
    """Enter a file into the manifest of its folder."""
    manifest = json.loads((target.parent / MANIFEST).read_text(encoding="utf-8"))
    others = [entry for entry in manifest["files"] if entry["path"] != target.name]
    entry = {"path": target.name, "bytes": target.stat().st_size, "sha256": digest(target)}
    manifest["files"] = sorted([*others, entry], key=lambda one: str(one["path"]))
    _put((json.dumps(manifest, indent=1) + "\n").encode(), target.parent / MANIFEST)
