"""Lazy variables over several files, worlds last: only what is indexed is read, and few files stay open.

An open file takes about four megabytes for its tables, whatever is read of it, so their number is limited.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import xarray as xr
from xarray.backends import BackendArray, CachingFileManager
from xarray.backends.lru_cache import LRUCache
from xarray.core import indexing

from sim.results.netcdf import LOCK, unreadable

Array = np.ndarray
OPEN = 80
"""Most files that stay open at a time, of all joined Datasets together."""


def _close(_: Any, file: Any) -> None:
    file.close()


_open: LRUCache[Any, Any] = LRUCache(OPEN, on_evict=_close)


class Files:
    """Files of worlds in their order; file k holds the positions `ends[k - 1]` … `ends[k] - 1` of the world axis."""

    def __init__(self, paths: Sequence[Path], ends: Array) -> None:
        self.paths, self.ends = list(paths), [int(end) for end in ends]
        self._managers: list[Any] = [
            CachingFileManager(netCDF4.Dataset, path, mode="r", lock=LOCK, cache=_open) for path in paths
        ]
        self._backwards = False

    def each(self) -> Iterator[tuple[Path, Any, int, int]]:
        """Return path, manager, first position and end of every file; the order turns each time, open ones first."""
        parts = list(zip(self.paths, self._managers, [0, *self.ends], self.ends, strict=False))
        if self._backwards:
            parts.reverse()
        self._backwards = not self._backwards
        return iter(parts)


def joined(name: str, first: xr.DataArray, files: Files) -> indexing.LazilyIndexedArray:
    """Return the variable over all files, like `first` of the first file; it stays on disk until it is indexed."""
    return indexing.LazilyIndexedArray(_Joined(name, files, (*first.shape[:-1], files.ends[-1]), first.dtype))


class _Joined(BackendArray):
    def __init__(self, name: str, files: Files, shape: tuple[int, ...], dtype: Any) -> None:
        self.name, self.files = name, files
        self.shape, self.dtype = shape, np.dtype(dtype)

    def __getitem__(self, key: indexing.ExplicitIndexer) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.OUTER, self._read)

    def _read(self, key: tuple[Any, ...]) -> Array:
        """Read what `key` selects: one integer, slice or vector of integers for each axis."""
        inner, asked = key[:-1], key[-1]
        wanted = np.atleast_1d(np.arange(self.shape[-1])[asked])
        chosen = [np.arange(size)[part] for size, part in zip(self.shape, inner, strict=False)]
        found = np.empty((*(len(part) for part in chosen if np.ndim(part)), wanted.size), dtype=self.dtype)
        for path, manager, begin, end in self.files.each():
            mine = (wanted >= begin) & (wanted < end)
            if mine.any():
                try:
                    found[..., mine] = self._read_file(manager, inner, wanted[mine] - begin)
                except (OSError, RuntimeError, LookupError) as error:
                    rule = f"{self.name} cannot be read, the file is missing or damaged"
                    raise unreadable(path, rule) from error
        return found[..., 0] if np.ndim(np.arange(self.shape[-1])[asked]) == 0 else found

    def _read_file(self, manager: Any, inner: tuple[Any, ...], worlds: Array) -> Array:
        """Read these worlds of one file, through a slice, which is much faster than a vector of numbers."""
        first, last = int(worlds.min()), int(worlds.max())
        with LOCK:  # opening one file may close another, so both are done under the lock
            values = np.asarray(self._variable(manager)[(*inner, slice(first, last + 1))], dtype=self.dtype)
        if np.array_equal(worlds, np.arange(first, last + 1)):
            return values
        return values[..., worlds - first]

    def _variable(self, manager: Any) -> Any:
        variable = manager.acquire(needs_lock=False).variables[self.name]
        variable.set_auto_maskandscale(False)
        # whole chunks are read, each once; the library would keep up to 64 MB of each variable of each file
        variable.set_var_chunk_cache(0, 1, 0.0)
        return variable
