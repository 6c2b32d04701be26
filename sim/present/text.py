"""Text tables and documents: Markdown for a file, Rich for the terminal."""

import json
from collections.abc import Collection, Iterable, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis.origin import hashes, versions_text


def document(*parts: str) -> str:
    """Return a Markdown document of the parts that are not empty."""
    return "\n\n".join(part for part in parts if part) + "\n"


def bullets(sentences: Iterable[str]) -> str:
    """Return a Markdown list."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]], rule: str = " --- ") -> str:
    """Return a Markdown table; `rule` is each cell of the line under the heads."""
    lines = [f"| {' | '.join(heads)} |", "|" + f"{rule}|" * len(heads)]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def scenario_words(ds: xr.Dataset) -> str:
    """Return `Scenario sea_route (The sea route opens)`: name and title of the scenario of a study."""
    name, title = (json.loads(ds.attrs[f"scenario_{part}"])[0] for part in ("names", "titles"))
    return f"Scenario {name} ({title})"


def closing(reading: str, origin: str, files: str) -> tuple[str, ...]:
    """Return the last parts of the summary.md of a study: how to read it, and where it comes from."""
    return "## How to read it", reading, "## Origin", origin, files


def origin_sentence(ds: xr.Dataset, more: str = "") -> str:
    """Return the origin of a study of one scenario, with `more` after the hash."""
    name, digest = next(iter(hashes(ds).items()))
    scenario = f"Scenario `{name}`, hash `{digest}`{more}, seed {ds.attrs['seed']}, {versions_text(ds)}."
    return f"{scenario}{calibrated_sentence(ds)}"


def calibrated_sentence(ds: xr.Dataset) -> str:
    """Return the calibrated set that worlds draw from, in a sentence after a blank; empty if there is none."""
    drawn = [one["calibrated"] for one in json.loads(ds.attrs["scenarios"]) if one.get("calibrated")]
    if not drawn:
        return ""
    return (
        " Calibrated worlds: each takes its parameters from one vector of a set that agrees with observations "
        f"({drawn[0]['about']}; SHA-256 `{drawn[0]['digest']}`). What the scenario, `--set` or the study itself states "
        "wins over it."
    )


def terminal_table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = ()
) -> Table:
    """Return a table for the terminal that folds long cells; columns named in `right` are right-aligned."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold", justify="right" if head in right else "left")
    for row in rows:
        table.add_row(*row)
    return table
