"""`sim page`: scenarios as one HTML file in which anybody turns the complete model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from sim.commands.options import Calibrated, count, place
from sim.commands.terminal import fail, notify, say
from sim.files import told

if TYPE_CHECKING:  # every command would wait for it
    from sim.scenario import Problem, Scenario

GROUP, MOST = 8, 1000
"""Worlds that the engine computes together, and most worlds of a page."""
MOST_SCENARIOS = 4
KIND = "page"


def page(
    scenarios: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SCENARIO]...",
            help="Names (sim list) or paths; NAME+KEY=VALUE changes one.  [default: those of the lessons]",
        ),
    ] = None,
    *,
    out: Annotated[
        Path,
        typer.Option(
            parser=place, metavar="FILE.html", help="File to write.  [default: page.html]", show_default=False
        ),
    ] = Path("page.html"),
    levers: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY,...", help="Parameters that a reader may move; repeatable.  [default: ten that move most]"
        ),
    ] = None,
    worlds: Annotated[int | None, count("Number of worlds.  [default: as the scenario says]")] = None,
    language: Annotated[str, typer.Option(metavar="en|fr", help="Language in which the page opens.")] = "en",
    lesson: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LESSON", help="Lesson beside the model, with its scenarios and levers (1 or 2); repeatable."
        ),
    ] = None,
    teacher: Annotated[
        bool, typer.Option("--teacher", help="Add the teacher's sheets of the lessons: plan, answers, figures.")
    ] = False,
    calibrated: Calibrated = None,
) -> None:
    """Make one page of HTML in which a reader turns the complete model: levers, events, bands of all worlds, maps.

    The page needs no network and no program but a browser, computes the numbers of sim run, and speaks English and
    French.
    """
    from sim.commands.loading import draw_from, remarks
    from sim.page import levers as known
    from sim.scenario import Problem, ScenarioError

    problems: list[Problem] = []
    taught = _taught(lesson or [], teacher, problems)
    names = scenarios or list(dict.fromkeys(name for one in taught for name in one.scenarios))
    if not names and not problems:
        problems.append(Problem("page", 0, "", "name a scenario, or a lesson with --lesson"))
    loaded = _loaded(names, worlds, problems)
    keys = known.checked(levers or list(dict.fromkeys(key for one in taught for key in one.levers)), problems)
    problems += _of_file(language, out)
    loaded = draw_from(calibrated, loaded, problems)
    if problems:
        fail(str(ScenarioError(problems)))
    for remark in (remark for one in loaded for remark in remarks(one)):
        notify(remark)
    size = _write(partial(_content, loaded, names, keys, language, [one.on_page for one in taught]), out)
    say(f"{out}: {size / 1e6:.1f} MB; open it in a browser, or send it on: it needs nothing else")


def _of_file(language: str, out: Path) -> list[Problem]:
    """Return what is wrong with the language and the file to write."""
    from sim.present.sealed import fault
    from sim.scenario import Problem
    from sim.scenario.problems import shown
    from sim.texts.spoken import checked_language

    problems = []
    try:
        checked_language(language)
    except ValueError as error:
        problems.append(Problem("--language", 0, "", str(error)))
    if rule := fault(out, KIND):
        problems.append(Problem(shown(str(out), 200) or "--out", 0, "", rule))
    return problems


def _loaded(names: Sequence[str], worlds: int | None, problems: list[Problem]) -> list[Scenario]:
    """Return the scenarios; append every problem of all of them."""
    from sim.commands.loading import attempt
    from sim.scenario import Problem, load
    from sim.scenario.problems import shown

    if worlds is not None and (rule := _unfit(worlds)):
        problems.append(Problem("--worlds", 0, "", rule))
        worlds = None  # told once, not for every scenario
    found = [one for name in names if (one := attempt(problems, load, name, worlds=worlds)) is not None]
    for name in dict.fromkeys(one.name for one in found):
        if sum(one.name == name for one in found) > 1:
            problems.append(Problem(name, 0, "", "is given twice; scenarios are identified by their names"))
    if len(names) > MOST_SCENARIOS:
        problems.append(Problem("page", 0, "", f"at most {MOST_SCENARIOS} scenarios fit, found {len(names)}"))
    for name, one in zip(names, found, strict=False):
        if any("=" not in change for change in _changes(name)):
            rule = "a file laid over a scenario cannot be handed on; write a scenario file that extends it instead"
            problems.append(Problem(shown(name), 0, "", rule))
        if rule := _unfit(one.worlds):
            problems.append(Problem(one.name, 0, "worlds", rule))
    if len({one.worlds for one in found}) > 1:
        rule = "the scenarios have different numbers of worlds; give all of them one with --worlds"
        problems.append(Problem("page", 0, "worlds", rule))
    return found


def _unfit(worlds: int) -> str:
    """Return why a page cannot have so many worlds; empty if it can."""
    fits = 0 < worlds <= MOST and worlds % GROUP == 0
    return "" if fits else f"must be a multiple of {GROUP} up to {MOST:,}, found {worlds:,}"


def _changes(name: str) -> list[str]:
    from sim.scenario.changes import split

    return split(name)[1]


class Taught(NamedTuple):
    """A lesson: what its page shows of the model, and its sheets."""

    scenarios: tuple[str, ...]
    levers: tuple[str, ...]
    on_page: dict[str, Any]


def _taught(names: Sequence[str], teacher: bool, problems: list[Problem]) -> list[Taught]:
    """Return the lessons; append a problem for each that has no page."""
    from sim.lessons.library import LessonsError
    from sim.lessons.on_page import PRESETS, for_page, on_page
    from sim.scenario import Problem

    if not names:
        if teacher:
            problems.append(Problem("--teacher", 0, "", "is for lessons; add --lesson"))
        return []
    try:
        found = for_page(names)
    except LessonsError as error:
        problems += [Problem("--lesson", 0, "", line) for line in str(error).splitlines()]
        return []
    return [Taught(PRESETS[one].scenarios, PRESETS[one].levers, on_page(one, teacher=teacher)) for one in found]


def _content(
    scenarios: Sequence[Scenario],
    names: Sequence[str],
    keys: Sequence[str],
    language: str,
    lessons: Sequence[dict[str, Any]],
) -> str:
    from sim.page.build import page_of
    from sim.page.payload import PageError

    try:
        return page_of(scenarios, names, keys, language, lessons)
    except PageError as error:
        fail(str(error))


def _write(make: Callable[[], str], out: Path) -> int:
    """Make the page, write it, and return its size in bytes."""
    from sim.present.atomic import resolved
    from sim.present.sealed import put, sealed
    from sim.signals import deferred_interrupts, is_written

    try:
        with deferred_interrupts() as check:
            content = sealed(make(), KIND)
            check()
            target = resolved(out)
            target.parent.mkdir(parents=True, exist_ok=True)
            put(content, target)
            is_written(out)
    except OSError as error:
        fail(told(error, out))
    return len(content)
