"""The one door to the library of NetCDF: its lock, and why a file could not be read.

The library may be called by one thread at a time. xarray keeps that by a lock; what calls the library beside xarray
takes the same one, so that threads, Dask and notebooks read the same files safely.
"""

import os
from pathlib import Path

from xarray.backends.netCDF4_ import NETCDF4_PYTHON_LOCK

from sim.results.variables import ResultsError

LOCK = NETCDF4_PYTHON_LOCK
"""Hold it around every call of netCDF4; it cannot be taken twice, so call nothing of xarray that reads meanwhile."""
IN_USE = "is in use by another program; close it there, or wait until it is done, and try again"


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
