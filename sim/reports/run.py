"""The chapter of a run: its question, its findings with figures and numbers, who gained, what it misses, its origin."""

from collections.abc import Iterator
from functools import partial

import xarray as xr

from sim.present.naming import tells
from sim.present.page import svg_of
from sim.present.summary import heading, sections
from sim.present.text import bullets
from sim.reports.findings import FINDINGS, Finding
from sim.reports.folders import Opened
from sim.reports.html import Chapter, figure, prose, table
from sim.reports.origin import changed_since

RENAMED = "record"
"""Section with a heading of its own in a report, after which the uncertainty is told."""
LAST = ("uncertainty", "changed", "origin")


def run_chapter(opened: Opened, ds: xr.Dataset, title: str) -> Chapter:
    """Return the chapter of a run. Raises ValueError if too little of each world was kept."""
    texts = sections(ds)
    found = {key: list(_findings(ds, key)) for key in texts}
    short = bullets(one.says for some in found.values() for one in some)
    parts = {heading(ds, "question"): prose(texts.pop("question")), tells("short"): prose(short)}
    last = {key: texts.pop(key) for key in LAST if key in texts}
    for key, text in texts.items():
        drawn = "".join(drawing(one, ds) for one in found.get(key, ()))
        more = prose(last.pop("uncertainty")) if key == RENAMED else ""
        parts[tells("misses") if key == RENAMED else heading(ds, key)] = prose(text) + drawn + more
    parts |= {heading(ds, key): prose(text) for key, text in last.items()}
    parts[heading(ds, "origin")] += prose(changed_since(opened))
    return Chapter(title, parts)


def _findings(ds: xr.Dataset, key: str) -> Iterator[Finding]:
    for find in FINDINGS.get(key, ()):
        if (found := find(ds)) is not None:
            yield found


def drawing(found: Finding, ds: xr.Dataset) -> str:
    """Return figure, caption and table of a finding."""
    svg = svg_of(partial(found.draw, ds), f"{ds.attrs['scenario_hash']}{found.name}")
    numbers = table(found.heads, found.rows, found.unit or tells("medians"))
    return figure(svg, found.says, found.caption, found.about, numbers)
