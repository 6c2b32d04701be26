"""What `sim policy` does: run every policy over the same worlds, write and tell which one is robust."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
import xarray as xr

from sim.analysis.outcome import OutcomeError, needed_month, outcome
from sim.analysis.policies import Finding, Objective, dataset, findings, kept_bytes, reducer
from sim.commands.interrupt import held_interrupts
from sim.commands.objectives import Wanted
from sim.commands.study import OUTPUTS, check_room, deliver, folder_name, told_plainly
from sim.commands.terminal import fail, paragraph, progress_bar, show
from sim.experiment.batch import run_several
from sim.experiment.design import sample
from sim.present import policy_tables
from sim.present.policy_figures import regret_figure, scoreboard_figure, trade_off_figure
from sim.present.policy_words import told
from sim.present.publish import Content, Draw
from sim.scenario import Scenario
from sim.scenario.policies import Study
from sim.scenario.scenario import month_number, month_text


def study_policies(
    study: Study, wanted: Sequence[Wanted], threshold: float | None, out: Path | None, figures: bool
) -> None:
    """Run all policies of a study; the first outcome wanted decides, and `threshold` is what is good enough of it."""
    scenario, policies = study.scenario, study.policies
    objectives = objectives_of(wanted, threshold, scenario)
    folder = out or OUTPUTS / folder_name("policy", scenario.name, study.name)
    title = f"{scenario.name} with {study.name}: {objectives[0].verb} {', '.join(one.name for one in objectives)}"
    with held_interrupts() as check:
        check_room(folder, kept_bytes(len(policies), len(objectives), scenario.worlds), title)
        with told_plainly(title):
            with progress_bar(f"{len(policies)} policies of {scenario.worlds:,} worlds", check) as advance:
                runs = run_several([policy.scenario for policy in policies], reducer(objectives), advance)
            ds = dataset(study, objectives, runs, title)
            try:
                found = findings(ds, objectives, conditions_of(study))
            except OutcomeError as error:
                fail(str(error))
            show(policy_tables.terminal_table(found[0], ds))
            for sentence in told(found, ds):
                paragraph(sentence, indent="")
            deliver(ds, folder, _files(ds, found), _figures(found) if figures else {}, check)
        check()


def objectives_of(wanted: Sequence[Wanted], threshold: float | None, scenario: Scenario) -> list[Objective]:
    """The outcomes by their names; ends the command with every name that stands for none."""
    found, problems = [], []
    first = month_number(scenario.start)
    for number, one in enumerate(wanted):
        try:
            measure = outcome(one.name)
        except OutcomeError as error:
            problems.append(f"--{one.way}: {error}")
            continue
        month = needed_month(one.name)
        if month and not first <= month_number(month) < first + scenario.months:
            last = month_text(first + scenario.months - 1)
            problems.append(f"--{one.way}: {one.name}: the run covers {scenario.start} to {last}")
        limit = threshold if number == 0 else None
        found.append(Objective(one.name.strip(), measure, one.way == "minimise", limit))
    if problems:
        fail("\n".join(problems))
    return found


def conditions_of(study: Study) -> dict[str, np.ndarray]:
    """What worlds draw and no option sets: the uncertain conditions under which policies are judged, key -> (world)."""
    scenario = study.scenario
    drawn = sample(scenario, 0, scenario.worlds)
    return {key: drawn[key] for key in scenario.uncertain if key not in study.fixed}


def _files(ds: xr.Dataset, found: Sequence[Finding]) -> dict[str, Content]:
    return {
        "policy.nc": ds,
        "policy.csv": policy_tables.outcomes(ds),
        "regret.csv": policy_tables.regret(found, ds),
        "conditions.csv": policy_tables.conditions(found, ds),
        "summary.md": policy_tables.summary(found, ds),
    }


def _figures(found: Sequence[Finding]) -> dict[str, Draw]:
    drawn: dict[str, Draw] = {"regret": partial(regret_figure, found[0])}
    if len(found) > 1:
        drawn["tradeoff"] = partial(trade_off_figure, found)
    return drawn | {"scoreboard": partial(scoreboard_figure, found[0])}
