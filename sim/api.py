"""Studies and tables from Python: what the commands of the same names do, without files.

`sim` lends these names: `sim.tidy`, `sim.decisions` and so on.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd
import xarray as xr

from sim.analysis.ledger import Explanation
from sim.analysis.tidy import table
from sim.present.decisions import COLUMNS, check_held
from sim.present.decisions import decisions as rows_of_decisions
from sim.scenario import Scenario

__all__ = ["decisions", "explain", "report", "tidy"]


def tidy(results: xr.Dataset, variables: Sequence[str] = (), worlds: Sequence[int] | str = ()) -> pd.DataFrame:
    """Return results as one tidy table: one number a row, the same columns for every study.

    Parameters
    ----------
    results
        What `run`, `compare`, `sweep`, `history` or `open_results` returns.
    variables
        Names to keep, such as `route_delivered`; all without.
    worlds
        Numbers of worlds, or `"all"`: their values in place of mean and quantiles over all worlds.

    Returns
    -------
    pandas.DataFrame
        Columns model, scenario, seed, region, partner, variable, unit, time, world, statistic, value
        ([what they hold](../variables.md#tidy-table)); `pyam.IamDataFrame` reads it.

    Raises
    ------
    ValueError
        For a variable or world that is not there, with what is.
    """
    return table(results, variables, worlds)


def decisions(
    results: xr.Dataset,
    worlds: Sequence[int] | None = None,
    acts: Collection[str] = (),
    actors: Collection[str] = (),
) -> pd.DataFrame:
    """Return the decisions of a run: terms of the utility, their sum, the chance, what came of it, and why in words.

    Parameters
    ----------
    results
        What `run` or `open_results` returns.
    worlds
        Numbers of worlds; without them the mean over all, and the first three.
    acts, actors
        Only these acts, such as `summit`, and countries that decide, such as `RUS`; all without.

    Returns
    -------
    pandas.DataFrame
        One row for each month, decision and world ([the columns](../variables.md#decisionscsv)).

    Raises
    ------
    ValueError
        For a world, an act or a country that is not there, and for results that hold no decisions.
    """
    check_held(results)
    _, *rows = rows_of_decisions(results, worlds, acts, actors)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def explain(
    scenario: Scenario | str | Path,
    ask: str,
    *,
    world: int | str = "median",
    month: str | None = None,
    tier: int | None = None,
    counterfactual: bool = False,
    turn: str | None = None,
    levers: Sequence[str] = (),
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
        YYYY-MM; without it the month in which most happens, and the answer says which.
    tier
        With `technology`: 1 to 4; without it the lowest that was kept back.
    counterfactual
        Whether to search the smallest change of one lever that turns it, all chance the same.
    turn, levers
        What to turn instead, such as `shells_delivered > 5`, and which levers to move, `KEY` or `KEY=LOW:HIGH`; either
        starts the search.

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

    wanted = Request(ask, str(world), month, tier, counterfactual, turn, levers)
    return answer(checked(scenario, wanted, {})).explanation


def report(*folders: str | Path, out: str | Path | None = None, title: str = "", question: str = "") -> Path:
    """Write what folders of output say on one page of HTML, which needs no network, and return its path.

    Parameters
    ----------
    folders
        Folders written by `sim run`, `sim compare` or another study. Several runs are compared with the first.
    out
        The file, ending in .html; `report.html` in the first folder if it is left out.
    title, question
        Plain text for the top of the page.

    Raises
    ------
    sim.reports.build.ReportError
        With every problem of all folders and of the file, which is never written over anything but a report.
    OSError
        If the file cannot be written.
    """
    from sim.reports.build import make_report

    return make_report([Path(folder) for folder in folders], Path(out) if out is not None else None, title, question)
