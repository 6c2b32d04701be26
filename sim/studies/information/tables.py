"""The value of information in spreadsheets, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis.quantiles import Z_90
from sim.present import text
from sim.present.by_rule import parameter_name
from sim.present.naming import claims_words
from sim.present.text import bullets, closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import capital, cell
from sim.scenario.parameters import PARAMETERS
from sim.studies.information import words
from sim.studies.information.analysis import is_decision
from sim.studies.information.ranges import drawn_range
from sim.studies.information.regression import KNOTS
from sim.studies.information.words import above, amount, grounds, numbers, ranked, say
from sim.texts.spoken import joined, said, written

SHOWN = 15
"""Most rows of a table in the terminal and in summary.md; the files have all."""
HEADS = ("parameter", "value", "floor", "range", "grounds", "meaning")
"""Columns of a table of parameters."""


def heads(names: Sequence[str] = HEADS) -> list[str]:
    """Return the heads of some columns."""
    return [say(f"table.{name}") for name in names]


def parameters(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of information.csv: every parameter for every outcome, the largest value first."""
    yield (
        *("outcome", "rank", "parameter", "value", "error", "low", "high", "floor", "exceeds", "value_unit"),
        *("drawn_low", "drawn_high", "range", "unit", "grounds", "claims", "meaning", "source"),
    )
    for outcome in map(str, ds["outcome"].values):
        for rank, key in enumerate(ranked(ds, outcome), start=1):
            row, one = PARAMETERS[key], ds.sel(parameter=key)
            yield (
                *(outcome, str(rank), key, *_cells(ds, outcome, key, "parameter")),
                *(cell(float(one[end])) for end in ("low", "high")),
                *(drawn_range(ds, key), row.unit, grounds(ds, key), " ".join(row.claims), row.meaning),
                words.origin(ds, key) or row.source,
            )


def groups(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of groups.csv."""
    yield (
        *("outcome", "rank", "group", "value", "error", "low", "high", "floor", "exceeds", "value_unit"),
        *("products", "parameters"),
    )
    members = words.group_keys(ds)
    for outcome in map(str, ds["outcome"].values):
        for rank, name in enumerate(ranked(ds, outcome, "group"), start=1):
            products = "yes" if int(ds["products"].sel(group=name)) else "no"
            numbers_of = _cells(ds, outcome, name, "group")
            yield outcome, str(rank), name, *numbers_of, products, " ".join(members[name])


def _cells(ds: xr.Dataset, outcome: str, name: str, dim: str) -> tuple[str, ...]:
    value, error, floor = found = numbers(ds, outcome, name, dim)
    ends = (value, error, value - Z_90 * error, value + Z_90 * error, floor)
    return *map(cell, ends), "yes" if words.exceeds(*found) else "no", str(ds.attrs["worth_unit"])


def summary(ds: xr.Dataset) -> str:
    """Return summary.md."""
    about = say("about", scenario=scenario_words(ds), worlds=written(f"{int(ds.attrs['worlds']):,}"))
    parts = [f"# {words.title_of(ds)}", about]
    for outcome in map(str, ds["outcome"].values):
        meaning = words.outcome_words(ds.sel(outcome=outcome))
        parts += [f"## {capital(meaning)}", bullets(words.findings(ds, outcome))]
        if rows := list(_rows(ds, outcome)):
            parts.append(markdown_table(heads(), rows, "---"))
        if joint := list(_group_rows(ds, outcome)):
            parts.append(markdown_table(heads(("group", "value", "floor", "parameters")), joint, "---"))
    more = said("printed.origin.lever_file", file=f"`{ds.attrs['levers']}`") if is_decision(ds) else ""
    return document(*parts, *closing(_reading(ds), origin_sentence(ds, more), say("files")))


def _reading(ds: xr.Dataset) -> str:
    """Return how the values are to be read."""
    cases, what = "vectors" if words.over_set(ds) else "worlds", "decision" if is_decision(ds) else "variance"
    parts = {part: say(f"reading.{part}.{cases}") for part in ("noise", "drawn")}
    return f"{say(f'reading.{what}')} {say('reading.regression', knots=KNOTS, **parts)}"


def _rows(ds: xr.Dataset, outcome: str) -> Iterator[tuple[str, ...]]:
    for key in above(ds, outcome)[:SHOWN]:
        value, error, floor = numbers(ds, outcome, key)
        yield (
            *(f"`{key}`", amount(ds, value, error), words.floor_words(ds, floor), drawn_range(ds, key)),
            *(words.grounds_words(ds, key), joined(parameter_name(key), claims_words(key))),
        )


def _group_rows(ds: xr.Dataset, outcome: str) -> Iterator[tuple[str, ...]]:
    members = words.group_keys(ds)
    for name in above(ds, outcome, "group")[:SHOWN]:
        value, error, floor = numbers(ds, outcome, name, "group")
        yield f"`{name}`", amount(ds, value, error), words.floor_words(ds, floor), str(len(members[name]))


def terminal_table(ds: xr.Dataset, outcome: str) -> Table:
    """Return the parameters that exceed the noise as a Rich table."""
    what = "decision" if is_decision(ds) else "variance"
    title = say(f"table.{what}", outcome=words.outcome_words(ds.sel(outcome=outcome)))
    rows = ([name.strip("`"), *row] for name, *row in _rows(ds, outcome))
    return text.terminal_table(title, heads(), rows)
