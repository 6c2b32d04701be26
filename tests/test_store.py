"""The store of blocks and what is told before any work: wrong blocks, places and workers, ends half way."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
from command_line import HERE, Command, Refused, python
from ensembles import SMALL, again, article, ensemble, nobody

import sim
from sim.analysis.outcome import OutcomeError, outcome
from sim.commands.terminal import fail, progress_bar
from sim.experiment.block import Task, mismatch
from sim.experiment.cluster import check_environment
from sim.experiment.ensemble import run_ensemble
from sim.experiment.fingerprint import digest, environment
from sim.experiment.store import StoreError, open_store
from sim.experiment.workers import WorkersError, in_this_process
from sim.present.atomic import aside, put_in_place, tidy
from sim.results import lazy as joined
from sim.results.cleanup import hold, is_orphan, mark, remove_orphans
from sim.signals import deferred_interrupts, uninterrupted

pytestmark = pytest.mark.usefixtures("short_rest")

GONE = "99999999"
"""Number that no process has."""


def named_for(source: Path, model: Path) -> Path:
    """The bytes of a file, under the name that a block of these worlds with these bytes has."""
    content = source.read_bytes()
    return model.with_name(f"{model.name.rsplit('_', 1)[0]}_{digest(content)}.nc")


# ---- Blocks in the wrong place -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """The blocks of worlds 0 to 15, of another seed, and of another selection."""
    place, scenario = tmp_path_factory.mktemp("stores"), article(16, 1)
    small = replace(scenario, worlds=8)
    return {
        "own": list(ensemble(place / "a", scenario, SMALL).paths),
        "another seed": list(ensemble(place / "b", replace(small, seed=5), SMALL).paths),
        "another selection": list(ensemble(place / "c", small, replace(SMALL, name="other")).paths),
    }


@pytest.mark.parametrize("wrong", ["other worlds", "another seed", "another selection", "no block", "a text"])
def test_a_whole_file_that_is_not_the_block_is_computed_anew(
    tmp_path: Path, stores: dict[str, list[Path]], wrong: str
) -> None:
    first, second = stores["own"]
    source = {"other worlds": [second], **stores}.get(wrong, [tmp_path / "file.nc"])[0]
    if wrong == "a text":
        source.write_text("worlds")
    elif wrong == "no block":
        with netCDF4.Dataset(source, "w") as file:
            file.createDimension("world", 2)
    shutil.copytree(first.parent, tmp_path / "store" / first.parent.name)
    block = tmp_path / "store" / first.parent.name / first.name
    target = named_for(source, block)
    target.write_bytes(source.read_bytes())
    block.unlink()
    found, store = again(tmp_path / "store", article(16, 1))
    assert found == [first.name, second.name]
    assert store.damaged == [target.name]
    assert not target.exists()


def test_a_block_is_known_by_what_it_holds(tmp_path: Path, stores: dict[str, list[Path]]) -> None:
    first, second = stores["own"]
    task = Task(replace(article(16, 1), worlds=0), 8, 8, SMALL)
    assert mismatch(task, second) == ""
    assert mismatch(task, first) == "a block of other worlds"
    assert mismatch(replace(task, scenario=replace(task.scenario, seed=1)), second) == "a block of something else"
    assert mismatch(task, tmp_path / "none.nc") == "no block"


def test_folders_named_like_blocks(tmp_path: Path) -> None:
    scenario = article(8, 1)
    block = ensemble(tmp_path, scenario, SMALL).paths[0]
    block.with_name(f"{block.name.rsplit('_', 1)[0]}_{'0' * 16}.nc").mkdir()
    assert again(tmp_path, scenario)[0] == [block.name]
    block.unlink()
    block.mkdir()
    with pytest.raises(StoreError, match="is a folder where a block belongs; move it away"):
        again(tmp_path, scenario)


def test_restored_worlds_are_not_counted_as_speed(tmp_path: Path) -> None:
    ensemble(tmp_path, article(16, 1), SMALL)
    done: dict[str, list[int]] = {"made": [], "there": []}
    scenario = article(24, 1)
    made, there = (lambda worlds, _, place=place: done[place].append(worlds) for place in done)
    with in_this_process() as workers:
        run_ensemble(scenario, SMALL, open_store(tmp_path, scenario, SMALL), workers, made, nobody, there)
    assert done == {"there": [8, 16], "made": [24]}
    with progress_bar("", nobody) as advance:
        advance.restored(1, 2)
        advance(2, 2)


def test_few_files_stay_open_and_all_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = article(40, 1)
    monkeypatch.setattr(joined._open, "_maxsize", 2)
    found = ensemble(tmp_path, scenario, SMALL).open()
    whole = sim.run(scenario)["threat"].values
    for _ in range(3):  # to and fro
        assert np.array_equal(found["threat"].values, whole)
    assert len(joined._open) <= 2


# ---- What killed processes leave ---------------------------------------------------------------------------------


def test_only_what_dead_processes_left_is_swept_away(tmp_path: Path) -> None:
    """A lock says who lives: the number of a process means nothing in another container."""
    machine = mark().split("-")[0]
    left, alive, elsewhere = f"a.{mark()}.part", f"a.{machine}-{GONE}.part", f"a.{'0' * 8}-{GONE}.part"
    for name in (left, alive, elsewhere):
        (tmp_path / name).mkdir()
    release = hold(tmp_path / alive)
    found = [is_orphan(tmp_path / name) for name in (left, alive, elsewhere, "a.part")]
    assert found == [True, False, False, False]
    remove_orphans(tmp_path.iterdir())
    release()
    assert is_orphan(tmp_path / alive)
    assert sorted(os.listdir(tmp_path)) == sorted([alive, elsewhere])


@pytest.mark.parametrize("there", [True, False])
def test_an_older_run_that_was_moved_away_comes_back(tmp_path: Path, there: bool) -> None:
    """Killed between two renames: the older run is brought back, or swept away if the new one is in place."""
    target = tmp_path / ("a_long_name" * 6)
    with aside(target) as folder:
        prefix, suffix = folder.name.split(mark())
    for end in (".part", ".old"):
        one = tmp_path / f"{prefix}{mark().split('-')[0]}-{GONE}{suffix.removesuffix('.part')}{end}"
        one.mkdir()
        (one / "what").write_text(end)
    neighbour = tmp_path / f"{target.name}_too"
    if there:
        target.mkdir()
    tidy(neighbour)
    assert len(os.listdir(tmp_path)) == 2 + there, "another target with the same begin is not touched"
    tidy(target)
    assert os.listdir(tmp_path) == [target.name]
    assert [path.read_text() for path in target.iterdir()] == ([] if there else [".old"])
    with aside(target) as folder:
        (folder / "new").write_text("")
        if not there:
            shutil.rmtree(target)
        put_in_place(folder, target)
    assert os.listdir(target) == ["new"]


def test_two_runs_that_end_at_once_wait_for_each_other(tmp_path: Path) -> None:
    """Many threads replace one folder again and again; it is whole at each look, and nothing is left beside it."""
    target = tmp_path / "run"

    def replace_often(number: int) -> None:
        for _ in range(10):
            with aside(target) as folder:
                content = str(number).encode()
                (folder / "a").write_bytes(content)
                own = {"path": "a", "sha256": hashlib.sha256(content).hexdigest()}
                (folder / "manifest.json").write_text(json.dumps({"kind": "sim-run 1", "files": [own]}))
                put_in_place(folder, target)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(replace_often, range(4)))
    assert os.listdir(tmp_path) == ["run"]
    assert sorted(os.listdir(target)) == ["a", "manifest.json"]


def test_a_killed_process_leaves_nothing_that_the_next_does_not_remove(tmp_path: Path) -> None:
    code = (
        "import os, signal; from sim.results.blocks import lasting_folder, scratch_folder\n"
        "lasting_folder(); one = scratch_folder(); one.__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    place = {"TMPDIR": str(tmp_path)}
    dead = subprocess.run([sys.executable, "-c", code], env={**HERE, **place}, check=False)
    assert dead.returncode == -signal.SIGKILL
    assert len(os.listdir(tmp_path)) == 2
    remove_orphans(tmp_path.iterdir())
    assert os.listdir(tmp_path) == []


def test_a_full_temporary_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise RuntimeError("NetCDF: HDF error")

    monkeypatch.setattr("xarray.Dataset.dump_to_store", full)
    with pytest.raises(OSError, match=r"cannot write a block.*TMPDIR") as told:
        ensemble(tmp_path, article(8, 1), SMALL)
    assert tempfile.gettempdir() in str(told.value)


# ---- Told before the work ----------------------------------------------------------------------------------------

RUN = ("run", "article", "--worlds", "8", "--months", "1", "--no-figures")
AUTO = ("run", "article", "--worlds", "auto", "--months", "1", "--no-figures")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((*RUN, "--keep", "all"), "--keep: must be one of everything, series, summary"),
        ((*RUN, "--on", "dusk"), "--on: must be dask or an address"),
        ((*RUN, "--on", "tcp://127.0.0.1"), "--on: must be dask or an address"),
        ((*RUN, "--on", "tcp://127.0.0.1:8786", "--processes", "2"), "--processes: a running scheduler"),
        ((*RUN, "--on", "tcp://127.0.0.1:99999"), "--on: must be dask or an address"),
        ((*RUN, "--on", "tcp://:8786"), "--on: must be dask or an address"),
        ((*RUN, "--on", "tcp://[::::]:8786"), "--on: must be dask or an address"),
        ((*RUN, "--processes", "0"), "--processes: must be from 1 to 1,024, found 0"),
        ((*RUN, "--store", ""), "must be the name of a folder"),
        ((*RUN, "--store", "dangling"), "--store: dangling is a broken link"),
        ((*RUN, "--store", "x" * 300), "has a name in it of more than 255 bytes"),
        ((*RUN, "--store", "out", "--out", "out"), "out: is the store of finished blocks (out)"),
        ((*RUN, "--store", "out/a", "--out", "out"), "out: overlaps the store of finished blocks"),
        ((*RUN, "--store", "out", "--out", "out/a"), "out/a: overlaps the store of finished blocks"),
        (("run", "store.toml", *RUN[2:]), "outputs/store: is the store of finished blocks"),
        (("compare", "article", "opening", *RUN[2:], "--store", "c", "--out", "c"), "c: is the store of finished"),
        ((*RUN, "--worlds", "1000000001"), "--worlds: must be less than or equal to 1000000000"),
        ((*AUTO, "--most-worlds", "1000000001"), "--most-worlds: must be from 8 to 1,000,000,000"),
        (
            (*AUTO, "--outcome", "foo"),
            "(sim list outcomes names all), or write COUNTRY.VARIABLE",
        ),
    ],
    ids=lambda value: " ".join(value)[-40:] if isinstance(value, tuple) else "",
)
def test_mistakes_are_told_before_the_work(refused: Refused, words: tuple[str, ...], said: str) -> None:
    Path("dangling").symlink_to("nowhere")
    Path("store.toml").write_text('extends = "article"\ntitle = "Any"\nquestion = "What if?"\n')
    assert said in refused(*words)


def test_bad_numbers_of_auto_are_told_before_anything_is_loaded(tmp_path: Path) -> None:
    code = (
        "import sys; from sim.cli import app\n"
        "try: app(['run', 'article', '--worlds', 'auto', '--precision', '7'])\n"
        "except SystemExit as end: print(end.code, 'numpy' in sys.modules)"
    )
    assert python(tmp_path, "-c", code).out.split() == ["2", "False"]


def test_an_unknown_outcome_names_those_like_it_and_how_others_are_written() -> None:
    with pytest.raises(OutcomeError, match=r"unknown outcome; choose one of .*PAIR\.VARIABLE, such as"):
        outcome("foo")


def test_the_folder_of_a_run_is_no_store(command: Command, refused: Refused) -> None:
    assert command(*RUN, "--out", "a").code == 0
    assert "a: is the folder of a run, not a store" in refused(*RUN, "--store", "a", "--out", "b")


# ---- Workers -----------------------------------------------------------------------------------------------------


def test_workers_that_would_make_other_blocks_are_refused() -> None:
    mine = environment()
    check_environment("w", mine)
    versions: Any = mine["versions"]
    for other, said in (
        ({"versions": {**versions, "numpy": "1.0"}}, r"worker w .* the same blocks: numpy 1\.0 there, .* here"),
        ({"machine": "vax"}, "machine vax there"),
        ({"program": "?"}, "another version of this program"),
    ):
        with pytest.raises(WorkersError, match=said):
            check_environment("w", {**mine, **other})


@pytest.fixture
def noted() -> Iterator[list[int]]:
    """Signals that reach the process's own handler."""
    found: list[int] = []
    before = signal.signal(signal.SIGTERM, lambda number, _: found.append(number))
    yield found
    signal.signal(signal.SIGTERM, before)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_signals_wait_while_processes_are_stopped(noted: list[int]) -> None:
    with uninterrupted():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGTERM)
        assert noted == []
    assert noted == [signal.SIGTERM]


@pytest.mark.parametrize("error", [OSError("Nanny failed to start"), RuntimeError("died")])
def test_a_signal_wins_over_the_error_that_it_may_have_made(noted: list[int], error: Exception) -> None:
    with pytest.raises(type(error)), uninterrupted():  # noqa: PT012
        os.kill(os.getpid(), signal.SIGTERM)
        raise error
    assert noted == [signal.SIGTERM]


def test_a_held_signal_comes_before_any_later_error(capsys: pytest.CaptureFixture[str]) -> None:
    for ending in (lambda: fail("a mistake"), lambda: int("no number"), lambda: None):
        with pytest.raises(KeyboardInterrupt), deferred_interrupts():  # noqa: PT012
            os.kill(os.getpid(), signal.SIGTERM)
            ending()
    assert capsys.readouterr().err == ""
    with pytest.raises(ValueError, match="no number"), deferred_interrupts():
        int("no number")
