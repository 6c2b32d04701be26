"""Write a commented scenario file to start from: `sim new`."""

import os
from pathlib import Path

from sim.commands.describe import amount
from sim.scenario import Problem, Scenario, ScenarioError, load, shipped
from sim.scenario.library import SUFFIX, fault_of_name, reason
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import month_number, month_text
from sim.signals import is_written

EXAMPLES = ("routes.khasan.capacity", "sanctions.pressure", "PRK.ammunition.stock")
"""Parameters offered as examples, if the table has them."""


def write_starter(name: str, source: str, folder: Path) -> Path:
    """Write NAME.toml, which extends `source`, into `folder`; return its path. Raises ScenarioError."""
    path = folder / f"{name}{SUFFIX}"
    fault = f"leave out {SUFFIX}" if name.endswith(SUFFIX) else fault_of_name(name)
    fault = fault or ("is the name of a shipped scenario; choose another" if name in shipped() else "")
    problems = [Problem(name, 0, "", fault)] if fault else []
    if not folder.is_dir():
        problems.append(Problem(str(folder), 0, "", "no such folder"))
    try:
        base = load(source)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(problems)
    extends = source if source in shipped() else Path(os.path.relpath(source, folder)).as_posix()
    try:
        _write_new(path, starter(name, extends, base))
    except FileExistsError:
        raise ScenarioError([Problem(str(path), 0, "", "exists already; it was not changed")]) from None
    except OSError as error:
        raise ScenarioError([Problem(str(path), 0, "", f"cannot be written: {reason(error)}")]) from error
    is_written(path)
    return path


def _write_new(path: Path, text: str) -> None:
    """Write a file that must not exist yet; remove it if writing fails."""
    with path.open("x", encoding="utf-8", newline="\n") as file:
        try:
            file.write(text)
            file.flush()
        except BaseException:
            path.unlink(missing_ok=True)
            raise


def starter(name: str, extends: str, base: Scenario) -> str:
    """Return the text of a starter file: valid as written, with one example of each kind of change."""
    title = name.replace("_", " ").replace("-", " ").capitalize()
    half = month_text(month_number(base.start) + base.months // 2)
    settings = "\n".join(_example(key, base) for key in EXAMPLES if key in PARAMETERS)
    return f"""\
# Same as {extends}, but for what you change below. Take the # off a line and change its number.
# sim validate FILE checks this file; sim params --all lists everything that can be set; sim run FILE runs it.
title = "{title}"
question = "What changes if ...?"
look_for = "Which curves part from those of {base.name}, and when."
outcome = "Write here, after running it, what differs and why."
extends = {_quoted(extends)}

# months = {base.months}
# worlds = {base.worlds}

# One number holds in all worlds; low and high make it uncertain.
{settings}

# From a month on, for a number of months or for good (without duration):
# [[events]]
# month = "{half}"
# key = "war.intensity"
# factor = 0.5
# duration = 6
# why = "The war is half as intense for half a year."

# An act that happens whatever the countries would choose:
# [[events]]
# month = "{half}"
# act = "summit"
# actors = ["RUS", "PRK"]
# why = "The leaders meet."
"""


def _quoted(text: str) -> str:
    """Return a TOML string."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _example(key: str, base: Scenario) -> str:
    """Return a commented setting at its present value."""
    row, now = PARAMETERS[key], base.settings[key]
    value = amount(now.value, row.unit)
    if now.low is not None and now.high is not None:
        value = f"{{ value = {value}, low = {now.low:.12g}, high = {now.high:.12g} }}"
    return f"# {key} = {value}  # {row.unit}: {row.meaning}"
