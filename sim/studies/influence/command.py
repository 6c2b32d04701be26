"""`sim influence`: run the same worlds with and without each change, and say who and what matters."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure
from sim.commands.terminal import Progress, fail, mention, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, report_cost, workflow
from sim.present.publish import Content, Draw
from sim.scenario import Scenario
from sim.studies.influence import figures, tables
from sim.studies.influence.analysis import NOTHING, influence, spreads
from sim.studies.influence.design import Change, changes, run_as_is, run_changes, runs_of
from sim.studies.influence.options import checked
from sim.studies.influence.words import findings
from sim.texts.spoken import number_of, written

KEPT = 4
"""Numbers kept of each world and outcome: before, after, and what differs."""


def explore(
    names: Sequence[str],
    frame: Mapping[str, Any],
    outcomes: Sequence[str],
    levers: Sequence[str],
    calibrated: Path | None,
    out: Path | None,
    drawn: bool,
) -> None:
    """Run all changes and write the folder."""
    asked = checked(names, frame, outcomes, levers, calibrated)
    made, first = changes(asked.levers), asked.scenarios[0]
    runs = runs_of(asked.scenarios, made)
    names = [scenario.name for scenario in asked.scenarios]
    title = f"{', '.join(names)}: who and what matters"
    with workflow(
        folder := out or OUTPUTS / folder_name("influence", *names, *["calibrated"] * bool(first.calibrated)),
        8 * KEPT * runs * first.worlds * len(asked.measures),
        title,
    ) as check:
        report_cost(first, {f"changes.{number_of(len(made))}": runs * first.worlds}, len(made))
        with progress_bar(f"{runs} runs of {first.worlds:,} worlds", check) as advance:
            ds = measure(asked.scenarios, made, asked.measures, title, advance)
        show(tables.terminal_table(ds))
        sentences(findings(ds))
        files: dict[str, Content] = {
            "influence.nc": ds,
            "influence.csv": tables.effects(ds),
            "summary.md": tables.summary(ds),
        }
        pages: dict[str, Draw] = {"countries": figures.countries, "levers": figures.levers}
        deliver(ds, folder, files, pages if drawn else {}, check)


def measure(
    scenarios: Sequence[Scenario],
    made: Sequence[Change],
    measures: Mapping[str, Measure],
    title: str,
    advance: Progress | None = None,
) -> xr.Dataset:
    """Run all changes and return their effects; outcomes that never vary are left out, and said so."""
    as_is = run_as_is(scenarios, measures, advance)
    spread = spreads(as_is)
    for name in [name for name, unit in spread.items() if unit <= NOTHING]:
        first = np.append(as_is[0][name][np.isfinite(as_is[0][name])], np.nan)[0]
        mention("constant" if np.isfinite(first) else "nothing", name=name, value=written(f"{first:.4g}"))
        del spread[name]
    if not spread:
        fail("no outcome varies over the worlds; choose another --outcome, or more --months or --worlds")
    left = {name: measures[name] for name in spread}
    pairs = run_changes(scenarios, as_is, made, left, advance)
    described = [asdict(one) | {"name": one.name} for one in made]
    return influence(scenarios, title, measures, described, spread, pairs)
