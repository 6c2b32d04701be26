"""The commands on scenario files and parameters: list, validate, show, params, new."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from sim.commands.effect import without_effect
from sim.commands.options import Sets, place
from sim.commands.terminal import fail, notify, paragraph, say


def list_(
    what: Annotated[
        str, typer.Argument(metavar="scenarios|outcomes", help="The shipped scenarios, or the names of outcomes.")
    ] = "scenarios",
) -> None:
    """List the shipped scenarios, or the outcomes that studies know."""
    if what == "outcomes":
        from sim.commands.naming import print_outcomes

        return print_outcomes()
    from sim.scenario import ScenarioError, load, shipped
    from sim.scenario.problems import quoted

    if what != "scenarios":
        fail(f"sim list: must be scenarios or outcomes, found {quoted(what)}; sim show NAME shows one scenario")
    for name, path in shipped().items():
        try:
            scenario = load(name)
        except ScenarioError as error:
            notify(f"{name}: cannot be used, see sim validate {path}: {error.problems[0]}")
            continue
        say(f"{name}: {scenario.title}")
        paragraph(scenario.question)


def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scenario files, or names of shipped scenarios.")
    ],
) -> None:
    """Check scenario files, and the records that they name, and report every problem of each."""
    from sim.analysis.record.comparable import strange_series
    from sim.analysis.record.file import observed_of
    from sim.commands.loading import attempt, remarks, stop_if_any
    from sim.commands.terminal import notify
    from sim.scenario import Problem, load
    from sim.scenario.problems import counted

    problems: list[Problem] = []
    for name in files:
        if (scenario := attempt(problems, load, name)) is None:
            continue
        record = attempt(problems, observed_of, scenario.record) if scenario.record.observed else None
        if scenario.record.observed and record is None:
            continue
        counts = f"{counted(len(scenario.changed), 'parameter')} changed, {counted(len(scenario.events), 'event')}"
        say(f"{name}: ok ({counted(scenario.months, 'month')} from {scenario.start}, {counts})")
        for remark in [*remarks(scenario), *(strange_series(record) if record else [])]:
            notify(remark)
    stop_if_any(problems)


def show_(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path; NAME+KEY=VALUE.")],
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="Only parameters with this in their name.")] = None,
    changed: Annotated[
        bool, typer.Option("--changed/--all", help="Only what differs from the table of parameters, or everything.")
    ] = False,
    set_: Sets = None,
) -> None:
    """Show every value of a scenario with its file and line."""
    from sim.commands.describe import keys_like, print_scenario
    from sim.commands.loading import attempt, remarks
    from sim.scenario import Problem, ScenarioError, load

    problems: list[Problem] = []
    resolved = attempt(problems, load, scenario, set=set_ or [])
    keys = attempt(problems, keys_like, key)
    if resolved is None or keys is None:
        fail(str(ScenarioError(problems)))
    for remark in remarks(resolved, set_ or []):
        notify(remark)
    print_scenario(resolved, [name for name in keys if not changed or name in resolved.changed])


def params(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS...",
            help="A parameter, a part of its name, a claim (C4), or everyday words in English or French: "
            "railway capacity, récolte en Corée du Nord.",
        ),
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every parameter of the table.")] = False,
) -> None:
    """Find parameters and show unit, range, bounds, claims and source; without WORDS ten to try first."""
    from sim.commands.describe import NAMELESS, found_by_words, keys_like, print_found, print_parameter
    from sim.scenario import PARAMETERS, ScenarioError
    from sim.scenario.search import KNOBS

    text = " ".join(words or ())
    if text:
        without_effect("words name the parameters", "--all")
    if not text and not all_:
        say("Ten parameters to try first, those that the shipped scenarios turn (--all lists every one):\n")
        print_found(KNOBS)
        return
    if text and (found := found_by_words(text)):
        print_found(found)
        return
    try:
        keys = keys_like(text, f"{NAMELESS}, nor all its words in name and meaning")
    except ScenarioError as error:
        fail(str(error))
    for name in keys:
        print_parameter(PARAMETERS[name])


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new scenario.")],
    source: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="The scenario that it extends.")
    ] = "article",
    folder: Annotated[Path, typer.Option("--dir", parser=place, metavar="DIR", help="Folder for the file.")] = Path(),
) -> None:
    """Write a commented starter file; never overwrite one."""
    from sim.commands.new import write_starter
    from sim.scenario import ScenarioError

    try:
        path = write_starter(name, source, folder)
    except ScenarioError as error:
        fail(str(error))
    say(f"{path}: edit it, then sim validate {shlex.quote(str(path))} and sim run {shlex.quote(str(path))}")
