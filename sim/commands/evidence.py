"""What the commands that look for evidence share: outcomes and parameters that the user names, extras, the cost."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from time import perf_counter

from sim.analysis.measures import Measure
from sim.analysis.outcome import OutcomeError, needed_month, outcome
from sim.commands.terminal import fail, tell
from sim.experiment.run import run
from sim.scenario import PARAMETERS, Problem, Scenario
from sim.scenario.hints import is_group, unknown_key
from sim.scenario.problems import shown

EXTRA = "evidence"
PROBE = 256, 6
"""Worlds and months that are run to see how fast this machine is."""


def require(*libraries: str) -> None:
    """End the command unless these libraries can be loaded; what they warn of while they load is not the user's."""
    for name in libraries:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import_module(name)
        except ImportError as error:
            fail(f"this command needs {name.partition('.')[0]}: pip install 'sim[{EXTRA}]' ({error})")


def named_outcomes(
    names: Sequence[str], scenario: Scenario | None, option: str, problems: list[Problem]
) -> dict[str, Measure]:
    """The outcomes that the user names; what is wrong with a name is noted as a problem of the option."""
    found: dict[str, Measure] = {}
    for name in names:
        text = name.strip()
        try:
            measure = outcome(text)
        except OutcomeError as error:
            problems.append(Problem(option, 0, "", shown(str(error), 600)))
            continue
        month = needed_month(text)
        covered = [date[:7] for date in scenario.dates] if scenario else []
        if text in found:
            problems.append(Problem(option, 0, "", f"{text}: is named twice"))
        elif month and covered and month not in covered:
            problems.append(Problem(option, 0, "", f"{text}: the run covers {covered[0]} to {covered[-1]}"))
        else:
            found[text] = measure
    return found


def named_keys(prefixes: Sequence[str], scenario: Scenario, option: str, problems: list[Problem]) -> list[str]:
    """Uncertain parameters whose keys are, or begin with, one of the prefixes; all of them if there is no prefix."""
    keys = scenario.uncertain
    if not keys:
        problems.append(Problem(scenario.name, 0, "", "every parameter is the same in all worlds; give some a range"))
    if not prefixes:
        return keys
    chosen: set[str] = set()
    for prefix in prefixes:
        name = prefix.strip().rstrip(".")
        mine = {key for key in keys if key == name or key.startswith(f"{name}.")}
        chosen |= mine
        if name not in PARAMETERS and not is_group(name):
            problems.append(Problem(option, 0, shown(name), *unknown_key(shown(name, 80))))
        elif not mine and keys:
            what = "is" if name in PARAMETERS else "has only parameters that are"
            rule = f"{what} the same in all worlds; a range makes it uncertain: {_range(name)}"
            problems.append(Problem(option, 0, name, rule))
    return [key for key in keys if key in chosen]


def _range(name: str) -> str:
    key = name if name in PARAMETERS else next(key for key in PARAMETERS if key.startswith(f"{name}."))
    return f"--set '{key}={{low=..., high=..., distribution=\"uniform\"}}'"


def tell_cost(scenario: Scenario, parts: Mapping[str, int]) -> None:
    """Say how many runs there will be, and about how long they take here."""
    worlds, months = PROBE[0], min(PROBE[1], scenario.months)
    few = replace(scenario, worlds=worlds, months=months)
    run(replace(few, months=1))  # what is loaded and drawn the first time is not part of the pace
    before = perf_counter()
    run(few)
    pace = (perf_counter() - before) / (worlds * months)
    seconds = pace * sum(parts.values()) * scenario.months
    words = " and ".join(f"{runs:,} runs for {what}" for what, runs in parts.items())
    tell(f"{words}: about {max(1, round(seconds / 2)):,} to {max(2, round(seconds)):,} seconds")
