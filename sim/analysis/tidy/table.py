"""The tidy table of any results of this program."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd
import xarray as xr

from sim.analysis.tidy import run, studies
from sim.analysis.tidy.schema import TidyError, frame
from sim.results.dataset import FORMAT
from sim.scenario import nearest
from sim.scenario.problems import counted, few

READERS = {
    "sim-comparison 1": studies.comparison,
    "sim-sweep 1": studies.sweep,
    "sim-history 1": studies.history,
}
"""Format of a study -> what reads its parts."""


def table(ds: xr.Dataset, variables: Sequence[str] = (), worlds: Sequence[int] | str = ()) -> pd.DataFrame:
    """Return a run, a comparison, a sweep or a comparison with history as one tidy table, one number a row.

    Parameters
    ----------
    ds
        What `sim.run`, `sim.compare`, `sim.sweep`, `sim.history` or `sim.open_results` returns.
    variables
        First parts of the names to keep, such as `delivered`; all without.
    worlds
        Numbers of worlds, or `all`: their own values in place of statistics over all worlds.

    Raises
    ------
    TidyError
        For a variable or world that is not there, with what is, and for a Dataset of another kind.
    """
    kind = str(ds.attrs.get("format", "absent"))
    if kind != FORMAT and kind not in READERS:
        raise TidyError(f"no tidy table can be made of this: its format is {kind}, not that of a run or study")
    problems: list[str] = []
    chosen = _worlds(ds, worlds, problems)
    if kind == FORMAT:
        one = json.loads(ds.attrs["scenario"])
        shared: Mapping[str, str | int] = {
            "model": model(ds),
            "scenario": str(one["name"]),
            "seed": int(ds.attrs["seed"]),
        }
        names = _chosen(variables, run.names(ds), problems)
        _stop_if_any(problems)
        return frame([(shared, part) for part in run.parts(ds, names, chosen)])
    parts = list(READERS[kind](ds, chosen, model(ds)))
    known = dict.fromkeys(name for _, columns in parts for name in _first(columns["variable"]))
    wanted = _chosen(variables, known, problems)
    _stop_if_any(problems)
    if variables:
        parts = [(shared, _of(columns, wanted)) for shared, columns in parts]
    return frame(parts)


def _stop_if_any(problems: Sequence[str]) -> None:
    if problems:
        raise TidyError("; ".join(problems))


def model(ds: xr.Dataset) -> str:
    """Return the entry of the column `model`."""
    return f"sim {ds.attrs['code_version']}"


def _worlds(ds: xr.Dataset, worlds: Sequence[int] | str, problems: list[str]) -> np.ndarray | None:
    """Return the positions of the worlds asked for; None where statistics are, or with problems added."""
    if isinstance(worlds, str) and worlds != "all":
        problems.append(f"worlds must be numbers or 'all', found {worlds!r}")
        return None
    if len(worlds) == 0:
        return None
    if "world" not in ds.dims:
        problems.append("holds no single worlds: of so many only statistics are kept")
        return None
    numbers = ds["world"].values.tolist()
    if isinstance(worlds, str):
        return np.arange(len(numbers))
    missing = [str(world) for world in worlds if world not in numbers]
    if missing:
        what = f"world {few(missing)} is" if len(missing) == 1 else f"worlds {few(missing)} are"
        span = f"{counted(len(numbers), 'world')}, {numbers[0]} to {numbers[-1]}"
        problems.append(f"{what} not in these results; they hold {span}")
    return np.array([numbers.index(world) for world in dict.fromkeys(worlds) if world in numbers], dtype=int)


def _chosen(asked: Sequence[str], known: Collection[str], problems: list[str]) -> list[str]:
    """Return the names asked for, or all; add every name that is not there as a problem."""
    strange = [name for name in dict.fromkeys(asked) if name not in known]
    if strange:
        near = {name: nearest(name, known) for name in strange}
        hints = [f"{name[:60]!r}" + (f" (did you mean {near[name]}?)" if near[name] else "") for name in strange]
        problems.append(f"no variable here is called {', '.join(hints)}; there are {', '.join(known)}")
    return list(dict.fromkeys(asked)) or list(known)


def _first(variables: np.ndarray) -> Iterator[str]:
    """Yield the first part of each name."""
    for name in pd.unique(pd.Series(variables, dtype=object)):
        yield str(name).partition("|")[0]


def _of(columns: dict[str, np.ndarray], wanted: Collection[str]) -> dict[str, np.ndarray]:
    keep = np.array([str(name).partition("|")[0] in wanted for name in columns["variable"]], dtype=bool)
    return {name: column[keep] for name, column in columns.items()}
