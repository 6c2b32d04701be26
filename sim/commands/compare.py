"""What `sim compare` does: run every scenario over the same worlds, write and tell how they differ."""

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.comparison import comparison, kept_bytes
from sim.analysis.levels import SUMMARY
from sim.commands.ensembles import check_apart, gather, in_store
from sim.commands.interrupt import held_interrupts
from sim.commands.means import Means
from sim.commands.study import OUTPUTS, check_room, deliver, folder_name, told_plainly
from sim.commands.terminal import show
from sim.present.comparison_figures import FIGURES
from sim.present.comparison_tables import outcomes, over_time, summary, terminal_tables
from sim.present.publish import Content
from sim.scenario import Scenario


def compare_all(scenarios: Sequence[Scenario], out: Path | None, figures: bool, means: Means) -> None:
    """Compare scenarios that share seed, start, months and worlds; the first is the reference."""
    names = [scenario.name for scenario in scenarios]
    folder = out or OUTPUTS / folder_name("compare", *names)
    title = f"{names[0]} compared with {', '.join(names[1:])}"
    months, worlds = scenarios[0].months, scenarios[0].worlds
    with held_interrupts() as check:
        check_room(folder, kept_bytes(len(scenarios), months, worlds), title)
        with told_plainly(title):
            check_apart(folder, in_store(scenarios[0], SUMMARY, means), means)
        with told_plainly(title):
            runs = [gather(scenario, SUMMARY, means, check)[0] for scenario in scenarios]
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
        check()
