"""The yardsticks of speed count and compare rightly. How fast anything is, no test can say."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from small_worlds import scenario

from sim.compile.engine import possible

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
sys.path.append(str(BENCHMARKS))
from counting import (  # noqa: E402
    INSTRUCTIONS,
    METER,
    STEPS,
    Counted,
    Work,
    count,
    counted,
    profile,
    profile_compiled,
    written,
)
from curves import draw, points, write_csv  # noqa: E402
from tables import BEGIN, END, difference, into_readme, tables  # noqa: E402

TEN = np.linspace(1.0, 2.0, 10)
ARRAY = 8.0 * 10


@pytest.fixture
def meter() -> Iterator[Work]:
    """What is counted while a step runs."""
    METER.work, METER.step = defaultdict(Work), "here"
    yield METER.work["here"]
    METER.work, METER.step = defaultdict(Work), ""


# name -> (work on one counted array of ten, (bytes, operations, exp and the like))
KNOWN: dict[str, tuple[Any, tuple[float, float, float]]] = {
    "sum of two": (lambda a: a + TEN, (3 * ARRAY, 10, 0)),
    "times a number": (lambda a: 2.0 * a, (2 * ARRAY, 10, 0)),
    "in place": (lambda a: np.add(a, TEN, out=a), (3 * ARRAY, 10, 0)),
    "exponential": (lambda a: np.exp(a), (2 * ARRAY, 0, 10)),
    "added up": (lambda a: a.sum(), (ARRAY, 10, 0)),
    "compared": (lambda a: a > 1.5, (ARRAY + 10, 0, 0)),
    "chosen": (lambda a: np.where(TEN > 1.5, a, 0.0), (10 + 2 * ARRAY, 0, 0)),
    "a view": (lambda a: a[2:5], (0, 0, 0)),
    "picked by number": (lambda a: a[[1, 2, 3]], (2 * 24, 0, 0)),
    "copied": (lambda a: a.copy(), (2 * ARRAY, 0, 0)),
    "clipped": (lambda a: np.clip(a, 1.2, 1.8), (2 * ARRAY, 10, 0)),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_work_is_counted(name: str, meter: Work) -> None:
    work, expected = KNOWN[name]
    result = work(counted(TEN.copy()))
    assert (meter.bytes, meter.arithmetic, meter.curved) == expected
    assert not isinstance(result, np.ndarray) or isinstance(result, Counted)


def test_every_step_is_counted_alike_for_any_number_of_worlds() -> None:
    """Per world and month the work is the same but for what all worlds share."""
    few, many = (count(scenario(months=3, worlds=worlds)) for worlds in (32, 128))
    assert set(few) == set(many) == set(STEPS.values())
    for name, work in many.items():
        assert work.arithmetic > 10.0
        assert work.arithmetic == pytest.approx(few[name].arithmetic, rel=0.05)
        assert work.bytes == pytest.approx(few[name].bytes, rel=0.1)


def test_every_step_is_timed() -> None:
    spent = profile(scenario(months=3, worlds=8), 1)
    assert set(spent) == {*STEPS.values(), "keep", "chance", "parameters"}
    assert all(seconds > 0.0 for seconds in spent.values())


@pytest.mark.skipif(not possible(), reason="llvmlite is not installed")
def test_the_compiled_month_is_timed_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.compile.engine.WORTH_MAKING", 0)
    spec = scenario(months=16, worlds=64)
    spent = profile_compiled(spec, 1)
    assert set(spent) == {"parameters", "chance", "drive", "take in", "steps 2 to 8", "hand on", "keep"}
    assert all(seconds > 0.0 for seconds in spent.values())
    work = written(spec)
    assert work["instructions"] > sum(work[name] for name in INSTRUCTIONS) > 10_000.0
    assert work["divisions"] > 1_000.0
    assert work["calls"] > 100.0


def test_differences_are_relative() -> None:
    assert difference({"a": [1.0, 200.0]}, {"a": [1.0, 202.0]}) == (pytest.approx(2.0 / 202.0), "a")
    assert difference({"a": [0.0]}, {"a": [1e-9]})[0] == pytest.approx(1e-6)
    with pytest.raises(ValueError, match="not the same"):
        difference({"a": [0.0]}, {"b": [0.0]})


# ---- Tables and figure from made-up numbers -------------------------------------------------------------------


def engine(llvmlite: bool) -> dict[str, Any]:
    time = {"wall": 2.0, "cpu": 3.0}
    return {
        **dict.fromkeys(("one", "thousand", "bare_block", "bare_two"), time),
        "load": {"made": 5.0, "read": 0.1},
        "written": {
            **dict.fromkeys(("additions and multiplications", "divisions", "comparisons", "choices"), 1000.0),
            **dict.fromkeys(("calls", "instructions", "bytes"), 2000.0),
        },
        "llvmlite": llvmlite,
        "outcomes": {"shells": [1.0, 2.0]},
        "profile": {
            "chance": 0.1,
            **dict.fromkeys([*STEPS.values(), "steps 2 to 8"] if llvmlite else STEPS.values(), 0.2),
        },
        "work": {name: {"bytes": 1e5, "arithmetic": 1e4, "curved": 10.0} for name in STEPS.values()},
        "curve": [{"worlds": n, **time} for n in (1, 100)],
        "months": [{"months": m, "worlds": 64, **time} for m in (6, 12)],
    }


@pytest.fixture
def found() -> dict[str, Any]:
    limits = {name: {"1": 50.0, "2": 60.0} for name in ("memory", "cache", "arithmetic", "division", "dgemm")}
    mesa = [{"worlds": n, "wall": 0.5 * n, "cpu": 1.0 * n} for n in (2, 12)]
    by_months = [{"months": m, "wall": 0.1 * m, "cpu": 0.1 * m} for m in (6, 12)]
    return {
        "scenario": "article",
        "months": 36,
        "sizes": {"times": 2, "thousand": 1000, "months_worlds": 64},
        "machine": {"python": "3", "cores": 2, "processor": "some", "numpy": "2", "mesa": "3"},
        "limits": {**limits, "far_megabytes": {"1": 1000.0, "2": 2000.0}},
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
