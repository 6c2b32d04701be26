"""The origin of data: scenarios with their hashes, seed, worlds, versions."""

import json
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import xarray as xr

from sim.results import library_versions
from sim.results.conventions import CONVENTIONS, unit_attributes
from sim.results.dataset import code_version
from sim.scenario import Scenario
from sim.scenario.changes import in_words
from sim.scenario.problems import few
from sim.texts.spoken import counted, joined, numbered, said

SHORT = 8
"""Characters of a hash in the line of a figure; files hold all of it."""
LONGEST_NAME, OF_A_RUN = 40, 16
"""Most characters of a scenario's name in that line: among several, and of a run, whose line stands beside a note."""
ROOM = 75
"""Most characters for all names and hashes in that line."""


def origin_of(scenarios: Sequence[Scenario], title: str, kind: str) -> dict[str, Any]:
    """Return the attributes of a Dataset made from runs of these scenarios, which share seed, worlds and months."""
    return {
        "Conventions": CONVENTIONS,
        "title": title,
        "format": kind,
        "scenario_names": json.dumps([scenario.name for scenario in scenarios]),
        "scenario_titles": json.dumps([scenario.title for scenario in scenarios]),
        "scenario_hashes": json.dumps([scenario.hash for scenario in scenarios]),
        "scenarios": json.dumps([scenario.to_dict() for scenario in scenarios], sort_keys=True),
        "seed": scenarios[0].seed,
        "worlds": scenarios[0].worlds,
        "code_version": code_version(),
        "versions": json.dumps(library_versions(), sort_keys=True),
    }


def origin_of_runs(runs: Sequence[xr.Dataset], title: str, kind: str) -> dict[str, Any]:
    """Return the attributes of a Dataset made from results of runs; seed and worlds are those of the first."""
    scenarios = [json.loads(ds.attrs["scenario"]) for ds in runs]
    return {
        "Conventions": CONVENTIONS,
        "title": title,
        "format": kind,
        "scenario_names": json.dumps([str(one.get("name", "?")) for one in scenarios]),
        "scenario_titles": json.dumps([str(one.get("title", "")) for one in scenarios]),
        "scenario_hashes": json.dumps([str(ds.attrs["scenario_hash"]) for ds in runs]),
        "scenarios": json.dumps(scenarios, sort_keys=True),
        "seed": int(runs[0].attrs["seed"]),
        "worlds": runs[0].sizes["world"],
        "code_version": code_version(),
        "versions": json.dumps(library_versions(), sort_keys=True),
    }


def labelled(dims: str | tuple[str, ...], values: Any, words: str, unit: str = "") -> tuple[Any, ...]:
    """Return a variable of a Dataset with its meaning and, if given, its unit."""
    return dims, values, (unit_attributes(unit) if unit else {}) | {"long_name": words}


def hashes(ds: xr.Dataset) -> dict[str, str]:
    """Return the hash of each scenario by its name."""
    return dict(zip(json.loads(ds.attrs["scenario_names"]), json.loads(ds.attrs["scenario_hashes"]), strict=True))


def versions_text(ds: xr.Dataset) -> str:
    """Return the versions in one line: `sim 0.1.0, numpy 2.3, ...`."""
    libraries = sorted(json.loads(ds.attrs["versions"]).items())
    return ", ".join([f"sim {ds.attrs['code_version']}", *(f"{name} {version}" for name, version in libraries)])


def is_run(ds: xr.Dataset) -> bool:
    """Return whether these are the results of one run, not a Dataset made from several."""
    return "scenario" in ds.attrs


def changes_of(ds: xr.Dataset) -> str:
    """Return what was changed by hand in the scenarios of a Dataset, as typed; empty if nothing was."""
    stored = [json.loads(ds.attrs["scenario"])] if is_run(ds) else json.loads(ds.attrs["scenarios"])
    found = [tuple(one.get("changes", ())) for one in stored]
    return "; ".join(dict.fromkeys("; ".join(map(in_words, changes)) for changes in found if changes))


def _cut(name: str, room: int) -> str:
    return name if len(name) <= room else f"{name[: room - 1]}…"


def origin_line(ds: xr.Dataset, room: int = OF_A_RUN) -> str:
    """Return scenarios with shortened hashes (as many as fit), seed, worlds and version in one line.

    The name of the scenario of a run may have `room` characters.
    """
    if is_run(ds):
        scenario = json.loads(ds.attrs["scenario"])
        kind, length = ("of_set", 7) if scenario.get("calibrated") else ("scenario", 10)
        name = _cut(str(scenario.get("name", "?")), max(room, OF_A_RUN))
        names = f"{said(f'printed.origin.{kind}')} {name} {str(ds.attrs['scenario_hash'])[:length]},"
        worlds = counted("world", ds.sizes["world"])
    else:
        every = [f"{_cut(name, LONGEST_NAME)} {found[:SHORT]}" for name, found in hashes(ds).items()]
        fit = max(1, sum(total <= ROOM for total in accumulate(len(one) + 2 for one in every)))
        names, worlds = joined(few(every, fit), "").rstrip(" "), numbered("world", int(ds.attrs["worlds"]))
    fills = {"seed": ds.attrs["seed"], "version": ds.attrs["code_version"]}
    return said("printed.origin.line", names=names, worlds=worlds, **fills)


def origin_text(ds: xr.Dataset) -> str:
    """Return the origin with all hashes and versions of several runs, for the metadata of a figure."""
    if is_run(ds):
        return origin_line(ds)
    return f"{ds.attrs['title']}; {' '.join(hashes(ds).values())}; {origin_line(ds)}; {versions_text(ds)}"
