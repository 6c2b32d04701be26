"""The folder of a run: complete, the same every time, never half written, nobody else's files touched."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from command_line import files, rows
from synthetic import dataset

from sim.present import publish as publishing
from sim.present.atomic import OutputError, check_target, is_edited, manifest_with
from sim.present.figures import FIGURES
from sim.present.publish import publish, run_files
from sim.results.cleanup import hold, mark

DRAWN = {name: FIGURES[name] for name in ("dilemma", "network")}
"""Bands and lines; marks and arrows."""


def write_outputs(ds: xr.Dataset, folder: Path, figures: bool = True, **options: Any) -> list[Path]:
    return publish(ds, folder, run_files(ds, tables=figures), DRAWN if figures else {}, **options)


def least(folder: Path) -> None:
    """Write the smallest run there is, without figures."""
    write_outputs(dataset(months=1, worlds=1), folder, figures=False)


@pytest.mark.slow
def test_outputs_are_complete_and_the_same_every_time(tmp_path: Path) -> None:
    small = dataset(months=4, worlds=5)
    told: list[str] = []
    paths = write_outputs(small, tmp_path / "run", progress=told.append, command="sim run synthetic")
    names = {path.relative_to(tmp_path / "run").as_posix() for path in paths}
    before = files(tmp_path / "run")
    data = {"results.nc", "series.csv", "events.csv", "decisions.csv", "manifest.json", "summary.md"}
    assert names == data | {f"figures/{name}.{kind}" for name in DRAWN for kind in ("png", "svg")}
    assert set(told) == names == before.keys()
    for name in names - data:
        assert b"0123456789" in before[name], "the hash of the scenario stands in each figure"
        assert b"seed 7" in before[name]
    write_outputs(small, tmp_path / "run", command="sim run synthetic")
    assert files(tmp_path / "run") == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    assert {entry["path"] for entry in manifest["files"]} == names - {"manifest.json"}
    assert manifest["command"] == "sim run synthetic"


def test_series_hold_units_quantiles_and_shares(tmp_path: Path) -> None:
    small = dataset(months=2, worlds=9)
    publish(small, tmp_path / "run", run_files(small, tables=True), {})
    series = rows(tmp_path / "run" / "series.csv")
    stock = [row for row in series if row["variable"] == "stock" and row["country"] == "RUS"]
    assert {row["unit"] for row in stock if row["good"] == "ammunition"} == {"krounds"}
    values = small["stock"].sel(country="RUS", good="food").values[1]
    row = next(row for row in stock if row["good"] == "food" and row["month"] == "2023-10")
    assert float(row["q50"]) == pytest.approx(np.median(values), rel=1e-5)
    assert float(row["q95"]) == pytest.approx(np.quantile(values, 0.95), rel=1e-5)
    lane = {"variable": "binding", "month": "2023-09", "country": "PRK", "partner": "RUS", "good": "food"}
    states = [row for row in series if lane.items() <= row.items()]
    assert sum(float(row["mean"]) for row in states) == pytest.approx(1.0, abs=1e-5)
    assert not [row for row in series if row["country"] and row["country"] == row["partner"]]


def test_events_and_decisions_tell_what_happened(tmp_path: Path) -> None:
    small = dataset(months=14, worlds=5)
    publish(small, tmp_path / "run", run_files(small, tables=True), {})
    events = rows(tmp_path / "run" / "events.csv")
    treaty = next(row for row in events if row["what"] == "treaty" and row["scheduled"] == "1")
    assert (treaty["month"], treaty["actors"], treaty["worlds"], treaty["share"]) == ("2024-06", "RUS PRK", "5", "1")
    assert treaty["why"] == "public record"
    lull = next(row for row in events if row["kind"] == "parameter")
    assert (lull["month"], lull["what"], lull["factor"], lull["duration"]) == ("2024-09", "war.intensity", "0.5", "6")
    decisions = rows(tmp_path / "run" / "decisions.csv")
    assert {row["world"] for row in decisions} == {"all", "0", "1", "2"}
    assert len(decisions) == 14 * small.sizes["option"] * 4
    chosen = {"month": "2023-09", "actor": "RUS", "act": "summit", "partner": "PRK", "world": "all"}
    row = next(row for row in decisions if chosen.items() <= row.items())
    labels = zip(*(small[name].values for name in ("actor", "act", "partner_of")), strict=True)
    expected = float(small["terms"].sel(term="prestige").values[0, list(labels).index(("RUS", "summit", "PRK"))].mean())
    assert float(row["term_prestige"]) == pytest.approx(expected, rel=1e-5)
    assert (row["happened"], row["scheduled"]) == ("1", "1")


def test_foreign_files_are_never_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match=r"thesis\.txt"):
        least(folder)
    with pytest.raises(OutputError, match="is a file"):
        least(folder / "thesis.txt")
    with pytest.raises(OutputError, match="is a file"):
        check_target(folder / "thesis.txt" / "run")
    assert [path.name for path in tmp_path.rglob("*")] == ["mine", "thesis.txt"]


def test_notes_beside_an_older_run_are_not_lost(tmp_path: Path) -> None:
    least(tmp_path / "run")
    (tmp_path / "run" / "notes.txt").write_text("look here", encoding="utf-8")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        least(tmp_path / "run")
    assert (tmp_path / "run" / "notes.txt").read_text(encoding="utf-8") == "look here"


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    least(tmp_path / "run")
    assert (tmp_path / "run" / "manifest.json").is_file()


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device"), ValueError("bad")])
def test_a_broken_write_leaves_nothing_and_keeps_the_old_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    least(tmp_path / "run")
    before = files(tmp_path / "run")

    def fail(*_: object) -> Iterator[list[str]]:
        yield ["month"]
        raise failure

    monkeypatch.setattr(publishing, "events", fail)
    for folder in ("run", "new/run"):
        with pytest.raises(OutputError if isinstance(failure, OSError) else type(failure)):
            least(tmp_path / folder)
    assert files(tmp_path / "run") == before
    assert not list(tmp_path.glob("**/.*"))
    assert not (tmp_path / "new" / "run").exists()


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    least(tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "there" / "manifest.json").is_file()
    (tmp_path / "nowhere").symlink_to("gone")
    (tmp_path / "loop").symlink_to("loop")
    for place, said in (("nowhere", "broken link"), ("loop", "link"), ("nowhere/run", "link")):
        with pytest.raises(OutputError, match=said):
            check_target(tmp_path / place)


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
    least(tmp_path / "run")
    summary = tmp_path / "run" / "summary.md"
    summary.write_text("my words", encoding="utf-8")
    with pytest.raises(OutputError, match=r"summary\.md changed"):
        least(tmp_path / "run")
    assert summary.read_text(encoding="utf-8") == "my words"
    summary.unlink()
    least(tmp_path / "run")


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    machine = mark().split("-")[0]
    (tmp_path / f".run.{machine}-{gone.pid}.abc.part").mkdir()
    # in another container a living process may have the number that a dead one has here
    alive = tmp_path / f".run.{machine}-{gone.pid}.def.part"
    alive.mkdir()
    release = hold(alive)
    least(tmp_path / "run")
    release()
    assert {path.name for path in tmp_path.iterdir()} == {"run", alive.name}


def test_an_edited_manifest_is_not_replaced_without_a_word(tmp_path: Path) -> None:
    least(tmp_path / "run")
    least(tmp_path / "run")
    manifest = tmp_path / "run" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"title": "', '"title": "my notes: '))
    with pytest.raises(OutputError, match=r"manifest\.json changed since the run wrote it"):
        check_target(tmp_path / "run")
    # a report or a figure that comes into the folder does not make it one that nobody changed
    manifest.write_text(manifest_with(tmp_path / "run", lambda entries: entries[:-1]))
    assert is_edited(tmp_path / "run")


def test_a_disk_that_fills_up_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr("xarray.Dataset.dump_to_store", fail)
    with pytest.raises(OutputError, match="the disk is probably full"):
        least(tmp_path / "run")
    assert not list(tmp_path.iterdir())
