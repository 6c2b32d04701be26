"""The digest of a run: the same numbers, the same digits."""

import hashlib
import re
from pathlib import Path

import numpy as np
import xarray as xr
from command_line import Command

import sim
from sim.analysis.levels import EVERYTHING, SERIES_LEVEL
from sim.results.digest import HEADLINE, SHOWN, digest


def results(value: float = 1.0) -> xr.Dataset:
    """Every headline series with one number of interest, months not in the first place."""
    numbers = np.arange(24.0).reshape(2, 3, 4)
    numbers[1, 2, 3] = value
    return xr.Dataset(dict.fromkeys(HEADLINE, (("world", "month", "country"), numbers)))


def test_it_is_the_sha_256_of_little_endian_floats() -> None:
    ds = results()
    found = b"".join(
        ds[name].transpose("month", "country", "world").values.astype("<f8").tobytes() for name in HEADLINE
    )
    assert digest(ds) == hashlib.sha256(found).hexdigest()


def test_the_last_bit_and_the_sign_of_zero_count_and_a_nan_has_one_form() -> None:
    numbers = [1.0, np.nextafter(1.0, 2.0), 0.0, -0.0, np.nan]
    assert len({digest(results(one)) for one in numbers}) == len(numbers)
    other = np.frombuffer(b"\x01\0\0\0\0\0\xf8\xff")[0]
    assert np.isnan(other)
    assert digest(results(other)) == digest(results(np.nan))


def test_a_run_without_a_series_has_none() -> None:
    assert digest(results().drop_vars(HEADLINE[-1])) == ""
    for level in (EVERYTHING, SERIES_LEVEL):
        assert level.variables is None or set(HEADLINE) <= set(level.variables)


def test_a_run_prints_it_and_the_summary_has_it(command: Command, tmp_path: Path) -> None:
    size = {"worlds": 8, "months": 2}
    right = digest(sim.run(sim.load("article", **size)))[:SHOWN]
    code, out, _ = command("run", "article", "--worlds", "8", "--months", "2", "--figures", "none", "--out", "here")
    assert code == 0
    assert f"\ndigest {right}\n" in out
    assert re.findall(r"digest `(\w+)`", (tmp_path / "here" / "summary.md").read_text(encoding="utf-8")) == [right]
