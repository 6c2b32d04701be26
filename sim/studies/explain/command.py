"""`sim explain`: say why something came about in one world, in words, a table and a figure."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import xarray as xr

from sim.analysis.condition import Compared, Condition, measures_of
from sim.analysis.ledger import Explanation
from sim.analysis.measures import measured
from sim.analysis.outcome import not_covered
from sim.commands.loading import remarks as about_scenario
from sim.commands.terminal import Progress, columns, fail, notify, progress_bar, say, sentences
from sim.commands.workflow import OUTPUTS, deliver, folder_name, workflow
from sim.experiment.replay import origin
from sim.files import told
from sim.present.publish import Content, Draw
from sim.results import ResultsError
from sim.results.calibrated import attach, remarks
from sim.scenario import Problem, Scenario, ScenarioError, load
from sim.scenario.load import no_other
from sim.scenario.names import TIERS
from sim.studies.explain import counterfactual, design, tables
from sim.studies.explain.asks import FLOW, ROUTE, TECHNOLOGY, Ask, AskError, read_ask
from sim.studies.explain.counterfactual import Counterfactual, Turn
from sim.studies.explain.design import Found
from sim.studies.explain.options import Ranges, condition_of, ranges_of
from sim.studies.explain.places import Place, PlaceError, read_place
from sim.texts import LANGUAGES
from sim.texts.spoken import foreign, speaking

UNFIT = re.compile(r"[^\w-]+")
EXAMPLE = "such as --turn 'shells_delivered > 5' (million rounds) or --turn 'technology > 20'"


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
    turning: bool = False
    "Whether the nearest counterfactual is asked for."
    condition: Condition | None = None
    "What is to be turned, if not what the question is about."
    levers: Ranges = field(default_factory=dict)
    typed: str = ""
    "The command as typed, without question, world and month; empty for a scenario in code."


@dataclass(frozen=True)
class Answer:
    """An explanation, and the counterfactual if one was asked for."""

    explanation: Explanation
    data: Explanation
    "The same in English, for files of data."
    counterfactual: Counterfactual | None = None


@dataclass(frozen=True)
class Request:
    """What a user asks, as typed."""

    ask: str
    world: str = "median"
    month: str | None = None
    tier: int | None = None
    counterfactual: bool = False
    turn: str | None = None
    levers: Sequence[str] = ()
    calibrated: Path | None = None


def checked(scenario: Scenario | str | Path, wanted: Request, changes: Mapping[str, Any]) -> Asked:
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
            problems.append(Problem(str(scenario), 0, "", told(error).removeprefix(f"{scenario}: ")))
        return None

    stored, spec = tried("SCENARIO", _read, scenario, changes, wanted.calibrated) or (None, None)
    what, tier = tried("--ask", read_ask, wanted.ask), wanted.tier
    place = tried("--world", read_place, wanted.world)
    number = tried("--month", design.month_number, spec, wanted.month) if wanted.month and spec else None
    turning = wanted.counterfactual or wanted.turn is not None or bool(wanted.levers)
    condition = condition_of(wanted.turn, problems) if wanted.turn is not None else None
    ranges = ranges_of(wanted.levers, problems)
    if turning and wanted.turn is None and what and what.kind in (FLOW, ROUTE):
        problems.append(Problem("--turn", 0, "", f"say what to turn of {what.name}, {EXAMPLE}"))
    for option, looked_at in (("--turn", condition and condition.names()), ("--world", place and place.measures)):
        rules = (not_covered(name, spec) for name in dict.fromkeys(looked_at or ())) if spec else ()
        problems += [Problem(option, 0, "", rule) for rule in rules if rule]
    if tier is not None and tier not in TIERS:
        problems.append(Problem("--tier", 0, "", f"must be one of {', '.join(map(str, TIERS))}, found {tier}"))
    elif tier is not None and what and what.kind != TECHNOLOGY:
        problems.append(Problem("--tier", 0, "", "belongs to --ask technology"))
    if problems or spec is None or what is None or place is None:
        raise ScenarioError(problems)
    return Asked(
        spec,
        what,
        place,
        number,
        tier,
        stored,
        turning,
        condition,
        ranges,
        typed(scenario, {**changes, "calibrated": wanted.calibrated}),
    )


def typed(scenario: Scenario | str | Path, changes: Mapping[str, Any]) -> str:
    """Return the command that asks about a scenario with the changes of its options; empty for a scenario in code."""
    if isinstance(scenario, Scenario):
        return ""
    sets = [part for text in changes.get("set") or () for part in ("--set", str(text))]
    numbers = [(name, value) for name, value in changes.items() if name != "set" and value is not None]
    given = [part for name, value in numbers for part in (f"--{name}", str(value))]
    return shlex.join(["sim", "explain", str(scenario), *sets, *given])


def _read(
    scenario: Scenario | str | Path, changes: Mapping[str, Any], calibrated: Path | None
) -> tuple[xr.Dataset | None, Scenario]:
    """Return stored results, if a folder is named, and the scenario, drawn from a calibrated set if one is given."""
    no_other(scenario)
    if isinstance(scenario, Scenario):
        return None, scenario
    path = Path(scenario)
    if not str(scenario).strip() or not (path.is_dir() or path.suffix == ".nc"):  # a blank is no folder: not this one
        loaded = load(str(scenario), **changes)
        return None, attach(loaded, calibrated) if calibrated else loaded
    given = [f"--{name}" for name, value in {**changes, "calibrated": calibrated}.items() if value not in (None, [])]
    if given:
        rule = f"the folder of a run has its own settings; leave out {', '.join(given)}, or name the scenario"
        raise ScenarioError([Problem(str(scenario), 0, "", rule)])
    return origin(path)


def answer(asked: Asked, progress: Progress | None = None) -> Answer:
    """Compute the world again and return the answer. Raises PlaceError if there is no such world."""
    spec, ask = asked.scenario, asked.ask
    found = design.find(spec, ask, asked.place, asked.stored, progress)
    turned = None
    if asked.turning:
        turn = _turn_of(asked, found)
        if turn is None:
            raise PlaceError(f"say what to turn with --turn, {EXAMPLE}")
        turned = design.counterfactual(spec, found, turn, asked.levers, progress)
    made = _told(asked, found, turned)
    if not foreign():
        return Answer(made, made, turned)
    with speaking(LANGUAGES[0]):
        return Answer(made, _told(asked, found, turned), turned)


def _told(asked: Asked, found: Found, turned: Counterfactual | None) -> Explanation:
    """Return the answer about a world in the language that is spoken."""
    made = design.explain(asked.scenario, asked.ask, found, asked.month, asked.tier, asked.typed)
    if turned is None:
        return made
    turned = replace(turned, turn=_turn_of(asked, found) or turned.turn)
    tables_too = (*made.tables, counterfactual.table(turned))
    return replace(made, turning=tuple(counterfactual.sentences(turned)), tables=tables_too)


def _turn_of(asked: Asked, found: Found) -> Turn | None:
    """Return what is to be turned; None where that must be said."""
    if asked.condition:
        return _turn(asked.condition)
    return design.turn_of(asked.ask, found, *design.settled(asked.ask, found, asked.month, asked.tier))


def _turn(condition: Condition) -> Turn:
    measures = measures_of(condition)
    return Turn(f"`{written(condition)}`", lambda ds: condition.holds(measured(ds, measures)))


def written(condition: Condition) -> str:
    """Return a condition as text."""
    if isinstance(condition, Compared):
        return f"{condition.name} {condition.sign} {condition.limit:g}"
    parts = [written(part) for part in condition.parts]
    return f"not ({parts[0]})" if condition.word == "not" else f" {condition.word} ".join(f"({part})" for part in parts)


def _source(scenario: str, spec: Scenario) -> str:
    """Return the name of the run or the scenario that is asked, for a folder."""
    path = Path(scenario)
    return path.absolute().name if path.is_dir() else spec.name


def _parts(asked: Asked, wanted: Request) -> list[str]:
    """Return what tells this question from others about the same run, in words that a folder may have."""
    world = "" if wanted.world == Request.world else f"world {wanted.world}"
    told = [asked.ask.name, world, wanted.month or "", f"tier {asked.tier}" if asked.tier else ""]
    return [*(UNFIT.sub("_", one) for one in told if one), *["calibrated"] * bool(asked.scenario.calibrated)]


def explain_one(scenario: str, wanted: Request, changes: Mapping[str, Any], out: Path | None, figures: bool) -> None:
    """Answer on the terminal and write the folder."""
    try:
        asked = checked(scenario, wanted, changes)
    except ScenarioError as error:
        fail(str(error))
    spec = asked.scenario
    told = [] if asked.stored is not None else about_scenario(spec, changes.get("set") or ())
    for remark in [*told, *(remarks(spec) if wanted.calibrated else ())]:
        notify(remark)
    title = f"{spec.name}: {asked.ask.name}"
    folder = out or OUTPUTS / folder_name("explain", _source(scenario, spec), *_parts(asked, wanted))
    with workflow(folder, 8 * spec.months * min(spec.worlds, 256), title) as check:
        try:
            with progress_bar(f"{spec.worlds:,} worlds", check) as advance:
                found = answer(asked, advance)
        except PlaceError as error:
            fail(str(ScenarioError([Problem("--world", 0, "", str(error))])))
        made, data = found.explanation, found.data
        tell(made)
        from sim.studies.explain.figures import draw, draw_levers  # loads matplotlib, which the words need not wait for

        ds = tables.explained(spec, data, title)
        files: dict[str, Content] = {
            "explanation.nc": ds,
            "ledgers.csv": tables.ledger_rows(data),
            "months.csv": tables.table_rows(data, len(data.tables) - (2 if found.counterfactual else 1)),
            "summary.md": tables.summary(made, ds),
        }
        pages: dict[str, Draw] = {"parts": partial(draw, made)}
        if found.counterfactual:
            files["counterfactual.csv"] = tables.table_rows(data, len(data.tables) - 1)
            pages["counterfactual"] = partial(draw_levers, found.counterfactual, made)
        deliver(ds, folder, files, pages if figures else {}, check)


def tell(made: Explanation) -> None:
    """Print the answer: words first, then the ledgers."""
    sentences([made.question, made.place])
    say("")
    sentences(made.sentences)
    if made.turning:
        say("")
        sentences(made.turning)
    for ledger in made.ledgers:
        say("")
        sentences([tables.heading(ledger)])
        columns(tables.heads(), tables.rows(ledger))
    say("")
