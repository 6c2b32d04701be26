"""The reasons of decisions are computed again where a run has not kept them, and only if the numbers are the same."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, call, well

import sim
from sim.analysis.levels import NOT_SERIES
from sim.commands.decision_reasons import can_be_had, with_reasons
from sim.results import ResultsError

pytestmark = pytest.mark.usefixtures("short_rest")


@pytest.fixture(scope="module")
def whole() -> xr.Dataset:
    """A run with everything kept."""
    return sim.run(sim.load("article", worlds=9, months=3))


@pytest.fixture(scope="module")
def series(whole: xr.Dataset) -> xr.Dataset:
    """The same as `sim run` keeps it."""
    return whole.drop_vars([*NOT_SERIES, "term"])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run."""
    target = tmp_path_factory.mktemp("made") / "o"
    well(call("run", "article", "--worlds", "3", "--months", "1", "--no-figures", "--out", str(target)))
    return target


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(made, tmp_path / "o"))


def test_they_are_those_of_a_run_that_keeps_everything(whole: xr.Dataset, series: xr.Dataset) -> None:
    assert can_be_had(series)
    table = sim.decisions(whole)
    assert sim.decisions(series).equals(table)
    numbers = table.select_dtypes("float").to_numpy()
    assert not np.signbit(numbers[numbers == 0.0]).any(), "nothing is shown as -0.0"


@pytest.mark.parametrize(
    "part",
    [{"month": slice(0, 2)}, {"month": slice(1, 3), "world": [7, 0, 3]}, {"option": slice(4, 9)}],
    ids=["months", "worlds in another order", "options"],
)
def test_those_of_a_part_too(whole: xr.Dataset, series: xr.Dataset, part: dict[str, object]) -> None:
    found = with_reasons(series.isel(part))
    for name in NOT_SERIES:
        assert found[name].equals(whole[name].isel(part)), name


def test_other_numbers_are_refused(series: xr.Dataset) -> None:
    changed = series.assign(containers=series["containers"] + 1.0)
    with pytest.raises(ResultsError, match="containers: this program gives other numbers now"):
        with_reasons(changed)
    with pytest.raises(ResultsError, match="tests, month: not in the results"):
        with_reasons(series.drop_vars("tests").isel(month=0))


def test_a_world_that_fails_now_is_named(series: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.experiment import block, replay

    def none(*_: object) -> list[block.Failure]:
        return [block.Failure(k, "overflow", {}) for k in range(9)]

    monkeypatch.setattr(replay, "parts", none)
    with pytest.raises(ResultsError, match="world 0: fails now"):
        with_reasons(series)


def test_an_older_run_is_refused_by_both_commands(command: Command, folder: Path) -> None:
    path = folder / "results.nc"
    stored = xr.load_dataset(path, engine="netcdf4")
    scenario = json.loads(stored.attrs["scenario"])
    scenario["settings"]["an.older.key"] = next(iter(scenario["settings"].values()))
    stored.assign_attrs(scenario=json.dumps(scenario)).to_netcdf(path, engine="netcdf4")
    for words in (("decisions", str(folder)), ("tables", str(folder), "decisions")):
        told = command(*words)
        assert told.code == 2
        assert "an.older.key" in told.err
        assert str(folder) in told.err


def test_a_wrong_name_is_told_before_worlds_run_again(
    command: Command, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.commands.decision_reasons.completed", lambda *_: pytest.fail("worlds ran again"))
    told = command("decisions", str(folder), "--act", "sumit")
    assert told.code == 2
    assert "did you mean summit?" in told.err


def test_few_worlds_of_a_summary_are_no_many_worlds(command: Command, tmp_path: Path) -> None:
    words = "run article --worlds 8 --months 1 --keep summary --no-figures --processes 1 --out"
    well(call(*words.split(), str(tmp_path / "s")))
    assert "only a summary" in command("decisions", str(tmp_path / "s")).err


def test_a_large_run_offers_none(whole: xr.Dataset, series: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.commands.decision_reasons.MOST", 26)
    assert not can_be_had(series)
    assert can_be_had(whole)
    np.testing.assert_equal(with_reasons(series).sizes, series.sizes)
