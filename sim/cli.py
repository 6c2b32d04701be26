"""The command line: `sim COMMAND`, or `python -m sim COMMAND`.

Every command imports its libraries when it is called, so that help is fast. A user's mistake is reported on stderr,
without a traceback, with exit code 2, and leaves nothing half written.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sim.commands import options, scenarios, streams, tables
from sim.commands.effect import Command, asked_figures
from sim.commands.examples import epilog
from sim.commands.lessons import lessons
from sim.commands.page import page
from sim.commands.slides import slides
from sim.commands.terminal import INTERRUPTED, USER_MISTAKE, remarks, told_of_end
from sim.commands.unforeseen import unforeseen
from sim.reports import options as reports
from sim.signals import end_on_signals, exit_code
from sim.studies import explaining, importance, redraw
from sim.studies import options as studies
from sim.texts.spoken import speaking


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"sim {version('sim')}")
        except PackageNotFoundError:
            typer.echo("sim (not installed, run from its folder)")
        raise typer.Exit


def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options before a command."""


def run(
    scenarios: Annotated[
        list[str],
        typer.Argument(metavar="SCENARIO...", help="Names (sim list) or paths; NAME+KEY=VALUE+FILE.toml changes one."),
    ],
    *,
    worlds: options.WorldsOrAuto = None,
    months: options.Months = None,
    seed: options.Seed = None,
    set_: options.Sets = None,
    out: Annotated[
        Path | None,
        typer.Option(
            parser=options.place,
            metavar="DIR",
            help="Folder for the output; of several scenarios, each gets a folder in it.  [default: outputs/NAME]",
        ),
    ] = None,
    figures: options.Drawn = "few",
    with_tables: options.WithTables = False,
    no_figures: options.NoFigures = False,
    keep: Annotated[
        str,
        typer.Option(
            metavar="everything|series|summary",
            help="What is kept of each world.  [default: series up to 20,000 worlds, a summary of more]",
        ),
    ] = "",
    calibrated: options.Calibrated = None,
    store: options.Store = None,
    processes: options.Processes = None,
    on: options.On = "",
    outcome: options.Outcomes = None,
    precision: options.Precision = None,
    most_worlds: options.MostWorlds = None,
    language: options.Language = "en",
) -> None:
    """Run scenarios and write data, tables, summary and figures."""
    from sim.commands.backend import check_auto, checked_backend, checked_keep
    from sim.commands.loading import load_all

    backend, level = checked_backend(on, processes, store), checked_keep(keep)
    auto = worlds is options.AUTO
    check_auto(auto, outcome, precision, most_worlds)
    numbers = {"worlds": None if auto else worlds, "months": months, "seed": seed}
    loaded = load_all(scenarios, options.frame(set_, **numbers), calibrated)

    from sim.commands.first import load_model

    load_model()  # numerical libraries, once the user's input is known to be right
    from sim.commands.run import run_all

    target = None
    if auto:
        from sim.commands.auto import checked_target

        target = checked_target(loaded, outcome or [], precision, most_worlds)
    with speaking(language):
        run_all(loaded, out, asked_figures(figures, no_figures), backend, level, target, with_tables)


def replay(
    folder: Annotated[
        Path, typer.Argument(parser=options.there, metavar="DIR", help="Folder of a run, such as outputs/article.")
    ],
) -> None:
    """Run the scenario of a folder again and compare the data."""
    from sim.commands.replay import replay_one

    replay_one(folder)


def selfcheck() -> None:
    """Compare this machine's results with the published ones, to the last bit."""
    from sim.commands.selfcheck import check_all

    check_all()


STUDIES = (
    studies.sweep,
    studies.history,
    studies.calibrate,
    studies.sensitivity,
    importance.information,
    importance.influence,
    explaining.explain,
    studies.discover,
    studies.policy,
    studies.select,
)
FILES = (scenarios.list_, scenarios.validate, scenarios.show_, scenarios.params, scenarios.new)
TABLES = (slides, page, lessons, tables.tidy, tables.decisions)
MAIN = (run, studies.compare, redraw.figures, redraw.tables, reports.report)
COMMANDS = {one.__name__.rstrip("_"): one for one in (*MAIN, *STUDIES, *TABLES, replay, selfcheck, *FILES)}


def program(commands: Mapping[str, Callable[..., None]] = COMMANDS) -> typer.Typer:
    """Return the program with these commands."""
    made = typer.Typer(
        help="Six countries trade ammunition, food, energy and technology under constraints that you set. "
        "A thinking tool.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    )
    made.callback()(_main)
    for name, command in commands.items():
        made.command(name, cls=Command, epilog=epilog(name))(command)
    return made


app = program()


def main() -> None:
    """Run the command line; a character that the terminal cannot encode is printed as a question mark."""
    interrupted = end_on_signals()
    # Figures are files; a window for them that Matplotlib does not know would end the command.
    os.environ.pop("MPLBACKEND", None)
    try:
        streams.prepare()
        # Typer reads the options of all its commands, which takes a tenth of a second: the one asked for is enough.
        alone = {name: command for name, command in COMMANDS.items() if [name] == sys.argv[1:2]}
        with remarks():
            program(alone or COMMANDS)(prog_name="sim")
    except (KeyboardInterrupt, SystemExit) as end:
        # Typer turns Ctrl-C into its exit code.
        if isinstance(end, SystemExit) and end.code != INTERRUPTED and not (interrupted() and end.code):
            raise
        _say_interrupted()
    except Exception as error:
        # A library that was being imported may have turned Ctrl-C into an error of its own.
        if interrupted():
            _say_interrupted()
        if isinstance(error, OSError) and error.filename is None:
            # Commands catch their own OSErrors, so this one comes from printing: standard output may be a full disk.
            sys.stderr.write(f"cannot write: {error.strerror or error}\n")
            sys.stdout = None  # Python must not flush the rest at exit
            sys.exit(USER_MISTAKE)
        unforeseen(error)


def _say_interrupted() -> NoReturn:
    with speaking(options.asked_language()):
        sys.stderr.write(f"{told_of_end()}\n")
    # An interrupt that passed through code run by `exec`, such as a class that a library makes, leaves a mark in
    # CPython, by which it ends itself with SIGINT at exit, whatever the exit code. The next `exec` clears the mark.
    exec("")
    sys.exit(exit_code())
