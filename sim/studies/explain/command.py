"""`sim explain`: say why something came about in one world, in words, a table and a figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import typer
import xarray as xr

from sim.analysis.ledger import Explanation
from sim.commands.terminal import Progress, columns, fail, progress_bar, sentences
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.replay import origin
from sim.present.publish import Content, Draw
from sim.results import ResultsError
from sim.scenario import Problem, Scenario, ScenarioError, load
from sim.scenario.names import TIERS
from sim.studies.explain import design, tables
from sim.studies.explain.asks import TECHNOLOGY, Ask, AskError, read_ask
from sim.studies.explain.figures import draw
from sim.studies.explain.places import Place, PlaceError, read_place


@dataclass(frozen=True)
class Asked:
    """A question that is known to be right."""

    scenario: Scenario
    ask: Ask
    place: Place
    month: int | None
    tier: int | None
    stored: xr.Dataset | None = None
    "Results of the scenario, if a folder was given."


def checked(
    scenario: Scenario | str | Path,
    ask: str,
    world: str,
    month: str | None,
    tier: int | None,
    changes: Mapping[str, Any],
) -> Asked:
    """Return what is asked. Raises ScenarioError with every problem, each with its option."""
    problems: list[Problem] = []

    def tried(option: str, read: Any, *given: Any) -> Any:
        try:
            return read(*given)
        except (AskError, PlaceError) as error:
            problems.append(Problem(option, 0, "", str(error)))
        except ScenarioError as error:
            problems.extend(error.problems)
        except (ResultsError, OSError) as error:
            problems.append(Problem(str(scenario), 0, "", str(error).removeprefix(f"{scenario}: ")))
        return None

    stored, spec = tried("SCENARIO", _read, scenario, changes) or (None, None)
    what = tried("--ask", read_ask, ask)
    place = tried("--world", read_place, world)
    number = tried("--month", design.month_number, spec, month) if month and spec else None
    if tier is not None and tier not in TIERS:
        problems.append(Problem("--tier", 0, "", f"must be one of {', '.join(map(str, TIERS))}, found {tier}"))
    elif tier is not None and what and what.kind != TECHNOLOGY:
        problems.append(Problem("--tier", 0, "", "belongs to --ask technology"))
    if problems or spec is None or what is None or place is None:
        raise ScenarioError(problems)
    return Asked(spec, what, place, number, tier, stored)


def _read(scenario: Scenario | str | Path, changes: Mapping[str, Any]) -> tuple[xr.Dataset | None, Scenario]:
    """Return stored results, if a folder is named, and the scenario."""
    if isinstance(scenario, Scenario):
        return None, scenario
    path = Path(scenario)
    if not (path.is_dir() or path.suffix == ".nc"):
        return None, load(str(scenario), **changes)
    given = [f"--{name}" for name, value in changes.items() if value]
    if given:
        rule = f"the folder of a run has its own settings; leave out {', '.join(given)}, or name the scenario"
        raise ScenarioError([Problem(str(scenario), 0, "", rule)])
    return origin(path)


def answer(asked: Asked, progress: Progress | None = None) -> Explanation:
    """Compute the world again and return the answer. Raises PlaceError if there is no such world."""
    found = design.find(asked.scenario, asked.ask, asked.place, asked.stored, progress)
    return design.explain(asked.scenario, asked.ask, found, asked.month, asked.tier)


def explain_one(
    scenario: str,
    ask: str,
    world: str,
    month: str | None,
    tier: int | None,
    changes: Mapping[str, Any],
    out: Path | None,
    figures: bool,
) -> None:
    """Answer on the terminal and write the folder."""
    try:
        asked = checked(scenario, ask, world, month, tier, changes)
    except ScenarioError as error:
        fail(str(error))
    spec = asked.scenario
    title = f"{spec.name}: {asked.ask.name}"
    folder = out or OUTPUTS / folder_name("explain", spec.name, asked.ask.name.replace(" ", "_").replace(".", "_"))
    with workflow(folder, 8 * spec.months * min(spec.worlds, 256), title) as check:
        try:
            with progress_bar(f"{spec.worlds:,} worlds", check) as advance:
                made = answer(asked, advance)
        except PlaceError as error:
            fail(str(ScenarioError([Problem("--world", 0, "", str(error))])))
        say(made)
        ds = tables.explained(spec, made, title)
        files: dict[str, Content] = {
            "explanation.nc": ds,
            "ledgers.csv": tables.ledger_rows(made),
            "months.csv": tables.table_rows(made, len(made.tables) - 1),
            "summary.md": tables.summary(made, ds),
        }
        pages: dict[str, Draw] = {"parts": partial(draw, made)} if figures else {}
        deliver(ds, folder, files, pages, check)


def say(made: Explanation) -> None:
    """Print the answer: words first, then the ledgers."""
    sentences([made.question, made.place])
    typer.echo("")
    sentences(made.sentences)
    for ledger in made.ledgers:
        typer.echo("")
        sentences([tables.heading(ledger)])
        columns(tables.HEADS, tables.rows(ledger))
    typer.echo("")
