"""What surrounds a run: limits of containers and jobs, folders people look into, names, fonts, the current folder."""

import os
import subprocess
import sys
import warnings
from pathlib import Path

import pytest
from ensembles import SMALL, article, ensemble

from sim.commands.terminal import glyphs_noted
from sim.commands.workflow import folder_name
from sim.experiment.store import StoreError, open_store
from sim.experiment.workers import SAFE_PATH, safe_path
from sim.files import fault_of_file_name, fault_of_path, is_litter
from sim.limits import cores, memory_bytes
from sim.present.atomic import OutputError, check_target
from sim.present.page import save_drawing
from sim.present.single import write_table
from sim.reports.target import check_file
from sim.results.blocks import link_blocks, open_folder
from sim.scenario.library import fault_of_name

GB = 1 << 30


def group(root: Path, lines: str, files: dict[str, str]) -> Path:
    """A system whose process is in these control groups."""
    for name, text in {"proc/self/cgroup": lines, **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{text}\n", encoding="ascii")
    return root


# ---- Limits ------------------------------------------------------------------------------------------------------


def test_limits_of_a_container(tmp_path: Path) -> None:
    """Version 2 of control groups; the tightest of the group and those above it."""
    place = "sys/fs/cgroup/a"
    files = {f"{place}/b/memory.max": "max", f"{place}/memory.max": str(GB), f"{place}/b/cpu.max": "150000 100000"}
    root = group(tmp_path, "0::/a/b", files)
    assert memory_bytes(root, {}) == GB
    assert cores(root, {}) == min(2, cores(tmp_path / "none", {}))
    assert cores(group(root, "0::/a/b", {f"{place}/cpu.max": "50000 100000"}), {}) == 1


def test_limits_of_the_first_version(tmp_path: Path) -> None:
    place = "sys/fs/cgroup"
    files = {
        f"{place}/memory/m/memory.limit_in_bytes": str(GB // 2),
        f"{place}/memory/memory.limit_in_bytes": "9223372036854771712",
        f"{place}/cpu,cpuacct/cpu.cfs_quota_us": "-1",
        f"{place}/cpu/c/cpu.cfs_quota_us": "20000",
        f"{place}/cpu/c/cpu.cfs_period_us": "100000",
    }
    root = group(tmp_path, "4:memory:/m\n3:cpu,cpuacct:/c", files)
    assert memory_bytes(root, {}) == GB // 2
    assert cores(root, {}) == 1


@pytest.mark.parametrize("text", ["", "garbage", "0::", ":::", "0::/../../..", "\x00"])
def test_what_cannot_be_read_is_no_limit(tmp_path: Path, text: str) -> None:
    root = group(tmp_path, text, {"sys/fs/cgroup/memory.max": "many", "sys/fs/cgroup/cpu.max": "a b c"})
    free = tmp_path / "none"
    assert (cores(root, {}), memory_bytes(root, {})) == (cores(free, {}), memory_bytes(free, {}))


def test_limits_of_a_job(tmp_path: Path) -> None:
    assert cores(tmp_path, {"SLURM_CPUS_PER_TASK": "1", "SLURM_CPUS_ON_NODE": "64"}) == 1
    assert memory_bytes(tmp_path, {"SLURM_MEM_PER_NODE": "1024"}) == GB
    assert memory_bytes(tmp_path, {"SLURM_MEM_PER_CPU": "256", "SLURM_CPUS_ON_NODE": "2"}) == GB // 2
    assert cores(tmp_path, {"SLURM_CPUS_PER_TASK": "2(x3)"}) == cores(tmp_path, {})


# ---- Folders people look into ------------------------------------------------------------------------------------

LEFT = [".DS_Store", "figures/.DS_Store", "Thumbs.db", "desktop.ini", "figures/._series.png", "~$series.csv"]
LEFT += [".~lock.series.csv#", ".ipynb_checkpoints/summary-checkpoint.md", ".summary.md.swp", "summary.md~", "@eaDir/"]
LEFT += [".#summary.md", "#summary.md#"]
OWN = ["notes.txt", "figures/mine.png", ".env", "Thumbs.txt", "ds_store", "results/", "lock"]


@pytest.mark.parametrize("name", LEFT)
def test_what_systems_leave_is_litter(name: str) -> None:
    assert is_litter(name)


@pytest.mark.parametrize("name", OWN)
def test_what_people_leave_is_theirs(name: str) -> None:
    assert not is_litter(name)


def test_litter_does_not_block_a_run_and_a_file_of_ones_own_does(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    for name in LEFT:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        else:
            path.touch()
    check_target(folder)
    (folder / "notes.txt").touch()
    with pytest.raises(OutputError, match=r"files that no run wrote \(notes\.txt\)"):
        check_target(folder)
    assert (folder / "notes.txt").exists()


def test_shadows_of_blocks_are_not_read(tmp_path: Path) -> None:
    made = ensemble(tmp_path / "store", article(8, 1), SMALL)
    (tmp_path / "run").mkdir()
    link_blocks(made.open(), made.paths, tmp_path / "run" / "results")
    (tmp_path / "run" / "results" / f"._{made.paths[0].name}").write_bytes(b"\x00\x05\x16\x07")
    assert open_folder(tmp_path / "run").sizes["world"] == 8


# ---- Names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["con", "NUL", "aux.toml", "com1", "LPT9.txt", "CONIN$", "nul .x", "ends.", "ends "])
def test_names_that_windows_refuses_are_refused_everywhere(tmp_path: Path, name: str) -> None:
    assert fault_of_file_name(name)
    with pytest.raises(OutputError, match="Windows"):
        check_target(tmp_path / name)
    with pytest.raises(OutputError, match="Windows"):
        write_table(iter([("a",)]), tmp_path / name)
    with pytest.raises(StoreError, match="Windows"):
        open_store(tmp_path / name, article(8, 1), SMALL)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["12:30", "what?", "a*", '"a"', "<a>", "a|b"])
def test_signs_that_windows_refuses_are_refused_there_alone(name: str) -> None:
    assert fault_of_file_name(name, windows=True).startswith('has one of < > : " | ? * in it')
    assert not fault_of_file_name(name, windows=False)


@pytest.mark.parametrize(
    "part", ["lowest shells", "technology > 20", 'theory.decision="alliance"', "oil@2024-01", "x=1."]
)
def test_names_that_the_program_makes_are_taken_by_windows(part: str) -> None:
    assert not fault_of_file_name(folder_name("study", "article", part), windows=True)


def test_new_folders_on_the_way_are_looked_at_too_and_those_that_are_there_are_not(tmp_path: Path) -> None:
    assert "Windows" in fault_of_path(tmp_path / "aux" / "run")
    (tmp_path / "aux").mkdir()
    assert not fault_of_path(tmp_path / "aux" / "run")


def test_reserved_names_of_scenarios_and_reports(tmp_path: Path) -> None:
    assert "Windows" in fault_of_name("con")
    found: list[object] = []
    check_file(tmp_path / "con.html", found)  # type: ignore[arg-type]
    assert "Windows" in str(found[0])


@pytest.mark.parametrize("name", ["console", "com10", "a.con", "..", ".", "null", "auxiliary.toml", ".hidden", ""])
def test_other_names_stay(name: str) -> None:
    assert not fault_of_file_name(name)


def test_a_path_that_is_no_utf_8_is_told_before_the_run(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"caf\xe9")
    with pytest.raises(OutputError, match="cannot be written as UTF-8"):
        check_target(path)
    with pytest.raises(StoreError, match="cannot be written as UTF-8"):
        open_store(path, article(8, 1), SMALL)


# ---- Fonts, and the current folder -------------------------------------------------------------------------------


def test_missing_glyphs_give_one_remark(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from matplotlib.figure import Figure

    def draw() -> Figure:
        figure = Figure(figsize=(2, 1))
        figure.text(0.1, 0.5, "Brücke \u6a4b \u6881")
        return figure

    with glyphs_noted():
        for name in ("a", "b"):
            save_drawing(draw, tmp_path / name)
    assert capsys.readouterr().err.count("\n") == 1


def test_other_warnings_pass() -> None:
    with pytest.warns(FutureWarning, match="soon"), glyphs_noted():
        warnings.warn("soon", FutureWarning, stacklevel=1)


def test_processes_import_nothing_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "random.py").write_text("raise SystemExit('the random.py of the current folder')\n")
    monkeypatch.delenv(SAFE_PATH, raising=False)
    command = [sys.executable, "-c", "import random"]
    control = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    with safe_path():
        found = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    assert (control.returncode, found.returncode) == (1, 0)
    assert SAFE_PATH not in os.environ
