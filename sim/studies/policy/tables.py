"""A study of policies in the terminal, in spreadsheets and in summary.md."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.analysis.measures import SCORES, score_name
from sim.analysis.paired import difference
from sim.analysis.quantiles import COLUMNS, Z_90, band, quantiles
from sim.present import text
from sim.present.text import bullets, closing, code, document, literal, markdown_table, origin_sentence, scenario_words
from sim.present.words import capital, cell, percent, sensible_band, significant
from sim.scenario.parameters import PARAMETERS
from sim.studies.policy.analysis import Finding, from_reference, policies_of
from sim.studies.policy.regret import STATISTICS, Choice
from sim.studies.policy.words import changes, findings, measured_words, share_words, threshold_words

READING = (
    "Every policy runs over the same worlds: world k has the same uncertain parameters and the same chance under each. "
    "Regret is how much worse the outcome of a policy is than that of the best policy of this list in the same world "
    "(Savage 1951); policies outside the list do not count. The only costs of an option are those that show "
    "in an outcome asked for or in the scoreboard. ± is a standard error: worlds are drawn again, the same for all "
    "policies. Distinguished: beyond an interval that holds for all pairs of policies at once with 95 %. The largest "
    "regret of any world grows with the number of worlds and has no standard error. A tie of k policies counts 1/k for "
    "each as the best. Chance: how often the strongest of all parameters is as strong when the worlds are shuffled. "
    "All of this follows from the model's assumptions, most of them assumed numbers with ranges; it is no advice and "
    "no forecast."
)
FILES = (
    "Files: `regret.csv` (the table, for every outcome asked for), `policy.csv` (outcomes and scores of every policy), "
    "`conditions.csv` (correlations of the robust choice's regret and outcome), `policy.nc` (each world), `figures/`, "
    "`manifest.json`."
)
HEADS = ("mean regret", "75 % quantile", "95 % quantile", "largest", "best in", "good enough in")


def ranked(found: Finding) -> list[int]:
    """Return the policies by their 95 % quantile of regret, the least first; equal ones by their mean."""
    return [int(k) for k in np.lexsort((found.table.mean, found.table.q95))]


def row_of(found: Finding, k: int) -> list[str]:
    """Return the regret of one policy as cells."""
    seen = found.table
    numbers = [measured_words(float(getattr(seen, n)[k]), float(seen.errors[n][k])) for n in STATISTICS[:3]]
    if seen.largest[k] == 0.0:
        numbers[0] = "none in any world"
    good = share_words(float(seen.satisfied[k]), float(seen.errors["satisfied"][k]))
    return [*numbers, significant(float(seen.largest[k])), percent(float(seen.best[k])), good]


def terminal_table(found: Finding, ds: xr.Dataset) -> Table:
    """Return the regret of every policy as a Rich table, the robust one first."""
    wanted = "less" if found.minimise else "more"
    title = f"Regret in {found.words}, {found.unit} ({wanted} is better; good enough: {threshold_words(found)})"
    names = policies_of(ds)
    rows = ([names[k], *row_of(found, k)] for k in ranked(found))
    return text.terminal_table(title, ("policy", *HEADS), rows, right=HEADS)


def outcomes(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of policy.csv: every outcome and every score, by policy."""
    yield (
        *("policy", "policy_hash", "choices", "outcome", "meaning", "unit", "mean", "error", *COLUMNS),
        *("difference_mean", "difference_error"),
    )
    described = json.loads(ds.attrs["policies"])
    names = [str(name) for name in ds["objective"].values]
    wanted = [(name, str(ds["meaning"].values[k]), str(ds["unit"].values[k])) for k, name in enumerate(names)]
    for p, policy in enumerate(described):
        choices = " ".join(f"{label}={option}" for label, option in policy["choices"].items())
        values = [(*words, ds["outcome"].values[k]) for k, words in enumerate(wanted)]
        for country in ds["country"].values:
            for goal in ds["goal"].values:
                name = score_name(str(country), str(goal))
                score = ds["score"].sel(country=country, goal=goal).values
                values.append((name, SCORES[name].words, SCORES[name].unit, score))
        for name, words, unit, numbers in values:
            here, d = numbers[p], difference(numbers[0], numbers[p])
            finite = here[np.isfinite(here)]
            error = float(finite.std(ddof=1) / np.sqrt(finite.size)) if finite.size > 1 else float("nan")
            mean = float(finite.mean()) if finite.size else float("nan")
            cells = (mean, error, *map(float, quantiles(here)), d.mean, d.error)
            yield [policy["name"], policy["hash"], choices, name, words, unit, *map(cell, cells)]


def regret(found: Sequence[Finding], ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of regret.csv: the regret table of every outcome."""
    yield (
        *("outcome", "direction", "unit", "policy", "mean_regret", "mean_error", "q75_regret", "q75_error"),
        *("q95_regret", "q95_error", "good_enough_share", "good_enough_error", "largest_regret", "best_share"),
        *("threshold", "worlds", "by_regret", "by_satisficing"),
    )
    names = policies_of(ds)
    for one in found:
        for k in ranked(one):
            yield (
                *(one.name, "minimise" if one.minimise else "maximise", one.unit, names[k]),
                *(cell(float(v)) for n in STATISTICS for v in (getattr(one.table, n)[k], one.table.errors[n][k])),
                *(cell(float(v)) for v in (one.table.largest[k], one.table.best[k], one.threshold)),
                str(one.table.worlds),
                *(_place(choice, k) for choice in (one.table.by_regret, one.table.by_satisficing)),
            )


def _place(choice: Choice, k: int) -> str:
    return "first" if k == choice.best else "not distinguished" if k in choice.rivals else "worse"


def conditions(found: Sequence[Finding], ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of conditions.csv: the parameters that correlate most with regret and outcome of the choice."""
    yield (
        *("policy", "of", "parameter", "meaning", "unit", "rank_correlation", "chance", "low_up_to", "high_from"),
        *("mean_where_low", "error_low", "mean_where_high", "error_high", "mean_unit"),
    )
    best = policies_of(ds)[found[0].table.by_regret.best]
    for what, every in (("regret", found[0].regret_conditions), ("outcome", found[0].outcome_conditions)):
        for one in every:
            yield (
                *(best, what, one.key, PARAMETERS[one.key].meaning, PARAMETERS[one.key].unit),
                *map(cell, (one.correlation, one.chance, one.low, one.high)),
                *map(cell, (one.at_low, one.error_low, one.at_high, one.error_high)),
                found[0].unit,
            )


def summary(found: Sequence[Finding], ds: xr.Dataset) -> str:
    """Return summary.md of the study."""
    return document(
        f"# {ds.attrs['title']}",
        f"{literal(ds.attrs['levers_title'])}: {literal(ds.attrs['question'])}",
        f"{scenario_words(ds)}, {ds.sizes['policy']} policies over the same {ds.attrs['worlds']} worlds. "
        f'The reference is "{policies_of(ds)[0]}".',
        "\n".join(changes(ds)),
        "## What the model implies under its assumptions",
        bullets(findings(found, ds)),
        *(part for k, one in enumerate(found) for part in _section(k, one, ds)),
        *closing(READING, origin_sentence(ds, f", lever file {code(ds.attrs['levers'])}"), FILES),
    )


def _section(number: int, found: Finding, ds: xr.Dataset) -> Iterator[str]:
    names, wanted = policies_of(ds), "less" if found.minimise else "more"
    yield f"## {capital(found.words)}"
    unit = "" if found.unit == "1" else f" Unit: {found.unit}."
    yield f"{wanted.capitalize()} is better.{unit} Good enough: {threshold_words(found)}."
    rows = []
    for k in ranked(found):
        d = from_reference(ds, number, k)
        step = "-" if k == 0 else "the same" if d.mean == d.error == 0.0 else measured_words(d.mean, d.error)
        step += " ?" if step not in ("-", "the same") and not d.clear else ""
        value = sensible_band(band(ds["outcome"].values[number, k]))
        rows.append([names[k], value, step, *row_of(found, k)])
    yield markdown_table(("policy", "median (90 % of worlds)", "against the reference", *HEADS), rows)
    if any(row[2].endswith(" ?") for row in rows):
        yield f"A question mark: no significant difference from the reference ({Z_90} standard errors)."
    if number == 0:
        yield from _conditions(found, names)


def _conditions(found: Finding, names: Sequence[str]) -> Iterator[str]:
    """Yield the conditions under which the robust choice does badly, significant or not."""
    best = names[found.table.by_regret.best]
    for what, every in (("regret", found.regret_conditions), ("outcome", found.outcome_conditions)):
        if not every:
            continue
        yield f'Correlations of the {what} of "{best}", strongest first (positive: worse where the parameter is high):'
        heads = ("parameter", "unit", "rank correlation", "chance", f"{what} in the lowest quarter", "in the highest")
        rows = []
        for one in every:
            chance = f"{one.chance:.2f}" if one.chance >= 0.01 else "<0.01"
            low = f"{measured_words(one.at_low, one.error_low)} (up to {significant(one.low)})"
            high = f"{measured_words(one.at_high, one.error_high)} (from {significant(one.high)})"
            row = PARAMETERS[one.key]
            rows.append((f"`{one.key}`: {row.meaning}", row.unit, f"{one.correlation:+.2f}", chance, low, high))
        yield markdown_table(heads, rows)
