"""Make the tables of the commands tidy and decisions from the folders of results."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import pandas as pd

from sim.analysis import tidy
from sim.commands.decision_reasons import can_be_had, with_reasons
from sim.commands.terminal import fail, say
from sim.commands.workflow import OUTPUTS, folder_name
from sim.present.atomic import OutputError
from sim.present.decisions import NoSuchError, as_cells, check_decisions, decisions
from sim.present.single import check_place, write_table
from sim.present.words import cell
from sim.results import ResultsError
from sim.results.opened import open_any
from sim.scenario.problems import counted, quoted
from sim.signals import is_written

ALL = "all"


def write_tidy(
    folders: Sequence[Path], variables: Sequence[str], worlds: Sequence[str], decimal_comma: bool, out: Path | None
) -> None:
    """Write one tidy table of all folders; exit with every problem of all of them."""
    chosen, problems = _worlds(worlds)
    problems += _fault_of(out)
    frames = []
    for folder in folders:
        try:
            frames.append(tidy.table(open_any(folder), variables, chosen))
        except ResultsError as error:
            problems.append(str(error))
        except tidy.TidyError as error:
            problems.append(f"{folder}: {error}")
    if problems:
        fail("\n".join(problems))
    names = [folder.absolute().name.removesuffix(".nc") for folder in folders]
    parts = [*variables, *(f"world_{one}" for one in worlds)]
    path = out or OUTPUTS / f"{folder_name('tidy', *names, *parts)}.csv"
    _write(_rows(pd.concat(frames, ignore_index=True)), path, decimal_comma)


def _rows(table: pd.DataFrame) -> Iterator[Sequence[str]]:
    yield list(table.columns)
    *texts, values = (table[name].tolist() for name in table.columns)
    for row in zip(*texts, map(cell, values), strict=True):
        yield [str(one) for one in row]


def write_decisions(
    folder: Path,
    worlds: Sequence[str],
    named: tuple[Sequence[str], Sequence[str]],
    happened: bool,
    decimal_comma: bool,
    out: Path | None,
) -> None:
    """Write the decisions of a run; `named` are the acts and the actors to keep."""
    chosen, problems = _worlds(worlds)
    problems += _fault_of(out)
    if problems:
        fail("\n".join(problems))
    try:
        ds = open_any(folder)
        if not can_be_had(ds):
            check_decisions(ds)
        numbers = ds["world"].values.tolist() if isinstance(chosen, str) else chosen or None
        next(decisions(ds, numbers, *named))  # tells wrong names before worlds are run again
        ds = with_reasons(ds, folder)
        rows: Iterable[list[object]] = decisions(ds, numbers, *named)
        if happened:
            rows = took_place(rows)
        parts = [*(f"world_{one}" for one in worlds), *chain(*named), *["happened"] * happened]
        path = out or OUTPUTS / f"{folder_name('decisions', folder.absolute().name, *parts)}.csv"
        _write(as_cells(iter(rows)), path, decimal_comma)
    except (ResultsError, NoSuchError) as error:
        fail(str(error) if isinstance(error, ResultsError) else f"{folder}: {error}")


def took_place(rows: Iterable[list[object]]) -> Iterator[list[object]]:
    """Yield the header and the rows of acts that took place, of the mean those that did in any world."""
    table = iter(rows)
    header = next(table)
    yield header
    place = header.index("happened")
    yield from (row for row in table if row[place])


def _worlds(asked: Sequence[str]) -> tuple[list[int] | str, list[str]]:
    """Return the numbers of the worlds, or `all`, and the problems of --world."""
    if list(asked) == [ALL]:
        return ALL, []
    wrong = [text for text in asked if not text.isdecimal()]
    problems = [f"--world: must be the number of a world, or all alone, found {quoted(text)}" for text in wrong]
    return [int(text) for text in asked if text.isdecimal()], problems


def _fault_of(out: Path | None) -> list[str]:
    """Return why no table can be written there; empty if it can, or is not asked for."""
    try:
        if out is not None:
            check_place(out)
    except OutputError as error:
        return [str(error)]
    return []


def _write(rows: Iterator[Sequence[str]], path: Path, decimal_comma: bool) -> None:
    older = path.exists()
    try:
        count = write_table(rows, path, decimal_comma)
        is_written(path)
    except OutputError as error:
        fail(str(error))
    say(f"{counted(count, 'row')} in {path}{', in place of an older table' if older else ''}")
