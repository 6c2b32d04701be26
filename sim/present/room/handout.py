"""The files of a set of pictures: a PNG and an SVG of each page, all of them in one PDF, and their words as text."""

from collections.abc import Callable, Sequence
from functools import cache, partial, reduce
from pathlib import Path

import xarray as xr
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from sim.analysis.origin import origin_of_runs
from sim.present.naming import title_of
from sim.present.page import plain
from sim.present.publish import Content, Draw
from sim.present.room.contrast import contrast, lettered
from sim.present.room.happenings import listing
from sim.present.room.hedge import Claim
from sim.present.room.pages import page
from sim.present.room.pictures import PICTURES
from sim.present.style import styled
from sim.present.text import document, literal
from sim.present.words import sensible
from sim.texts.spoken import foreign, known, said, speaking

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
    runs: Sequence[xr.Dataset], names: Sequence[str], form: str, language: str = "en"
) -> tuple[xr.Dataset, dict[str, Content], dict[str, Draw]]:
    """Return origin, files and figures of pictures, as `publish` takes them; each page is laid out once."""
    with speaking(language):
        told = [title_of(ds) for ds in runs]
        title = reduce(lambda first, second: said("printed.beside", first=first, second=second), told)
        text = words(runs, names)
    once = {name: cache(partial(page, runs, name, form, language)) for name in names}
    files: dict[str, Content] = {FILES[form]: partial(_pdf, list(once.values())), WORDS: text}
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
    about = [lettered(k, literal(title_of(ds))) for k, ds in enumerate(runs)] if len(runs) > 1 else []
    events = [listing(ds, WIDE, WIDE).replace("\n", said("printed.next")) for ds in runs]
    told = [lettered(k, text) if len(runs) > 1 else text for k, text in enumerate(events)]
    about += [said("printed.set_list", text=text) for text, some in zip(told, events, strict=True) if some]
    parts = []
    for name in names:
        say = claim(runs, name)
        found = say.numbers.items()
        numbers = said("printed.also").join(
            said("printed.entry", what=_called(what), number=sensible(number)) for what, number in found
        )
        rests = said("printed.rests", numbers=numbers or "-")
        parts.append(f"## {say.text}\n\n{PICTURES[name].shows}. `figures/{name}.png`\n\n{rests}")
    head = f"# {title_of(runs[0])}" if len(runs) == 1 else f"# {said('printed.side')}"
    return document(head, *about, f"{said('printed.caution')}. {said('printed.notes')}", *parts)


def _called(what: str) -> str:
    """Return what a number of a claim is; codes, which are English, stay codes only in English."""
    for table in ("printed.figure", *(("printed.binding", "country", "route") if foreign() else ())):
        if known(f"{table}.{what}"):
            return said(f"{table}.{what}")
    return what
