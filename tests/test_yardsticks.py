"""The yardsticks of speed time and compare rightly. How fast anything is, no test can say."""

import sys
from pathlib import Path
from typing import Any

import pytest
from small_worlds import scenario

from sim.compile.engine import possible

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))
from curves import draw, points, write_csv  # noqa: E402
from engine_worker import operations, parts, profile, world_of  # noqa: E402
from tables import BEGIN, END, difference, into_readme, tables  # noqa: E402

CODE = "all steps as machine code"


def test_every_step_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIM_COMPILED", "0")
    spent = profile(scenario(months=3, worlds=8))
    assert set(spent) == {"in all", *parts()}
    assert sum(name[0].isdigit() for name in spent) == 8
    assert all(seconds > 0.0 for seconds in spent.values())
    assert sum(spent[name] for name in spent if name[0].isdigit()) < spent["in all"]


@pytest.mark.skipif(not possible(), reason="llvmlite is not installed")
def test_the_compiled_month_is_timed_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.compile.engine.WORTH_MAKING", 0)
    spec = scenario(months=16, worlds=64)
    spent = profile(spec)
    assert 0.0 < spent[CODE] < spent["in all"]
    assert not any(name[0].isdigit() for name in spent)
    assert operations(world_of(spec)) > 10_000


def test_differences_are_relative() -> None:
    assert difference({"a": [1.0, 200.0]}, {"a": [1.0, 202.0]}) == (pytest.approx(2.0 / 202.0), "a")
    assert difference({"a": [0.0]}, {"a": [1e-9]})[0] == pytest.approx(1e-6)
    with pytest.raises(ValueError, match="not the same"):
        difference({"a": [0.0]}, {"b": [0.0]})


# ---- Tables and figure from made-up numbers -------------------------------------------------------------------


def engine(llvmlite: bool) -> dict[str, Any]:
    time = {"wall": 2.0, "cpu": 3.0}
    profile = {"in all": 1.0, "chance": 0.1, CODE if llvmlite else "2 produce and consume": 0.2}
    return {
        **dict.fromkeys(("one", "thousand", "bare_block", "bare_two"), time),
        "load": {"made": 5.0, "read": 0.1},
        "operations": 1000,
        "llvmlite": llvmlite,
        "outcomes": {"shells": [1.0, 2.0]},
        "profile": profile,
        "curve": [{"worlds": n, **time} for n in (1, 100)],
        "months": [{"months": m, "worlds": 64, **time} for m in (6, 12)],
    }


@pytest.fixture
def found() -> dict[str, Any]:
    mesa = [{"worlds": n, "wall": 0.5 * n, "cpu": 1.0 * n} for n in (2, 12)]
    by_months = [{"months": m, "wall": 0.1 * m, "cpu": 0.1 * m} for m in (6, 12)]
    return {
        "scenario": "article",
        "months": 36,
        "sizes": {"times": 2, "thousand": 1000, "months_worlds": 64},
        "machine": {"python": "3", "cores": 2, "processor": "some", "numpy": "2", "mesa": "3"},
        "limits": {"arithmetic": 2.0, "dgemm": 50.0},
        "mesa": {"batches": mesa, "months": by_months, "outcomes": {"shells": [1.0, 2.0]}},
        "numpy": engine(False),
        "compiled": engine(True),
    }


def test_tables_are_whole(found: dict[str, Any]) -> None:
    text = tables(found)
    for block in text.split("\n\n"):
        rows = [line for line in block.splitlines() if line.startswith("|")]
        assert len({row.count("|") for row in rows}) <= 1, rows
    assert "They agree" in text
    assert "| engine, compiled, 1,000 worlds, all kept | 2 | 3 | 2 | 3 | 250 | 333 |" in text


def test_tables_say_what_is_missing(found: dict[str, Any]) -> None:
    found["compiled"] = None
    assert "llvmlite is not installed" in tables(found)
    found["compiled"] = {"llvmlite": False}
    found["numpy"]["outcomes"] = {"shells": [1.0, 2.0001]}
    text = tables(found)
    assert "does not use it" in text
    assert "**They do not agree**" in text


def test_figure_and_csv(found: dict[str, Any], tmp_path: Path) -> None:
    draw(found, tmp_path / "curves.png")
    write_csv(found, tmp_path / "curves.csv")
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")
    assert len((tmp_path / "curves.csv").read_text().splitlines()) == 1 + len(points(found)) == 1 + 3 * 4


def test_tables_go_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(f"before {BEGIN} old {END} after", encoding="utf-8")
    into_readme("new", page)
    assert page.read_text(encoding="utf-8") == f"before {BEGIN}\n\nnew\n{END} after"
    page.write_text("no marks", encoding="utf-8")
    with pytest.raises(ValueError, match="marks"):
        into_readme("new", page)


def test_the_page_of_benchmarks_has_the_marks() -> None:
    page = (BENCHMARKS / "README.md").read_text(encoding="utf-8")
    assert page.count(BEGIN) == page.count(END) == 1
