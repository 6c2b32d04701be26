"""A selection among rival theories in words, spreadsheets and summary.md."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.analysis.record.counted import counted
from sim.present.naming import day_words
from sim.present.record_names import series_title, who_words
from sim.present.text import bullets, closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import cell, choice_name, number, percent
from sim.studies.select.analysis import BAYES_FACTOR, FIT, LEAST_HITS, NEAREST, Selection
from sim.studies.select.dataset import Found
from sim.studies.select.patterns import ALL, GOODS, Patterns
from sim.texts.spoken import foreign, number_of, said, several, written

TELLING = 3
"""Patterns named that part the theories most."""
SETS = {ALL: "all", GOODS: "goods"}
"""Keys of the texts that name the sets of patterns."""


def say(key: str, /, **fills: object) -> str:
    """Return a text of selections, with its placeholders filled in."""
    return said(f"select.{key}", **fills)


def title_of(seen: Patterns, ds: xr.Dataset) -> str:
    """Return the title of a selection in the language that is spoken."""
    (name,) = json.loads(ds.attrs["scenario_names"])
    return say("title", name=name, until=day_words(str(seen.until)))


def set_words(of: str) -> str:
    """Return what a set of patterns is called."""
    return say(f"set.{SETS[of]}")


def verdict(one: Selection) -> str:
    """Return what the record says, in a few words."""
    if one.chosen:
        return say("verdict.chosen", theory=_called(one.chosen))
    if not one.can_tell:
        return say("verdict.blind")
    if one.fit < FIT:
        return say("verdict.unfit")
    if one.against:
        return say("verdict.against", theories=several([*map(_called, one.against)]))
    return say("verdict.open")


def _called(theory: str) -> str:
    """Return the name of a theory inside a sentence."""
    return say("theory", theory=choice_name(theory))


def odds_words(one: Selection) -> str:
    """Return `transaction 0.41 ± 0.05, alliance …`."""
    return ", ".join(
        say("odds", theory=_called(name), odds=number(odds), error=number(error))
        for name, odds, error in zip(one.names, one.odds, one.errors, strict=True)
    )


def findings(found: Found, seen: Patterns) -> list[str]:
    """Return a sentence for each choice and set of patterns."""
    return [
        say(
            "finding",
            key=key,
            of=set_words(of),
            verdict=verdict(one),
            odds=odds_words(one),
            hits=percent(one.hits),
            tested=written(f"{one.tested:,}"),
            chance=percent(1.0 / len(one.names)),
            shuffled=percent(one.shuffled),
            fit=percent(one.fit),
            telling=_telling(one, seen),
        )
        for (key, of), one in found.items()
    ]


def _telling(one: Selection, seen: Patterns) -> str:
    """Return the patterns that part the theories most, each with the standard deviations between them."""
    spread = np.ptp(one.leads, axis=1)
    told = (
        say(f"apart.{number_of(spread[k])}", pattern=pattern_words(seen, k), spread=number(spread[k]))
        for k in np.argsort(-spread)[:TELLING]
    )
    return said("printed.also").join(told)


def pattern_words(seen: Patterns, k: int) -> str:
    """Return what a pattern is: a series and its day, or an act and who does it; in English its name in files."""
    if not foreign():
        return seen.names[k]
    if k < len(seen.claims):
        claim = seen.claims[k]
        return say("pattern.claim", name=series_title(claim.series, claim.known), day=day_words(str(claim.date)))
    row = counted()[k - len(seen.claims)]
    return say("pattern.count", act=said(f"printed.act.{row.act}"), who=who_words(row))


def odds(found: Found) -> Iterator[Sequence[str]]:
    """Yield the rows of odds.csv."""
    yield "choice", "patterns", "theory", "odds", "error", "hits", "chance", "permuted", "fit", "verdict"
    for (key, of), one in found.items():
        whole = (one.hits, 1.0 / len(one.names), one.shuffled, one.fit)
        for name, *numbers in zip(one.names, one.odds, one.errors, strict=True):
            yield key, of, name, *map(cell, map(float, numbers)), *map(cell, whole), verdict(one)


def confusion(found: Found) -> Iterator[Sequence[str]]:
    """Yield the rows of confusion.csv: mean odds of each theory in worlds of each."""
    yield "choice", "patterns", "truth", "theory", "odds"
    for (key, of), one in found.items():
        for truth, row in zip(one.names, one.confusion, strict=True):
            for name, value in zip(one.names, row, strict=True):
                yield key, of, truth, name, cell(float(value))


def patterns(found: Found, ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of patterns.csv: how far each theory leads or lags in each pattern."""
    yield "choice", "patterns", "pattern", "record", "theory", "lead"
    for (key, of), one in found.items():
        for k, leads in enumerate(one.leads):
            for name, lead in zip(one.names, leads, strict=True):
                record = cell(float(ds["record"].values[k]))
                yield key, of, str(ds["pattern"].values[k]), record, name, cell(float(lead))


def summary(found: Found, seen: Patterns, ds: xr.Dataset) -> str:
    """Return summary.md of the selection."""
    tables = []
    for (key, of), one in found.items():
        rows = [(choice_name(truth), *map(number, row)) for truth, row in zip(one.names, one.confusion, strict=True)]
        heads = (say("worlds_of", key=key, of=set_words(of)), *map(choice_name, one.names))
        tables.append(markdown_table(heads, [*rows, (f"**{say('record')}**", *map(number, one.odds))], "---"))
    worlds = written(f"{int(ds.attrs['worlds']):,}")
    limits = {"nearest": percent(NEAREST), "least": percent(LEAST_HITS), "fit": percent(FIT)}
    return document(
        f"# {title_of(seen, ds)}",
        say("about", scenario=scenario_words(ds), worlds=worlds, patterns=ds.sizes["pattern"]),
        bullets(findings(found, seen)),
        f"## {say('heading')}",
        *tables,
        *closing(say("reading", **limits, factor=f"{BAYES_FACTOR:g}"), origin_sentence(ds), say("files")),
    )
