"""Tables from Python: results as pandas tables, with the columns of the files that commands write.

`sim` lends these names: `sim.headline`, `sim.tidy`, `sim.decisions`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from sim.analysis.tidy import table
from sim.commands.decision_reasons import with_reasons
from sim.plain import as_numbers, listed
from sim.present.decisions import COLUMNS, check_decisions
from sim.present.decisions import decisions as rows_of_decisions
from sim.results.held import lacking_told
from sim.results.opened import Results, in_memory

__all__ = ["decisions", "headline", "tidy"]


class _Whole(pd.DataFrame):
    """A table of texts, none of which pandas cuts where a notebook or terminal shows it."""

    def __repr__(self) -> str:
        return self.to_string()

    def _repr_html_(self) -> str:
        """Return what a notebook shows of it."""
        with pd.option_context("display.max_colwidth", None):
            return self.to_html(notebook=True)


def headline(results: Results) -> pd.DataFrame:
    """Return the headline of a run, as `sim run` prints it: each outcome with its median and 90 % band.

    Returns
    -------
    pandas.DataFrame
        Text by outcome, in the column `median (90 % band of N worlds)`; a notebook shows it as a table.

    Raises
    ------
    ResultsError
        For results that are not of a run, or lack a variable, an axis or a label that the headline tells of.
    """
    from sim.present.tables import check_headline, headline_rows
    from sim.scenario.problems import counted

    results = in_memory(results)
    check_headline(results)
    heads, values = zip(*headline_rows(results), strict=True)
    column = f"median (90 % band of {counted(results.sizes['world'], 'world')})"
    index = pd.Index([words.strip() for words in heads], name=str(results.attrs["title"]))
    return _Whole({column: values}, index)


def tidy(results: Results, variables: str | Sequence[str] = (), worlds: int | Sequence[int] | str = ()) -> pd.DataFrame:
    """Return results as one tidy table: one number a row, the same columns for every study.

    Parameters
    ----------
    results
        What `run`, `compare`, `sweep` or `history` returns, or the folder that a command wrote.
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
    results, numbers = in_memory(results), worlds if isinstance(worlds, str) else as_numbers(worlds)
    with lacking_told(results, "the tidy table"):
        return table(results, listed(variables), numbers)


def decisions(
    results: Results,
    worlds: int | Sequence[int] | None = None,
    acts: str | Collection[str] = (),
    actors: str | Collection[str] = (),
) -> pd.DataFrame:
    """Return the decisions of a run: terms of the utility, their sum, the chance, what came of it, and why in words.

    Parameters
    ----------
    results
        What `run` returns, or the folder that `sim run` wrote.
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
    ResultsError
        Where the results lack the reasons of decisions, as a run keeps them by default, and this program, which then
        runs their worlds again, gives other numbers.
    """
    numbers = None if worlds is None else as_numbers(worlds)
    results = with_reasons(in_memory(results))
    check_decisions(results)
    _, *rows = rows_of_decisions(results, numbers, listed(acts), listed(actors))
    return pd.DataFrame(rows, columns=list(COLUMNS))
