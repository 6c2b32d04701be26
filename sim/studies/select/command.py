"""`sim select`: run worlds of all theories, and ask which the public record speaks for."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.record.file import Observed, day, observed_of
from sim.analysis.theories import CHOICES, choices_in
from sim.commands.loading import attempt, attempt_load, stop_if_any
from sim.commands.terminal import fail, mention, notify, progress_bar, sentences
from sim.commands.workflow import OUTPUTS, deliver, folder_name, report_cost, workflow
from sim.experiment.batch import run_reduced
from sim.present.publish import Content
from sim.present.record_names import reason_words
from sim.scenario import Scenario
from sim.scenario.case import Record
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problems, counted, quoted
from sim.studies.select import tables
from sim.studies.select.analysis import select
from sim.studies.select.dataset import Found, selection
from sim.studies.select.patterns import ENDS, Patterns, as_observed, patterns_of, read, read_by
from sim.texts import spoken

FEWEST_WORLDS = 400
FEWEST_PATTERNS = 2
MOST_REASONS = 10
"""Most reasons listed why observations are left out."""
EXAMPLE = 'sim select theories, or --set \'structure.exchange=["transaction", "alliance"]\''


def select_one(
    name: str, changes: Mapping[str, Any], observed: Path | None, until: str, out: Path | None, figures: bool
) -> None:
    """Select among the theories that a scenario draws, and write the folder."""
    scenario, file, last = _checked(name, changes, observed, until)
    for remark in file.beyond(last, ENDS):
        notify(remark)
    seen, scenario = patterns_of(file.rows, scenario, last)
    if len(seen.names) < FEWEST_PATTERNS:
        fail(
            f"--until {last}: {counted(len(seen.names), 'pattern')} of {file.name} can be compared with "
            f"{scenario.name}; {FEWEST_PATTERNS} are needed"
        )
    if seen.left:
        told = dict.fromkeys((one.row.series, reason_words(one)) for one in seen.left)
        reasons = [spoken.said("remarks.observation_left", series=series, reason=reason) for series, reason in told]
        many = f"observations_left.{spoken.number_of(len(seen.left))}"
        mention(many, n=len(seen.left), reasons=spoken.joined(*reasons[:MOST_REASONS]))
    if not seen.claims:
        mention("counts_alone", file=file.name)
    title = f"{scenario.name}: rival theories and the record to {until}"
    folder = out or OUTPUTS / folder_name("select", scenario.name)
    with workflow(folder, 8 * scenario.worlds * (len(seen.names) + len(CHOICES)) * 4, title) as check:
        report_cost(scenario, {"selection": scenario.worlds})
        with progress_bar(f"{scenario.name}: {scenario.worlds:,} worlds", check) as advance:
            worlds = run_reduced(scenario, partial(read, seen), advance, variables=read_by(seen))
        found = _selected(scenario, seen, worlds)
        check()
        ds = selection(scenario, title, seen, found)
        sentences(tables.findings(found, seen))
        files: dict[str, Content] = {
            "selection.nc": ds,
            "odds.csv": tables.odds(found),
            "confusion.csv": tables.confusion(found),
            "patterns.csv": tables.patterns(found, ds),
            "summary.md": tables.summary(found, seen, ds),
        }
        deliver(ds, folder, files, _figures(found) if figures else {}, check)


def _figures(found: Found) -> Mapping[str, Any]:
    from sim.studies.select.figures import confusion  # loads matplotlib

    return {"confusion": partial(confusion, found)}


def _selected(scenario: Scenario, seen: Patterns, worlds: Mapping[str, np.ndarray]) -> Found:
    """Return the selection for each choice that worlds differ in, by each set of patterns."""
    noisy = as_observed(seen, worlds["model"], worlds["acts"], scenario.seed)
    whole = np.isfinite(noisy).all(axis=0)
    if not whole.all():
        mention("without_pattern", worlds=spoken.counted("world", int((~whole).sum())))
    found = {}
    for key in choices_in(scenario):
        drawn = worlds["theory"][CHOICES.index(key)][whole]
        groups = {PARAMETERS[key].choices[int(n)]: drawn == n for n in np.unique(drawn)}
        for of, part in seen.sets().items():
            found[key, of] = select(noisy[part][:, whole], seen.record[part], groups, scenario.seed)
    return found


def _checked(
    name: str, changes: Mapping[str, Any], observed: Path | None, until: str
) -> tuple[Scenario, Observed, np.datetime64]:
    """Return scenario, observations and last day; exit with every problem of the arguments."""
    problems = Problems()
    scenario = attempt_load(problems.found, name, **changes)
    record = scenario.record if scenario else Record()
    file = attempt(problems.found, observed_of, record, observed)
    if (last := day(until)) is None:
        problems.add("--until", 0, "", f"must be a day, YYYY-MM-DD, found {quoted(until)}")
    if scenario and scenario.worlds < FEWEST_WORLDS:
        problems.add("--worlds", 0, "", f"must be at least {FEWEST_WORLDS}, found {scenario.worlds}")
    if scenario and not choices_in(scenario):
        problems.add(scenario.name, 0, "structure", f"all worlds follow the same theories; draw some: {EXAMPLE}")
    stop_if_any(problems.found)
    assert scenario is not None  # else there were problems
    assert file is not None
    assert last is not None
    return scenario, file, last
