"""The command line: `sim COMMAND`, or `python -m sim COMMAND`.

Every command imports what it needs when it is called, so that help comes at once. A user's mistake is told on stderr,
without a traceback, with exit code 2, and leaves nothing half written.
"""

import io
import os
import shlex
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sim.commands.evidence_options import discover, sensitivity
from sim.commands.interrupt import end_on_signals
from sim.commands.options import Months, Seed, Sets, Worlds, whole
from sim.commands.terminal import INTERRUPTED, USER_MISTAKE, counted, fail, paragraph, tell

app = typer.Typer(
    help="Six countries trade ammunition, food, energy and technology under constraints that you set. A thinking tool.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"sim {version('sim')}")
        except PackageNotFoundError:
            typer.echo("sim (not installed, run from its folder)")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Options before a command."""


@app.command()
def run(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Names (sim list) or paths.")],
    worlds: Worlds = None,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the output; of several scenarios, each gets a folder in it.  [default: outputs/NAME]"
        ),
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
) -> None:
    """Run scenarios and write data, tables, summary and figures."""
    from sim.commands.choose import load_all

    loaded = load_all(scenarios, set_ or [], worlds, months, seed)

    # The numerical libraries are loaded only once the user's input is known to be right.
    from sim.commands.runs import run_all

    run_all(loaded, out, figures)


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO SCENARIO...", help="The first is the reference.")],
    worlds: Worlds = None,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the output.  [default: outputs/compare_NAME_NAME...]")
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
) -> None:
    """Compare scenarios world by world: differences, who gains, who loses."""
    from sim.commands.pairing import load_pairable

    loaded = load_pairable(scenarios, set_ or [], worlds, months, seed)
    from sim.commands.compare import compare_all

    compare_all(loaded, out, figures)


@app.command()
def sweep(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    vary: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=LOW:HIGH:STEPS", help="Vary a parameter in even steps; may be given twice."),
    ] = None,
    outcome: Annotated[str, typer.Option(help="What to show, such as practical, technology, oil, gain, tier3.")] = (
        "shells_delivered"
    ),
    worlds: Annotated[int, typer.Option(parser=whole, metavar="INTEGER", help="Number of worlds at each point.")] = 64,
    months: Months = None,
    seed: Seed = None,
    set_: Sets = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for the output.  [default: outputs/sweep_NAME_KEY...]")
    ] = None,
    figures: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures.")] = True,
) -> None:
    """Vary one or two parameters: where do they stop mattering, where do they turn?"""
    from sim.commands.vary import load_varied

    loaded, axes = load_varied(scenario, vary or [], set_ or [], worlds, months, seed)
    from sim.commands.sweep import sweep_grid

    sweep_grid(loaded, axes, outcome, out, figures)


app.command()(sensitivity)
app.command()(discover)


@app.command("list")
def list_() -> None:
    """The shipped scenarios."""
    from sim.scenario import ScenarioError, load, shipped

    for name, path in shipped().items():
        try:
            scenario = load(name)
        except ScenarioError as error:
            tell(f"{name}: cannot be used, see sim validate {path}: {error.problems[0]}")
            continue
        typer.echo(f"{name}: {scenario.title}")
        paragraph(scenario.question)


@app.command()
def validate(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Scenario files, or names of shipped scenarios.")
    ],
) -> None:
    """Check scenario files and tell every problem of each."""
    from sim.scenario import ScenarioError, load

    problems = []
    for name in files:
        try:
            scenario = load(name)
        except ScenarioError as error:
            problems += error.problems
            continue
        counts = f"{counted(len(scenario.changed), 'parameter')} changed, {counted(len(scenario.events), 'event')}"
        typer.echo(f"{name}: ok ({counted(scenario.months, 'month')} from {scenario.start}, {counts})")
    if problems:
        fail(str(ScenarioError(problems)))


@app.command("show")
def show_(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name (sim list) or path.")],
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="Only parameters with this in their name.")] = None,
    changed: Annotated[
        bool, typer.Option("--changed/--all", help="Only what differs from the table of parameters, or everything.")
    ] = False,
    set_: Sets = None,
) -> None:
    """Every value of a scenario, and the file and line it is from."""
    from sim.commands.describe import keys_like, print_scenario
    from sim.scenario import Problem, ScenarioError, load

    problems: list[Problem] = []
    keys: list[str] = []
    try:
        keys = keys_like(key)
    except ScenarioError as error:
        problems = error.problems
    try:
        resolved = load(scenario, set=set_ or [])
    except ScenarioError as error:
        problems = error.problems + problems
    if problems:
        fail(str(ScenarioError(problems)))
    print_scenario(resolved, [name for name in keys if not changed or name in resolved.changed])


@app.command()
def params(
    key: Annotated[str | None, typer.Argument(metavar="KEY", help="A parameter, or a part of its name.")] = None,
) -> None:
    """What parameters mean: unit, range, bounds, claims and source."""
    from sim.commands.describe import keys_like, print_parameter
    from sim.scenario import PARAMETERS, ScenarioError

    try:
        keys = keys_like(key)
    except ScenarioError as error:
        fail(str(error))
    for name in keys:
        print_parameter(PARAMETERS[name])


@app.command()
def replay(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run, such as outputs/article.")],
) -> None:
    """Run again what a folder holds, and compare the data."""
    from sim.commands.runs import replay_one

    replay_one(folder)


@app.command()
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the new scenario.")],
    source: Annotated[
        str, typer.Option("--from", metavar="SCENARIO", help="The scenario that it extends.")
    ] = "article",
    folder: Annotated[Path, typer.Option("--dir", help="Folder for the file.")] = Path(),
) -> None:
    """Write a commented starter file; never overwrites one."""
    from sim.commands.starter import write_starter
    from sim.scenario import ScenarioError

    try:
        path = write_starter(name, source, folder)
    except ScenarioError as error:
        fail(str(error))
    typer.echo(f"{path}: edit it, then sim validate {shlex.quote(str(path))} and sim run {shlex.quote(str(path))}")


def main() -> None:
    """Run the command line; a character that the terminal cannot show becomes a question mark, not an error."""
    interrupted = end_on_signals()
    try:
        _open_closed_streams()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")
        app(prog_name="sim")
    except (KeyboardInterrupt, SystemExit) as end:
        # Typer turns Ctrl-C into its exit code.
        if isinstance(end, SystemExit) and end.code != INTERRUPTED and not (interrupted() and end.code):
            raise
        _say_interrupted()
    except OSError as error:
        if interrupted():
            _say_interrupted()
        # Only printing is left to fail here: standard output may be a full disk.
        sys.stderr.write(f"cannot write: {error.strerror or error}\n")
        sys.stdout = None  # what is still unwritten must not be tried again at exit
        sys.exit(USER_MISTAKE)
    except Exception:
        if not interrupted():
            raise
        # A library that was being loaded made an error of its own of Ctrl-C.
        _say_interrupted()


def _say_interrupted() -> NoReturn:
    sys.stderr.write("interrupted: nothing is left half written\n")
    sys.exit(INTERRUPTED)


def _open_closed_streams() -> None:
    """A closed standard output, as of `sim list >&-`, is like one that nobody reads."""
    closed = sys.stdout is None
    if closed:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    if closed:
        sys.stderr.write("standard output is closed: nothing is printed\n")
