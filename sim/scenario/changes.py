"""Changes laid over a scenario: `--set KEY=VALUE`, and `article+KEY=VALUE+FILE.toml` where a scenario is named."""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.plain import listed, plain
from sim.scenario.check import MOST_MONTHS, NUMBERS, TOP_KEYS, Spot
from sim.scenario.events import events_of
from sim.scenario.inherited import left_of
from sim.scenario.kinds import holds_levers, levers_rule
from sim.scenario.lay import lay, lay_settings
from sim.scenario.library import SUFFIX, find, is_path, shipped
from sim.scenario.problems import Problems, ScenarioError, quoted, shown
from sim.scenario.read import Source, read_file
from sim.scenario.scenario import Event, Setting

SETTING = "a setting KEY=VALUE"
Overrides = Mapping[str, Any] | Sequence[str]
"""Settings over the files: {"routes.khasan.capacity": 20} or ["routes.khasan.capacity=20"]."""
OPTION, OPERAND = "--set", "+"
"""Where a mistake stands: in the option, or behind the name of a scenario."""
BY_HAND = (OPTION, "by hand")
"""Origins of a setting from the option, and from behind the name of a scenario."""
FRAME = ("start", *NUMBERS)
"""What a file that is laid over a scenario must leave to it."""
LONGEST_NAME = 64
"""Most characters of the name of a changed scenario: it names a folder."""
DIGEST = 8
_SIGN = re.compile(r"(=\s*|\d[eE])$")
_DROPPED, _UNSAFE = re.compile(r"""[\s"'()\[\]{}]"""), re.compile(r"[^\w.,=+-]")


def split(operand: str) -> tuple[str, list[str]]:
    """Return the scenario and the changes of `article+war.intensity=0+mine.toml`.

    A plus sign within quotes or brackets separates nothing, nor does the sign of a number as in `=+3` or `1e+3`. A path
    that exists is taken as it is.
    """
    if "+" not in operand or (is_path(operand) and _exists(operand)):
        return operand, []
    base = _longest_path(operand)
    parts, depth, quote = [base], 0, ""
    for at, char in enumerate(operand[len(base) :], start=len(base)):
        if quote:
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        depth += (char in "[{") - (char in "]}") if not quote else 0
        if char == "+" and not quote and depth <= 0 and not _is_sign(operand, at):
            parts.append("")
        else:
            parts[-1] += char
    return parts[0].strip(), [part.strip() for part in parts[1:]]


def _longest_path(operand: str) -> str:
    """Return the longest path that exists and ends before a plus sign: the folder of a changed run has some itself."""
    ends = [at for at, char in enumerate(operand) if char == "+"]
    return next((operand[:at] for at in reversed(ends) if is_path(operand[:at]) and _exists(operand[:at])), "")


def _is_sign(operand: str, at: int) -> bool:
    return operand[at + 1 : at + 2] in tuple("0123456789.") and bool(_SIGN.search(operand[:at]))


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):
        return False


def settings_of(given: Any) -> Any:
    """Return settings given in code as plain values; a Series of pandas is a mapping, None is none."""
    if given is None:
        return ()
    return plain(given.to_dict() if hasattr(given, "to_dict") else given)


def set_texts(overrides: Overrides) -> list[str]:
    """Return the settings of the option as `key=value`, as they name a changed scenario."""
    if isinstance(overrides, Mapping):
        return [f"{key}={value}" for key, value in overrides.items()]
    texts = listed(overrides, SETTING)
    return ["=".join(part.strip() for part in text.partition("=")[::2]) for text in texts]


def lay_overrides(settings: dict[str, Setting], overrides: Overrides, problems: Problems) -> None:
    """Write the settings of the option into `settings`; add the problems."""
    pairs = list(overrides.items()) if isinstance(overrides, Mapping) else _pairs(overrides, problems)
    seen: set[str] = set()
    for key, value in pairs:
        _lay_one(settings, key, value, Spot(OPTION, 0, shown(key), OPTION, problems), seen)


def _pairs(texts: Sequence[str], problems: Problems) -> Iterator[tuple[str, str]]:
    """Yield key and value of each text; add a problem for the others."""
    for text in listed(texts, SETTING):
        key, equals, value = (part.strip() for part in text.partition("="))
        if equals and key and value:
            yield key, value
        elif equals and key:
            problems.add(OPTION, 0, key, "the value is empty")
        else:
            problems.add(OPTION, 0, "", f"must be key=value, found {quoted(text)}")


def _lay_one(settings: dict[str, Setting], key: str, value: Any, spot: Spot, seen: set[str]) -> None:
    """Write one setting; add a problem if it is wrong or was there before."""
    if key in seen:
        spot.bad("is set twice")
    elif key in NUMBERS:
        spot.bad("is not a parameter; use its own option", name=f"--{key}", among=[f"--{key}"])
    elif key in TOP_KEYS:
        spot.bad("can only be set in a scenario file")
    else:
        lay(settings, key, as_toml(value) if isinstance(value, str) else value, spot)
    seen.add(key)


def lay_changes(
    settings: dict[str, Setting], events: list[Event], start: str, parts: Sequence[str], problems: Problems
) -> list[str]:
    """Write the changes behind the name of a scenario into `settings` and `events`, in their order; add the problems.

    A part is `key=value`, the path of a TOML file, or a shipped scenario; of a file its own settings and events are
    laid over, without what it extends. Return the names of the files.
    """
    seen: set[str] = set()
    files = []
    for part in parts:
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals:
            if source := _overlay(part, problems):
                _check_frame(source, part, problems)
                files.append(source.path.name)
                lay_settings(source, settings, problems)
                events[:] = left_of(events, source, problems)
                events += events_of(source, (start, MOST_MONTHS), settings, problems)
            continue
        spot = Spot(f"{OPERAND}{shown(part)}", 0, "", BY_HAND[1], problems)
        if key and value:
            _lay_one(settings, key, value, spot, seen)
        else:
            spot.bad(f"the {'value' if key else 'key'} is empty")
    return files


def _overlay(part: str, problems: Problems) -> Source | None:
    """Return the file of a part; add a problem and return None if it is none."""
    place = f"{OPERAND}{shown(part)}"
    if not part:
        problems.add(place, 0, "", "is empty: behind + write KEY=VALUE, or the path of a file, without a space")
        return None
    if not is_path(part) and part not in shipped():
        rule = f"is no KEY=VALUE, no file ({SUFFIX}) and no shipped scenario"
        problems.add(place, 0, "", rule, name=part, among=shipped())
        return None
    try:
        path = find(part)
    except ScenarioError as error:
        problems.found += error.problems
        return None
    source = read_file(path, path.name if part in shipped() else part, problems)
    if source and holds_levers(source.data):
        problems.add(place, 0, "", levers_rule(part))
        return None
    return source


def _check_frame(source: Source, part: str, problems: Problems) -> None:
    """Add a problem for months and the like in a file of the user's: they would be lost."""
    for key in (key for key in FRAME if key in source.data and part not in shipped()):
        option = f"; use --{key}" if key in NUMBERS else ""
        rule = f"only settings and events are laid over a scenario, so this would be lost{option}"
        problems.add(source.shown, source.line(key), key, rule)


def as_toml(text: str) -> Any:
    """Return a value as TOML reads it; other text stays as it is, so that 20 kt/month needs no quotes."""
    if "\n" in text or len(text) > 500:
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except (ValueError, RecursionError):
        return text


def changed_title(title: str, changes: Sequence[str], before: Sequence[str] = ()) -> str:
    """Return the title with all changes in brackets; `before` are those that it names already."""
    every = [*before, *changes]
    return f"{title.removesuffix(_bracket(before))}{_bracket(every)}" if every else title


def _bracket(changes: Sequence[str]) -> str:
    return f" (changed: {', '.join(shown(in_words(one)) for one in changes)})"


def in_words(change: str) -> str:
    """Return a change as typed, its range written out: `routes.khasan.capacity=10 to 20 (uniform)`."""
    key, equals, text = change.partition("=")
    value = as_toml(text.strip()) if equals else None
    if not isinstance(value, dict) or not {"low", "high"} <= set(value):
        return change
    rest = [str(one) for name, one in value.items() if name not in ("low", "high", "value")]
    most = f" about {value['value']}" if "value" in value else ""
    how = f" ({', '.join(rest)})" if rest else ""
    low, high = (f"{end:g}" if isinstance(end, float) else str(end) for end in (value["low"], value["high"]))
    return f"{key.strip()}={low} to {high}{most}{how}"


def changed_name(base: str, changes: Sequence[str]) -> str:
    """Return `article+routes.khasan.capacity=15`: a name for the changed scenario that can be a folder on any system.

    What no folder may be called is left out; if a name loses more than quotes, brackets and spaces, or is too long, it
    ends in a digest of all changes.
    """
    if not changes:
        return base
    short = [
        Path(part).stem if "=" not in part and is_path(part) else _DROPPED.sub("", in_words(part)) for part in changes
    ]
    whole = "+".join([base, *short])
    safe = _UNSAFE.sub("_", whole)
    if safe == whole and len(safe) <= LONGEST_NAME and not safe.endswith("."):
        return safe
    digest = hashlib.sha256("\n".join([base, *changes]).encode()).hexdigest()[:DIGEST]
    return f"{safe[: LONGEST_NAME - DIGEST - 1].rstrip('.')}-{digest}"
