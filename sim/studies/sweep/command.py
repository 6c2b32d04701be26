"""`sim sweep`: run a scenario at every point of a grid over the same worlds, write and print the results."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import prod
from pathlib import Path

from sim.analysis.measures import Measure
from sim.commands.loading import stop_if_any
from sim.commands.naming import named_outcomes
from sim.commands.terminal import progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.batch import Axis, run_grid
from sim.present.publish import Content
from sim.scenario import Problem, Scenario
from sim.studies.sweep import tables
from sim.studies.sweep.analysis import cuts, kept_bytes, read_by, reduce_run, sweep
from sim.studies.sweep.figures import line, profiles
from sim.studies.sweep.map import colour_map
from sim.studies.sweep.words import findings

DEFAULT_OUTCOME = "shells_delivered"
"""The outcome that is shown unless another is asked for."""


def check_outcome(outcome: str, scenario: Scenario | None = None) -> Measure:
    """Return the measure of an outcome; exit unless it is one, of a month of the scenario."""
    problems: list[Problem] = []
    found = named_outcomes([outcome], scenario, "--outcome", problems)
    stop_if_any(problems)
    return found[outcome.strip()]


def sweep_grid(
    scenario: Scenario, axes: Mapping[str, Sequence[float]], outcome: str, out: Path | None, figures: bool
) -> None:
    """Sweep one or two parameters of a scenario; `outcome` is drawn and described, all outcomes are kept."""
    outcome = outcome.strip()
    check_outcome(outcome, scenario)
    ends = [*[outcome] * (outcome != DEFAULT_OUTCOME), *["calibrated"] * bool(scenario.calibrated)]
    folder = out or OUTPUTS / folder_name("sweep", scenario.name, *axes, *ends)
    points = prod(len(values) for values in axes.values())
    title = f"{scenario.name}: {' and '.join(axes)} varied"
    with workflow(folder, kept_bytes(points, scenario.worlds), title) as check:
        with progress_bar(f"{points:,} points of {scenario.worlds:,} worlds", check) as advance:
            varied = [Axis(key, tuple(values)) for key, values in axes.items()]
            grid = run_grid(scenario, varied, partial(reduce_run, outcome=outcome), advance, variables=read_by(outcome))
        ds = sweep(scenario, axes, grid, outcome, title)
        found = list(cuts(ds, outcome))
        if table := tables.terminal_table(ds):
            show(table)
        sentences(findings(ds, found))
        files: dict[str, Content] = {
            "sweep.nc": ds,
            "sweep.csv": tables.outcomes(ds),
            "binding.csv": tables.binding(ds),
            "shapes.csv": tables.shapes(found, ds),
            "summary.md": tables.summary(ds, found),
        }
        of_one, of_two = {"line": line}, {"map": colour_map, "cuts": profiles}
        drawn = {name: partial(draw, found) for name, draw in (of_one if len(axes) == 1 else of_two).items()}
        deliver(ds, folder, files, drawn if figures else {}, check)
