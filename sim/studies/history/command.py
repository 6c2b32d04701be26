"""`sim history`: run a scenario to the last observation, score it, write and print where it fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
from scipy.special import ndtri

from sim.analysis.record.comparable import Omitted, Window, months_needed, select
from sim.analysis.record.file import Observation, Observed, day, observed_of
from sim.analysis.record.known import KNOWN
from sim.commands.loading import attempt, attempt_load
from sim.commands.options import TUNED_TO
from sim.commands.terminal import Progress, fail, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.batch import run_reduced
from sim.experiment.chance import uniforms
from sim.experiment.design import sample
from sim.experiment.happenings import happenings
from sim.present.publish import Content
from sim.scenario import Scenario, ScenarioError
from sim.scenario.case import Record
from sim.scenario.problems import Problems, counted, quoted
from sim.scenario.scenario import ParameterEvent
from sim.scenario.values import Parameters
from sim.studies.history import tables
from sim.studies.history.act_tables import act_findings, act_rows
from sim.studies.history.acts import Acts, not_counted, prescribed, score_acts
from sim.studies.history.analysis import (
    ACTS,
    EARLY,
    LATER,
    OBSERVED,
    Evaluation,
    evaluate,
    kept_bytes,
    read_by,
    reducer,
)
from sim.studies.history.baselines import Baseline, of_worlds
from sim.studies.history.dataset import dataset
from sim.studies.history.figures import pages
from sim.studies.history.joint import joint
from sim.studies.history.joint_tables import joint_files
from sim.studies.history.joint_words import joint_findings
from sim.studies.history.multivariate import pair_bytes
from sim.studies.history.rate_figure import rate_pages
from sim.studies.history.reduced import KEYS, series, simulate
from sim.studies.history.words import verdict

DAYS = ("--from", "--to", "--tuned-to")
TOGETHER = 4096
"""Worlds of the reduced model that are in memory with all their parameters."""
FEWEST_WORLDS = 8
"""Least worlds of a comparison: bands of fewer show little but their own scatter."""


@dataclass(frozen=True)
class Prepared:
    """A scenario of the needed length and the observations it is compared with."""

    scenario: Scenario
    observed: Observed
    compared: Sequence[Observation]
    left: Sequence[Omitted]
    window: Window


def load_history(
    name: str | Scenario,
    file: Path | None,
    days: Sequence[str | None],
    changes: Mapping[str, Any],
    calibrated: Path | None = None,
) -> Prepared:
    """Return the scenario and the observations; exit with every problem of both. `days` are those of DAYS.

    Worlds draw from a calibrated set, if one is given.
    """
    problems = Problems()
    scenario = attempt_load(problems.found, name, calibrated, **changes)
    record = scenario.record if scenario else Record()
    first, last, tuned_to = days
    window = _window((first, last, tuned_to or record.tuned_to or TUNED_TO), problems)
    observed = attempt(problems.found, observed_of, record, file)
    if scenario and scenario.worlds < FEWEST_WORLDS:
        problems.add("--worlds", 0, "", f"must be at least {FEWEST_WORLDS}, found {scenario.worlds}")
    if problems.found or scenario is None or observed is None or window is None:
        fail(str(ScenarioError(problems.found)))
    compared, left = select(observed.rows, scenario, window)
    if not compared:
        fail(_nothing(left))
    longer = replace(scenario, months=months_needed(compared, scenario))
    return Prepared(longer, observed, compared, left, window)


def _window(days: Sequence[str | None], problems: Problems) -> Window | None:
    """Return the days that are scored; None, with the problems added, if one is no day."""
    read = [None if text is None else day(text) for text in days]
    for option, text, found in zip(DAYS, days, read, strict=True):
        if text is not None and found is None:
            problems.add(option, 0, "", f"must be a day, YYYY-MM-DD, found {quoted(text)}")
    if problems.found:
        return None
    first, last, tuned_to = read
    if first is not None and last is not None and first > last:
        problems.add(DAYS[0], 0, "", f"{first} lies after --to {last}")
        return None
    return None if tuned_to is None else Window(tuned_to, first, last)


def _nothing(left: Sequence[Omitted]) -> str:
    """Return why no observation can be compared."""
    reasons = dict.fromkeys((one.row.series, one.reason) for one in left)
    listed = [f"{series}: {reason}" for series, reason in list(reasons)[:30]]
    return "\n".join(["no observation can be compared with this run", *listed])


def _title(scenario: Scenario) -> str:
    return f"{scenario.name}{', calibrated,' if scenario.calibrated else ''} against observations"


def evaluated(asked: Prepared, advance: Progress | None = None) -> tuple[Evaluation, xr.Dataset]:
    """Run and score; return scores and Dataset. Exits if nothing can be scored."""
    scenario, left = asked.scenario, not_counted(asked.scenario, asked.window)
    title = _title(scenario)
    kept = run_reduced(scenario, reducer(asked.compared, not left), advance, variables=read_by(asked.compared))
    acts = Acts(left=left) if left else score_acts(kept[ACTS], prescribed(scenario))
    values = kept[OBSERVED]
    found = evaluate(asked.observed.rows, asked.compared, asked.left, values, asked.window, reduced_model(scenario))
    found = replace(found, acts=acts)
    have = np.isfinite(kept[OBSERVED]).any(axis=1)
    if not found.scored:
        fail(_nothing(found.left))
    return found, dataset(scenario, found, kept | {OBSERVED: kept[OBSERVED][have]}, title, asked.observed)


def reduced_model(scenario: Scenario) -> dict[str, Baseline]:
    """Return the reduced model's forecast of each series that it can predict, in the worlds of the scenario.

    Parameters, their events and the chance of the war are those that the scenario's own worlds meet.
    """
    changes = [e for e in scenario.events if isinstance(e, ParameterEvent) and e.key in KEYS]
    events = [e for e in changes if not e.timing.when]  # it has nothing that a condition could be read from
    calendar = [int(date.split("-")[1]) for date in scenario.dates]
    parts = []
    for first in range(0, scenario.worlds, TOGETHER):
        worlds = min(TOGETHER, scenario.worlds - first)
        values = sample(scenario, first, worlds)
        met = happenings(scenario, first, worlds, events=events)
        parameters = Parameters({key: values[key] for key in KEYS}, met)
        war, regime = (uniforms(scenario.seed, cause, scenario.months, first, worlds) for cause in ("war", "regime"))
        parts.append(series(simulate(parameters, ndtri(war), regime, calendar), parameters))
    months = np.datetime64(scenario.start, "M") + np.arange(scenario.months)
    joined = {name: np.concatenate([part[name] for part in parts], axis=-1) for name in parts[0]}
    return {name: of_worlds(KNOWN[name].reading, months, values) for name, values in joined.items()}


def compare_with_history(asked: Prepared, out: Path | None, figures: bool) -> None:
    """Run the scenario, score it, write its folder, print tables and verdict."""
    scenario = asked.scenario
    folder = out or OUTPUTS / folder_name("history", scenario.name, *["calibrated"] * bool(scenario.calibrated))
    title = _title(scenario)
    memory = kept_bytes(asked.compared, scenario.worlds, scenario.months) + pair_bytes(scenario.worlds)
    with workflow(folder, memory, title) as check:
        with progress_bar(f"{scenario.name}: {counted(scenario.worlds, 'world')}", check) as advance:
            found, ds = evaluated(asked, advance)
        for part in (LATER, EARLY):
            if found.of(part):
                show(tables.scores_in_terminal(found, part))
        together = joint(found, ds["model"].values)
        sentences([*verdict(found), *joint_findings(together), *act_findings(found.acts)])
        files: dict[str, Content] = {
            "history.nc": ds,
            "history.csv": tables.observations(found),
            "scores.csv": tables.scores(found),
            "not_compared.csv": tables.not_compared(found),
            **joint_files(together),
            "acts.csv": act_rows(found.acts),
            "summary.md": tables.summary(found, together, ds),
        }
        drawn = pages(found, asked.observed.rows) | rate_pages(together)
        deliver(ds, folder, files, drawn if figures else {}, check)
