"""A selection among rival theories in words, spreadsheets and summary.md."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.present.text import bullets, closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import cell, number, percent
from sim.studies.select.analysis import BAYES_FACTOR, FIT, LEAST_HITS, NEAREST, Selection
from sim.studies.select.dataset import Found

TELLING = 3
"""Patterns named that part the theories most."""
READING = (
    "Every world is one draw of all uncertain parameters, of chance and of a theory, each theory with the same odds. "
    "Its patterns are what an observer there would have written down; worlds without a number for some pattern are "
    "left out. Linear discriminants are found on the first half of the worlds; the odds of a theory are its share "
    f"among the nearest {percent(NEAREST)} of that half (ABC; Estoup et al. 2012). The record speaks against a theory "
    f"whose odds are at most one in {BAYES_FACTOR:g} of the best and three standard errors below it, if the patterns "
    "can tell the theories, and these two, apart in the second half (by three standard errors and "
    f"{percent(LEAST_HITS)} above chance), and if at least {percent(FIT)} of those worlds lie farther from their "
    "neighbours than the record. Odds are among these theories only: all of them may be wrong. Base rates of acts were "
    "set from this record under the default theories, so that counts of acts favour those; the second set of patterns "
    "leaves them out. A thinking tool, not a forecast."
)
FILES = "Files: `odds.csv`, `confusion.csv`, `patterns.csv`, `selection.nc`, `figures/`, `manifest.json`."


def verdict(one: Selection) -> str:
    """Return what the record says, in a few words."""
    if one.chosen:
        return f"the record speaks for {one.chosen}"
    if not one.can_tell:
        return "these patterns cannot tell the theories apart"
    if one.fit < FIT:
        return "no theory fits the record"
    if one.against:
        return f"the record speaks against {' and '.join(one.against)}, and does not tell the others apart"
    return "the record does not tell the theories apart, though it could"


def odds_words(one: Selection) -> str:
    """Return `transaction 0.41 ± 0.05, alliance …`."""
    return ", ".join(
        f"{name} {number(odds)} ± {number(error)}"
        for name, odds, error in zip(one.names, one.odds, one.errors, strict=True)
    )


def findings(found: Found, ds: xr.Dataset) -> list[str]:
    """Return a sentence for each choice and set of patterns."""
    return [
        f"`{key}`, {of}: {verdict(one)}. Odds: {odds_words(one)}. In {percent(one.hits)} of the {one.tested:,} "
        f"worlds of the second half the right one is found (chance {percent(1.0 / len(one.names))}, patterns permuted "
        f"{percent(one.shuffled)}); {percent(one.fit)} of them lie farther out than the record. "
        f"What parts the theories most: {_telling(one, ds)}."
        for (key, of), one in found.items()
    ]


def _telling(one: Selection, ds: xr.Dataset) -> str:
    spread = np.ptp(one.leads, axis=1)
    best = np.argsort(-spread)[:TELLING]
    return ", ".join(f"{ds['pattern'].values[k]} ({spread[k]:.2f} s.d. apart)" for k in best)


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


def summary(found: Found, ds: xr.Dataset) -> str:
    """Return summary.md of the selection."""
    tables = []
    for (key, of), one in found.items():
        rows = [(truth, *map(number, row)) for truth, row in zip(one.names, one.confusion, strict=True)]
        heads = (f"`{key}`, {of}: worlds of", *one.names)
        tables.append(markdown_table(heads, [*rows, ("**the record**", *map(number, one.odds))], "---"))
    return document(
        f"# {ds.attrs['title']}",
        f"{scenario_words(ds)}, {int(ds.attrs['worlds']):,} worlds, {ds.sizes['pattern']} patterns.",
        bullets(findings(found, ds)),
        "## Odds of each theory in worlds whose theory is known, and in the record",
        *tables,
        *closing(READING, origin_sentence(ds), FILES),
    )
