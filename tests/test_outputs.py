"""The folder of a run: complete, the same every time, never half written, nobody else's files touched."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from synthetic import dataset

from sim.present import publish as publishing
from sim.present.atomic import OutputError, check_target
from sim.present.figures import FIGURES
from sim.present.publish import publish, run_files
from sim.results.cleanup import mark


def write_outputs(ds: xr.Dataset, folder: Path, figures: bool = True, **options: Any) -> list[Path]:
    return publish(ds, folder, run_files(ds), FIGURES if figures else {}, **options)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_outputs_are_complete_and_the_same_every_time(tmp_path: Path) -> None:
    small = dataset(months=4, worlds=5)
    told: list[str] = []
    paths = write_outputs(small, tmp_path / "run", progress=told.append, command="sim run synthetic")
    names = {path.relative_to(tmp_path / "run").as_posix() for path in paths}
    data = {"results.nc", "series.csv", "events.csv", "decisions.csv", "manifest.json", "summary.md"}
    assert names == data | {f"figures/{name}.{kind}" for name in FIGURES for kind in ("png", "svg")}
    assert set(told) == names
    before = {path: path.read_bytes() for path in paths}
    for path in (tmp_path / "run" / "figures").iterdir():
        assert b"0123456789" in before[path], "the hash of the scenario stands in each figure"
        assert b"seed 7" in before[path]
    write_outputs(small, tmp_path / "run", command="sim run synthetic")
    assert {path: path.read_bytes() for path in paths} == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["path"] for entry in manifest["files"]} == names - {"manifest.json"}
    assert manifest["command"] == "sim run synthetic"


def test_series_hold_units_quantiles_and_shares(tmp_path: Path) -> None:
    small = dataset(months=2, worlds=9)
    write_outputs(small, tmp_path / "run", figures=False)
    rows = read(tmp_path / "run" / "series.csv")
    stock = [row for row in rows if row["variable"] == "stock" and row["country"] == "RUS"]
    assert {row["unit"] for row in stock if row["good"] == "ammunition"} == {"krounds"}
    values = small["stock"].sel(country="RUS", good="food").values[1]
    row = next(row for row in stock if row["good"] == "food" and row["month"] == "2023-10")
    assert float(row["q50"]) == pytest.approx(np.median(values), rel=1e-5)
    assert float(row["q95"]) == pytest.approx(np.quantile(values, 0.95), rel=1e-5)
    lane = {"variable": "binding", "month": "2023-09", "country": "PRK", "partner": "RUS", "good": "food"}
    states = [row for row in rows if lane.items() <= row.items()]
    assert sum(float(row["mean"]) for row in states) == pytest.approx(1.0, abs=1e-5)
    assert not [row for row in rows if row["country"] and row["country"] == row["partner"]]


def test_events_and_decisions_tell_what_happened(tmp_path: Path) -> None:
    small = dataset(months=14, worlds=5)
    write_outputs(small, tmp_path / "run", figures=False)
    events = read(tmp_path / "run" / "events.csv")
    treaty = next(row for row in events if row["what"] == "treaty" and row["scheduled"] == "1")
    assert (treaty["month"], treaty["actors"], treaty["worlds"], treaty["share"]) == ("2024-06", "RUS PRK", "5", "1")
    assert treaty["why"] == "public record"
    lull = next(row for row in events if row["kind"] == "parameter")
    assert (lull["month"], lull["what"], lull["factor"], lull["duration"]) == ("2024-09", "war.intensity", "0.5", "6")
    decisions = read(tmp_path / "run" / "decisions.csv")
    assert {row["world"] for row in decisions} == {"all", "0", "1", "2"}
    assert len(decisions) == 14 * small.sizes["option"] * 4
    chosen = {"month": "2023-09", "actor": "RUS", "act": "summit", "partner": "PRK", "world": "all"}
    row = next(row for row in decisions if chosen.items() <= row.items())
    option = next(
        k
        for k in range(small.sizes["option"])
        if (small["actor"].values[k], small["act"].values[k], small["partner_of"].values[k]) == ("RUS", "summit", "PRK")
    )
    expected = float(small["terms"].sel(term="prestige").values[0, option].mean())
    assert float(row["term_prestige"]) == pytest.approx(expected, rel=1e-5)
    assert (row["happened"], row["scheduled"]) == ("1", "1")


def test_foreign_files_are_never_replaced(tmp_path: Path) -> None:
    small = dataset(months=1, worlds=1)
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match=r"thesis\.txt"):
        write_outputs(small, folder, figures=False)
    with pytest.raises(OutputError, match="is a file"):
        write_outputs(small, folder / "thesis.txt", figures=False)
    with pytest.raises(OutputError, match="is a file"):
        check_target(folder / "thesis.txt" / "run")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "thesis.txt"]


def test_notes_beside_an_older_run_are_not_lost(tmp_path: Path) -> None:
    small = dataset(months=1, worlds=1)
    write_outputs(small, tmp_path / "run", figures=False)
    (tmp_path / "run" / "notes.txt").write_text("look here", encoding="utf-8")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        write_outputs(small, tmp_path / "run", figures=False)
    assert (tmp_path / "run" / "notes.txt").read_text(encoding="utf-8") == "look here"


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    write_outputs(dataset(months=1, worlds=1), tmp_path / "run", figures=False)
    assert (tmp_path / "run" / "manifest.json").is_file()


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device"), ValueError("bad")])
def test_a_broken_write_leaves_nothing_and_keeps_the_old_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    small = dataset(months=1, worlds=1)
    write_outputs(small, tmp_path / "run", figures=False)
    before = {path: path.read_bytes() for path in (tmp_path / "run").iterdir()}

    def fail(*_: object) -> Iterator[list[str]]:
        yield ["month"]
        raise failure

    monkeypatch.setattr(publishing, "decisions", fail)
    with pytest.raises(OutputError if isinstance(failure, OSError) else type(failure)):
        write_outputs(small, tmp_path / "run", figures=False)
    with pytest.raises(OutputError if isinstance(failure, OSError) else type(failure)):
        write_outputs(small, tmp_path / "new" / "run", figures=False)
    assert {path: path.read_bytes() for path in (tmp_path / "run").iterdir()} == before
    assert not list(tmp_path.glob("**/.*"))
    assert not (tmp_path / "new" / "run").exists()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    small = dataset(months=1, worlds=1)
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    write_outputs(small, tmp_path / "link", figures=False)
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "manifest.json").is_file()
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OutputError, match="broken link"):
        check_target(tmp_path / "nowhere")
    with pytest.raises(OutputError, match="link"):
        check_target(tmp_path / "loop")
    with pytest.raises(OutputError, match="link"):
        check_target(tmp_path / "nowhere" / "run")


def test_folders_that_are_not_ours_to_replace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine" / "empty").mkdir(parents=True)
    with pytest.raises(OutputError, match="empty/"):
        check_target(tmp_path / "mine")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "data").symlink_to(tmp_path)
    with pytest.raises(OutputError, match="data"):
        check_target(tmp_path / "linked")
    monkeypatch.chdir(tmp_path / "mine")
    for folder in (".", "..", "/"):
        with pytest.raises(OutputError, match="name a folder in it"):
            check_target(folder)


def test_what_the_user_changed_in_an_older_run_is_kept(tmp_path: Path) -> None:
    small = dataset(months=1, worlds=1)
    write_outputs(small, tmp_path / "run", figures=False)
    (tmp_path / "run" / "summary.md").write_text("my words", encoding="utf-8")
    with pytest.raises(OutputError, match=r"summary\.md changed"):
        write_outputs(small, tmp_path / "run", figures=False)
    assert (tmp_path / "run" / "summary.md").read_text(encoding="utf-8") == "my words"
    (tmp_path / "run" / "summary.md").unlink()
    write_outputs(small, tmp_path / "run", figures=False)


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    machine = mark().split("-")[0]
    (tmp_path / f".run.{machine}-{gone.pid}.abc.part").mkdir()
    alive = tmp_path / f".run.{machine}-{os.getpid()}.abc.part"
    alive.mkdir()
    write_outputs(dataset(months=1, worlds=1), tmp_path / "run", figures=False)
    assert {path.name for path in tmp_path.iterdir()} == {"run", alive.name}


def test_a_disk_that_fills_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr("xarray.Dataset.to_netcdf", fail)
    with pytest.raises(OutputError, match="the disk is probably full"):
        write_outputs(dataset(months=1, worlds=1), tmp_path / "run", figures=False)
    assert not list(tmp_path.iterdir())
