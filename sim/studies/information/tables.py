"""The value of information in spreadsheets, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis.quantiles import Z_90
from sim.present import text
from sim.present.text import bullets, closing, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import capital, cell
from sim.scenario.parameters import PARAMETERS
from sim.studies.information import words
from sim.studies.information.analysis import is_decision
from sim.studies.information.regression import KNOTS
from sim.studies.information.words import INTERVAL, above, amount, drawn_range, grounds, numbers, ranked

SHOWN = 15
"""Most rows of a table in the terminal and in summary.md; the files have all."""
VARIANCE = (
    "To learn a parameter is to be told its value exactly, in place of what the worlds draw. What that removes of the "
    "variance of the outcome, on average over what one might be told, is its value of information in squared error; it "
    "equals the first-order index of Sobol. Values are corrected for chance, so those of nothing scatter around zero "
    "and may be negative. "
)
DECISION = (
    "To learn a parameter is to be told its value exactly before choosing, in place of what the worlds draw. Its value "
    "is what the choice then brings beyond the policy that is best on average (expected value of partial perfect "
    "information). A parameter that moves the outcome a lot is worth nothing here if the same policy is best whatever "
    "its value. One half of the worlds fits the rule and the other half tells what it brings, so the values are, if "
    "anything, too small. "
)
NOISE = {
    False: "worlds are permuted, and the floor is reached by any parameter at all in one of twenty permutations. ",
    True: "the distance of the outcome from its mean changes its sign, or does not, in all worlds of a vector, and the "
    "floor is reached by any parameter at all in one of twenty such draws. ",
}
"""How noise is made of worlds from ranges, and of those that share vectors of a calibrated set."""
DRAWN = {
    False: "All hangs on the ranges: a narrow range makes a parameter look known, and a range that is itself assumed "
    "makes its value assumed. ",
    True: "All hangs on the set: what its observations and the ranges before it leave narrow looks known, and learning "
    "a parameter also tells of those that go with it in the set. ",
}
FILES = (
    "Files: `information.csv` (every parameter), `groups.csv`, `information.nc` (with the outcome in each world), "
    "`figures/`, `manifest.json`."
)
HEADS = ("parameter", "value", "noise floor", "range", "grounds", "meaning; claims")


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
                *(drawn_range(ds, key), row.unit, grounds(key), " ".join(row.claims), row.meaning, row.source),
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
    parts = [f"# {ds.attrs['title']}", f"{scenario_words(ds)}, {int(ds.attrs['worlds']):,} worlds."]
    for outcome in map(str, ds["outcome"].values):
        meaning = str(ds["meaning"].sel(outcome=outcome).values)
        parts += [f"## {capital(meaning)}", bullets(words.findings(ds, outcome))]
        if rows := list(_rows(ds, outcome)):
            parts.append(markdown_table(HEADS, rows, "---"))
        if joint := list(_group_rows(ds, outcome)):
            parts.append(markdown_table(("group", "value", "noise floor", "parameters"), joint, "---"))
    more = f", lever file `{ds.attrs['levers']}`" if is_decision(ds) else ""
    return document(*parts, *closing(_reading(ds), origin_sentence(ds, more), FILES))


def _reading(ds: xr.Dataset) -> str:
    """Return how the values are to be read."""
    made = words.over_set(ds)
    return (
        f"{DECISION if is_decision(ds) else VARIANCE}It is read from one ensemble by regression (Strong, Oakley and "
        f"Brennan 2014), here a natural spline with {KNOTS} knots. Brackets are {INTERVAL} intervals. The floor is "
        f"what noise makes: {NOISE[made]}What is not distinguished from the first may be worth as much: the difference "
        f"is within what holds for all of them at once with 95 %. {DRAWN[made]}No study learns a number exactly, and "
        "what it costs to learn is not in the model. This is a thinking tool, not a forecast."
    )


def _rows(ds: xr.Dataset, outcome: str) -> Iterator[tuple[str, ...]]:
    for key in above(ds, outcome)[:SHOWN]:
        value, error, floor = numbers(ds, outcome, key)
        row = PARAMETERS[key]
        yield (
            *(f"`{key}`", amount(ds, value, error), _floor(ds, floor), drawn_range(ds, key), grounds(key)),
            f"{row.meaning}; {' '.join(row.claims) or 'no claim'}",
        )


def _group_rows(ds: xr.Dataset, outcome: str) -> Iterator[tuple[str, ...]]:
    members = words.group_keys(ds)
    for name in above(ds, outcome, "group")[:SHOWN]:
        value, error, floor = numbers(ds, outcome, name, "group")
        yield f"`{name}`", amount(ds, value, error), _floor(ds, floor), str(len(members[name]))


def _floor(ds: xr.Dataset, floor: float) -> str:
    return cell(round(floor, 6)) if is_decision(ds) else f"{words.share(max(floor, 0.0))} %"


def terminal_table(ds: xr.Dataset, outcome: str) -> Table:
    """Return the parameters that exceed the noise as a Rich table."""
    what = "value of learning it" if is_decision(ds) else "share of the variance that learning it removes"
    title = f"{ds['meaning'].sel(outcome=outcome).values}: {what}, {INTERVAL} interval"
    rows = ([name.strip("`"), *row] for name, *row in _rows(ds, outcome))
    return text.terminal_table(title, HEADS, rows)
