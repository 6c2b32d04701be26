"""Load the scenarios of a command, or exit with every problem of all of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from sim.commands.terminal import fail, mention, notify
from sim.scenario import Problem, Scenario, ScenarioError, load
from sim.scenario.case import LANE, in_order
from sim.scenario.changes import BY_HAND, OPTION, Overrides, set_texts
from sim.scenario.idle import idle
from sim.scenario.names import COUNTRY_NAMES
from sim.scenario.problems import counted
from sim.scenario.unfelt import unfelt
from sim.scenario.unreached import unreached
from sim.texts.spoken import written

Read = TypeVar("Read")
Faults = Callable[[Sequence[Scenario]], Sequence[Problem]]
"""Finds the faults of other arguments, given the scenarios that could be loaded."""
FEWEST = 2
SHARED = {
    "seed": "give all of them one with --seed",
    "months": "give all of them one with --months",
    "start": "worlds can only be paired month by month; give the files one start",
}
"""Fields that compared scenarios must share, and the remedy if they differ."""

NAMED_IN_CODE = (
    'name one with replace(scenario, name="mine"), or change it with sim.load(scenario, set={"routes.khasan.capacity": '
    "15}), which names it"
)
"""How scenarios of one name are told apart in Python."""


def no_faults(_: Sequence[Scenario]) -> Sequence[Problem]:
    """Find nothing."""
    return ()


def attempt(problems: list[Problem], read: Callable[..., Read], *given: object, **options: object) -> Read | None:
    """Return what `read` returns, or None with its problems appended if it raises ScenarioError."""
    try:
        return read(*given, **options)
    except ScenarioError as error:
        problems += error.problems
        return None


def attempt_load(
    problems: list[Problem], name: str | Scenario, calibrated: Path | None = None, **changes: Any
) -> Scenario | None:
    """Return a scenario, with remarks on what in it is without effect; None with its problems appended.

    Its worlds draw from a calibrated set, if one is given.
    """
    scenario = attempt(problems, load, name, **changes)
    for remark in remarks(scenario, changes.get("set") or ()) if scenario and not problems else ():
        notify(remark)
    drawn = draw_from(calibrated, [scenario] if scenario else [], problems)
    return drawn[0] if drawn else None


def remarks(scenario: Scenario, sets: Overrides = ()) -> list[str]:
    """Return remarks on settings and events of a scenario that no world feels, and on those `--set` that lost."""
    return [*idle(scenario), *unreached(scenario), *unfelt(scenario), *_lost(scenario, sets)]


def _lost(scenario: Scenario, sets: Overrides) -> Iterator[str]:
    """Yield a remark on each setting of the option that what stands behind the name of the scenario replaces."""
    for key in (text.partition("=")[0] for text in set_texts(sets)):
        if key in scenario.settings and (origin := scenario.settings[key].origin) != OPTION:
            where = "the change behind its name" if origin in BY_HAND else origin
            yield f"{scenario.name}: --set {key} without effect: {where} comes later, and counts"


def stop_if_any(problems: Sequence[Problem]) -> None:
    """Exit with all problems, if there are any."""
    if problems:
        fail(str(ScenarioError(problems)))


def load_all(
    names: Sequence[str], changes: Mapping[str, Any], calibrated: Path | None = None, *, also: Faults = no_faults
) -> list[Scenario]:
    """Load all scenarios with the `changes` of the options; exit with every problem of all of them.

    Their worlds draw from a calibrated set, if one is given. What `also` finds is told with these.
    """
    problems: list[Problem] = []
    loaded = draw_from(calibrated, _loaded(names, changes, problems), problems)
    problems += _twice(loaded, "two scenarios of this name would share a folder; run them one by one")
    problems += also(loaded)
    stop_if_any(problems)
    return loaded


def load_pairable(
    names: Sequence[str | Scenario],
    changes: Mapping[str, Any],
    calibrated: Path | None = None,
    outcomes: Sequence[str] = (),
    *,
    also: Faults = no_faults,
) -> list[Scenario]:
    """Load scenarios with the same number of worlds; exit with every reason why they cannot be paired.

    Their worlds draw from a calibrated set, if one is given. Faults of the outcomes to be compared, and
    what `also` finds in other arguments, are told with these.
    """
    problems: list[Problem] = []
    loaded = draw_from(calibrated, _loaded(names, changes, problems), problems)
    if len(names) < FEWEST:
        rule = "at least two scenarios are needed; the first is the reference"
        problems.append(Problem(_name(names[0]) if names else "compare", 0, "", rule))
    problems += _of_one_name(names, loaded) + _apart(loaded)
    if outcomes:
        from sim.commands.naming import compared_outcomes  # loads NumPy

        compared_outcomes(outcomes, next(iter(loaded), None), problems)
    problems += also(loaded)
    stop_if_any(problems)
    fewest = min(scenario.worlds for scenario in loaded)
    if any(scenario.worlds != fewest for scenario in loaded):
        mention("fewest", n=written(f"{fewest:,}"))
    for scenario in loaded[:1]:
        if remark := of_another_lane(scenario.name, scenario.lane):
            a, b = in_order(*scenario.lane[:2])
            notify(f"{remark}; of its own lane --outcome {a.lower()}_{b.lower()}.practical and the like tell")
    for scenario in loaded[1:]:
        if scenario.hash == loaded[0].hash:
            mention("identical", name=scenario.name, first=loaded[0].name)
    return [replace(scenario, worlds=fewest) for scenario in loaded]


def of_another_lane(name: str, lane: Sequence[str]) -> str:
    """Return a remark on a scenario that asks about another lane than the outcomes with plain names; else nothing."""
    if tuple(lane) == LANE:
        return ""
    seller, buyer, good = lane
    return (
        f"{name}: asks about {good} from {COUNTRY_NAMES[seller]} to {COUNTRY_NAMES[buyer]}, but outcomes with a plain "
        "name, such as shells_delivered and technology, are those of Russia and North Korea"
    )


def _name(given: str | Scenario) -> str:
    return given.name if isinstance(given, Scenario) else given


def _loaded(names: Sequence[str | Scenario], changes: Mapping[str, Any], problems: list[Problem]) -> list[Scenario]:
    found = [attempt(problems, load, name, **changes) for name in names]
    loaded = [scenario for scenario in found if scenario is not None]
    for remark in [] if problems else [remark for one in loaded for remark in remarks(one, changes.get("set") or ())]:
        notify(remark)
    return loaded


def _twice(loaded: Sequence[Scenario], rule: str) -> list[Problem]:
    names = [scenario.name for scenario in loaded]
    return [Problem(name, 0, "", rule) for name in dict.fromkeys(names) if names.count(name) > 1]


def _of_one_name(given: Sequence[str | Scenario], loaded: Sequence[Scenario]) -> list[Problem]:
    """Return the problems of names that several scenarios have, and how to tell those apart that differ."""
    found = []
    for one in _twice(loaded, "is given twice; scenarios are identified by their names"):
        if len({scenario.hash for scenario in loaded if scenario.name == one.file}) > 1:
            in_code = any(isinstance(other, Scenario) and other.name == one.file for other in given)
            one = replace(
                one, rule=f"is the name of scenarios that differ; {NAMED_IN_CODE if in_code else 'rename one'}"
            )
        found.append(one)
    return found


def _apart(loaded: Sequence[Scenario]) -> list[Problem]:
    """Return the problems that keep worlds from being paired with those of the first scenario."""
    found = []
    for scenario in loaded[1:]:
        for key, remedy in SHARED.items():
            mine, reference = getattr(scenario, key), getattr(loaded[0], key)
            if mine != reference:
                place = scenario.origins.get(key, "")
                where = f" ({place})" if place and place != "default" else ""
                rule = f"is {mine}{where}, but {reference} in {loaded[0].name}, so worlds cannot be paired; {remedy}"
                found.append(Problem(scenario.name, 0, key, rule))
    return found


def independent(scenario: Scenario) -> int:
    """Return the number of worlds that are independent: all, or that of the vectors of a calibrated set they draw."""
    from sim.experiment.design import vector_of

    drawn = vector_of(scenario)
    return scenario.worlds if drawn is None else len(set(drawn.tolist()))


def enough_vectors(scenario: Scenario | None, least: int, problems: list[Problem]) -> None:
    """Append a problem if worlds draw fewer vectors of a calibrated set than a study needs cases."""
    if scenario and scenario.calibrated and (found := independent(scenario)) < least:
        rule = (
            f"the worlds draw {counted(found, 'vector')} of the set, at least {least} are needed: worlds of one vector "
            "count as one case; take more --worlds, or a set of more vectors"
        )
        problems.append(Problem("--calibrated", 0, scenario.calibrated.path, rule))


def draw_from(path: Path | None, scenarios: list[Scenario], problems: list[Problem]) -> list[Scenario]:
    """Return the scenarios with worlds drawn from a calibrated set, if one is given; report remarks on it.

    What is wrong with the set is appended to the problems, also where no scenario could be loaded.
    """
    if path is None:
        return scenarios
    from sim.results.calibrated import attach, opened
    from sim.results.calibrated import remarks as about

    wrong: list[Problem] = []
    if not scenarios:
        attempt(wrong, opened, path)
    attached = [one for scenario in scenarios if (one := attempt(wrong, attach, scenario, path))]
    problems += dict.fromkeys(wrong)
    for remark in dict.fromkeys(remark for one in attached for remark in about(one)) if not problems else ():
        notify(remark)
    return scenarios if wrong else attached
