"""A study of policies in the terminal, in spreadsheets and in summary.md."""

import json
from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from sim.analysis.measures import SCORES, is_whole, score_name
from sim.analysis.paired import difference
from sim.analysis.quantiles import COLUMNS, Z_90, band, quantiles
from sim.present import text
from sim.present.by_rule import parameter_name
from sim.present.naming import with_unit
from sim.present.text import bullets, closing, code, document, markdown_table, origin_sentence, scenario_words
from sim.present.words import capital, cell, percent, sensible_band, signed, significant, unit_name
from sim.scenario.parameters import PARAMETERS
from sim.studies.policy.analysis import Finding, from_reference, policies_of
from sim.studies.policy.regret import STATISTICS, Choice
from sim.studies.policy.vulnerability import Vulnerability
from sim.studies.policy.words import (
    changes,
    findings,
    lever_text,
    measured_words,
    names_of,
    outcome_words,
    quoted,
    say,
    share_words,
    threshold_words,
    title_of,
)
from sim.texts.spoken import foreign, said, written

HEADS = ("mean", "q75", "q95", "largest", "best", "good")
"""Columns of the regret of a policy."""


def heads() -> list[str]:
    """Return the heads of these columns."""
    return [say(f"table.{name}") for name in HEADS]


def ranked(found: Finding) -> list[int]:
    """Return the policies by their 95 % quantile of regret, the least first; equal ones by their mean."""
    return [int(k) for k in np.lexsort((found.table.mean, found.table.q95))]


def places(found: Finding) -> dict[int, int]:
    """Return the place of each policy in this order, from 1; policies with the same outcome in all worlds share one."""
    found_places: dict[int, int] = {}
    for position, k in enumerate(ranked(found), 1):
        tied = next((other for other in found_places if found.tied(k, other)), None)
        found_places[k] = position if tied is None else found_places[tied]
    return found_places


def row_of(found: Finding, k: int) -> list[str]:
    """Return the regret of one policy as cells."""
    seen = found.table
    numbers = [measured_words(float(getattr(seen, n)[k]), float(seen.errors[n][k])) for n in STATISTICS[:3]]
    if seen.largest[k] == 0.0:
        numbers[0] = say("table.none")
    good = share_words(float(seen.satisfied[k]), float(seen.errors["satisfied"][k]))
    return [*numbers, significant(float(seen.largest[k])), percent(float(seen.best[k])), good]


def terminal_table(found: Finding, ds: xr.Dataset) -> Table:
    """Return the regret of every policy as a Rich table, the robust one first."""
    outcome = outcome_words(found)
    outcome = with_unit(outcome, found.unit) if foreign() else f"{outcome}, {found.unit}"
    title = say(f"table.{way_of(found)}", outcome=outcome, threshold=threshold_words(found))
    names = names_of(ds)
    rows = ([str(place), names[k], *row_of(found, k)] for k, place in places(found).items())
    columns = (say("table.place"), say("table.policy"), *heads())
    return text.terminal_table(title, columns, rows, right=heads())


def way_of(found: Finding) -> str:
    """Return whether `less` or `more` of an outcome is better."""
    return "less" if found.minimise else "more"


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
            cells = (mean, error, *map(float, quantiles(here, whole=is_whole(name))), d.mean, d.error)
            yield [policy["name"], policy["hash"], choices, name, words, unit, *map(cell, cells)]


def regret(found: Sequence[Finding], ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of regret.csv: the regret table of every outcome."""
    yield (
        *("outcome", "direction", "unit", "policy", "mean_regret", "mean_error", "q75_regret", "q75_error"),
        *("q95_regret", "q95_error", "good_enough_share", "good_enough_error", "largest_regret", "best_share"),
        *("threshold", "worlds_with_value", "by_regret", "by_satisficing", "place"),
    )
    names = policies_of(ds)
    for one in found:
        for k, place in places(one).items():
            yield (
                *(one.name, "minimise" if one.minimise else "maximise", one.unit, names[k]),
                *(cell(float(v)) for n in STATISTICS for v in (getattr(one.table, n)[k], one.table.errors[n][k])),
                *(cell(float(v)) for v in (one.table.largest[k], one.table.best[k], one.threshold)),
                str(one.table.worlds),
                *(_standing(one, choice, k) for choice in (one.table.by_regret, one.table.by_satisficing)),
                str(place),
            )


def _standing(found: Finding, choice: Choice, k: int) -> str:
    if k != choice.best and found.tied(k, choice.best):
        return "same as the first"
    if k in choice.ties:
        return "tied with the first"
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
    title, question = (lever_text(ds.attrs[name]) for name in ("levers_title", "question"))
    counts = {"policies": ds.sizes["policy"], "worlds": ds.attrs["worlds"]}
    file = said("printed.origin.lever_file", file=code(ds.attrs["levers"]))
    return document(
        f"# {title_of(ds)}",
        say("option.levers", title=title, question=question),
        say("about", scenario=scenario_words(ds), reference=quoted(names_of(ds)[0]), **counts),
        "\n".join(changes(ds)),
        f"## {say('implies')}",
        bullets(findings(found, ds)),
        *(part for k, one in enumerate(found) for part in _section(k, one, ds)),
        *closing(say("reading"), origin_sentence(ds, file), say("files")),
    )


def _section(number: int, found: Finding, ds: xr.Dataset) -> Iterator[str]:
    names, unit = names_of(ds), "" if found.unit == "1" else unit_name(found.unit)
    yield f"## {capital(outcome_words(found))}"
    better = f"table.better_{way_of(found)}{'_unit' if unit else ''}"
    yield say(better, unit=unit, threshold=threshold_words(found))
    rows, same, unsure = [], say("table.same"), False
    for k, place in places(found).items():
        d = from_reference(ds, number, k)
        step = "-" if k == 0 else same if d.mean == d.error == 0.0 else measured_words(d.mean, d.error)
        if step not in ("-", same) and not d.clear:
            step, unsure = f"{step} ?", True
        value = sensible_band(band(ds["outcome"].values[number, k], whole=is_whole(found.name)))
        rows.append([str(place), names[k], value, step, *row_of(found, k)])
    yield markdown_table([*(say(f"table.{name}") for name in ("place", "policy", "level", "step")), *heads()], rows)
    if len(set(places(found).values())) < len(rows):
        yield say("table.tied")
    if unsure:
        yield say("table.unsure", z=written(str(Z_90)))
    if number == 0:
        yield from _conditions(found, names)


def _conditions(found: Finding, names: Sequence[str]) -> Iterator[str]:
    """Yield the conditions under which the robust choice does badly, significant or not."""
    best = quoted(names[found.table.by_regret.best])
    for what, every in (("regret", found.regret_conditions), ("outcome", found.outcome_conditions)):
        if not every:
            continue
        yield say(f"conditions.{what}", policy=best)
        columns = ("parameter", "unit", "correlation", "chance", f"{what}_low", "high")
        yield markdown_table([say(f"conditions.{name}") for name in columns], map(_condition, every))


def _condition(one: Vulnerability) -> tuple[str, ...]:
    unit = PARAMETERS[one.key].unit
    return (
        say("conditions.name", key=one.key, meaning=parameter_name(one.key)),
        "" if foreign() and unit == "1" else unit_name(unit),
        signed(one.correlation),
        written(f"{one.chance:.2f}" if one.chance >= 0.01 else "<0.01"),
        say("conditions.at_low", mean=measured_words(one.at_low, one.error_low), edge=significant(one.low)),
        say("conditions.at_high", mean=measured_words(one.at_high, one.error_high), edge=significant(one.high)),
    )
