"""`sim compare`: run every scenario over the same worlds, write and print how they differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import xarray as xr

from sim.analysis.levels import compared_by
from sim.analysis.measures import Measure
from sim.analysis.wide import WIDE
from sim.commands.backend import Backend
from sim.commands.ensembles import check_apart, gather, in_store
from sim.commands.figures import ALL, FEW, NONE, check_names, selected
from sim.commands.loading import stop_if_any
from sim.commands.naming import named_outcomes
from sim.commands.terminal import notify, show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.present.publish import Content, Draw
from sim.results import load as load_results
from sim.results.dataset import code_version
from sim.results.keep import Keep
from sim.scenario import Problem, Scenario
from sim.studies.compare.analysis import comparison, kept_bytes
from sim.studies.compare.tables import outcomes, over_time, summary, terminal_tables

RESULTS = "results.nc"
FEW_OF_A_COMPARISON = ("differences", "scoreboard")


@dataclass(frozen=True)
class Request:
    """What is asked of a comparison besides its scenarios."""

    outcomes: tuple[str, ...] = ()
    figures: str = FEW
    finished: Mapping[str, Path] = field(default_factory=dict)
    "Name of a scenario -> the folder of its finished run."


def checked_outcomes(names: Sequence[str], scenarios: Sequence[Scenario]) -> dict[str, Measure]:
    """Return the outcomes asked for; exit with every fault of their names."""
    problems: list[Problem] = []
    found = {name.strip(): WIDE[name.strip()] for name in names if name.strip() in WIDE}
    found |= named_outcomes([name for name in names if name.strip() not in WIDE], scenarios[0], "--outcome", problems)
    stop_if_any(problems)
    return found


def finished_runs(operands: Sequence[str], scenarios: Sequence[Scenario]) -> dict[str, Path]:
    """Return the folders among the operands that hold the very run that their scenario describes."""
    pairs = zip(operands, scenarios, strict=True)
    return {scenario.name: Path(operand) for operand, scenario in pairs if (Path(operand) / RESULTS).is_file()}


def compare_all(scenarios: Sequence[Scenario], asked: Request, out: Path | None, backend: Backend) -> None:
    """Compare scenarios that share seed, start, months and worlds; the first is the reference."""
    names = [scenario.name for scenario in scenarios]
    folder = out or OUTPUTS / folder_name("compare", *names, *["calibrated"] * bool(scenarios[0].calibrated))
    title = f"{names[0]} compared with {', '.join(names[1:])}"
    months, worlds = scenarios[0].months, scenarios[0].worlds
    keep = compared_by(asked.outcomes)
    if asked.figures not in (FEW, ALL, NONE):
        _figures(asked.figures)
    with workflow(folder, kept_bytes(len(scenarios), months, worlds), title) as check:
        check_apart(folder, in_store(scenarios[0], keep, backend), backend)
        runs = [_summary_of(one, keep, asked.finished.get(one.name), backend, check) for one in scenarios]
        ds = comparison(scenarios, runs, title, asked.outcomes)
        for table in terminal_tables(ds):
            show(table)
        files: dict[str, Content] = {
            "comparison.nc": ds,
            "comparison.csv": outcomes(ds),
            "series.csv": over_time(ds),
            "summary.md": summary(ds),
        }
        deliver(ds, folder, files, _figures(asked.figures), check)


def _figures(asked: str) -> Mapping[str, Draw]:
    if asked == NONE:
        return {}
    from sim.studies.compare.figures import FIGURES  # loads matplotlib

    if asked not in (FEW, ALL):
        check_names(asked, FIGURES)
    return selected(FIGURES, FEW_OF_A_COMPARISON, asked)


def _summary_of(
    scenario: Scenario, keep: Keep, finished: Path | None, backend: Backend, check: Callable[[], None]
) -> xr.Dataset:
    """Return what is compared of a scenario: read from its finished run if there is one, else computed."""
    if finished and keep.reduce:
        ds = load_results(finished / RESULTS)
        if str(ds.attrs["scenario_hash"]) == scenario.hash:
            if ds.attrs["code_version"] != code_version():
                notify(f"{finished}: was run by version {ds.attrs['code_version']}, this is {code_version()}")
            return keep.reduce(ds)
        notify(f"{finished}: is run again, since worlds, months or settings are others now")
    return gather(scenario, keep, backend, check)[0]
