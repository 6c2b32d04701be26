"""What the public record holds, and why some of it is left out, in the language that is spoken; in English as ever."""

from sim.analysis.calendar import dated
from sim.analysis.headline import country_name
from sim.analysis.record.comparable import Omitted
from sim.analysis.record.counted import Counted
from sim.analysis.record.definitions import Known
from sim.analysis.record.known import KNOWN, NOT_IN_MODEL
from sim.texts.spoken import foreign, known, said, several

MONTHS = ("first", "start", "when")
"""What a reason says by a month, YYYY-MM."""


def series_title(name: str, series: Known) -> str:
    """Return what a public series is; of a shipped one in the language that is spoken."""
    return _of_shipped(name, series, "title") or series.words


def flow_title(name: str, series: Known) -> str:
    """Return what the flow of a cumulative series is."""
    return _of_shipped(name, series, "flow") or series.flow_words


def limit_words(name: str, series: Known) -> str:
    """Return what makes model and series differ even in a perfect model; empty if nothing does."""
    return series.limit and (_of_shipped(name, series, "limit") or series.limit)


def _of_shipped(name: str, series: Known, part: str) -> str:
    """Return a text of the shipped list in another language; empty in English and for a series of another list."""
    key = f"names.series.{name}.{part}"
    return said(key) if foreign() and KNOWN.get(name) is series and known(key) else ""


def who_words(row: Counted) -> str:
    """Return who does an act on record; in English as the record has it."""
    return several([*map(country_name, row.actors)]) if foreign() else row.who


def reason_words(one: Omitted) -> str:
    """Return why an observation is not compared, in the language that is spoken."""
    if not foreign():
        return one.reason
    key = f"names.series.{one.row.series}.not_in_model"
    if one.reason == NOT_IN_MODEL.get(one.row.series) and known(key):
        return said(key)
    months = {name: dated(str(one.fills[name])) for name in MONTHS if name in one.fills}
    return said(f"printed.left_out.{one.why}", **{**one.fills, **months})
