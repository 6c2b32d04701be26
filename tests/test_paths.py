"""Paths at the border, options at odd values, and what is said of an error that nobody foresaw."""

import os
import sys
from pathlib import Path

import pytest
from command_line import Refused

from sim import cli
from sim.commands import unforeseen
from sim.commands.options import place
from sim.commands.terminal import USER_MISTAKE
from sim.experiment import fingerprint
from sim.files import aside_name, fault_of_path
from sim.present.atomic import OutputError, check_target
from sim.present.single import check_place

PATHS = {
    "blank": (" ", "found a blank"),
    "control": ("a\nb", "control character"),
    "escape": ("a\x1b[31mb", "control character"),
    "no UTF-8": (os.fsdecode(b"a\xffb"), "cannot be written as UTF-8"),
    "deep": ("a/" * 150 + "b", "too long"),
    "long": ("a" * 200 + "/" + "/".join(["b" * 200] * 20), "too long"),
    "name": ("a" * 300, "more than 255 bytes"),
}
WORDS = {
    "run": ("run", "article"),
    "compare": ("compare", "article", "sea_route"),
    "sweep": ("sweep", "article", "--vary", "war.intensity=0:1:2"),
    "tidy": ("tidy", "nothing"),
    "slides": ("slides", "nothing"),
    "report": ("report", "nothing"),
    "calibrate": ("calibrate", "article"),
}


@pytest.mark.parametrize(("path", "rule"), PATHS.values(), ids=PATHS)
def test_a_path_is_refused_whoever_asks(path: str, rule: str) -> None:
    assert rule in fault_of_path(path)
    for check in (check_target, check_place):
        with pytest.raises(OutputError, match=rule):
            check(Path(path))


@pytest.mark.parametrize("character", ["a", "\u65e5", "\U0001d54f"])
def test_a_file_is_written_aside_under_any_name_that_it_may_have(tmp_path: Path, character: str) -> None:
    """Most file systems take 255 bytes."""
    target = tmp_path / (character * (250 // len(character.encode())) + ".csv")
    target.touch()
    aside_name(target).touch()


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_every_command_checks_its_output_first(refused: Refused, words: tuple[str, ...]) -> None:
    assert "control character" in refused(*words, "--out", "a\x1b[31mb")


def test_the_store_is_checked_first(refused: Refused, tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("other")
    (tmp_path / "other").symlink_to("circle")
    few = ("run", "article", "--worlds", "2", "--months", "2")
    assert "too long" in refused(*few, "--store", "a/" * 150)
    assert "circle" in refused(*few, "--store", "circle/x")
    assert "circle" in refused(*few, "--out", "circle/x")
    assert "circle" in refused("tidy", "nothing", "--out", "circle/x.csv")


def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, refused: Refused) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert place("~/a") == tmp_path / "a"
    assert "no such user" in refused("run", "article", "--out", "~nobody_is_called_so/a")


def test_certificates_are_asked_for_before_the_run(refused: Refused) -> None:
    pytest.importorskip("dask")
    assert "needs certificates" in refused("run", "article", "--on", "tls://127.0.0.1:8786")


def test_an_outcome_beyond_the_months_is_told(refused: Refused) -> None:
    words = ("run", "article", "--months", "2", "--worlds", "auto", "--outcome", "coordination@2030-01")
    assert "2030-01" in refused(*words)


# ---- What nobody foresaw --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shown", [False, True])
def test_an_unforeseen_error_is_a_short_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shown: bool
) -> None:
    def fails(**_: object) -> None:
        fault_of_path("x")
        raise ZeroDivisionError("a\x1b[31m nought")

    monkeypatch.setattr(cli, "program", lambda _: fails)
    monkeypatch.setattr(sys, "argv", ["sim", "run", "article"])
    monkeypatch.setattr(cli, "end_on_signals", lambda: lambda: False)
    monkeypatch.setenv(unforeseen.SHOW, "1" if shown else "")
    monkeypatch.setenv("MPLBACKEND", "nosuch")
    with pytest.raises(SystemExit) as end:
        cli.main()
    said = capsys.readouterr().err
    assert end.value.code == unforeseen.UNFORESEEN
    assert "unforeseen ZeroDivisionError: a?[31m nought" in said
    assert "command: sim run article" in said
    assert "cli.py" in said
    assert ("Traceback" in said) is shown
    assert "MPLBACKEND" not in os.environ  # with it Matplotlib could not be imported


def test_a_file_of_matplotlib_that_is_no_utf_8_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """Matplotlib reads it as it is imported, before anything can be asked of it."""
    for module, code in (("matplotlib", USER_MISTAKE), ("other", unforeseen.UNFORESEEN)):
        reads = compile("read = lambda: b'\\xe9'.decode(encoding='utf-8')\nread()", f"/x/{module}/__init__.py", "exec")
        with pytest.raises(UnicodeDecodeError) as found:
            exec(reads)
        with pytest.raises(SystemExit) as end:
            unforeseen.unforeseen(found.value)
        assert end.value.code == code
        assert ("matplotlibrc: must be UTF-8" in capsys.readouterr().err) is (module == "matplotlib")


# ---- The arithmetic of a block --------------------------------------------------------------------------------------


def test_another_rounding_is_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    mine = fingerprint.environment()
    exp = fingerprint.exp
    fingerprint.arithmetic.cache_clear()
    monkeypatch.setattr(fingerprint, "exp", lambda x: exp(x) * (1.0 + 2.0**-52))
    theirs = fingerprint.environment()
    fingerprint.arithmetic.cache_clear()
    found = fingerprint.differences(theirs, mine)
    assert found == [f"arithmetic {theirs['arithmetic']} there, {mine['arithmetic']} here"]


@pytest.mark.parametrize(
    "words",
    [
        ("report",),
        ("replay",),
        ("tidy",),
        ("decisions",),
        ("figures",),
        ("tables",),
        ("slides",),
        ("history", "sea_route", "--observed"),
        ("run", "article", "--calibrated"),
    ],
    ids=" ".join,
)
def test_what_is_read_is_looked_at_first(refused: Refused, words: tuple[str, ...]) -> None:
    assert "cannot be read" in refused(*words, "a" * 4000)


def test_a_scenario_under_a_path_that_cannot_be_looked_at_is_told_without_a_manifest(refused: Refused) -> None:
    told = refused("validate", f"./{'a' * 4000}")
    assert "cannot be opened" in told
    assert "manifest" not in told


def test_a_folder_that_may_not_be_looked_into_is_told(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shut").mkdir()
    monkeypatch.setattr("os.access", lambda *_given: False)  # a superuser may look everywhere
    assert "no permission to look into it" in refused("report", "shut")
