"""Who and what matters in spreadsheets, in summary.md and in the terminal."""

import json
from collections.abc import Iterator, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis.headline import country_name
from sim.analysis.origin import hashes, versions_text
from sim.present import text
from sim.present.by_rule import bare_name
from sim.present.naming import measure_words
from sim.present.text import bullets, calibrated_sentence, closing, document, markdown_table
from sim.present.words import cell, number, signed
from sim.scenario.names import COUNTRIES
from sim.studies.influence.analysis import Effect, most, of_outcome, own_threat, verdict
from sim.studies.influence.words import (
    changed,
    ends,
    findings,
    in_its_unit,
    in_order,
    least_words,
    meaning,
    only_outcome,
    outcome_words,
    owner_words,
    say,
    shown,
    title_of,
)
from sim.texts.spoken import foreign


def effects(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of influence.csv: the effect of every change on every outcome of every scenario."""
    yield (
        *("change", "kind", "owner", "low", "high", "scenario", "outcome", "effect_sd", "error_sd", "matters"),
        *("effect", "unit", "own_threat", "meaning", "outcome_meaning"),
    )
    for name in map(str, ds["change"].values):
        one = ds.sel(change=name)
        head = [
            name,
            str(one["kind"].values),
            str(one["owner"].values),
            *(cell(float(one[e])) for e in ("low", "high")),
        ]
        own = own_threat(str(one["owner"].values))
        for scenario in map(str, ds["scenario"].values):
            for outcome in map(str, ds["outcome"].values):
                here = one.sel(scenario=scenario, outcome=outcome)
                size, error = float(here["effect"]), float(here["error"])
                yield (
                    *(*head, scenario, outcome, cell(size), cell(error), verdict(size, error)),
                    *(cell(size * float(here["spread"])), str(here["unit"].values), "yes" if outcome == own else "no"),
                    *(meaning(ds, name), str(here["meaning"].values)),
                )


def country_heads() -> list[str]:
    """Return the heads of the table of countries."""
    return _heads("country", "removal", "silence")


def lever_heads() -> list[str]:
    """Return the heads of the table of levers."""
    return _heads("owner", "parameter", "ends", "moves")


def _heads(*names: str) -> list[str]:
    return [say(f"head.{name}") for name in names]


def country_rows(ds: xr.Dataset) -> list[tuple[str, ...]]:
    """Return a row for each country: name, and the largest effect of its removal and of its silence."""
    both = {code: (f"removal of {code}", f"silence of {code}") for code in COUNTRIES}
    there = {code: names for code, names in both.items() if set(names) <= set(ds["change"].values)}
    return [(country_name(code), *(shown(ds, most(ds, name)) for name in names)) for code, names in there.items()]


def lever_rows(ds: xr.Dataset) -> list[tuple[str, str, str, str]]:
    """Return a row for each lever: owner, key (in another language with its name), ends, largest effect."""
    levers = [str(name) for name in ds["change"].values if str(ds["key"].sel(change=name).values)]
    names = {name: f"`{name}` ({bare_name(name)})" if foreign() else f"`{name}`" for name in levers}
    return [(owner_words(ds, name), names[name], ends(ds, name), shown(ds, most(ds, name))) for name in levers]


def summary(ds: xr.Dataset) -> str:
    """Return summary.md."""
    names = ", ".join(json.loads(ds.attrs["scenario_names"]))
    origins = ", ".join(f"`{name}` `{digest}`" for name, digest in hashes(ds).items())
    origin = say("origin", scenarios=origins, seed=ds.attrs["seed"], versions=versions_text(ds))
    levers = lever_rows(ds)
    return document(
        f"# {title_of(ds)}",
        say("about", worlds=ds.attrs["worlds"], names=names, outcomes=", ".join(_outcomes(ds))),
        bullets(findings(ds)),
        f"## {say('countries')}",
        markdown_table(country_heads(), country_rows(ds), "---"),
        *((f"## {say('levers')}", markdown_table(lever_heads(), levers, "---")) if levers else ()),
        *closing(say("reading", least=least_words()), f"{origin}{calibrated_sentence(ds)}", say("files")),
    )


def _outcomes(ds: xr.Dataset) -> Iterator[str]:
    """Yield the outcomes by name; in another language with what each is, for their names are English."""
    for name, words in zip(ds["outcome"].values, ds["meaning"].values, strict=True):
        yield f"`{name}` ({measure_words(str(name), str(words))})" if foreign() else f"`{name}`"


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the largest effect of every change as a Rich table."""
    heads = _heads("change", "ends", "effect", "amount", "outcome", "scenario")
    only = only_outcome(ds)
    title = say("table_of" if only else "table", outcome=only, least=least_words())
    return text.terminal_table(title, heads, (_row(ds, name) for name in in_order(ds)), right=heads[2:4])


def _row(ds: xr.Dataset, name: str) -> list[str]:
    effect: Effect = most(ds, name) if ds.sizes["outcome"] > 1 else of_outcome(ds, name, str(ds["outcome"].values[0]))
    span = ends(ds, name) if str(ds["key"].sel(change=name).values) else ""
    size = f"{signed(effect.size)} ± {number(effect.error)}"
    return [
        changed(ds, name).strip("`"),
        span,
        size,
        in_its_unit(ds, effect),
        outcome_words(ds, effect.outcome),
        effect.scenario,
    ]
