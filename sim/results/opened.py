"""Open whatever this program wrote into a folder: a run, a large ensemble, or the data of a study."""

from pathlib import Path

import xarray as xr

from sim.results.blocks import FOLDER, open_folder
from sim.results.store import load, load_study
from sim.results.variables import ResultsError
from sim.scenario.problems import likely

RUN = "results.nc"
STUDIES = ("comparison.nc", "sweep.nc", "history.nc")
"""Data of the studies that can be opened, in their folders."""
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
        if not path.exists() and not path.suffix:
            raise ResultsError(f"{path}: no such folder{_hint(path)}")
        return load(path)
    study = next((path / name for name in STUDIES if (path / name).is_file()), None)
    if study is not None:
        return _study(study)
    if not (path / RUN).is_file():
        raise ResultsError(f"{path}: holds no {RUN}, {', '.join(STUDIES)} and no folder {FOLDER}")
    return load(path / RUN)


def _study(path: Path) -> xr.Dataset:
    ds = load_study(path)
    if not str(ds.attrs.get("format", "")).startswith("sim-"):
        raise ResultsError(f"{path}: not data of this program (format {ds.attrs.get('format', 'absent')!r})")
    return ds


def _hint(path: Path) -> str:
    """Return the nearest folder beside a path that is not there."""
    try:
        beside = [one.name for one in path.parent.iterdir() if one.is_dir() and not one.name.startswith(".")]
    except OSError:
        return ""
    near = likely(path.name, beside)
    return f" (did you mean {path.parent / near}?)" if near else ""
