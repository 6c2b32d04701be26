"""`sim compare`: run every scenario over the same worlds, write and print how they differ."""

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.levels import SUMMARY
from sim.commands.backend import Backend
from sim.commands.ensembles import check_apart, gather, in_store
from sim.commands.terminal import show
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.present.publish import Content
from sim.scenario import Scenario
from sim.studies.compare.analysis import comparison, kept_bytes
from sim.studies.compare.figures import FIGURES
from sim.studies.compare.tables import outcomes, over_time, summary, terminal_tables


def compare_all(scenarios: Sequence[Scenario], out: Path | None, figures: bool, backend: Backend) -> None:
    """Compare scenarios that share seed, start, months and worlds; the first is the reference."""
    names = [scenario.name for scenario in scenarios]
    folder = out or OUTPUTS / folder_name("compare", *names, *["calibrated"] * bool(scenarios[0].calibrated))
    title = f"{names[0]} compared with {', '.join(names[1:])}"
    months, worlds = scenarios[0].months, scenarios[0].worlds
    with workflow(folder, kept_bytes(len(scenarios), months, worlds), title) as check:
        check_apart(folder, in_store(scenarios[0], SUMMARY, backend), backend)
        runs = [gather(scenario, SUMMARY, backend, check)[0] for scenario in scenarios]
        ds = comparison(scenarios, runs, title)
        for table in terminal_tables(ds):
            show(table)
        files: dict[str, Content] = {
            "comparison.nc": ds,
            "comparison.csv": outcomes(ds),
            "series.csv": over_time(ds),
            "summary.md": summary(ds),
        }
        deliver(ds, folder, files, FIGURES if figures else {}, check)
