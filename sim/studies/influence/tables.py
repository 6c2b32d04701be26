"""Who and what matters in spreadsheets, in summary.md and in the terminal."""

import json
from collections.abc import Iterator, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis.origin import hashes, versions_text
from sim.present import text
from sim.present.text import bullets, calibrated_sentence, closing, document, markdown_table
from sim.present.words import cell
from sim.scenario.names import COUNTRY_NAMES
from sim.studies.influence.analysis import LEAST, Effect, most, of_outcome, own_threat
from sim.studies.influence.words import changed, ends, findings, in_its_unit, in_order, meaning, owner_words, shown

READING = (
    "The same worlds run with and without each change. An effect is the mean difference in standard deviations of the "
    "outcome over the worlds of the scenario where it varies most, with its standard error; bold is "
    f"{LEAST:g} or more, the smallest effect of interest, fixed before anything was run. A country taken out trades "
    "nothing, does nothing, has no power and answers nobody; what the scenario lets it give goes too, and so does "
    "the threat that it is to others. A country without decisions stays, but does no act. A lever moves from one end "
    "of its range to the other in all worlds; events of the scenario stay. A country's own threat is left out, for it "
    "is easily moved. The largest of many differences is shown, so one of few standard errors is no evidence by "
    "itself: read which outcome it is. This is a thinking tool, not a forecast."
)
FILES = "Files: `influence.csv` (every change, scenario and outcome), `influence.nc`, `figures/`, `manifest.json`."
COUNTRY_HEADS = ("country", "taken out: moves most", "decides nothing: moves most")
LEVER_HEADS = ("whose", "parameter", "from, to", "moves most")


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
                    *(*head, scenario, outcome, cell(size), cell(error), "yes" if abs(size) >= LEAST else "no"),
                    *(cell(size * float(here["spread"])), str(here["unit"].values), "yes" if outcome == own else "no"),
                    *(meaning(ds, name), str(here["meaning"].values)),
                )


def country_rows(ds: xr.Dataset) -> list[tuple[str, ...]]:
    """Return a row for each country: name, and the largest effect of its removal and of its silence."""
    both = {code: (f"removal of {code}", f"silence of {code}") for code in COUNTRY_NAMES}
    there = {code: names for code, names in both.items() if set(names) <= set(ds["change"].values)}
    return [(COUNTRY_NAMES[code], *(shown(most(ds, name)) for name in names)) for code, names in there.items()]


def lever_rows(ds: xr.Dataset) -> list[tuple[str, str, str, str]]:
    """Return a row for each lever: owner, key, ends, largest effect."""
    levers = [str(name) for name in ds["change"].values if str(ds["key"].sel(change=name).values)]
    return [(owner_words(ds, name), f"`{name}`", ends(ds, name), shown(most(ds, name))) for name in levers]


def summary(ds: xr.Dataset) -> str:
    """Return summary.md."""
    names = json.loads(ds.attrs["scenario_names"])
    outcomes = [str(name) for name in ds["outcome"].values]
    origins = ", ".join(f"`{name}` `{digest}`" for name, digest in hashes(ds).items())
    origin = f"Scenarios {origins}, seed {ds.attrs['seed']}, {versions_text(ds)}."
    return document(
        f"# {ds.attrs['title']}",
        f"The same {ds.attrs['worlds']} worlds of {', '.join(names)}, with and without each change. Outcomes: "
        f"{', '.join(f'`{name}`' for name in outcomes)}.",
        bullets(findings(ds)),
        "## Countries",
        markdown_table(COUNTRY_HEADS, country_rows(ds), "---"),
        *(("## Levers", markdown_table(LEVER_HEADS, lever_rows(ds), "---")) if lever_rows(ds) else ()),
        *closing(READING, f"{origin}{calibrated_sentence(ds)}", FILES),
    )


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the largest effect of every change as a Rich table."""
    heads = ("change", "from, to", "effect, s.d.", "in its unit", "outcome", "scenario")
    title = f"Largest effect of each change; {LEAST:g} s.d. is the smallest of interest"
    if ds.sizes["outcome"] == 1:
        title = f"{ds['meaning'].values[0]}: {title.lower()}"
    return text.terminal_table(title, heads, (_row(ds, name) for name in in_order(ds)), right=heads[2:4])


def _row(ds: xr.Dataset, name: str) -> list[str]:
    effect: Effect = most(ds, name) if ds.sizes["outcome"] > 1 else of_outcome(ds, name, str(ds["outcome"].values[0]))
    span = ends(ds, name) if str(ds["key"].sel(change=name).values) else ""
    size = f"{effect.size:+.2f} ± {effect.error:.2f}"
    return [changed(ds, name).strip("`"), span, size, in_its_unit(ds, effect), effect.outcome, effect.scenario]
