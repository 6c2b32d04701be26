"""`sim calibrate`: run many worlds, weight them by observations, keep the parameter vectors that agree."""

from collections.abc import Mapping
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.record.errors import central as central_of
from sim.analysis.record.errors import errors
from sim.analysis.record.file import Observed, day, observed_of
from sim.analysis.theories import choices_in
from sim.commands.loading import attempt, attempt_load, stop_if_any
from sim.commands.options import TUNED_TO
from sim.commands.terminal import fail, mention, notify, paragraph, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.batch import run_reduced
from sim.present.publish import Content, Draw
from sim.results.calibrated import FILE
from sim.scenario import Scenario
from sim.scenario.case import Record
from sim.scenario.problems import Problems, counted, quoted
from sim.studies.calibrate import rival_tables, tables
from sim.studies.calibrate.dataset import Observations, as_far_as_needed, calibration, sorted_observations
from sim.studies.calibrate.figures import fit, identifiability, parameters
from sim.studies.calibrate.likelihood import effective, log_likelihood, read_by, reduce_run, weights_of
from sim.studies.calibrate.theories import KINDS, POSTERIOR
from sim.studies.calibrate.words import say
from sim.texts.spoken import written

LEAST_EFFECTIVE = 50.0
"""Least effective worlds of a set; below, it would rest on a handful of worlds and is refused."""
MOST_ACCEPTED = 100_000
MOST_REASONS = 10
"""Most reasons that a message lists why observations cannot be used."""
WIDEST = 5.0
"""Largest discrepancy; one means that the model may be wrong by a factor of e."""
FIGURES: dict[str, Draw] = {draw.__name__: draw for draw in (fit, identifiability, parameters)}


def calibrate_one(
    name: str,
    changes: Mapping[str, Any],
    observed: Path | None,
    until: str | None,
    accept: int,
    discrepancy: float,
    theories: str,
    out: Path | None,
    figures: bool,
) -> None:
    """Calibrate a scenario on the observations of a file up to a date and write the folder of the set."""
    problems = Problems()
    scenario = attempt_load(problems.found, name, **changes)
    record = scenario.record if scenario else Record()
    file = attempt(problems.found, observed_of, record, observed)
    _check_numbers(changes.get("worlds"), accept, discrepancy, problems)
    _check_theories(theories, scenario, problems)
    until = until or record.tuned_to or TUNED_TO
    if (last := day(until)) is None:
        problems.add("--until", 0, "", f"must be a day, YYYY-MM-DD, found {quoted(until)}")
    if scenario and file and last is not None:
        observations = _window(file, scenario, last, discrepancy, problems)
    stop_if_any(problems.found)
    assert scenario is not None  # else there were problems
    assert file is not None
    for remark in [*file.beyond(np.datetime64(until)), *_misnamed(observations)]:
        notify(remark)
    scenario = as_far_as_needed(scenario, observations.shown)
    title = f"{scenario.name}: calibrated to {until}"
    folder = out or OUTPUTS / folder_name("calibrate", scenario.name)
    keys, reads = scenario.uncertain, read_by(observations.shown)
    with workflow(folder, 8 * 6 * scenario.worlds * (len(keys) + len(observations.shown)), title) as check:
        with progress_bar(f"{scenario.name}: {scenario.worlds:,} worlds", check) as advance:
            reduced = run_reduced(scenario, partial(reduce_run, observations.shown, keys), advance, variables=reads)
        _check_enough(reduced["model"][: len(observations.used)], observations, discrepancy, accept, scenario.worlds)
        weighing = partial(calibration, until=until, discrepancy=discrepancy, accept=accept, kind=theories)
        ds = weighing(scenario, observations, file, reduced)
        _check_weighted(ds)
        check()
        if ds["informed"].any():
            show(tables.terminal_table(ds))
        sentences([*tables.findings(ds), *rival_tables.findings(ds)])
        files: dict[str, Content] = {
            FILE: ds,
            "parameters.csv": tables.parameters(ds),
            "fit.csv": tables.fit(ds),
            **({"theories.csv": rival_tables.rows(ds)} if rival_tables.has_rivals(ds) else {}),
            "summary.md": tables.summary(ds),
        }
        deliver(ds, folder, files, FIGURES if figures else {}, check)
        paragraph(say("draw", name=name, path=(folder / FILE).as_posix()), indent="")


def _check_numbers(worlds: int | None, accept: int, discrepancy: float, problems: Problems) -> None:
    if worlds is not None and 0 < worlds < LEAST_EFFECTIVE:
        rule = f"must be at least {LEAST_EFFECTIVE:.0f}, since so many must agree with the observations, found {worlds}"
        problems.add("--worlds", 0, "", rule)
    if not 1 <= accept <= MOST_ACCEPTED:
        problems.add("--accept", 0, "", f"must lie in 1 .. {MOST_ACCEPTED:,}, found {accept}")
    if not (isfinite(discrepancy) and 0.0 <= discrepancy <= WIDEST):
        problems.add("--discrepancy", 0, "", f"must lie in 0 .. {WIDEST:g}, found {discrepancy:g}")


def _check_theories(kind: str, scenario: Scenario | None, problems: Problems) -> None:
    if kind not in KINDS:
        rule = f"must be one of {', '.join(KINDS)}, found {quoted(kind)}"
        problems.add("--theories", 0, "", rule, name=kind, among=KINDS)
    elif scenario and kind != POSTERIOR and not choices_in(scenario):
        rule = f"all worlds of {scenario.name} follow the same theories; draw some, as the scenario theories does"
        problems.add("--theories", 0, "", rule)


def _check_weighted(ds: xr.Dataset) -> None:
    """Exit if the weights of the theories leave too few effective worlds."""
    if (size := float(ds.attrs["effective"])) < LEAST_EFFECTIVE:
        fail(
            f"--theories {ds.attrs['theories']}: leaves {counted(int(size), 'effective world')}, "
            f"{LEAST_EFFECTIVE:.0f} are needed; take more --worlds"
        )


def _window(
    file: Observed, scenario: Scenario, last: np.datetime64, discrepancy: float, problems: Problems
) -> Observations:
    """Return the observations that can be used; add a problem if there are none, or one has no error."""
    seen = sorted_observations(file.rows, scenario, last)
    if not seen.used:
        rule = f"no observation of {file.name} to {last} can be compared with {scenario.name}"
        if seen.later:
            problems.add("--until", 0, "", f"{rule}; the first comparable: {min(row.date for row in seen.later)}")
            return seen
        reasons = dict.fromkeys(f"{left.row.series}: {left.reason}" for left in seen.left)
        problems.add("--observed", 0, "", "; ".join([rule, *list(reasons)[:MOST_REASONS]]))
        return seen
    wrong = errors(seen.used, discrepancy)
    for claim, below, above in zip(seen.used, wrong.below, wrong.above, strict=True):
        if not (below > 0.0 and above > 0.0):
            rule = "is taken as exact on one side; give it a range from low to high or a --discrepancy"
            problems.add(file.name, claim.line, claim.series, rule)
    if all(scenario.settings[key].among for key in scenario.uncertain):
        problems.add(scenario.name, 0, "", "no parameter has a range, so there is nothing to calibrate")
    return seen


def _misnamed(seen: Observations) -> list[str]:
    """Return remarks on series that the model does not know."""
    return [
        f"--observed: {series}: {reason}; left out"
        for series, reason in dict.fromkeys((one.row.series, one.reason) for one in seen.left if one.row.strange)
    ]


def _check_enough(model: np.ndarray, seen: Observations, discrepancy: float, accept: int, worlds: int) -> None:
    """Exit if too few effective worlds agree with the observations; report if fewer do than are to be accepted."""
    size = effective(weights_of(log_likelihood(model, central_of(seen.used), errors(seen.used, discrepancy))))
    if size < LEAST_EFFECTIVE:
        fail(
            f"only {counted(int(size), 'effective world')} of {worlds:,} {'agrees' if int(size) == 1 else 'agree'} "
            f"with {counted(len(seen.used), 'observation')}, {LEAST_EFFECTIVE:.0f} are needed; "
            "take more --worlds, an earlier --until, or a larger --discrepancy"
        )
    if size < accept:
        mention("repeat", n=written(f"{accept:,}"), size=written(f"{size:,.0f}"))
