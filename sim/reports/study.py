"""The chapter of a study: its own summary, and its figures with their numbers."""

import json
from collections.abc import Sequence
from functools import partial

import xarray as xr

from sim.analysis.origin import hashes
from sim.present import overview
from sim.present.naming import tells
from sim.present.page import svg_of
from sim.present.text import code, literal
from sim.reports.compared import drawings
from sim.reports.folders import Opened
from sim.reports.html import Chapter, figure, prose, split
from sim.reports.origin import changed_since
from sim.results.store import load_study
from sim.studies.compare.attribution_figure import attribution
from sim.studies.compare.attribution_tables import can_be_split
from sim.studies.compare.tables import summary as told_again
from sim.texts import LANGUAGES, text_of
from sim.texts.spoken import foreign, said, spoken

OVERVIEW, COMPARISON = "sim-overview 1", "sim-comparison 1"
ATTRIBUTION = "attribution.nc"
"""What a comparison that was split among its changes has beside its data."""


def study_chapter(opened: Opened, title: str) -> Chapter:
    """Return the chapter of a study."""
    summary, strange = _summary(opened)
    intro, parts = split(summary)
    texts = {heading: prose(text) for heading, text in parts.items()}
    # a stored summary may be of another language than the report
    headings = [text_of(language, "printed.origin.heading") for language in LANGUAGES]
    heading = next((one for one in headings if one in texts), "")
    last = texts.pop(heading, "") + prose(changed_since(opened))
    drawn = _figures(opened)
    if drawn:
        texts[tells("figures")] = "".join(drawn)
    if last:
        texts[said("printed.origin.heading")] = last
    return Chapter(title, texts, prose("\n\n".join(filter(None, (strange, intro)))))


def _summary(opened: Opened) -> tuple[str, str]:
    """Return the summary in the language that is spoken where it can be made again, else as stored, and what to say.

    A comparison is told again from its data; one with an attribution, and all other studies, as they were written.
    """
    written = next((one for one in LANGUAGES if f"## {text_of(one, 'printed.origin.heading')}" in opened.summary), "")
    if written in ("", spoken()):
        return opened.summary, ""
    whole = opened.manifest.get("content") == COMPARISON and not (opened.path / ATTRIBUTION).exists()
    if opened.data is not None and whole:
        return told_again(opened.data), ""
    command = code(opened.command) if opened.command else tells("study.its_command")
    return opened.summary, tells(f"study.in_{written}", command=command)


def study_title(opened: Opened) -> str:
    """Return the title of a study; in another language than English the one that its summary has."""
    first = _summary(opened)[0].partition("\n")[0]
    return first.removeprefix("# ") if first.startswith("# ") and foreign() else opened.title


def _figures(opened: Opened) -> Sequence[str]:
    if opened.data is None:
        return [_as_stored(opened, name, svg) for name, svg in opened.pictures.items()]
    drawn = _of_ensemble(opened.data) if opened.manifest["content"] == OVERVIEW else drawings(opened.data)
    return [*_of_attribution(opened), *drawn]


def _of_attribution(opened: Opened) -> Sequence[str]:
    """Return the figure that splits a difference among its changes, if the comparison was split."""
    if not (opened.path / ATTRIBUTION).is_file():
        return []
    split = load_study(opened.path / ATTRIBUTION)
    if not any(can_be_split(split, name) for name in json.loads(split.attrs["shown"])):
        return []
    svg = svg_of(partial(attribution, split), f"{' '.join(hashes(split).values())}attribution")
    return [_as_stored(opened, "attribution", svg)]


def _as_stored(opened: Opened, name: str, svg: str) -> str:
    """Return a figure that lies in the folder."""
    words = name.replace("_", " ")
    title = study_title(opened)
    about = tells("study.about", name=words, title=title)
    return figure(svg, "", tells("study.figure", name=name, title=literal(title)), about, kind="wide")


def _of_ensemble(ds: xr.Dataset) -> Sequence[str]:
    """Return the figure of an ensemble of which a summary was kept."""
    svg = svg_of(partial(overview.series, ds), f"{' '.join(hashes(ds).values())}series")
    about = tells("study.series_about")
    return [figure(svg, "", tells("study.series"), about, kind="wide")]
