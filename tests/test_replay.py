"""Replay: the data are the same whatever was kept and whichever worlds failed; nothing altered goes unnoticed."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, call, files, well
from ensembles import failing

import sim
from sim.analysis.levels import DETAIL
from sim.commands.ensembles import AT_ONCE
from sim.experiment import block
from sim.experiment.run import run
from sim.results import ResultsError, library_versions

pytestmark = pytest.mark.usefixtures("short_rest")


ONE = ("--processes", "1")
"""In this process: processes of their own are started in the tests of ensembles."""


def made(command: Command, *more: str) -> None:
    well(command("run", "article", "--worlds", "9", "--months", "2", "--no-figures", "--out", "o", *more))


@pytest.fixture(scope="module", autouse=True)
def small_blocks() -> Iterator[None]:
    """Blocks of eight worlds where series are kept."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DETAIL, "series", replace(DETAIL["series"], worlds=8))
        yield


@pytest.fixture(scope="module")
def in_blocks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run whose series lie in two blocks."""
    place = tmp_path_factory.mktemp("blocks")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        patch.setitem(AT_ONCE, "series", 8)
        made(call, "--worlds", "12", "--months", "1", "--keep", "series", *ONE)
    assert len(list((place / "o/results").glob("worlds_*.nc"))) == 2
    return place / "o"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """The results of a run of two worlds in one month, to be changed and written elsewhere."""
    folder = tmp_path_factory.mktemp("stored") / "o"
    made(call, "--worlds", "2", "--months", "1", "--out", str(folder))
    return xr.load_dataset(folder / "results.nc", engine="netcdf4")


@pytest.fixture
def copy(in_blocks: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may damage."""
    return Path(shutil.copytree(in_blocks, tmp_path / "o"))


def blocks(folder: Path) -> list[Path]:
    return sorted((folder / "results").glob("*.nc"))


# ---- The same data -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keep", ["everything", "series", "summary"])
def test_whatever_was_kept_is_the_same(command: Command, keep: str) -> None:
    made(command, "--keep", keep, *(ONE if keep == "summary" else ()))
    assert command("replay", "o") == (0, "o: the data are the same\n", "")


def test_blocks_are_the_same_and_a_changed_number_is_not(command: Command, copy: Path) -> None:
    assert command("replay", "o") == (0, "o: the data are the same\n", "")
    second = blocks(copy)[1]
    stored = xr.load_dataset(second, engine="netcdf4")
    stored["threat"].values[0, 3] += 1e-9
    second.unlink()
    stored.to_netcdf(second, engine="netcdf4")
    done = command("replay", "o")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines() == [f"o: differs: results/{second.name} was changed", "o: data differ in threat"]


@pytest.fixture
def bad_worlds(monkeypatch: pytest.MonkeyPatch) -> None:
    """World 5 breaks off with an error of arithmetic, world 3 brings a number that is not finite."""
    monkeypatch.setattr(block, "run", failing(5, 3, "threat"))


@pytest.mark.parametrize("keep", ["everything", "summary"])
def test_worlds_that_failed_fail_again(
    command: Command, monkeypatch: pytest.MonkeyPatch, bad_worlds: None, keep: str
) -> None:
    made(command, "--worlds", "8", "--keep", keep, *ONE)
    assert command("replay", "o") == (0, "o: the data are the same; 2 worlds failed both times\n", "")
    monkeypatch.setattr(block, "run", run)
    done = command("replay", "o")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines() == [
        "o: differs: world 3 failed then (threat is not finite in 2023-10) and comes through now",
        "o: differs: world 5 failed then (overflow encountered in exp) and comes through now",
    ]


def test_worlds_that_fail_only_now_are_named(command: Command, request: pytest.FixtureRequest) -> None:
    made(command)
    request.getfixturevalue("bad_worlds")
    done = command("replay", "o")
    assert done.code == 1
    assert "world 5 came through then and fails now (overflow encountered in exp)" in done.out


# ---- What was altered --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda ds: ds.assign_coords(month=ds["month"] + np.timedelta64(1, "D")), "o.nc: data differ in month"),
        (lambda ds: ds.assign_coords(country=ds["country"].values[::-1]), "o.nc: data differ in country"),
        (lambda ds: ds.assign_coords(world=ds["world"] + 1), "o.nc: differs: the worlds are not numbered from 0"),
        (lambda ds: ds.drop_vars("fire"), "o.nc: data differ in fire"),
    ],
    ids=["months", "labels", "numbers", "dropped"],
)
def test_labels_are_compared(
    command: Command, stored: xr.Dataset, change: Callable[[xr.Dataset], xr.Dataset], said: str
) -> None:
    change(stored).to_netcdf("o.nc", engine="netcdf4")
    done = command("replay", "o.nc")
    assert done.code == 1
    assert said in done.out


def _cut(folder: Path) -> str:
    path = blocks(folder)[1]
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return f"{path.name}: cannot be read"


def _damage_numbers(folder: Path) -> str:
    path = blocks(folder)[0]
    content = bytearray(path.read_bytes())
    for at in range(len(content) // 4, 3 * len(content) // 4, 50):
        content[at] ^= 0xFF
    path.write_bytes(bytes(content))
    return f"results/{path.name}"


def _swap(folder: Path) -> str:
    one, two = blocks(folder)
    one.rename("aside")
    two.rename(one)
    Path("aside").rename(two)
    return "its blocks do not belong together"


def _lose(folder: Path) -> str:
    blocks(folder)[1].unlink()
    return "its blocks hold 8 worlds, the run had 12; blocks were lost"


def _lose_all(folder: Path) -> str:
    for path in blocks(folder):
        path.unlink()
    return "o/results: holds no blocks of worlds"


def _replace_by_foreign(folder: Path) -> str:
    path = blocks(folder)[1]
    path.unlink()
    xr.Dataset({"rain": ("day", np.arange(3.0))}).to_netcdf(path, engine="netcdf4")
    return f"{path.name}: cannot be read as a block"


def _replace_attributes(folder: Path) -> str:
    (folder / "results/attributes.json").write_text('{"seed": "x"}')
    return "attributes.json: attribute seed is damaged"


@pytest.mark.parametrize(
    "damage", [_cut, _damage_numbers, _swap, _lose, _lose_all, _replace_by_foreign, _replace_attributes]
)
def test_damaged_blocks_are_told(command: Command, copy: Path, damage: Callable[[Path], str]) -> None:
    before = files(copy / "results")
    said = damage(copy)
    after = files(copy / "results")
    touched = [name for name, was in before.items() if after.get(name) != was]
    assert touched
    done = command("replay", "o")
    assert done.code == 1
    assert said in done.out + done.err
    for name in touched:
        state = "was changed" if name in after else "is missing"
        assert f"o: differs: results/{name} {state}" in done.out


def test_a_file_that_another_program_writes_is_in_use(command: Command, copy: Path) -> None:
    fcntl = pytest.importorskip("fcntl")
    with (copy / "summary.md").open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        held.write("more")
        held.flush()
        done = command("replay", "o")
    assert done.code == 1
    assert "o: differs: summary.md is in use by another program" in done.out


def test_other_files_beside_blocks_are_checked(command: Command, copy: Path) -> None:
    (copy / "summary.md").write_text("mine")
    (copy / "events.csv").unlink()
    done = command("replay", "o")
    assert (done.code, done.err) == (1, "")
    assert done.out.splitlines() == [
        "o: differs: events.csv is missing",
        "o: differs: summary.md was changed",
        "o: the data are the same, but the folder was changed",
    ]
    (copy / "manifest.json").unlink()
    assert "o: differs: manifest.json is missing or damaged" in command("replay", "o").out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "attributes.json is missing or cannot be read"),
        ("[1, 2]", "must be a JSON object of attributes, found list"),
        ("{}", "attribute scenario is missing\n.*attribute scenario_hash is missing"),
        ({"scenario": 3}, "attribute scenario is damaged"),
        ({"versions": "[]"}, "attribute versions is damaged"),
        ({"seed": True}, "attribute seed is damaged"),
        ({"seed": 5}, "its blocks have seed 2023, attributes.json has 5"),
        ({"format": "sim-brief 1"}, "its blocks have format sim-results 1"),
        ({"failed": "[{}]"}, "attribute failed is damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 8 else str(value)[:24],
)
def test_damaged_attributes_are_told(copy: Path, content: str | dict[str, object], said: str) -> None:
    path = copy / "results/attributes.json"
    if isinstance(content, dict):
        content = json.dumps({**json.loads(path.read_text()), **content})
    path.write_text(content)
    with pytest.raises(ResultsError, match=f"(?s){said}"):
        sim.open_results(copy)


def test_a_block_that_goes_while_it_is_read_is_told(copy: Path) -> None:
    opened = sim.open_results(copy)
    blocks(copy)[1].unlink()
    with pytest.raises(ResultsError, match="threat cannot be read, the file is missing or damaged"):
        opened["threat"].load()


# ---- Other versions ----------------------------------------------------------------------------------------------


def test_another_version_is_told(command: Command, stored: xr.Dataset) -> None:
    older = {**library_versions(), "numpy": "2.0.0"}
    stored.assign_attrs(code_version="0.0.1", versions=json.dumps(older)).to_netcdf("o.nc", engine="netcdf4")
    done = well(command("replay", "o.nc"))
    assert "numpy: 2.0.0 in the run" in done.out
    assert "sim: 0.0.1 in the run" in done.out


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        (lambda kept: kept["settings"].pop("war.intensity"), 2, "with other parameters: war.intensity"),
        (lambda kept: kept.pop("months"), 2, "attribute scenario is damaged (months"),
        (lambda kept: kept.update(worlds="many"), 2, "attribute scenario is damaged (worlds"),
        (lambda kept: kept.update(seed=5), 1, "attribute scenario_hash is not that of the stored scenario"),
    ],
)
def test_a_scenario_that_cannot_be_rebuilt_is_told(
    command: Command, stored: xr.Dataset, change: Callable[[dict[str, object]], object], code: int, said: str
) -> None:
    kept = json.loads(stored.attrs["scenario"])
    change(kept)
    stored.assign_attrs(scenario=json.dumps(kept)).to_netcdf("o.nc", engine="netcdf4")
    done = command("replay", "o.nc")
    assert done.code == code
    assert said in done.out + done.err


def test_a_figure_says_what_it_needs(command: Command) -> None:
    made(command, "--keep", "summary", *ONE)
    kept = sim.open_results("o")
    for name in ("cooperation", "network", "war"):
        with pytest.raises(ValueError, match=f"figure {name} needs .* only a summary was kept"):
            sim.draw(kept, name)
