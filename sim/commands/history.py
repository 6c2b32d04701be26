"""What `sim history` does: run a scenario as far as there are figures, score it, write and tell where it fails."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import xarray as xr

from sim.analysis.history import EARLY, FIGURES, LATER, Evaluation, evaluate, kept_bytes, reducer
from sim.analysis.history_data import dataset
from sim.analysis.record.comparable import Left, Window, months_needed, sort_out
from sim.analysis.record.file import Observation, Observed, read_observed
from sim.commands.choose import draw_from
from sim.commands.interrupt import held_interrupts
from sim.commands.study import OUTPUTS, check_room, deliver, folder_name, told_plainly
from sim.commands.terminal import Progress, fail, paragraph, progress_bar, show
from sim.experiment.batch import run_reduced
from sim.present import history_tables
from sim.present.history_figures import pages
from sim.present.history_words import verdict
from sim.present.publish import Content
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.problems import Problems, quoted

DAYS = ("--from", "--to", "--tuned-to")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Asked:
    """A scenario of the right length and the figures it is held against."""

    scenario: Scenario
    observed: Observed
    compared: Sequence[Observation]
    left: Sequence[Left]
    window: Window


def load_history(
    name: str,
    file: Path | None,
    days: Sequence[str | None],
    sets: Sequence[str],
    worlds: int | None,
    seed: int | None,
) -> Asked:
    """The scenario and the figures, or every problem of both; `days` are those of DAYS."""
    problems = Problems()
    window = _window(days, problems)
    scenario: Scenario | None = None
    observed: Observed | None = None
    try:
        scenario = load(name, set=sets, worlds=worlds, seed=seed)
    except ScenarioError as error:
        problems.found += error.problems
    try:
        observed = read_observed(file)
    except ScenarioError as error:
        problems.found += error.problems
    if problems.found or scenario is None or observed is None or window is None:
        fail(str(ScenarioError(problems.found)))
    compared, left = sort_out(observed.rows, scenario, window)
    if not compared:
        fail(_nothing(left))
    longer = replace(scenario, months=months_needed(compared, scenario))
    return Asked(longer, observed, compared, left, window)


def drawn_from(asked: Asked, calibrated: Path | None) -> Asked:
    """The same with worlds drawn from a calibrated set, if there is one."""
    return replace(asked, scenario=draw_from(calibrated, [asked.scenario])[0])


def _window(days: Sequence[str | None], problems: Problems) -> Window | None:
    """Which days are scored; None, with the problems noted, if one is no day."""
    read: list[np.datetime64 | None] = []
    for option, text in zip(DAYS, days, strict=True):
        try:
            read.append(np.datetime64(date.fromisoformat(text), "D") if text is not None else None)
            right = text is None or bool(_DAY.fullmatch(text) and text.isascii())
        except ValueError:
            right = False
        if not right:
            problems.add(option, 0, "", f"must be a day, YYYY-MM-DD, found {quoted(text)}")
    if problems.found:
        return None
    first, last, tuned_to = read
    if first is not None and last is not None and first > last:
        problems.add(DAYS[0], 0, "", f"{first} lies after --to {last}")
        return None
    return None if tuned_to is None else Window(tuned_to, first, last)


def _nothing(left: Sequence[Left]) -> str:
    """Why no figure can be compared."""
    reasons = dict.fromkeys((one.row.series, one.reason) for one in left)
    listed = [f"{series}: {reason}" for series, reason in list(reasons)[:30]]
    return "\n".join(["no figure can be compared with this run", *listed])


def _title(scenario: Scenario) -> str:
    return f"{scenario.name}{', calibrated,' if scenario.calibrated else ''} against observed figures"


def evaluated(asked: Asked, advance: Progress | None = None) -> tuple[Evaluation, xr.Dataset]:
    """Run and score."""
    title = _title(asked.scenario)
    kept = run_reduced(asked.scenario, reducer(asked.compared), advance)
    found = evaluate(asked.observed.rows, asked.compared, asked.left, kept[FIGURES], asked.window)
    have = np.isfinite(kept[FIGURES]).any(axis=1)
    if not found.scored:
        fail(_nothing(found.left))
    return found, dataset(asked.scenario, found, kept | {FIGURES: kept[FIGURES][have]}, title, asked.observed)


def compare_with_history(asked: Asked, out: Path | None, figures: bool) -> None:
    """Run the scenario, score it, write its folder and print table and verdict."""
    scenario = asked.scenario
    folder = out or OUTPUTS / folder_name("history", scenario.name, *["calibrated"] * bool(scenario.calibrated))
    title = _title(scenario)
    with held_interrupts() as check:
        check_room(folder, kept_bytes(asked.compared, scenario.worlds, scenario.months), title)
        with told_plainly(title):
            with progress_bar(f"{scenario.name}: {scenario.worlds:,} worlds", check) as advance:
                found, ds = evaluated(asked, advance)
            for part in (LATER, EARLY):
                if found.of(part):
                    show(history_tables.terminal_table(found, part))
            for sentence in verdict(found):
                paragraph(sentence, indent="")
            deliver(ds, folder, _files(ds, found), pages(found, asked.observed.rows) if figures else {}, check)
        check()


def _files(ds: xr.Dataset, found: Evaluation) -> dict[str, Content]:
    return {
        "history.nc": ds,
        "history.csv": history_tables.observations(found),
        "scores.csv": history_tables.scores(found),
        "not_compared.csv": history_tables.not_compared(found),
        "summary.md": history_tables.summary(found, ds),
    }
