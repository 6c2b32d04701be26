"""`sim policy`: run every policy over the same worlds, write and print which one is robust."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from sim.analysis.outcome import OutcomeError
from sim.commands.loading import stop_if_any
from sim.commands.naming import named_outcomes
from sim.commands.terminal import fail, mention, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.batch import run_several
from sim.experiment.design import sample
from sim.present.publish import Content, Draw
from sim.present.words import significant
from sim.scenario import Problem, Scenario
from sim.scenario.policies import Study
from sim.studies.policy import tables, words
from sim.studies.policy.analysis import Objective, alike, dataset, findings, kept_bytes, read_by, reducer
from sim.studies.policy.figures import regret_figure, scoreboard_figure, trade_off_figure
from sim.studies.policy.objectives import Aim
from sim.texts import LANGUAGES
from sim.texts.spoken import speaking


def study_policies(
    study: Study, wanted: Sequence[Aim], threshold: float | None, out: Path | None, figures: bool
) -> None:
    """Run all policies of a study; the first aim decides, `threshold` is what is good enough of it."""
    scenario, policies = study.scenario, study.policies
    objectives = objectives_of(wanted, threshold, scenario)
    folder = out or OUTPUTS / folder_name(
        "policy", scenario.name, study.name, *["calibrated"] * bool(scenario.calibrated)
    )
    with speaking(LANGUAGES[0]):  # as all that is kept for programs
        title = words.title(scenario.name, study.name, [(one.verb, one.name) for one in objectives])
    with workflow(folder, kept_bytes(len(policies), len(objectives), scenario.worlds), title) as check:
        with progress_bar(f"{len(policies)} policies of {scenario.worlds:,} worlds", check) as advance:
            scenarios, reads = [policy.scenario for policy in policies], read_by(objectives)
            runs = run_several(
                scenarios, reducer(objectives), advance, variables=reads, first=partial(_foreseen, objectives)
            )
        ds = dataset(study, objectives, runs, title)
        try:
            found = findings(ds, objectives, conditions_of(study))
        except OutcomeError as error:
            fail(str(error))
        ranked = next((one for one in found if not one.unchanged), None)
        if ranked:
            show(tables.terminal_table(ranked, ds))
        sentences(words.findings(found, ds))
        files: dict[str, Content] = {
            "policy.nc": ds,
            "policy.csv": tables.outcomes(ds),
            "regret.csv": tables.regret(found, ds),
            "conditions.csv": tables.conditions(found, ds),
            "summary.md": tables.summary(found, ds),
        }
        drawn: dict[str, Draw] = {"regret": partial(regret_figure, ranked or found[0])}
        drawn |= {"tradeoff": partial(trade_off_figure, found)} if len(found) > 1 else {}
        drawn["scoreboard"] = partial(scoreboard_figure, ranked or found[0])
        deliver(ds, folder, files, drawn if figures else {}, check)


def _foreseen(objectives: Sequence[Objective], run: Mapping[str, np.ndarray]) -> None:
    """Say after the first run, the reference, which outcomes may not rank policies; exit if one cannot."""
    try:
        for name, value in alike(objectives, run):
            mention("may_not_rank", name=name, value=significant(value))
    except OutcomeError as error:
        fail(str(error))


def objectives_of(wanted: Sequence[Aim], threshold: float | None, scenario: Scenario) -> list[Objective]:
    """Resolve outcome names; exit listing all unknown ones."""
    found: list[Objective] = []
    problems: list[Problem] = []
    for one in wanted:
        limit = None if found else threshold
        for name, measure in named_outcomes([one.name], scenario, f"--{one.way}", problems).items():
            found.append(Objective(name, measure, one.way == "minimise", limit))
    stop_if_any(problems)
    return found


def conditions_of(study: Study) -> dict[str, np.ndarray]:
    """Return the uncertain parameters that no option sets, as the worlds draw them, key -> (world)."""
    scenario = study.scenario
    drawn = sample(scenario, 0, scenario.worlds)
    return {key: drawn[key] for key in scenario.uncertain if key not in study.fixed}
