"""Figures on demand: a few with a run, the others from what its folder holds, the same bytes."""

import json
import shutil
from pathlib import Path

import pytest
import typer
from command_line import Command, Refused, files, well
from synthetic import dataset

from sim.commands.figures import selected
from sim.commands.replay import _touched
from sim.present.atomic import OutputError
from sim.present.figures import FIGURES
from sim.present.publish import publish, run_files, tables_of
from sim.present.redraw import add_figures, add_tables
from sim.results import load, save

pytestmark = pytest.mark.usefixtures("short_rest")

TWO = {name: FIGURES[name] for name in ("network", "deliveries")}
ONE = {"network": TWO["network"]}


@pytest.fixture(scope="module")
def undrawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run without figures."""
    place = tmp_path_factory.mktemp("undrawn")
    save(dataset(months=1, worlds=1), place / "results.nc")
    ds = load(place / "results.nc")  # in the precision of files
    publish(ds, place / "run", run_files(ds), {})
    return place / "run"


@pytest.fixture
def folder(undrawn: Path, tmp_path: Path) -> Path:
    """A copy of it that a test may change."""
    return Path(shutil.copytree(undrawn, tmp_path / "run"))


def test_what_is_made_later_is_the_same_file(folder: Path) -> None:
    ds = load(folder / "results.nc")
    add_figures(ds, folder, {"deliveries": TWO["deliveries"]})
    add_figures(ds, folder, TWO)
    add_tables(folder, tables_of(ds))
    publish(ds, folder.parent / "at once", run_files(ds, tables=True), TWO)
    assert files(folder) == files(folder.parent / "at once"), "the manifest, too"
    assert sorted(path.name for path in folder.parent.iterdir()) == ["at once", "run"]
    assert not _touched(folder)


def test_what_is_not_ours_stays(folder: Path) -> None:
    ds = load(folder / "results.nc")
    (folder / "figures").mkdir()
    (folder / "figures" / "network.png").write_bytes(b"mine")
    before = files(folder)
    with pytest.raises(OutputError, match=r"figures/network.png is not as it was made"):
        add_figures(ds, folder, TWO)
    (folder / "manifest.json").unlink()
    with pytest.raises(OutputError, match="only a finished folder"):
        add_figures(ds, folder, TWO)
    assert files(folder) == {name: data for name, data in before.items() if name != "manifest.json"}


def test_all_few_and_none_stand_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        selected({"war": 1}, ["war"], "none,war")
    assert "none stands alone" in capsys.readouterr().err


def test_which_figures_are_meant(capsys: pytest.CaptureFixture[str]) -> None:
    every = {"a": 1, "b": 2, "cooperation": 3}
    assert selected(every, ("b",), "few") == {"b": 2}
    assert selected(every, ("b",), "all") == every
    assert selected(every, ("b",), "none") == {}
    assert selected(every, ("b",), "cooperation, a") == {"cooperation": 3, "a": 1}
    with pytest.raises(typer.Exit):
        selected(every, (), "coperation")
    assert "did you mean cooperation?" in capsys.readouterr().err


def test_a_run_is_drawn_on_demand(command: Command, tmp_path: Path) -> None:
    size = ("--worlds", "1", "--months", "1")
    well(command("run", "article", *size, "--figures", "network"))
    listed = well(command("figures", "outputs/article")).out
    assert [line.split()[:2] for line in listed.splitlines() if " drawn " in line] == [["network", "drawn"]]
    well(command("figures", "outputs/article", "deliveries"))
    drawn = {path.stem for path in (tmp_path / "outputs/article/figures").iterdir()}
    assert drawn == {"network", "deliveries"}
    manifest = json.loads((tmp_path / "outputs/article/manifest.json").read_text(encoding="utf-8"))
    assert sum(entry["path"].startswith("figures/") for entry in manifest["files"]) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("figures", "nowhere"), "nowhere: no such folder"),
        (("figures", "."), "is an empty folder; sim run SCENARIO writes"),
        (("run", "article", "--figures", "netwrk"), "did you mean network?"),
        (("compare", "article", "ceasefire", "--figures", "overlays"), "did you mean overlay?"),
        (("compare", "article", "ceasefire", "--outcome", "kor.threet"), "did you mean threat?"),
    ],
)
def test_mistakes_are_told(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused(*words)


def test_large_tables_are_written_on_demand(command: Command, refused: Refused) -> None:
    well(command("run", "article", "--worlds", "1", "--months", "1", "--figures", "none"))
    assert "series.csv" not in {path.name for path in Path("outputs/article").iterdir()}
    assert "written" not in well(command("tables", "outputs/article")).out
    well(command("tables", "outputs/article", "series"))
    listed = well(command("tables", "outputs/article")).out
    assert [line.split()[0] for line in listed.splitlines() if " written " in line] == ["series"]
    assert "did you mean decisions?" in refused("tables", "outputs/article", "decision")
    assert not _touched(Path("outputs/article"))


def test_the_figures_of_a_run_are_png_until_more_is_asked(folder: Path) -> None:
    ds = load(folder / "results.nc")
    publish(ds, folder, run_files(ds), ONE, vector=False)
    assert {path.suffix for path in (folder / "figures").iterdir()} == {".png"}
    before = files(folder / "figures")
    add_figures(ds, folder, ONE)
    assert before.items() < files(folder / "figures").items()
