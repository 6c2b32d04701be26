"""Folders of output, opened for a report: data, manifest, summary, and every problem with them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xarray as xr

from sim.files import read_json, read_text
from sim.present.atomic import KIND, MANIFEST, altered, recorded
from sim.results import ResultsError, load
from sim.results.blocks import FOLDER, open_folder
from sim.results.store import load_study
from sim.scenario import Problem
from sim.scenario.problems import likely, shown

RESULTS, SUMMARY = "results.nc", "summary.md"
STUDY_DATA = {"sim-comparison 1": "comparison.nc", "sim-overview 1": "outcomes.nc"}
"""Format of a study -> its data, where a report draws its figures from them; of others it shows those in the folder."""
MOST_NAMED = 4
"""Most folders that a message names."""
MISTAKE = (OSError, ValueError, KeyError, TypeError, RecursionError)


@dataclass(frozen=True)
class Opened:
    """A folder of output."""

    path: Path
    manifest: dict[str, Any]
    summary: str
    "Text of summary.md."
    data: xr.Dataset | None
    "Results of a run, or data of a study; None where a report takes the figures that are in the folder."
    pictures: dict[str, str] = field(default_factory=dict)
    "SVG by name, of a study without data."
    changed: list[str] = field(default_factory=list)
    "Files that were changed since they were written."

    @property
    def is_run(self) -> bool:
        """Whether it holds the results of one run, series by series."""
        return "content" not in self.manifest

    @property
    def name(self) -> str:
        """Name of the folder, on one line."""
        return shown(self.path.absolute().name, 200)

    @property
    def title(self) -> str:
        """Title of the run or study."""
        return str(self.manifest["title"])

    @property
    def command(self) -> str:
        """The command that made it, as typed; empty if it was made from Python."""
        return str(self.manifest.get("command", ""))


def open_all(paths: Sequence[Path], problems: list[Problem]) -> list[Opened]:
    """Return the folders; append every problem of each."""
    found: list[Opened] = []
    if not paths:
        problems.append(Problem("report", 0, "", "no folder is named; such as outputs/article"))
    seen: set[Path] = set()
    for path in paths:
        if path.absolute() in seen:
            problems.append(Problem(shown(str(path), 200), 0, "", "is given twice"))
            continue
        seen.add(path.absolute())
        if (opened := _open(path, problems)) is not None:
            found.append(opened)
    return found


def _open(path: Path, problems: list[Problem]) -> Opened | None:
    name = shown(str(path), 200)
    fault, hint = _fault(path)
    if fault:
        problems.append(Problem(name, 0, "", fault, hint))
        return None
    try:
        manifest = read_json(path / MANIFEST)
        str(manifest["title"])
        summary = read_text(path / SUMMARY)
        data = _data(path, manifest)
        pictures = {} if data is not None else _pictures(path)
    except ResultsError as error:
        problems += [Problem(line, 0, "", "make the folder again") for line in str(error).splitlines()]
        return None
    except MISTAKE as error:
        rule = "no such file" if isinstance(error, FileNotFoundError) else f"cannot be read: {shown(error, 100)}"
        where = shown(Path(str(getattr(error, "filename", "") or MANIFEST)).name)
        problems.append(Problem(f"{name}/{where}", 0, "", f"{rule}; make the folder again"))
        return None
    own = recorded(path) or {}
    used = [one for one in own if one in (SUMMARY, RESULTS, *STUDY_DATA.values()) or one.endswith(".svg")]
    return Opened(path, manifest, summary, data, pictures, altered(path, {one: own[one] for one in used}))


def _fault(path: Path) -> tuple[str, str]:
    """Return why a path is no folder of output, and the nearest one; empty if it is one."""
    try:
        if path.is_dir():
            if recorded(path) is not None:
                return "", ""
            inside = [str(path / one.name) for one in sorted(path.iterdir()) if recorded(one) is not None][:MOST_NAMED]
            also = f"; it holds such folders, name one: {', '.join(inside)}" if inside else ""
            lacks = f"its {MANIFEST} is none of kind {KIND}" if (path / MANIFEST).exists() else f"it has no {MANIFEST}"
            makes = also or "; sim run SCENARIO writes such a folder to outputs/SCENARIO, and each study one of its own"
            return f"is no folder of output of sim: {lacks}{makes}", ""
        if path.exists():
            return "is a file; name the folder in which it is", ""
        beside = (
            [one.name for one in path.parent.iterdir() if (one / MANIFEST).is_file()] if path.parent.is_dir() else []
        )
    except OSError as error:
        return f"cannot be read: {(error.strerror or str(error)).lower()}", ""
    near = likely(path.name, beside)
    return "no such folder", str(path.parent / near) if near else ""


def _data(path: Path, manifest: dict[str, Any]) -> xr.Dataset | None:
    """Return the results of a run or the data of a study whose figures are drawn; else None. Raises ResultsError."""
    if "content" not in manifest:
        return open_folder(path) if (path / FOLDER).is_dir() else load(path / RESULTS)
    name = STUDY_DATA.get(str(manifest["content"]))
    if name is None:
        return None
    if not (path / name).is_file():
        raise ResultsError(f"{path / name}: no such file")
    return load_study(path / name)


def _pictures(path: Path) -> dict[str, str]:
    """Return the drawings that the program wrote into the folder of a study, by name."""
    names = sorted(name for name in recorded(path) or {} if name.startswith("figures/") and name.endswith(".svg"))
    return {Path(name).stem: read_text(path / name) for name in names if (path / name).is_file()}
