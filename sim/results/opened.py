"""Open whatever this program wrote into a folder: a run, a large ensemble, or the data of a study."""

from pathlib import Path

import xarray as xr

from sim.files import open_regular, why
from sim.results.blocks import FOLDER, open_folder
from sim.results.store import load, load_study
from sim.results.variables import ResultsError
from sim.scenario.problems import likely

RUN = "results.nc"
STUDIES = ("comparison.nc", "sweep.nc", "history.nc")
"""Data of the studies that can be opened, in their folders."""
NAMED = 4
"""Most folders that a message names."""
Results = xr.Dataset | str | Path
"""What Python functions take: a Dataset, or the folder that a command wrote."""


def in_memory(results: Results) -> xr.Dataset:
    """Return a Dataset as it is, or open the folder that a command wrote; raises TypeError for anything else."""
    if isinstance(results, xr.Dataset):
        return results
    if isinstance(results, str | Path):
        return open_any(results)
    raise TypeError(f"results are a Dataset or the folder of one, not {type(results).__name__} {results!r:.60}")


def open_any(path: str | Path) -> xr.Dataset:
    """Open the folder of a run or study, or its NetCDF file; of many files variables stay on disk until they are used.

    Raises ResultsError if it is missing, damaged or not of this program, with the nearest name beside it.
    """
    path = Path(path)
    if (path / FOLDER).is_dir():
        return open_folder(path)
    if path.name in STUDIES and path.is_file():
        return _study(path)
    if not path.is_dir():
        if path.suffix == ".toml" or (not path.exists() and not path.suffix):
            raise ResultsError(lacking(path))
        return load(path)
    study = next((path / name for name in STUDIES if (path / name).is_file()), None)
    if study is not None:
        return _study(study)
    if not (path / RUN).is_file():
        raise ResultsError(lacking(path))
    return load(path / RUN)


def open_run(path: str | Path) -> xr.Dataset:
    """Open the folder of a run. Raises ResultsError, which says what there is instead."""
    path = Path(path)
    if (path / FOLDER).is_dir():
        return open_folder(path)
    if not (path / RUN).is_file():
        raise ResultsError(lacking(path))
    return load(path / RUN)


def lacking(path: Path) -> str:
    """Return why a path is not the folder of a run: what it is instead, what it holds, or the nearest name."""
    try:
        if not path.exists():
            return f"{path}: no such folder{_hint(path)}"
        if path.suffix == ".toml":
            return f"{path}: is a scenario file; sim run it first, and name the folder that this writes"
        if not path.is_dir():
            return f"{path}: is a file; name the folder in which it is"
        entries = sorted(path.iterdir())
        if unfit := next((one for one in entries if one.name in (RUN, *STUDIES) and not one.is_file()), None):
            return f"{unfit}: {_fault(unfit)}"
        inside = [one.name for one in entries if (one / RUN).is_file() or (one / FOLDER).is_dir()]
    except OSError as error:
        return f"{path}: cannot be read: {(error.strerror or str(error)).lower()}"
    if kind := next((one.stem for one in entries if one.suffix == ".nc" and one.name != RUN), ""):
        return f"{path}: is the folder of a study ({kind}.nc); that of a run (sim run) is needed here"
    if inside:
        more = f" and {len(inside) - NAMED} more" if len(inside) > NAMED else ""
        return (
            f"{path}: holds folders of runs, name one: {', '.join(str(path / name) for name in inside[:NAMED])}{more}"
        )
    empty = "is an empty folder" if not entries else f"holds neither {RUN} nor {FOLDER}/, the data of a run"
    return f"{path}: {empty}; sim run SCENARIO writes them to outputs/SCENARIO"


def _study(path: Path) -> xr.Dataset:
    ds = load_study(path)
    if not str(ds.attrs.get("format", "")).startswith("sim-"):
        raise ResultsError(f"{path}: not data of this program (format {ds.attrs.get('format', 'absent')!r})")
    return ds


def _fault(path: Path) -> str:
    """Return why what has the name of a file of data is none, such as a link to a device or to nothing."""
    try:
        open_regular(path).close()
    except OSError as error:
        return why(error)
    return ""


def _hint(path: Path) -> str:
    """Return the nearest folder beside a path that is not there."""
    try:
        beside = [one.name for one in path.parent.iterdir() if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return ""
    near = likely(path.name, beside)
    return f" (did you mean {path.parent / near}?)" if near else ""
