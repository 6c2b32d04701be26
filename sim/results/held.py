"""Tell in plain words what results lack: a user may have selected variables, axes or labels before."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager

import xarray as xr

from sim.results.variables import VARIABLES, ResultsError
from sim.scenario.problems import few

MOST_NAMED = 8


def check_run(ds: xr.Dataset, use: str) -> None:
    """Raise ResultsError unless these are the results of a run. `use` begins the sentence, such as `the headline`."""
    if "scenario" not in ds.attrs:
        kind = str(ds.attrs.get("format", "")).removeprefix("sim-").partition(" ")[0]
        lost = "these lack the attributes of one, which xarray may have dropped"
        what = lost if kind in ("", "results") else f"these are of a {kind}"
        raise ResultsError(f"{use} needs the results of a run; {what}")


def check_held(ds: xr.Dataset, use: str, names: Sequence[str], labels: Mapping[str, Collection[str]]) -> None:
    """Raise ResultsError unless a run holds the variables that something is made of, with all axes and these labels.

    `labels` are those needed of an axis.
    """
    if absent := [name for name in names if name not in ds]:
        raise ResultsError(no_variable(ds, use, few(absent, MOST_NAMED)))
    for name in names:
        if absent := [dim for dim in VARIABLES[name].dims if dim not in ds[name].dims]:
            raise ResultsError(no_axis(use, absent[0]))
    if empty := next((dim for name in names for dim in VARIABLES[name].dims if not ds.sizes[dim]), ""):
        raise ResultsError(f"{use} needs at least one {empty}; these hold none")
    for dim, needed in labels.items():
        held = ds[dim].values.astype(str).tolist()
        if not set(needed) <= set(held):
            raise ResultsError(f"{use} needs {', '.join(needed)} of the axis {dim}; these hold {few(held, MOST_NAMED)}")


def no_axis(use: str, dim: str) -> str:
    """Return the sentence on an axis that is missing."""
    return f"{use} needs the axis {dim}; select as isel({dim}=[0]) does, which keeps it"


def no_variable(ds: xr.Dataset, use: str, names: str) -> str:
    """Return the sentence on variables that are missing."""
    held = few([str(name) for name in ds.data_vars], MOST_NAMED) or "nothing"
    if "scenario" not in ds.attrs:
        return f"{use} needs {names}; these hold only {held}"
    kept = f"only a summary was kept ({held})" if "headline" in ds else f"these hold only {held}"
    return (
        f"{use} needs {names}, the series of every world; {kept}; "
        "sim run --keep series (or everything) keeps what figures need"
    )


@contextmanager
def lacking_told(ds: xr.Dataset, use: str) -> Iterator[None]:
    """Raise ResultsError in place of the KeyError of a variable, axis or attribute that results lack."""
    try:
        yield
    except KeyError as error:
        found = re.search(r"'([\w.]+)'", str(error))
        if found is None or (name := found[1]) in ds.dims or name in ds.data_vars:
            raise
        if name in ds.coords:
            raise ResultsError(no_axis(use, name)) from error
        if "No variable named" in str(error):
            if all(one in ds for one in VARIABLES):
                raise
            raise ResultsError(no_variable(ds, use, name)) from error
        if name in ds.attrs:
            raise
        raise ResultsError(f"{use} needs the attribute {name}, which these results lack") from error
