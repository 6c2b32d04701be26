"""The chapter of a run: its question, its findings with figures and numbers, who gained, what it misses, its origin."""

from collections.abc import Iterator
from functools import partial

import xarray as xr

from sim.present.page import svg_of
from sim.present.summary import sections
from sim.present.text import bullets
from sim.reports.findings import FINDINGS, Finding
from sim.reports.folders import Opened
from sim.reports.html import Chapter, figure, prose, table
from sim.reports.origin import changed_since

MISSES = "What the model is known to miss"
RENAMED = {"Against the public record": MISSES}
LAST = ("Uncertainty", "Starting values that the scenario changes", "Origin")


def run_chapter(opened: Opened, ds: xr.Dataset, title: str) -> Chapter:
    """Return the chapter of a run. Raises ValueError if too little of each world was kept."""
    texts = sections(ds)
    found = {heading: list(_findings(ds, heading)) for heading in texts}
    short = bullets(one.says for some in found.values() for one in some)
    parts = {"Question": prose(texts.pop("Question")), "In short": prose(short)}
    last = {heading: texts.pop(heading) for heading in LAST if heading in texts}
    for heading, text in texts.items():
        drawn = "".join(drawing(one, ds) for one in found.get(heading, ()))
        more = prose(last.pop("Uncertainty")) if heading in RENAMED else ""
        parts[RENAMED.get(heading, heading)] = prose(text) + drawn + more
    parts |= {heading: prose(text) for heading, text in last.items()}
    parts["Origin"] += prose(changed_since(opened))
    return Chapter(title, parts)


def _findings(ds: xr.Dataset, heading: str) -> Iterator[Finding]:
    for find in (find for start, some in FINDINGS.items() if heading.startswith(start) for find in some):
        if (found := find(ds)) is not None:
            yield found


def drawing(found: Finding, ds: xr.Dataset) -> str:
    """Return figure, caption and table of a finding."""
    svg = svg_of(partial(found.draw, ds), f"{ds.attrs['scenario_hash']}{found.name}")
    numbers = table(found.heads, found.rows, found.unit)
    return figure(svg, found.says, found.caption, found.about, numbers)
