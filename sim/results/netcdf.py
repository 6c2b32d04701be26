"""The one door to the library of NetCDF: its lock, and why a file could not be read.

The library may be called by one thread at a time. xarray keeps that by a lock; what calls the library beside xarray
takes the same one, so that threads, Dask and notebooks read the same files safely.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xarray as xr
from xarray.backends import NetCDF4DataStore
from xarray.backends.netCDF4_ import NETCDF4_PYTHON_LOCK

from sim.results.variables import ResultsError

LOCK = NETCDF4_PYTHON_LOCK
"""Hold it around every call of netCDF4; it cannot be taken twice, so call nothing of xarray that reads meanwhile."""
IN_USE = "is in use by another program; close it there, or wait until it is done, and try again"


def write(ds: xr.Dataset, path: Path, encoding: Mapping[Any, Any]) -> None:
    """Write data to a NetCDF4 file, byte for byte the same for the same data. Raises OSError.

    `Dataset.to_netcdf` does the same, but loads Dask's cluster first, to ask whether one is there: 0.3 s.
    """
    if any(variable.chunks for variable in ds.variables.values()):
        raise ValueError("only data in memory can be written; load them first")
    with full_disk_as_oserror():
        store = NetCDF4DataStore.open(str(path), mode="w", format="NETCDF4", lock=LOCK)
        try:
            arrays = _Afterwards()
            ds.dump_to_store(store, encoding=dict(encoding), writer=arrays)
            arrays.write()
        finally:
            store.close()


class _Afterwards:
    """Writes arrays once all variables are defined: the library writes all definitions anew before an array."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Any, Any]] = []

    def add(self, source: Any, target: Any) -> None:
        """Note the array of a variable that has just been defined."""
        self._waiting.append((source, target))

    def write(self) -> None:
        """Write what is noted."""
        for source, target in self._waiting:
            target[...] = source


@contextmanager
def full_disk_as_oserror() -> Iterator[None]:
    """Raise OSError for a full disk, which the NetCDF library reports as a RuntimeError without a reason."""
    try:
        yield
    except RuntimeError as error:
        raise OSError(f"{error}; the disk is probably full") from error


class InUseError(ResultsError):
    """A file that another program holds; it may be whole."""


def unreadable(path: str | Path, otherwise: str) -> ResultsError:
    """Return the error of a file that could not be read: that it is in use, or what `otherwise` says of it."""
    return InUseError(f"{path}: {IN_USE}") if in_use(path) else ResultsError(f"{path}: {otherwise}")


def in_use(path: str | Path) -> bool:
    """Return whether another program holds a file so that it cannot be read now: a lock, or a share on Windows."""
    source = Path(path)
    if not source.is_file():
        return False
    try:
        with source.open("rb") as file:
            return _is_locked(file.fileno())
    except PermissionError:
        return os.name == "nt"  # elsewhere it is a matter of rights
    except OSError:
        return False


def _is_locked(descriptor: int) -> bool:
    """Return whether another process has the lock for writing that HDF5 takes; ours is let go at once."""
    try:
        import fcntl
    except ImportError:  # Windows, where such a file cannot even be opened
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:  # a disk that knows no locks
        return False
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return False
