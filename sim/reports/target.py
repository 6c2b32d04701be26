"""The file of a report: sealed, and entered into the manifest of its folder."""

from pathlib import Path

from sim.present.atomic import MANIFEST, digest, manifest_with, recorded, resolved
from sim.present.sealed import fault, put, sealed
from sim.scenario import Problem
from sim.scenario.problems import shown
from sim.signals import is_written

KIND = "report"
FILE = "report.html"


def check_file(out: Path, problems: list[Problem]) -> None:
    """Append the reason why a report may not be written there, if there is one."""
    if rule := fault(out, KIND):
        problems.append(Problem(shown(str(out), 200) or "--out", 0, "", rule))


def write(text: str, out: Path) -> Path:
    """Write a report and return its path. In a folder of output it becomes a file of that folder.

    So the command that made the folder may replace it, and `sim replay` notices a change. Raises OSError.
    """
    target = resolved(out)
    target.parent.mkdir(parents=True, exist_ok=True)
    put(sealed(text, KIND), target)
    if recorded(target.parent) is not None:
        _register(target)
    is_written(out)
    return out


def _register(target: Path) -> None:
    """Enter a file into the manifest of its folder."""
    entry = {"path": target.name, "bytes": target.stat().st_size, "sha256": digest(target)}

    def entered(before: list[dict[str, object]]) -> list[dict[str, object]]:
        others = [one for one in before if one["path"] != target.name]
        return sorted([*others, entry], key=lambda one: str(one["path"]))

    put(manifest_with(target.parent, entered).encode(), target.parent / MANIFEST)
