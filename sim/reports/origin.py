"""Where a report comes from: the commands that make it again, and what the model leaves out."""

import shlex
from collections.abc import Sequence

from sim.present.text import bullets, literal
from sim.reports.folders import Opened
from sim.reports.html import Chapter, commands, prose
from sim.scenario.parameters import PARAMETERS


def changed_since(opened: Opened) -> str:
    """Return which files of a folder were changed since they were written; empty if none was."""
    if not opened.changed:
        return ""
    return f"**Changed since the folder was written:** {', '.join(literal(name) for name in opened.changed)}."


def origin_chapter(folders: Sequence[Opened], again: str) -> Chapter:
    """Return the commands that make all folders and the report again."""
    made = list(dict.fromkeys(one.command for one in folders if one.command))
    checks = [shlex.join(["sim", "replay", str(one.path)]) for one in folders if _replays(one)]
    by_hand = [one.name for one in folders if not one.command]
    parts = {"The folders": commands(made) if made else ""}
    if by_hand:
        parts["The folders"] += prose(f"Made from Python: {', '.join(map(literal, by_hand))}.")
    parts["The folders"] += prose(
        "The same command in the same version of the program gives the same bytes. The whole scenario, with every "
        "value and its origin, is in `manifest.json` of each folder, so that a scenario file may be lost."
    )
    if checks:
        parts["Check that they are what they say"] = commands(checks)
    parts["This page"] = commands([again])
    return Chapter("How to make it again", parts)


def _replays(opened: Opened) -> bool:
    return opened.is_run or opened.manifest["content"] == "sim-overview 1"


def reading_chapter() -> Chapter:
    """Return how the numbers are to be read, and what no run of the model can tell."""
    assumed = sum(row.source.lower().startswith("assumed") for row in PARAMETERS.values())
    drawn = sum(row.distribution != "fixed" for row in PARAMETERS.values())
    read = (
        "A **world** is one draw of all uncertain parameters and of chance; an ensemble is many of them.",
        "A number with brackets is the **median** over worlds and, in the brackets, the middle 90 % of them.",
        "World k has the same parameters and the same luck in scenarios of one seed, so differences between them are "
        "taken **world by world**.",
        "No share of worlds is a probability of the real world. Compare scenarios; do not trust a single number.",
    )
    missing = (
        "Countries are single actors: domestic politics is missing, and so are individual weapons, places and "
        "operations.",
        f"Of {len(PARAMETERS)} parameters {assumed} are assumed; {drawn} are drawn anew for each world, the others are "
        "the same in all unless a scenario gives them a range.",
        "The program knows public figures to June 2024 and nothing later.",
        "It is known to miss observations: the chapter of a run says which and by how much. Whether six countries "
        "add anything to simple rivals, and which claims are shown, weak or not shown, is in `docs/evidence.md` of "
        "the program.",
        "Bands hold what the assumed ranges and chance produce within this model, not what the model leaves out.",
    )
    parts = {"The numbers": prose(bullets(read)), "What the model leaves out and misses": prose(bullets(missing))}
    return Chapter("How to read it, and what the model leaves out", parts)
