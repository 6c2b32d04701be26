"""The files of a set of pictures: a PNG and an SVG of each page, all of them in one PDF, and their words as text."""

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path

import xarray as xr
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from sim.analysis.origin import origin_of_runs
from sim.present.page import plain
from sim.present.publish import Content, Draw
from sim.present.room.contrast import LETTERS, contrast
from sim.present.room.happenings import listing
from sim.present.room.hedge import Claim
from sim.present.room.pages import CAUTION, page, scenario_title
from sim.present.room.pictures import PICTURES
from sim.present.style import styled
from sim.present.text import document, literal
from sim.present.words import sensible

FORMAT = "sim-slides 1"
WORDS = "slides.md"
WIDE = 1e4
"""Room without end for a list of events, in heights of the text."""
FILES = {"room": "slides.pdf", "print": "handout.pdf"}
"""The PDF of all pages, by format."""


def claim(runs: Sequence[xr.Dataset], name: str) -> Claim:
    """Return what a picture of one run, or of several side by side, says."""
    return PICTURES[name].claim(runs[0]) if len(runs) == 1 else contrast(PICTURES[name].compared, runs)


def handout(
    runs: Sequence[xr.Dataset], names: Sequence[str], form: str
) -> tuple[xr.Dataset, dict[str, Content], dict[str, Draw]]:
    """Return origin, files and figures of pictures, as `publish` takes them; each page is laid out once."""
    title = " beside ".join(scenario_title(ds) for ds in runs)
    once = {name: cache(partial(page, runs, name, form)) for name in names}
    files: dict[str, Content] = {FILES[form]: partial(_pdf, list(once.values())), WORDS: words(runs, names)}
    return xr.Dataset(attrs=origin_of_runs(runs, title, FORMAT)), files, {name: _of(once[name]) for name in names}


def _of(draw: Callable[[], Figure]) -> Draw:
    return lambda _: draw()


def _pdf(pages: Sequence[Callable[[], Figure]], path: Path) -> None:
    """Write all pages into one PDF, the same bytes every time."""
    with styled(), PdfPages(path, metadata={"Creator": "sim", "Producer": "sim", "CreationDate": None}) as pdf:
        for draw in pages:
            pdf.savefig(plain(draw()))


def words(runs: Sequence[xr.Dataset], names: Sequence[str]) -> str:
    """Return titles and numbers of the pages as text, for notes and for readers who do not see the pictures."""
    about = [f"{LETTERS[k]}: {literal(scenario_title(ds))}" for k, ds in enumerate(runs)] if len(runs) > 1 else []
    events = [listing(ds, WIDE, WIDE).replace("\n", "; ") for ds in runs]
    letters = [f"{LETTERS[k]}: " if len(runs) > 1 else "" for k in range(len(runs))]
    about += [f"Set by the scenario, {letter}{text}." for letter, text in zip(letters, events, strict=True) if text]
    parts = []
    for name in names:
        said = claim(runs, name)
        numbers = ", ".join(f"{what} {sensible(number)}" for what, number in said.numbers.items())
        parts.append(
            f"## {said.text}\n\n{PICTURES[name].shows}. `figures/{name}.png`\n\nIt rests on: {numbers or '-'}."
        )
    head = f"# {scenario_title(runs[0])}" if len(runs) == 1 else "# Side by side"
    return document(head, *about, f"{CAUTION}. Medians over worlds, and shares of worlds.", *parts)
