"""Text tables and documents: Markdown for a file, Rich for the terminal. Users' text becomes Markdown by `literal`."""

import json
import re
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import xarray as xr
from rich.table import Table
from rich.text import Text

from sim.analysis.origin import hashes, versions_text
from sim.plain import held, neutral, one_line
from sim.scenario.library import title_of
from sim.texts.spoken import foreign, known, said

_ACTIVE = re.compile(r"[\\`*\[\]<>|~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[#\w])")
"""Characters that Markdown, with tables and formulas, may take for marks inside a line."""
_START = re.compile(r"^(#|[-+](?=\s|$)|[-=_+]{2,}$)|^(\d+)([.)])(?=\s|$)")
"""What Markdown takes for a mark at the start of a line: headings, lists, rules."""
_BAR = re.compile(r"(?<!\\)\|")


def literal(text: str) -> str:
    """Return a user's text as Markdown that shows exactly this text, on one line."""
    line = _ACTIVE.sub(r"\\\g<0>", one_line(neutral(text)))
    return _START.sub(lambda found: f"{found[2]}\\{found[3]}" if found[2] else f"\\{found[0]}", line)


def paragraphs(text: str) -> str:
    """Return a user's text of several paragraphs as Markdown that shows exactly this text."""
    return "\n\n".join(literal(part) for part in re.split(r"\n\s*\n", neutral(text)) if part.strip())


def code(text: str) -> str:
    """Return a user's text, such as a path, as code in Markdown."""
    line = one_line(neutral(text))
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    return f"{fence}{line}{fence}" if len(fence) == 1 else f"{fence} {line} {fence}"


def document(*parts: str) -> str:
    """Return a Markdown document of the parts that are not empty."""
    return "\n\n".join(part for part in parts if part) + "\n"


def bullets(sentences: Iterable[str]) -> str:
    """Return a Markdown list."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]], rule: str = " --- ") -> str:
    """Return a Markdown table; `rule` is each cell of the line under the heads."""
    lines = [f"| {' | '.join(heads)} |", "|" + f"{rule}|" * len(heads)]
    return "\n".join([*lines, *(f"| {' | '.join(map(_cell, row))} |" for row in rows)])


def table_of(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table of cells of any type."""
    return markdown_table(header, (list(map(str, row)) for row in rows))


def _cell(text: str) -> str:
    """Return the text of a cell on one line; its bars are no borders."""
    return _BAR.sub(r"\\|", neutral(text).replace("\n", " "))


def scenario_words(ds: xr.Dataset) -> str:
    """Return `Scenario sea_route (The sea route opens)`, in Markdown: name and title of the scenario of a study."""
    name, title = (json.loads(ds.attrs[f"scenario_{part}"])[0] for part in ("names", "titles"))
    if foreign() and known(f"scenario.{name}.title") and title == title_of(name):
        title = said(f"scenario.{name}.title")
    return said("printed.origin.title", name=name, title=literal(title))


def closing(reading: str, origin: str, files: str) -> tuple[str, ...]:
    """Return the last parts of the summary.md of a study: how to read it, and where it comes from."""
    return f"## {said('printed.origin.reading')}", reading, f"## {said('printed.origin.heading')}", origin, files


def origin_sentence(ds: xr.Dataset, more: str = "") -> str:
    """Return the origin of a study of one scenario, with `more` after the hash."""
    name, digest = next(iter(hashes(ds).items()))
    fills = {"more": more, "seed": ds.attrs["seed"], "versions": versions_text(ds)}
    return f"{said('printed.origin.study', name=name, digest=digest, **fills)}{calibrated_sentence(ds)}"


def calibrated_sentence(ds: xr.Dataset) -> str:
    """Return the calibrated set that worlds draw from, in a sentence after a blank; empty if there is none."""
    drawn = [one["calibrated"] for one in json.loads(ds.attrs["scenarios"]) if one.get("calibrated")]
    if not drawn:
        return ""
    about, digest = literal(drawn[0]["about"]), drawn[0]["digest"]
    return f" {said('printed.origin.calibrated', about=about, digest=digest)}"


def terminal_table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], right: Collection[str] = ()
) -> Table:
    """Return a table for `show` in the terminal that folds long cells; columns in `right` are right-aligned."""
    table = Table(title=Text(held(title), style="bold"), title_justify="left")
    for head in heads:
        table.add_column(Text(held(head)), overflow="fold", justify="right" if head in right else "left")
    for row in rows:
        table.add_row(*(Text(held(cell)) for cell in row))
    return table
