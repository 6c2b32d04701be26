"""`sim sensitivity`: screen all uncertain parameters, then estimate the indices of the most influential."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.measures import Measure, measured
from sim.analysis.outcome import needed
from sim.commands.effect import without_effect
from sim.commands.loading import attempt_load
from sim.commands.naming import named_keys, named_outcomes
from sim.commands.terminal import Progress, fail, mention, paragraph, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, report_cost, require, workflow
from sim.present.publish import Content, Draw
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.problems import counted, quoted
from sim.studies.sensitivity import design, figures, tables
from sim.studies.sensitivity.analysis import Runs, effects, most_influential, sensitivity
from sim.studies.sensitivity.design import CHANCE, CONTROL, OTHERS, SET, THEORY, Design, free, rivals, run_design
from sim.studies.sensitivity.words import TREATED, findings, screening, varies
from sim.texts.spoken import few, number_of, written

FEWEST_TRAJECTORIES, MOST_TRAJECTORIES = 4, 1000
FEWEST_SAMPLES, MOST_SAMPLES = 64, 2**16
MOST_TOP = 60
PAIRED = 4
"""Most parameters for which indices of pairs are estimated too: they double the runs."""
MOST_NAMED = 3
"""Most parameters that a remark names."""
KEPT = 4
"""Numbers kept per factor and point: the design, twice, and results."""


@dataclass(frozen=True)
class Request:
    """Arguments of the command."""

    outcomes: Sequence[str]
    keys: Sequence[str]
    trajectories: int
    samples: int
    top: int
    others: str
    calibrated: Path | None = None


def explore(name: str, changes: Mapping[str, Any], asked: Request, out: Path | None, figures: bool) -> None:
    """Run screening and indices and write the folder."""
    require("SALib")
    scenario, measures, keys = _checked(name, changes, asked)
    plan = _Plan(scenario, keys, measures, asked)
    scenario = replace(scenario, worlds=plan.runs)
    title = f"{scenario.name}: what moves {', '.join(measures)}"
    ends = [*asked.keys, *["calibrated"] * bool(scenario.calibrated)]
    folder = out or OUTPUTS / folder_name("sensitivity", scenario.name, *ends)
    with workflow(folder, plan.bytes, title) as check:
        _tell_idle(plan, asked)
        report_cost(scenario, plan.cost)
        screened, chosen = None, plan.keys
        if plan.screens:
            with progress_bar(f"screening {len(plan.keys)} parameters", check) as advance:
                screened, chosen = plan.screen(advance)
            _report_constant(screened)
        with progress_bar(f"indices of {len(chosen)} parameters", check) as advance:
            run = plan.decompose(chosen, advance)
        ds = sensitivity(scenario, title, measures, screened, run, TREATED[asked.others])
        for outcome in measures:
            if varies(ds, outcome):
                show(tables.terminal_table(ds, outcome))
            sentences(findings(ds, outcome))
            sentence, weak = screening(ds, outcome)
            if weak:
                paragraph(sentence, indent="")
        deliver(ds, folder, _files(ds), _figures(list(measures), plan.screens) if figures else {}, check)


def _tell_idle(plan: "_Plan", asked: Request) -> None:
    """Say which options have no effect on these designs."""
    if plan.screens:
        return
    idle = ("--trajectories", *["--top"] * (asked.top > len(plan.keys)))
    without_effect(f"nothing is screened, since only {counted(len(plan.keys), 'parameter')} can vary", *idle)
    if len(plan.keys) + len(rivals(plan.scenario)) >= len(free(plan.scenario)):
        without_effect("no other parameter is uncertain", "--others")


def _report_constant(screened: Runs) -> None:
    """Report, before the long part, outcomes that did not vary in the screening."""
    for name, values in screened.values.items():
        if np.ptp(values) == 0.0:
            value, n = written(f"{values.flat[0]:.4g}"), written(f"{values.size:,}")
            mention("may_never_vary", name=name, value=value, n=n)


class _Plan:
    """The designs that are run, and their cost."""

    def __init__(
        self, scenario: Scenario, keys: Sequence[str], measures: Mapping[str, Measure], asked: Request
    ) -> None:
        self.scenario, self.measures = scenario, measures
        self.keys = [key for key in keys if key not in rivals(scenario)]
        self.samples, self.trajectories, self.top = asked.samples, asked.trajectories, min(asked.top, len(self.keys))
        self.centre = asked.others == "centre"
        self.screens = len(self.keys) > self.top
        self.pairs = 2 <= self.top <= PAIRED
        width = len(self._factors(self.keys[: self.top]))
        rows = (2 if self.pairs else 1) * width + 2
        self.cost = {"indices": self.samples * rows}
        screened = self.trajectories * (len(self._factors(self.keys)) + 1)
        if self.screens:
            self.cost = {"screening": screened} | self.cost
        self.runs = sum(self.cost.values())
        self.bytes = 8 * KEPT * max(self.cost["indices"] * width, screened * len(self.keys))

    def _factors(self, chosen: Sequence[str]) -> list[str]:
        made = [SET] if self.scenario.calibrated else []
        rival = [THEORY] if (drawn := rivals(self.scenario)) else []
        rest = [OTHERS] if len(chosen) + len(drawn) < len(free(self.scenario)) and not self.centre else []
        return [*chosen, *made, *rival, *rest, CHANCE, CONTROL]

    def _run(self, plan: Design, advance: Progress) -> Runs:
        reads, centre = needed(self.measures), self.centre
        take = partial(measured, measures=self.measures)
        values = run_design(self.scenario, plan, take, advance, centre=centre, variables=reads)
        for name, found in values.items():
            if lost := int((~np.isfinite(found)).sum()):
                fail(f"{name}: has no value in {lost:,} of {found.size:,} runs, so its variance cannot be decomposed")
        return Runs(plan.factors, plan.cube, values)

    def screen(self, advance: Progress) -> tuple[Runs, list[str]]:
        """Run the screening; return its runs and the most influential parameters."""
        runs = self._run(design.screening(self._factors(self.keys), self.trajectories, self.scenario.seed), advance)
        found = [effects(runs.factors, runs.cube, runs.values[name]) for name in self.measures]
        return runs, most_influential(self.keys, found, self.top)

    def decompose(self, chosen: Sequence[str], advance: Progress) -> Runs:
        """Run the design from which the indices are estimated."""
        names, seed = self._factors(chosen), self.scenario.seed
        return self._run(design.exchanges(names, self.samples, seed, pairs=self.pairs), advance)


def _checked(name: str, changes: Mapping[str, Any], asked: Request) -> tuple[Scenario, dict[str, Measure], list[str]]:
    """Return scenario, outcomes and parameters; exit with every problem of the arguments."""
    problems: list[Problem] = []
    scenario = attempt_load(problems, name, asked.calibrated, **changes)
    measures = named_outcomes(asked.outcomes, scenario, "--outcome", problems)
    keys = named_keys(asked.keys, scenario, "--keys", problems) if scenario else []
    problems += _sizes(asked)
    if problems or scenario is None:
        fail(str(ScenarioError(problems)))
    alone = [key for key in keys if key in free(scenario)]
    if asked.keys and (together := [key for key in keys if key not in alone]):
        mention(f"one_factor.{number_of(len(together))}", names=few(together, MOST_NAMED))
    elif keys and not alone:
        mention("all_in_set")
    return scenario, measures, alone


def _sizes(asked: Request) -> list[Problem]:
    found = []
    if not FEWEST_TRAJECTORIES <= asked.trajectories <= MOST_TRAJECTORIES:
        rule = f"must be from {FEWEST_TRAJECTORIES} to {MOST_TRAJECTORIES:,}, found {asked.trajectories}"
        found.append(Problem("--trajectories", 0, "", rule))
    if not FEWEST_SAMPLES <= asked.samples <= MOST_SAMPLES or asked.samples & (asked.samples - 1):
        near = min(max(2 ** round(math.log2(max(asked.samples, 1))), FEWEST_SAMPLES), MOST_SAMPLES)
        rule = f"must be a power of two from {FEWEST_SAMPLES} to {MOST_SAMPLES:,}, found {asked.samples}"
        found.append(Problem("--samples", 0, "", rule, str(near)))
    if not 1 <= asked.top <= MOST_TOP:
        found.append(Problem("--top", 0, "", f"must be from 1 to {MOST_TOP}, found {asked.top}"))
    if asked.others not in TREATED:
        found.append(Problem("--others", 0, "", f"must be one of {', '.join(TREATED)}, found {quoted(asked.others)}"))
    return found


def _files(ds: xr.Dataset) -> dict[str, Content]:
    return {
        "sensitivity.nc": ds,
        "sensitivity.csv": tables.indices(ds),
        **({"screening.csv": tables.effects(ds)} if "screened" in ds.coords else {}),
        **({"pairs.csv": tables.pairs(ds)} if "partner" in ds.coords else {}),
        "summary.md": tables.summary(ds),
    }


def _figures(outcomes: Sequence[str], screened: bool) -> dict[str, Draw]:
    """Return the figures of each outcome, named after it where there are several."""
    drawn: dict[str, Draw] = {}
    for name in outcomes:
        end = f"_{name}" if len(outcomes) > 1 else ""
        drawn[f"indices{end}"] = partial(figures.shares, name)
        drawn[f"convergence{end}"] = partial(figures.convergence, name)
        if screened:
            drawn[f"screening{end}"] = partial(figures.effects, name)
    return drawn
