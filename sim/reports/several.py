"""Several runs in one report: each against the first, world by world, where their worlds can be paired."""

import json
from collections.abc import Sequence
from dataclasses import replace

import xarray as xr

from sim.analysis.levels import brief, compared_by
from sim.present.naming import tells
from sim.present.text import literal
from sim.reports.compared import drawings
from sim.reports.folders import Opened
from sim.reports.html import Chapter, prose, split
from sim.scenario import Scenario, ScenarioError
from sim.studies.compare.analysis import comparison
from sim.studies.compare.tables import summary
from sim.texts import LANGUAGES
from sim.texts.spoken import said, speaking

SHARED = ("seed", "start", "months")
"""What runs must share so that their worlds can be compared one by one."""


def several_runs(folders: Sequence[Opened]) -> Chapter | None:
    """Return the chapter that holds the runs among `folders` against the first of them; None if there is one or none.

    Where worlds cannot be paired it says why.
    """
    runs = [one for one in folders if one.is_run and one.data is not None]
    if len(runs) < 2:
        return None
    if apart := _apart(runs):
        return Chapter(tells("several.side"), {tells("several.not"): prose(apart)})
    try:
        ds = compared(runs)
    except ScenarioError as error:
        return Chapter(tells("several.side"), {tells("several.not"): prose(literal(str(error)))})
    intro, parts = split(summary(ds))
    texts = {heading: prose(text) for heading, text in parts.items() if heading != said("printed.origin.heading")}
    return Chapter(
        tells("several.against"),
        {**texts, tells("figures"): "".join(drawings(ds))},
        prose(f"{intro}\n\n{tells('several.written')}"),
    )


def _apart(runs: Sequence[Opened]) -> str:
    """Return why the worlds of runs cannot be compared one by one; empty if they can."""
    stored = [one.manifest["scenario"] for one in runs]
    differ = [tells(f"several.shared.{key}") for key in SHARED if len({scenario[key] for scenario in stored}) > 1]
    if differ:
        return tells("several.apart", what=said("compare.part.and").join(differ))
    return ""


def compared(runs: Sequence[Opened]) -> xr.Dataset:
    """Return the comparison of runs, which are called by the names of their folders. Raises ScenarioError."""
    scenarios = [
        replace(Scenario.from_dict(json.loads(one.data.attrs["scenario"])), name=name)
        for one, name in zip(runs, distinct([one.name for one in runs]), strict=True)
        if one.data is not None
    ]
    reduce = compared_by().reduce or brief
    summaries = [reduce(one.data) for one in runs if one.data is not None]
    title = f"{scenarios[0].name} compared with {', '.join(scenario.name for scenario in scenarios[1:])}"
    fewest = min(scenario.worlds for scenario in scenarios)
    with speaking(LANGUAGES[0]):  # data are in English, whatever is spoken
        return comparison([replace(scenario, worlds=fewest) for scenario in scenarios], summaries, title)


def distinct(names: Sequence[str]) -> list[str]:
    """Return names of which none is twice."""
    return [name if names.count(name) == 1 else f"{name} ({k + 1})" for k, name in enumerate(names)]
