"""Resolve the outcomes and parameters that a user names for a study."""

from collections.abc import Sequence

from sim.analysis.measures import Measure
from sim.analysis.outcome import PLAIN, OutcomeError, not_covered, outcome
from sim.analysis.wide import WIDE
from sim.commands.terminal import columns, notify, say
from sim.scenario import PARAMETERS, Problem, Scenario
from sim.scenario.hints import is_group, unknown_key
from sim.scenario.problems import few, quoted, shown


def named_outcomes(
    names: Sequence[str], scenario: Scenario | None, option: str, problems: list[Problem]
) -> dict[str, Measure]:
    """Return the outcomes by name; append every fault of a name as a problem of the option."""
    found: dict[str, Measure] = {}
    for name in names:
        text = name.strip()
        try:
            measure = outcome(text)
        except OutcomeError as error:
            problems.append(Problem(option, 0, "", shown(str(error), 600)))
            continue
        if text in found:
            problems.append(Problem(option, 0, "", f"{text}: is given twice"))
        elif scenario and (rule := not_covered(text, scenario)):
            problems.append(Problem(option, 0, "", rule))
        else:
            found[text] = measure
    return found


def compared_outcomes(names: Sequence[str], first: Scenario | None, problems: list[Problem]) -> dict[str, Measure]:
    """Return the outcomes that a comparison is asked for, the usual ones first; append every fault of their names."""
    texts = [name.strip() for name in names]
    usual = {text: WIDE[text] for text in texts if text in WIDE}
    return usual | named_outcomes([text for text in texts if text not in WIDE], first, "--outcome", problems)


def print_outcomes() -> None:
    """Print a line for each outcome with a name of its own: name, unit, meaning; and how all others are written."""
    columns(("outcome", "unit", "meaning"), [(name, one.unit, one.words) for name, one in PLAIN.items()])
    say(
        "\nAny variable is one, too, in the last month or in another: COUNTRY.VARIABLE, PAIR.VARIABLE, with a good "
        "COUNTRY.GOOD.VARIABLE, PAIR.GOOD.VARIABLE, such as kor.threat, rus_prk.trust@2024-06 or "
        "prk_rus.ammunition.delivered@all (the sum over all months); and counts of acts, such as rus_prk.summit or "
        "all.exercise."
    )


HAVE_NO_RANGE = "switches have no range; sim compare and sim sweep show what they do"


def named_keys(prefixes: Sequence[str], scenario: Scenario, option: str, problems: list[Problem]) -> list[str]:
    """Return the uncertain parameters equal to or below the prefixes; all of them without a prefix."""
    keys = scenario.uncertain
    if not keys:
        problems.append(Problem(scenario.name, 0, "", "no parameter is uncertain; give some a range"))
    if not prefixes:
        return keys
    chosen: set[str] = set()
    for prefix in prefixes:
        name = prefix.strip().rstrip(".")
        mine = {key for key in keys if key == name or key.startswith(f"{name}.")}
        if mine and mine <= chosen:
            notify(f"{option} {name}: without effect: the others hold all of it")
        chosen |= mine
        if not name:
            problems.append(Problem(option, 0, "", "is empty; name a parameter or the beginning of some, such as war"))
        elif name not in PARAMETERS and not is_group(name):
            rule, near = unknown_key(shown(name, 80))
            rule = rule if near else f"{rule}; sim params lists all, such as routes, war or PRK.ammunition.stock"
            problems.append(Problem(option, 0, shown(name), rule, near))
        elif not mine and keys:
            problems.append(Problem(option, 0, name, _fixed(name)))
    if chosen and (stay := [key for key in PARAMETERS if PARAMETERS[key].steps and _below(key, prefixes, keys)]):
        notify(
            f"{option}: {few(stay)} {'stays' if len(stay) == 1 else 'stay'} as set in {scenario.name}: {HAVE_NO_RANGE}"
        )
    return [key for key in keys if key in chosen]


def _below(key: str, prefixes: Sequence[str], drawn: Sequence[str]) -> bool:
    """Return whether a parameter is asked for by a prefix, though worlds do not draw it."""
    return key not in drawn and any(key.startswith(f"{prefix.strip().rstrip('.')}.") for prefix in prefixes)


def _fixed(name: str) -> str:
    """Return why a parameter, or all below a prefix, cannot be varied, and what to do."""
    steps = PARAMETERS[name].steps if name in PARAMETERS and not PARAMETERS[name].choices else ""
    if steps:
        return f"is {steps}, which has no range; run it as scenarios: sim compare NAME NAME+{name}=VALUE"
    what = "is" if name in PARAMETERS else "has only parameters that are"
    return f"{what} the same in all worlds; a range makes it uncertain: {_range(name)}"


def _range(name: str) -> str:
    key = name if name in PARAMETERS else next(key for key in PARAMETERS if key.startswith(f"{name}."))
    if names := PARAMETERS[key].choices:
        return f"--set '{key}=[{', '.join(quoted(name) for name in names)}]'"
    return f"--set '{key}={{low=..., high=..., distribution=\"uniform\"}}'"
