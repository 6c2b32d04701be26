"""`sim sweep`: run a scenario at every point of a grid over the same worlds, write and print the results."""

from collections.abc import Mapping, Sequence
from functools import partial
from math import prod
from pathlib import Path

from sim.analysis.measures import SWEPT
from sim.commands.terminal import fail, progress_bar, sentences, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.batch import Axis, run_grid
from sim.present.publish import Content
from sim.scenario import Problem, Scenario, nearest
from sim.studies.sweep import tables
from sim.studies.sweep.analysis import cuts, kept_bytes, reduce_run, sweep
from sim.studies.sweep.figures import line, profiles
from sim.studies.sweep.map import colour_map
from sim.studies.sweep.words import findings

DEFAULT_OUTCOME = "shells_delivered"
"""The outcome that is shown unless another is asked for."""


def check_outcome(outcome: str) -> None:
    """Exit unless a sweep can show the outcome."""
    if outcome not in SWEPT:
        rule = f"unknown outcome {outcome[:60]!r}; choose one of {', '.join(SWEPT)}"
        fail(str(Problem("--outcome", 0, "", rule, nearest(outcome, SWEPT) or "")))


def sweep_grid(
    scenario: Scenario, axes: Mapping[str, Sequence[float]], outcome: str, out: Path | None, figures: bool
) -> None:
    """Sweep one or two parameters of a scenario; `outcome` is drawn and described, all outcomes are kept."""
    check_outcome(outcome)
    ends = [*[outcome] * (outcome != DEFAULT_OUTCOME), *["calibrated"] * bool(scenario.calibrated)]
    folder = out or OUTPUTS / folder_name("sweep", scenario.name, *axes, *ends)
    points = prod(len(values) for values in axes.values())
    title = f"{scenario.name}: {' and '.join(axes)} varied"
    with workflow(folder, kept_bytes(points, scenario.worlds), title) as check:
        with progress_bar(f"{points:,} points of {scenario.worlds:,} worlds", check) as advance:
            varied = [Axis(key, tuple(values)) for key, values in axes.items()]
            grid = run_grid(scenario, varied, reduce_run, advance)
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
