"""Large ensembles: the same bytes whoever works and in whatever order, nothing lost, nothing dropped silently."""

import errno
import gc
import os
import re
import shutil
import signal
import struct
import sys
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import SIGNALLED, Command, call, ended, files, python, start, wait_for, well
from ensembles import BRIEF, SMALL, again, article, ensemble, failing, names, slices

import sim
from sim.analysis.levels import COMPARED, DETAIL, EVERYTHING, SERIES_LEVEL, SUMMARY, brief
from sim.analysis.measures import measured, series_of
from sim.commands.ensembles import report_failures
from sim.commands.terminal import in_code
from sim.experiment import block, cluster, workers
from sim.experiment.block import NothingLeftError, Task, compute
from sim.experiment.ensemble import start_workers
from sim.experiment.run import run
from sim.experiment.store import ORIGIN, StoreError, open_store, other_versions
from sim.experiment.workers import Check, Done, Workers, in_processes
from sim.model.world import World
from sim.present.spreadsheets import events, series
from sim.results import lazy, load, save
from sim.results.failures import Failure, failures
from sim.scenario.options import OPTIONS
from sim.texts.spoken import speaking


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a store with three blocks of 20 worlds; tests that change it take a copy."""
    root = tmp_path_factory.mktemp("small")
    ensemble(root, article(), SMALL)
    return root


@pytest.fixture(scope="module")
def joined(small: Path) -> xr.Dataset:
    """Its blocks as one Dataset, of which tests read what they need."""
    return ensemble(small, article(), SMALL).open()


@pytest.fixture(scope="module")
def whole() -> xr.Dataset:
    """The same worlds in one run."""
    return run(article())


@pytest.fixture
def recalled(whole: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks take their worlds from that run, instead of running them again."""
    monkeypatch.setattr(block, "run", slices(whole))


@pytest.fixture
def copy(small: Path, tmp_path: Path) -> Path:
    """A copy of the store that a test may damage."""
    return Path(shutil.copytree(small, tmp_path / "copy"))


# ---- One Dataset over many files ---------------------------------------------------------------------------------


def test_joined_blocks_are_the_run(small: Path, whole: xr.Dataset, tmp_path: Path) -> None:
    joined = ensemble(small, article(), SMALL).open()
    assert joined.attrs == whole.attrs
    xr.testing.assert_identical(joined.load(), whole.assign_coords(joined.coords))
    assert save(joined, tmp_path / "a.nc").read_bytes() == save(whole, tmp_path / "b.nc").read_bytes()


@pytest.mark.parametrize(
    "pick",
    [{"world": 9}, {"world": slice(6, 18)}, {"world": [19, 0, 8, 7]}, {"world": slice(None, None, 3)}, {"world": []}],
    ids=str,
)
def test_any_worlds_can_be_read(joined: xr.Dataset, whole: xr.Dataset, pick: dict[str, object]) -> None:
    for name, where in (("stock", {"country": 1}), ("threat", {"month": -1}), ("parameters", {})):
        np.testing.assert_array_equal(
            joined[name].isel({**where, **pick}).values, whole[name].isel({**where, **pick}).values
        )


def test_reading_one_country_does_not_read_the_rest(joined: xr.Dataset) -> None:
    assert joined["stock"].sel(country="PRK").values.shape == (2, 3, 20)
    assert not joined["stock"].variable._in_memory  # type: ignore[attr-defined]


def test_tables_of_many_worlds_are_read_in_pieces(
    small: Path, whole: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a limit of 200 bytes, one label of a month (20 worlds) is read at a time; the rows are the same."""
    some, acts = ["stock", "binding", "coordination"], ["outcome", "scheduled", "stock"]
    expected = list(series(whole[some])), list(events(whole[acts]))
    sizes: list[int] = []
    read = lazy._Joined._read

    def noted(self: lazy._Joined, key: tuple[object, ...]) -> np.ndarray:
        sizes.append(read(self, key).nbytes)
        return read(self, key)

    monkeypatch.setattr(lazy._Joined, "_read", noted)
    monkeypatch.setattr("sim.analysis.calendar.READ_AT_ONCE", 200)
    joined = ensemble(small, article(), SMALL).open()
    assert list(series(joined[some])) == expected[0]
    assert max(sizes) == 20 * 8
    assert list(events(joined[acts])) == expected[1]
    assert max(sizes) == len(OPTIONS) * 20, "acts are read month by month"


def test_a_finished_block_leaves_its_worlds_without_the_collector(monkeypatch: pytest.MonkeyPatch) -> None:
    """A world and what it holds refer to each other: without care they would wait for it, and memory would grow."""
    kept: list[weakref.ref[object]] = []
    runs = sys.modules[run.__module__]
    rest = runs.come_to_rest

    def noted(world: World, draws: Mapping[str, np.ndarray]) -> None:
        rest(world, draws)
        kept.extend((weakref.ref(world.state.threat), weakref.ref(world.parameters)))

    monkeypatch.setattr(runs, "come_to_rest", noted)
    gc.disable()
    try:
        run(article(8, 1), variables=("threat",))
        assert [one() is None for one in kept] == [True, True]
    finally:
        gc.enable()


def test_a_summary_holds_the_measures(whole: xr.Dataset, tmp_path: Path) -> None:
    kept = ensemble(tmp_path, article(), BRIEF).open()
    one = brief(whole)
    for name in ("technology", "score_PRK_need", "fire_ratio"):
        expected = measured(whole, {name: COMPARED[name]})
        np.testing.assert_array_equal(kept["outcomes"].sel(measure=name).values, expected[name])
    np.testing.assert_array_equal(kept["headline"].sel(series="oil").values, series_of(whole)["oil"].astype(np.float32))
    xr.testing.assert_equal(kept["outcomes"].load(), one["outcomes"])


def test_what_a_level_needs_is_recorded() -> None:
    assert SERIES_LEVEL.variables is not None
    assert "terms" not in SERIES_LEVEL.variables
    assert set(compute(Task(article(3), 0, 3, SUMMARY)).data_vars) == {"outcomes", "headline"}
    assert set(compute(Task(article(3), 0, 3, EVERYTHING)).data_vars) == set(run(article(3)).data_vars)


# ---- The same bytes ----------------------------------------------------------------------------------------------


@contextmanager
def backwards() -> Iterator[Workers]:
    """The last block first."""

    def work(tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        for task in reversed(tasks):
            yield task, block.compute_bytes(task)

    yield work


def test_processes_order_and_number_of_worlds_change_no_byte(tmp_path: Path) -> None:
    """More blocks than the two processes are given ahead; a smaller ensemble has the first of them."""
    with in_processes(2) as by:
        five = names(ensemble(tmp_path / "two", article(40, 1), BRIEF, by))
    with backwards() as by:
        assert names(ensemble(tmp_path / "backwards", article(16, 1), BRIEF, by)) == five[:2]
    assert five == sorted(five)


def test_files_do_not_depend_on_the_store(command: Command) -> None:
    for more in (("--out", "a"), ("--out", "b", "--processes", "1")):
        well(command("run", "article", "--worlds", "9", "--months", "1", "--no-figures", "--tables", *more))
    for name in ("results.nc", "series.csv", "decisions.csv", "summary.md"):
        assert Path("a", name).read_bytes() == Path("b", name).read_bytes(), name


# ---- Nothing is lost ---------------------------------------------------------------------------------------------


def test_stored_blocks_are_used(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = sorted(path.name for path in small.rglob("worlds_*.nc"))
    assert len(stored) == 3
    monkeypatch.setattr(workers, "compute_bytes", lambda task: pytest.fail("computed again"))
    assert names(ensemble(small, article(), SMALL)) == stored


@pytest.mark.parametrize("damage", ["flipped", "cut", "emptied"])
@pytest.mark.usefixtures("recalled")
def test_a_damaged_block_is_computed_anew(copy: Path, damage: str) -> None:
    first = ensemble(copy, article(), SMALL)
    content = bytearray(first.paths[1].read_bytes())
    content[len(content) // 2] ^= 1
    first.paths[1].write_bytes({"flipped": bytes(content), "cut": bytes(content[:900]), "emptied": b""}[damage])
    found, store = again(copy, article())
    assert found == names(first)
    assert store.damaged == [first.paths[1].name]


def test_another_setting_or_program_never_meets_these_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = article()
    here = open_store(tmp_path, scenario, SMALL).folder
    for other in (replace(scenario, seed=1), replace(scenario, months=3), sim.load("ceasefire", months=2)):
        assert open_store(tmp_path, other, SMALL).folder != here
    assert open_store(tmp_path, replace(scenario, worlds=99), SMALL).folder == here
    assert other_versions(tmp_path, scenario, SMALL) == []
    monkeypatch.setattr("sim.experiment.fingerprint.program_digest", lambda: "another")
    assert open_store(tmp_path, scenario, SMALL).folder != here
    assert other_versions(tmp_path, scenario, SMALL) == [here]


@pytest.mark.usefixtures("recalled")
def test_a_full_disk_keeps_what_is_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = os.replace
    done: list[object] = []

    def full(source: Path, target: Path) -> None:
        if str(target).endswith(".nc"):
            done.append(target)
            if len(done) > 2:
                raise OSError(errno.ENOSPC, "No space left on device")
        really(source, target)

    with monkeypatch.context() as patch:
        patch.setattr("os.replace", full)
        with pytest.raises(StoreError, match=r"No space left.*finished blocks are kept.*--store"):
            ensemble(tmp_path, article(), SMALL)
    folder = open_store(tmp_path, article(), SMALL).folder
    assert len(list(folder.glob("worlds_*.nc"))) == 2
    assert not list(folder.glob(".*"))
    assert len(names(ensemble(tmp_path, article(), SMALL))) == 3


def test_a_store_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose another place with --store"):
        open_store(tmp_path / "file" / "store", article(), SMALL)


def test_a_foreign_origin_harms_nothing(tmp_path: Path) -> None:
    for folder, text in (("odd", "[1, 2"), ("list", "[1, 2]")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / ORIGIN).write_text(text)
    assert other_versions(tmp_path, article(), SMALL) == []


# ---- Worlds that fail --------------------------------------------------------------------------------------------


@pytest.fixture
def two_bad_worlds(whole: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """World 5 breaks off with an error of arithmetic, world 11 brings a number that is not finite."""
    monkeypatch.setattr(block, "run", failing(5, 11, "stock", slices(whole)))
    return 5, 11


def test_a_world_that_fails_is_set_aside(tmp_path: Path, whole: xr.Dataset, two_bad_worlds: tuple[int, int]) -> None:
    ds = ensemble(tmp_path, article(), SMALL).open()
    reasons = {one.world: one.reason for one in failures(ds)}
    assert reasons == {5: "overflow encountered in exp", 11: "stock is not finite in 2023-10"}
    others = [k for k in range(20) if k not in two_bad_worlds]
    assert ds["world"].values.tolist() == others
    np.testing.assert_array_equal(ds["threat"].values, whole["threat"].sel(world=others).values)
    drew = failures(ds)[0].parameters
    assert drew["sanctions.pressure"] == whole["parameters"].sel(key="sanctions.pressure", world=5).item()


def test_a_world_takes_none_of_its_neighbours_along() -> None:
    """Worlds are stepped in groups of eight, but a real overflow in one of them is that one's alone."""
    spec = article()
    fire = np.where(np.arange(spec.worlds) == 5, 1e308, 1000.0)
    war = {"war.base_fire": fire, "war.intensity": np.full(spec.worlds, 10.0)}
    task = block.Task(spec, 0, spec.worlds, EVERYTHING, war)
    found = block.compute(task)
    assert [one.world for one in failures(found)] == [5]
    healthy = run(spec, given={**war, "war.base_fire": np.full(spec.worlds, 1000.0)})
    np.testing.assert_array_equal(found["stock"].values, healthy["stock"].drop_sel(world=5).values)


def test_worlds_set_aside_are_told_in_french() -> None:
    lost = [Failure(world, "overflow", {}) for world in range(5)]
    with speaking("fr"), in_code(), pytest.warns(UserWarning, match=r"côté, 5\smondes sur 20 \(monde 0\s: .* 2 autres"):
        report_failures(article(), lost)


def test_the_user_is_told_of_worlds_set_aside(command: Command, two_bad_worlds: tuple[int, int]) -> None:
    done = well(command("run", "article", "--worlds", "20", "--months", "2", "--no-figures"))
    assert "2 worlds of 20 set aside (world 5: overflow" in done.err
    rows = Path("outputs/article/failed.csv").read_text().splitlines()
    assert rows[0] == "world,reason,parameter,value"
    assert {row.split(",")[0] for row in rows[1:]} == {"5", "11"}
    assert "2 worlds were set aside" in Path("outputs/article/summary.md").read_text()
    assert load("outputs/article/results.nc").sizes["world"] == 18


def test_comparisons_leave_out_worlds_that_failed_anywhere(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block, "run", failing(5, 3, "stock"))
    well(command("compare", "article", "opening", "--worlds", "8", "--months", "2", "--no-figures", "--out", "c"))
    # world 3 fails by a variable that a comparison does not read
    assert xr.open_dataset("c/comparison.nc")["world"].values.tolist() == [k for k in range(8) if k != 5]


def test_all_worlds_failing_ends_the_command(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def never(*_: object, **__: object) -> xr.Dataset:
        raise FloatingPointError("overflow encountered in exp")

    monkeypatch.setattr(block, "run", never)
    with pytest.raises(NothingLeftError, match="all worlds failed"):
        compute(Task(article(3), 0, 3, SMALL))
    done = command("run", "article", "--worlds", "3", "--months", "1")
    assert (done.code, os.listdir(tmp_path)) == (1, [])
    assert "article: all worlds failed" in done.err


# ---- As a process of its own -------------------------------------------------------------------------------------

FIVE = ("run", "article", "--worlds", "40", "--months", "1", "--keep", "summary", "--store", "outputs/store")
FIVE += ("--no-figures",)
"""Five blocks, each of eight worlds by `small_blocks` or, in a process of its own, after SMALL_BLOCKS."""
SMALL_BLOCKS = """
from dataclasses import replace
from sim.analysis.levels import DETAIL
DETAIL["summary"] = replace(DETAIL["summary"], worlds=8)
"""
START = "from sim.start import main; main()"


@pytest.fixture(scope="module")
def small_blocks() -> Iterator[None]:
    """The same in this process, which computes blocks itself unless it is told who does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(DETAIL, "summary", replace(SUMMARY, worlds=8))  # type: ignore[arg-type]
        patch.setattr("sim.commands.ensembles.cores", lambda: 1)
        yield


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory, small_blocks: None) -> dict[str, bytes]:
    """The files of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("calm")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        well(call(*FIVE))
    return files(folder / "outputs" / "article")


def stored(folder: Path) -> list[Path]:
    """Blocks that are finished."""
    return list((folder / "outputs" / "store").rglob("worlds_*.nc"))


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_killed_it_resumes_to_the_same_bytes(command: Command, tmp_path: Path, calm: dict[str, bytes]) -> None:
    """`kill -9` before the first block is stored, then after two, two workers left to notice; then it may end.

    Other moments are tried by `benchmarks/kills.py`.
    """
    for nth, processes, blocks in ((1, 1, 0), (3, 2, 2)):
        place = "sim.experiment.store:Store.put", str(nth), str(int(signal.SIGKILL))
        said = python(tmp_path, "-c", SMALL_BLOCKS + SIGNALLED, *place, *FIVE, "--processes", str(processes))
        assert said.code == -signal.SIGKILL, said.err
        assert len(stored(tmp_path)) == blocks
    well(command(*FIVE))
    assert files(tmp_path / "outputs" / "article") == calm
    assert list(tmp_path.rglob(".*")) == []


def test_ctrl_c_keeps_finished_blocks(tmp_path: Path) -> None:
    """Ctrl-C reaches the whole group of processes, the workers too."""
    words = [*FIVE[:3], "30000", *FIVE[4:], "--processes", "2"]
    run = start(tmp_path, "-c", SMALL_BLOCKS + START, *words)
    wait_for(lambda: stored(tmp_path), run)
    os.killpg(run.pid, signal.SIGINT)
    said = ended(run)
    assert said.code == 130, said.err
    assert re.search(r"^outputs/store/.+: \d+ of [\d,]+ blocks finished, and kept$", said.err, re.MULTILINE)
    assert f"the same command goes on from them: sim {' '.join(words)}\n" in said.err
    assert said.err.endswith("interrupted: nothing else was written\n")
    assert "Traceback" not in said.err
    assert stored(tmp_path)
    assert not (tmp_path / "outputs" / "article").exists()


def half_a_message(sent: Path) -> None:
    """Begin to send a result as a worker process does, say so by a file, and go no further."""
    results = sys._getframe(1).f_locals["result_queue"]
    results._writer._send(struct.pack("!i", 100) + b"the first half")
    sent.touch()
    signal.pause()


@pytest.mark.skipif(os.name != "posix", reason="waits for a signal")
def test_nobody_waits_for_a_worker_that_was_stopped_while_it_sent(tmp_path: Path) -> None:
    pool = workers._pool(1, str(tmp_path))
    pool.submit(half_a_message, tmp_path / "sent")
    manager = pool._executor_manager_thread
    while not (tmp_path / "sent").exists():
        time.sleep(0.01)
    workers._stop(pool)
    manager.join(60.0)
    assert not manager.is_alive()


# ---- Dask --------------------------------------------------------------------------------------------------------


def test_a_scheduler_that_is_not_there_is_told(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("sim.experiment.cluster.LONG", 0.5)
    done = command("run", "article", "--worlds", "8", "--months", "1", "--on", "tcp://127.0.0.1:9", "--no-figures")
    assert done.code == 1, done.err
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in done.err


@pytest.mark.slow
def test_a_cluster_gives_the_same_bytes_though_a_worker_dies(
    command: Command, tmp_path: Path, calm: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is started for a run, and the same by its address, while one of its two processes is killed."""
    distributed = pytest.importorskip("distributed")
    work, killed = cluster._Cluster.work, []

    def bereft(self: cluster._Cluster, tasks: Sequence[Task], check: Check) -> Iterator[Done]:
        for done in work(self, tasks, check):
            if not killed:
                killed.append(min(self.client.run(os.getpid).values()))
                os.kill(killed[0], signal.SIGKILL)
            yield done

    async def not_again(_: object) -> None:
        """Start no third process: the other takes over long before one has loaded its libraries."""

    with start_workers("dask", 2) as by:
        one = names(ensemble(tmp_path / "one", article(8, 1), BRIEF, by))
        monkeypatch.setattr(cluster._Cluster, "work", bereft)
        monkeypatch.setattr(distributed.Nanny, "instantiate", not_again)
        well(command(*FIVE, "--on", distributed.default_client().scheduler.address))
    assert one == names(ensemble(tmp_path / "here", article(8, 1), BRIEF))
    assert killed
    assert len(stored(tmp_path)) == 5
    assert files(tmp_path / "outputs" / "article" / "results") == {
        Path(name).name: found for name, found in calm.items() if name.startswith("results/")
    }
