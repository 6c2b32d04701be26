"""Which figures a command draws, and `sim figures`: the others, from what a folder holds."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from sim.commands.terminal import fail, say
from sim.present.atomic import altered, recorded
from sim.scenario import nearest

FEW, ALL, NONE = "few", "all", "none"
Draw = TypeVar("Draw")


def check_names(asked: str, names: Iterable[str], option: str = "--figures", what: str = "figure") -> list[str]:
    """Return the names in `asked`, parted by commas; exit if one is no figure, or whatever `what` says."""
    known = list(names)
    wanted = list(dict.fromkeys(name.strip() for name in asked.split(",")))
    for name in wanted:
        if name in (FEW, ALL, NONE):
            fail(f"{option}: {name} stands alone, without other names")
        if name not in known:
            near = nearest(name, [*known, FEW, ALL, NONE])
            hint = f" (did you mean {near}?)" if near else ""
            fail(f"{option}: no {what} is called {name!r}{hint}; the {what}s here are {', '.join(known)}")
    return wanted


def selected(figures: Mapping[str, Draw], few: Sequence[str], asked: str) -> dict[str, Draw]:
    """Return the figures asked for: `few`, `all`, `none`, or names with commas between; exit if one is unknown."""
    if asked == NONE:
        return {}
    wanted = list(figures) if asked == ALL else few if asked == FEW else check_names(asked, figures)
    return {name: figures[name] for name in wanted if name in figures}


def list_figures(folder: Path, figures: Mapping[str, object]) -> None:
    """Print every figure that can be drawn of a folder, and whether it is there as it was drawn."""
    changed = _changed(folder)
    for name, draw in figures.items():
        there = _state(folder, f"figures/{name}.png", "drawn", changed)
        words = (draw.__doc__ or "").partition("\n")[0].removeprefix("Draw ")
        say(f"{name:<14} {there}  {words}")
    say(f"sim figures {folder} NAME... draws some, sim figures {folder} all the rest")


DECISIONS = "decisions"
TABLES = {
    "series": "mean and quantiles over worlds of every variable, month by month",
    DECISIONS: "every decision of three worlds and the mean: terms, sum, chance, and why in words",
}
"""Large table of a run -> what it holds."""


def list_tables(folder: Path, tables: Sequence[str]) -> None:
    """Print every large table that can be made of a run, and whether it is there as it was written."""
    changed = _changed(folder)
    for name in tables:
        there = _state(folder, f"{name}.csv", "written", changed)
        say(f"{name:<10} {there}  {TABLES[name]}")
    more = "; sim decisions writes any world" if DECISIONS in tables else ""
    say(f"sim tables {folder} NAME... writes some, sim tables {folder} all the rest{more}")


def _changed(folder: Path) -> list[str]:
    """Return the files of a folder that are not as the program wrote them."""
    return altered(folder, recorded(folder) or {})


def _state(folder: Path, name: str, made: str, changed: Sequence[str]) -> str:
    """Return whether a file is there, in a column as wide as the widest of these words."""
    word = "" if not (folder / name).is_file() else "changed" if name in changed else made
    return f"{word:<7}"
