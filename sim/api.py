"""Studies and figures from Python: what the commands of the same names do, without files.

`sim` lends these names: `sim.compare`, `sim.sweep`, `sim.history`, `sim.explain`, `sim.report`, `sim.figures`,
`sim.draw`; `sim.attribute` is in `sim.attributing`. Where a command prints a problem and ends, they raise ValueError
with the same text; a remark becomes a warning.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from sim.analysis.ledger import Explanation
from sim.commands.terminal import MistakeError, in_code
from sim.plain import as_date, called, listed, placed, whole, worded
from sim.results.held import check_run, lacking_told
from sim.results.opened import Results, in_memory
from sim.scenario import Scenario, nearest
from sim.studies.sweep.analysis import FORMAT as SWEEP
from sim.texts.spoken import speaking

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["compare", "draw", "explain", "figures", "history", "report", "sweep"]
Draw = Callable[[xr.Dataset], "Figure"]
Day = str | date | np.datetime64 | None


def compare(*scenarios: Scenario | str, outcomes: str | Sequence[str] = (), worlds: int | None = None) -> xr.Dataset:
    """Compare scenarios over the same worlds; the first is the reference.

    Parameters
    ----------
    scenarios
        Two or more: scenarios, or names such as `article+routes.khasan.capacity=15`. They share seed, start and months.
    outcomes
        Names of outcomes beside the usual ones, such as `rus_prk.trust@2024-06`.
    worlds
        Number of worlds in all of them; without it that of the scenarios, and the smallest where they differ.

    Returns
    -------
    xarray.Dataset
        Outcomes of every world, their quantiles, and the differences from the reference world by world, with mean and
        standard error; series by month likewise.

    Raises
    ------
    ValueError
        With every problem of every scenario.
    """
    from sim.analysis.concerned import concerned_by
    from sim.analysis.levels import compared_by
    from sim.commands.loading import load_pairable
    from sim.commands.naming import compared_outcomes
    from sim.experiment.block import Task, compute
    from sim.studies.compare.analysis import comparison

    with in_code():
        loaded = load_pairable(scenarios, {"worlds": worlds}, None, listed(outcomes))
        asked = tuple(compared_outcomes(listed(outcomes), loaded[0], []))
    names, concerned = [scenario.name for scenario in loaded], concerned_by(loaded)
    keep = compared_by((*asked, *concerned))
    runs = [compute(Task(scenario, 0, scenario.worlds, keep)) for scenario in loaded]
    return comparison(loaded, runs, f"{names[0]} compared with {', '.join(names[1:])}", asked, concerned)


def sweep(
    scenario: Scenario | str,
    vary: Mapping[str, Sequence[float] | str],
    *,
    outcome: str = "shells_delivered",
    worlds: int = 64,
) -> xr.Dataset:
    """Run a scenario at every point of a grid of one or two parameters, over the same worlds.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    vary
        Key of a parameter -> its values, rising, in the unit of `sim params`, or `"LOW:HIGH:STEPS"`.
    outcome
        What figures show; all outcomes are kept.
    worlds
        Number of worlds at each point.

    Returns
    -------
    xarray.Dataset
        Each outcome over the parameters and worlds, and the share of world-months in which each constraint bound.

    Raises
    ------
    ValueError
        With every problem of the scenario, of the parameters and their values, and of the outcome.
    """
    from sim.experiment.batch import Axis, run_grid
    from sim.studies.sweep.analysis import read_by, reduce_run
    from sim.studies.sweep.analysis import sweep as of_grid
    from sim.studies.sweep.axes import load_grid

    with in_code():
        loaded, axes = load_grid(scenario, vary, {"worlds": worlds}, worded(outcome, "the outcome of a sweep"))
    outcome = outcome.strip()
    varied = [Axis(key, values) for key, values in axes.items()]
    grid = run_grid(loaded, varied, partial(reduce_run, outcome=outcome), variables=read_by(outcome))
    return of_grid(loaded, axes, grid, outcome, f"{loaded.name}: {' and '.join(axes)} varied")


def history(
    scenario: Scenario | str,
    *,
    observed: str | Path | None = None,
    first: Day = None,
    last: Day = None,
    tuned_to: Day = None,
    worlds: int | None = None,
) -> xr.Dataset:
    """Compare a scenario with public observations.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    observed
        File of observations; without it those that the scenario names, else the shipped ones.
    first, last
        Days, YYYY-MM-DD or dates, between which observations are scored.
    tuned_to
        Last day of the early part, which a modeller may tune to; the rest is the test.
    worlds
        Number of worlds, at least 8.

    Returns
    -------
    xarray.Dataset
        Each world's value for every observation, the observation with its band, its score (CRPS) and place among the
        worlds, and quantiles of every series by month.

    Raises
    ------
    ValueError
        With every problem, and if no observation can be compared.
    """
    from sim.studies.history.command import evaluated, load_history

    with in_code():
        file = None if observed is None else placed(observed, "a file of observations")
        days = [as_date(day, len("YYYY-MM-DD")) for day in (first, last, tuned_to)]
        return evaluated(load_history(scenario, file, days, {"worlds": worlds}))[1]


def explain(
    scenario: Scenario | str | Path,
    ask: str,
    *,
    world: int | str = "median",
    month: Day = None,
    tier: int | None = None,
    counterfactual: bool = False,
    turn: str | None = None,
    levers: str | Sequence[str] = (),
    language: str = "en",
) -> Explanation:
    """Say why something came about in one world.

    Parameters
    ----------
    scenario
        A scenario, the name or path of one, or the folder of a run.
    ask
        `technology`, `shells`, `oil`, `food`, `fuel`, `aid`, `railway`, `port`, an act such as `summit RUS PRK`, a flow
        such as `chn_prk.food`, a shortage such as `rus.shells`, or a route.
    world
        Its number; `median`, the one nearest the median path; `lowest shells`, `tier 3 passed`, or a condition such as
        `technology > 20`.
    month
        YYYY-MM or a date; without it the month in which most happens, and the answer says which.
    tier
        With `technology`: 1 to 4; without it the lowest that was kept back.
    counterfactual
        Whether to search the smallest change of one lever that turns it, all chance the same.
    turn, levers
        What to turn instead, such as `shells_delivered > 5`, and which levers to move, `KEY` or `KEY=LOW:HIGH`; either
        starts the search.
    language
        `en` or `fr`.

    Returns
    -------
    sim.analysis.ledger.Explanation
        Its `sentences`, its `ledgers`, whose parts give the numbers explained, and `turning`, sentences on the
        counterfactual; `print` shows it.

    Raises
    ------
    ScenarioError
        With every problem of the arguments.
    ValueError
        If no world meets the condition.
    """
    from sim.studies.explain.command import Request, answer, checked

    ask, turn = worded(ask, "a question"), None if turn is None else worded(turn, "what to turn")
    when = as_date(month, len("YYYY-MM"))
    wanted = Request(ask, called(world, "a world"), when, whole(tier, "a tier"), counterfactual, turn, listed(levers))
    with speaking(language):
        return answer(checked(scenario, wanted, {})).explanation


def report(
    *folders: str | Path, out: str | Path | None = None, title: str = "", question: str = "", language: str = "en"
) -> Path:
    """Write what folders of output say on one page of HTML, which needs no network, and return its path.

    Parameters
    ----------
    folders
        Folders written by `sim run`, `sim compare` or another study. Several runs are compared with the first.
    out
        The file, ending in .html; `report.html` in the first folder if it is left out.
    title, question
        Plain text for the top of the page.
    language
        `en` or `fr`.

    Raises
    ------
    sim.reports.build.ReportError
        With every problem of all folders and of the file, which is never written over anything but a report.
    OSError
        If the file cannot be written.
    """
    from sim.reports.build import make_report

    with speaking(language):
        named = [placed(folder, "the folder of a run or study") for folder in folders]
        heads = worded(title, "the title"), worded(question, "the question")
        return make_report(named, None if out is None else placed(out, "the page"), *heads)


def figures(results: Results) -> list[str]:
    """Return the names of the figures that `draw` can draw of a run, a comparison or a sweep, or of its folder."""
    if "format" not in (held := in_memory(results)).attrs:
        check_run(held, "a figure")
    return list(_figures(held))


def draw(results: Results, name: str, language: str = "en") -> Figure:
    """Draw one figure: `cooperation` or `room_shells` of a run, `differences` of a comparison, `map` of a sweep.

    `results` may be the folder that a command wrote; `language` is `en` or `fr`.

    Raises
    ------
    ValueError
        If no figure has this name; the message lists the figures.
    """
    from sim.present.page import plain
    from sim.present.style import styled

    results = in_memory(results)
    known, name = _figures(results), worded(name, "the name of a figure")
    if name not in known:
        near = nearest(name, known)
        hint = f" (did you mean {near}?)" if near else ""
        raise ValueError(f"no figure is called {name!r}{hint}; the figures are {', '.join(known)}")
    with lacking_told(results, f"figure {name}"), styled(), speaking(language):
        return plain(known[name](results))


def _figures(results: xr.Dataset) -> Mapping[str, Draw]:
    """Return the figures of a run or study. Raises ValueError for a study whose figures need more than its data."""
    kind = str(results.attrs.get("format", ""))
    if kind == "sim-comparison 1":
        from sim.studies.compare.figures import FIGURES as OF_A_COMPARISON

        return OF_A_COMPARISON
    if kind == SWEEP:
        from sim.studies.sweep.analysis import cuts, keys_of
        from sim.studies.sweep.figures import line, profiles
        from sim.studies.sweep.map import colour_map

        with lacking_told(results, "the figures of a sweep"):
            found = list(cuts(results, str(results.attrs["outcome"])))
        drawn = {"line": line} if len(keys_of(results)) == 1 else {"map": colour_map, "cuts": profiles}
        return {name: partial(one, found) for name, one in drawn.items()}
    if kind == "sim-history 1":
        raise MistakeError("figures of a comparison with history are drawn by sim history, from more than its data")
    from sim.present.figures import FIGURES, ROOM

    return {**FIGURES, **ROOM}
