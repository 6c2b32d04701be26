"""What is kept of the worlds of an ensemble."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

import xarray as xr


@dataclass(frozen=True)
class Keep:
    """A choice of what is kept of each world, and the size of the blocks in which it is stored."""

    name: str
    """Part of the key under which blocks are stored: another content needs another name."""
    variables: Collection[str] | None
    """Variables that are recorded; None is all of them."""
    reduce: Callable[[xr.Dataset], xr.Dataset] | None = None
    """What is made of the results of some worlds, worlds last: a function that can travel to another process."""
    worlds: int = 256
    """Worlds of one stored block."""
