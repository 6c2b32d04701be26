"""Make the page of some scenarios: what is seen, what the engine needs, as one text."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from sim.page.assemble import assembled
from sim.page.describe import page_data
from sim.page.payload import PageError, payload
from sim.scenario import Scenario, nearest


def page_of(
    scenarios: Sequence[Scenario],
    names: Sequence[str],
    levers: Sequence[str],
    language: str = "en",
    lessons: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Return the HTML of a page; `names` are the scenarios as the user called them, `levers` keys of parameters.

    `lessons` are those beside the model (`sim.lessons.on_page`); their HTML is shown as it is.

    All scenarios have the same number of worlds, a multiple of eight. Raises PageError for another number of worlds,
    and for levers that no month reads.
    """
    try:
        origin = f"sim {version('sim')}"
    except PackageNotFoundError:
        origin = "sim"
    worlds = scenarios[0].worlds
    engine = payload(scenarios, worlds=worlds)
    if problems := _unread(levers, sorted({key for _, key in engine.head["parameters"]})):
        raise PageError("\n".join(problems))
    data = page_data(scenarios, names, levers, worlds, language, origin)
    return assembled(data | {"lessons": list(lessons)}, engine.wasm, engine.data, engine.head)


def _unread(levers: Sequence[str], read: Sequence[str]) -> list[str]:
    """Return a problem for each lever that would move nothing, with the nearest key that moves something."""
    found = []
    for key in levers:
        if key not in read:
            near = nearest(key, read)
            hint = f" (did you mean {near}?)" if near else ""
            found.append(f"--levers: {key}: is read by no month of the model, so it would move nothing{hint}")
    return found
