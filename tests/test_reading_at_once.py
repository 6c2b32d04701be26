"""Results read by several at once: threads, Dask, and files that another program holds."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import netCDF4
import numpy as np
import pytest
import xarray as xr
from ensembles import SMALL, again, article, ensemble

from sim.experiment.store import StoreError
from sim.results import ResultsError, blocks, lazy, load
from sim.results.blocks import join
from sim.results.netcdf import LOCK, InUseError

SMALLEST = replace(SMALL, variables=("headline", "stock"))
HOLD = """
import sys, netCDF4
file = netCDF4.Dataset(sys.argv[1], "a")
print("held", flush=True)
sys.stdin.read()
"""
"""Holds a file for writing until its input ends."""


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return list(ensemble(tmp_path_factory.mktemp("store"), article(32, 2), SMALLEST).paths)


@pytest.fixture
def one_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """At most one file open at a time: each read closes one and opens another."""
    monkeypatch.setattr(lazy._open, "maxsize", 1)


@pytest.mark.usefixtures("one_open")
def test_threads_read_the_same_numbers(paths: list[Path]) -> None:
    ds = join(paths)
    whole = ds["stock"].values
    parts = [(month, country) for month in range(2) for country in range(6)] * 4

    def part(at: tuple[int, int]) -> np.ndarray:
        return np.asarray(ds["stock"].isel(month=at[0], country=at[1]).values)

    with ThreadPoolExecutor(4) as pool:
        for at, found in zip(parts, pool.map(part, parts), strict=True):
            assert np.array_equal(found, whole[at])


@pytest.mark.usefixtures("one_open")
def test_dask_reads_the_same_numbers(paths: list[Path]) -> None:
    pytest.importorskip("distributed")  # beside which arrays of Dask are found (`sim.left_out`)
    ds = join(paths)
    found = ds.chunk(world=8).mean("world").compute(scheduler="threads")  # whatever clients other tests have left
    xr.testing.assert_allclose(found, ds.mean("world"))


def test_the_library_is_called_under_the_lock_of_xarray(paths: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """Other readers and writers wait for ours, and ours for them."""
    from xarray.backends import netCDF4_

    assert LOCK is netCDF4_.NETCDF4_PYTHON_LOCK
    calls: list[bool] = []
    for module in (blocks, lazy):
        monkeypatch.setattr(module, "netCDF4", SimpleNamespace(Dataset=_watch(netCDF4.Dataset, calls)))
    ds = join(paths)
    monkeypatch.setattr(lazy._Joined, "_variable", _watch(lazy._Joined._variable, calls))
    assert np.isfinite(ds["stock"].values).all()
    assert len(calls) >= 3 * len(paths)
    assert all(calls)


def _watch(method: Any, calls: list[bool]) -> Any:
    def watched(*args: Any, **kind: Any) -> Any:
        calls.append(LOCK.locked())
        return method(*args, **kind)

    return watched


def test_every_module_that_names_the_library_takes_the_lock() -> None:
    for path in Path(lazy.__file__).parents[1].rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "import netCDF4" in text:
            assert "with LOCK" in text, path


def test_a_file_that_another_program_holds_is_in_use(tmp_path: Path) -> None:
    """Not damaged: it is not deleted or computed anew, and the message says what to do."""
    pytest.importorskip("fcntl")
    path = ensemble(tmp_path, article(8, 1), SMALL).paths[0]
    with subprocess.Popen([sys.executable, "-c", HOLD, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        try:
            with pytest.raises(InUseError, match="is in use by another program"):
                load(path)
            with pytest.raises(InUseError):
                join([path])
            with pytest.raises(StoreError, match="is in use by another program"):
                again(tmp_path, article(8, 1))
        finally:
            other.communicate()
    again(tmp_path, article(8, 1))


def test_a_damaged_file_is_not_called_in_use(tmp_path: Path) -> None:
    broken = tmp_path / "results.nc"
    broken.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(ResultsError, match="damaged") as error:
        load(broken)
    assert not isinstance(error.value, InUseError)
