"""Where a report comes from: the commands that make it again, and what the model leaves out."""

import shlex
from collections.abc import Sequence

from sim.present.naming import tells
from sim.present.text import bullets, literal
from sim.reports.folders import Opened
from sim.reports.html import Chapter, commands, prose
from sim.scenario.parameters import PARAMETERS


def changed_since(opened: Opened) -> str:
    """Return which files of a folder were changed since they were written; empty if none was."""
    if not opened.changed:
        return ""
    return tells("origin.changed", names=", ".join(literal(name) for name in opened.changed))


def origin_chapter(folders: Sequence[Opened], again: str) -> Chapter:
    """Return the commands that make all folders and the report again."""
    made = list(dict.fromkeys(one.command for one in folders if one.command))
    checks = [shlex.join(["sim", "replay", str(one.path)]) for one in folders if _replays(one)]
    by_hand = [one.name for one in folders if not one.command]
    folder = tells("origin.folders")
    parts = {folder: commands(made) if made else ""}
    if by_hand:
        parts[folder] += prose(tells("origin.by_hand", names=", ".join(map(literal, by_hand))))
    parts[folder] += prose(tells("origin.same"))
    if checks:
        parts[tells("origin.check")] = commands(checks)
    parts[tells("origin.page")] = commands([again])
    return Chapter(tells("origin.again"), parts)


def _replays(opened: Opened) -> bool:
    return opened.is_run or opened.manifest["content"] == "sim-overview 1"


def reading_chapter() -> Chapter:
    """Return how the numbers are to be read, and what no run of the model can tell."""
    assumed = sum(row.source.lower().startswith("assumed") for row in PARAMETERS.values())
    drawn = sum(row.distribution != "fixed" for row in PARAMETERS.values())
    read = [tells(f"reading.number.{k}") for k in range(1, 5)]
    fills = {"all": len(PARAMETERS), "assumed": assumed, "drawn": drawn}
    missing = [tells(f"reading.missing.{k}", **(fills if k == 2 else {})) for k in range(1, 6)]
    parts = {tells("reading.numbers"): prose(bullets(read)), tells("reading.leaves_out"): prose(bullets(missing))}
    return Chapter(tells("reading.title"), parts)
