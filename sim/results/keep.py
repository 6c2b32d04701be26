"""How much is kept of each world of an ensemble."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import xarray as xr


@dataclass(frozen=True)
class Keep:
    """A selection of what is kept of each world, and the size of the blocks in which it is stored."""

    name: str
    """Part of the key under which blocks are stored: another selection needs another name."""
    variables: Collection[str] | None
    """Variables that are recorded; None is all of them."""
    reduce: Callable[[xr.Dataset], xr.Dataset] | None = None
    """Function from the results of some worlds to what is kept, worlds last; must be picklable."""
    worlds: int = 256
    """Worlds of one stored block."""
