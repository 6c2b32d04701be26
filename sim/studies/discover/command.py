"""`sim discover`: run many worlds, and find the box of parameters in which a condition comes about."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.condition import Condition, ConditionError, measures_of, read_condition
from sim.analysis.measures import is_whole, measured
from sim.analysis.outcome import needed, not_covered
from sim.analysis.quantiles import band
from sim.commands.loading import attempt_load, enough_vectors
from sim.commands.naming import named_keys
from sim.commands.terminal import fail, mention, progress_bar, sentences
from sim.commands.workflow import OUTPUTS, deliver, folder_name, report_cost, require, workflow
from sim.experiment.batch import run_reduced
from sim.experiment.design import sample, vector_of
from sim.present.publish import Content
from sim.scenario import Problem, Scenario, ScenarioError
from sim.scenario.problems import counted
from sim.studies.discover import tables
from sim.studies.discover.analysis import FEWEST, Worlds, discover, discovered, halves, shuffled
from sim.studies.discover.figures import box, trajectory
from sim.studies.discover.words import findings
from sim.texts import spoken

Array = np.ndarray
FEWEST_WORLDS = 160
EXAMPLE = "such as --where 'rus_prk.practical > 0.6'"


def search(
    name: str,
    changes: Mapping[str, Any],
    where: str,
    prefixes: Sequence[str],
    density: float | None,
    calibrated: Path | None,
    out: Path | None,
    figures: bool,
) -> None:
    """Run the search and write its folder."""
    scenario, condition, keys = _checked(name, {**changes, "calibrated": calibrated}, where, prefixes, density)
    require("ema_workbench.analysis.prim")
    measures = measures_of(condition)
    title = f"{scenario.name}: worlds where {' '.join(where.split())}"
    folder = out or OUTPUTS / folder_name("discover", scenario.name, *["calibrated"] * bool(calibrated))
    with workflow(folder, 8 * scenario.worlds * (2 * len(keys) + len(measures)), title) as check:
        report_cost(scenario, {"search": scenario.worlds})
        with progress_bar(f"{scenario.worlds:,} worlds", check) as advance:
            values = run_reduced(scenario, lambda ds: measured(ds, measures), advance, variables=needed(measures))
        known = np.all([np.isfinite(values[name]) for name in measures], axis=0)
        if lost := int((~known).sum()):
            mention("without_number", worlds=spoken.counted("world", lost), names=", ".join(measures))
        values = {name: found[known] for name, found in values.items()}
        met = condition.holds(values)
        vectors = None if (made := vector_of(scenario)) is None else made[known]
        _check_both(met, values, vectors)
        drawn = sample(scenario, 0, scenario.worlds)
        inputs = {key: drawn[key][known] for key in keys}
        with progress_bar("searching", check) as advance:
            found = discover(inputs, met, density, scenario.seed, advance, vectors=vectors)
            control = shuffled(inputs, met, density, scenario.seed, vectors)
        ds = discovered(scenario, title, where, found, control, inputs, met)
        ds.attrs |= {} if vectors is None else {"vectors": len(np.unique(vectors))}
        ds.attrs |= {} if density is None else {"density": density}
        percentiles = dict.fromkeys(condition.percentiles(values))
        ds.attrs["percentiles"] = json.dumps([(*one, measures[one[0]].unit) for one in percentiles])
        sentences(findings(found, control, ds))
        files: dict[str, Content] = {
            "discovery.nc": ds,
            "box.csv": tables.box(found, ds),
            "trajectory.csv": tables.trajectory(found),
            "summary.md": tables.summary(found, control, ds),
        }
        pages = {"box": partial(box, found), "trajectory": partial(trajectory, found, control)}
        deliver(ds, folder, files, pages if figures else {}, check)


def _checked(
    name: str, changes: Mapping[str, Any], where: str, prefixes: Sequence[str], density: float | None
) -> tuple[Scenario, Condition, list[str]]:
    """Return scenario, condition and parameters; exit with every problem of the arguments."""
    problems: list[Problem] = []
    condition = None
    scenario = attempt_load(problems, name, **changes)
    try:
        if not where.strip():
            problems.append(Problem("--where", 0, "", f"a condition is missing, {EXAMPLE}"))
        else:
            condition = read_condition(where)
    except ConditionError as error:
        problems.append(Problem("--where", 0, "", str(error)))
    if scenario and condition:
        missing = (not_covered(name, scenario) for name in dict.fromkeys(condition.names()))
        problems += [Problem("--where", 0, "", rule) for rule in missing if rule]
    keys = named_keys(prefixes, scenario, "--keys", problems) if scenario else []
    if scenario and changes["worlds"] < FEWEST_WORLDS:
        rule = f"must be at least {FEWEST_WORLDS}, found {changes['worlds']}"
        problems.append(Problem("--worlds", 0, "", rule))
    enough_vectors(scenario, 4 * FEWEST, problems)  # that meet the condition and that do not, in both halves
    if density is not None and not 0.0 < density <= 1.0:
        rule = f"must lie between 0 and 1, such as 0.8, found {density:g}"
        problems.append(Problem("--density", 0, "", rule))
    if problems or scenario is None or condition is None:
        fail(str(ScenarioError(problems)))
    return scenario, condition, keys


def _check_both(met: Array, values: Mapping[str, Array], vectors: Array | None) -> None:
    """Exit unless both halves have worlds that meet the condition and worlds that do not; of vectors, as many."""
    everything = Worlds({}, met, np.arange(len(met)) if vectors is None else vectors)
    cases = [everything.take(half).cases.met for half in halves(len(met), vectors)]
    counts = [int(found.sum()) for half in cases for found in (half, ~half)]
    if len(met) and min(counts) >= FEWEST:
        return
    bands = {name: band(found, whole=is_whole(name)) for name, found in values.items() if len(found)}
    spans = [f"{name} runs from {one.low:.4g} to {one.high:.4g} in 90 % of the worlds" for name, one in bands.items()]
    of = "" if vectors is None else " (one for each vector of the calibrated set)"
    fail(
        f"--where: {int(met.sum()):,} of {counted(len(met), 'world')} meet the condition; at least {FEWEST} must "
        f"meet it, and at least {FEWEST} must not, in each half of the worlds{of}. Choose another limit, or more "
        "--worlds; " + "; ".join(spans)
    )
