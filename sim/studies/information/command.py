"""`sim information`: run one ensemble, or one for each policy, and say which unknown to learn first."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure, measured
from sim.analysis.outcome import needed
from sim.commands.terminal import Progress, fail, mention, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, report_cost, workflow
from sim.experiment.batch import run_several
from sim.experiment.design import STRATA, sample, vector_of
from sim.present.publish import Content, Draw
from sim.scenario.problems import counted
from sim.studies.information import figures, tables
from sim.studies.information.analysis import of_decision, of_outcomes
from sim.studies.information.options import FEWEST_WORLDS, Asked, Request, checked
from sim.studies.information.regression import Drawn
from sim.studies.information.words import above, findings
from sim.texts import spoken

Array = np.ndarray


def value(name: str, changes: Mapping[str, Any], request: Request, out: Path | None, drawn: bool) -> None:
    """Find the value of information and write its folder."""
    asked = checked(name, changes, request)
    scenario, decision, outcomes = asked.scenario, asked.decision, list(asked.measures)
    policies = len(decision.study.policies) if decision else 1
    ends = [decision.study.name] if decision else []
    title = f"{scenario.name}: what to learn first about {', '.join(outcomes)}"
    if decision:
        title = f"{scenario.name} with {decision.study.name}: what to learn first to {decision.verb} {outcomes[0]}"
    folder = out or OUTPUTS / folder_name(
        "information", scenario.name, *ends, *["calibrated"] * bool(scenario.calibrated)
    )
    # the columns of all regressions, and the outcomes of every permutation
    need = 8 * scenario.worlds * (8 * len(asked.keys) + 400 + policies * len(outcomes))
    with workflow(folder, need, title) as check:
        report_cost(scenario, {"policies" if decision else "ensemble": policies * scenario.worlds}, policies)
        with progress_bar(f"{counted(policies * scenario.worlds, 'world')}", check) as advance:
            results = _results(asked, advance)
        check()
        ds = _worth(asked, title, results)
        for outcome in outcomes:
            if above(ds, outcome):
                show(tables.terminal_table(ds, outcome))
            sentences(findings(ds, outcome))
        files: dict[str, Content] = {
            "information.nc": ds,
            "information.csv": tables.parameters(ds),
            "groups.csv": tables.groups(ds),
            "summary.md": tables.summary(ds),
        }
        deliver(ds, folder, files, _figures(outcomes) if drawn else {}, check)


def _results(asked: Asked, advance: Progress) -> list[dict[str, Array]]:
    """Return the outcomes under each policy, or of the scenario alone; exit if there is nothing to learn about."""
    measures = asked.measures
    policies = [policy.scenario for policy in asked.decision.study.policies] if asked.decision else [asked.scenario]
    runs = run_several(policies, lambda ds: measured(ds, measures), advance, variables=needed(measures))
    for name in measures:
        values = np.array([run[name] for run in runs])
        known = np.isfinite(values).all(axis=0)
        if (found := int(known.sum())) < FEWEST_WORLDS:
            fail(f"{name}: has a value in {counted(found, 'world')} only, at least {FEWEST_WORLDS} are needed")
        if lost := len(known) - found:
            mention("without_value", name=name, worlds=spoken.counted("world", lost))
        if np.ptp(values[:, known]) == 0.0:
            fail(
                f"{name}: is {values[:, known].flat[0]:.4g} in all worlds, so there is nothing to learn about it; "
                "choose another outcome, or more --months"
            )
    return runs


def _worth(asked: Asked, title: str, results: list[dict[str, Array]]) -> xr.Dataset:
    scenario, measures = asked.scenario, asked.measures
    everything = sample(scenario, 0, scenario.worlds)
    drawn, how = {key: everything[key] for key in asked.keys}, Drawn(STRATA, vector_of(scenario))
    if asked.decision is None:
        return of_outcomes(scenario, title, measures, results[0], drawn, asked.groups, how)
    named: tuple[str, Measure] = next(iter(measures.items()))
    benefit = np.array([run[named[0]] for run in results])
    return of_decision(asked.decision, title, named, benefit, drawn, asked.groups, how)


def _figures(outcomes: list[str]) -> dict[str, Draw]:
    """Return the figure of each outcome, named after it where there are several."""
    return {
        f"information_{name}" if len(outcomes) > 1 else "information": partial(figures.worth, name) for name in outcomes
    }
