"""Modules that libraries would load and no command uses."""

import sys


class WithoutDaskArrays:
    """Finder of modules that finds no arrays of Dask, unless a cluster of Dask is wanted.

    Where Dask is installed, xarray would load them, which no command uses, for half a second.
    """

    def find_spec(self, name: str, *_: object) -> None:
        """Leave every other module to the next finder. Raises ModuleNotFoundError."""
        if name == "dask.array" and "distributed" not in sys.modules:
            raise ModuleNotFoundError("arrays of Dask are left out", name=name)


def leave_out_dask_arrays() -> None:
    """Ask that finder first from now on, in the whole process."""
    sys.meta_path.insert(0, WithoutDaskArrays())
