"""Scenario and stakeholder simulation of six countries that trade ammunition, food, energy and technology.

    import sim
    scenario = sim.load("article", set={"routes.khasan.capacity": "80"})
    results = sim.run(scenario)                  # an xarray Dataset
    sim.draw(results, "cooperation")             # a matplotlib Figure
    sim.tidy(results)                            # a pandas DataFrame, one number a row
    sim.compare("article", scenario)             # world by world
    sim.report("outputs/article")                # one page of HTML of a folder of output

A thinking tool, never a forecast.
"""

from __future__ import annotations

# Imports are deferred to first use: this file runs first whenever the command `sim` starts.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    import xarray as xr

    from sim.api import compare, draw, explain, figures, history, report, sweep
    from sim.attributing import attribute
    from sim.frames import decisions, headline, tidy
    from sim.scenario import PARAMETERS, Scenario, ScenarioError, shipped
    from sim.scenario.in_code import Events
    from sim.scenario.load import Overrides

__all__ = [
    "PARAMETERS",
    "Scenario",
    "ScenarioError",
    "attribute",
    "compare",
    "decisions",
    "draw",
    "explain",
    "figures",
    "headline",
    "history",
    "load",
    "open_results",
    "panels",
    "report",
    "run",
    "shipped",
    "sweep",
    "tidy",
]
_ELSEWHERE = {
    "sim.attributing": ("attribute",),
    "sim.scenario": ("PARAMETERS", "Scenario", "ScenarioError", "shipped"),
    "sim.api": ("compare", "draw", "explain", "figures", "history", "report", "sweep"),
    "sim.frames": ("decisions", "headline", "tidy"),
}
"""Module -> the names that it lends to this one."""


def __getattr__(name: str) -> object:
    """Import a name of `sim.scenario` or `sim.api` when it is first used."""
    from importlib import import_module

    home = next((home for home, names in _ELSEWHERE.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(home), name))


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def load(
    name_or_path: str | Path | Scenario,
    *,
    set: Overrides | None = (),
    events: Events | None = (),
    worlds: int | None = None,
    months: int | None = None,
    seed: int | None = None,
    calibrated: str | Path | None = None,
) -> Scenario:
    """Read and check a scenario.

    Parameters
    ----------
    name_or_path
        A shipped scenario (`sim.shipped()` lists them), a TOML file, the folder of a run, or a scenario to be changed.
    set
        Settings by key, written as in a scenario file: `{"routes.khasan.capacity": "80"}`, or a list of `"key=value"`.
    events
        Events as tables with the keys of a scenario file, such as
        `{"month": "2024-03", "key": "routes.khasan.capacity", "factor": 2.0, "duration": 12, "why": "a second track"}`
        or `{"month": "2024-06", "act": "summit", "actors": ["RUS", "PRK"]}`.
    worlds, months, seed
        Numbers that replace those of the file.
    calibrated
        A calibrated set of `sim calibrate` (`calibration.nc` or its folder), from which worlds draw their parameters.

    Raises
    ------
    ScenarioError
        With every problem: file, line, key, rule and the nearest valid name.
    """
    from sim.scenario import load as load_scenario

    scenario = load_scenario(name_or_path, set=set, events=events, worlds=worlds, months=months, seed=seed)
    if calibrated is None:
        return scenario
    from sim.plain import placed
    from sim.results.calibrated import attach

    return attach(scenario, placed(calibrated, "a calibrated set"))


def run(scenario: Scenario | str | Path, progress: Callable[[int, int], None] | None = None) -> xr.Dataset:
    """Run a scenario and return all recorded variables.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    progress
        Called with (done, total), in world-months.

    Returns
    -------
    xarray.Dataset
        Variables with units over `month`, `world` and their own dimensions (`country`, `partner`, `good`, `route` …).
        World k depends on nothing but the scenario, the seed and k.

    Raises
    ------
    TypeError
        If `scenario` is neither a Scenario nor the name or path of one.
    ScenarioError
        If the named scenario cannot be read.
    FloatingPointError
        If a number of a world is not finite.
    """
    from sim.experiment.run import run as run_scenario

    return run_scenario(load(scenario), progress)


def open_results(path: str | Path) -> xr.Dataset:
    """Open the results in the folder of a run, or the data of a comparison, a sweep or a comparison with history.

    The variables of a large ensemble, which is stored in many files, stay on disk until they are used.

    Raises
    ------
    sim.results.ResultsError
        If the results are missing, damaged or not of this program.
    """
    from sim.plain import placed
    from sim.results.opened import open_any

    return open_any(placed(path, "what is opened"))


def panels() -> Mapping[str, Callable[..., None]]:
    """Return every panel by name; a panel draws results on a Matplotlib axis: ``panel(results, ax)``."""
    from sim.present.figures import PANELS

    return PANELS
