"""A file of public figures: read in any spelling that is clear, refused with every mistake and its line."""

import math
import re
from pathlib import Path

import pytest

from sim.analysis.record.file import COLUMNS, observations, read_observed
from sim.analysis.record.known import KNOWN, NOT_IN_MODEL
from sim.analysis.record.units import factor
from sim.scenario import ScenarioError

HEADER = ",".join(COLUMNS) + "\n"
LEVEL = "russian_stock_million"


def file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    found = folder / "mine.csv"
    found.write_text(text, encoding=encoding)
    return found


def test_shipped_file_is_read_and_every_series_is_known() -> None:
    found = read_observed()
    assert [(r.series, r.date, r.central) for r in found.rows] == [
        (o.series, o.date, o.central) for o in observations()
    ]
    assert {r.series for r in found.rows} == KNOWN.keys() | NOT_IN_MODEL.keys()
    assert all(KNOWN[r.series].unit == r.unit for r in found.rows if r.series in KNOWN)


def test_spellings_that_mean_the_same(tmp_path: Path) -> None:
    lines = (
        f"{LEVEL},2024-01-31,1000,2000,3000,krounds,a",
        "china_prk_trade_musd,2024-12-31,2.1,2.2,2.3,bn USD a year,b",
        "dud_or_refurbish_share,2024-03-01,30,50,60,%,c",
        'unheard_of,2024-03-01,-1,0,1,fathoms,"Zürich, d"',
    )
    rows = read_observed(file(tmp_path, "# said\n" + HEADER + "\n".join(lines) + "\n\n", "utf-8-sig")).rows
    assert [n for r in rows for n in (r.low, r.central, r.high)] == pytest.approx(
        [1, 2, 3, 2100, 2200, 2300, 0.3, 0.5, 0.6, -1, 0, 1]
    )
    assert [r.line for r in rows] == [3, 4, 5, 6]
    turned = ["source,series,date,unit,low,central,high", f"a,{LEVEL},2024-01-31,million rounds,1,2,3"]
    assert read_observed(file(tmp_path, "\n".join(turned))).rows[0].central == 2.0
    assert math.isnan(factor("kt/month", "kt/year"))
    assert factor("Mt per yr", "kt/year") == 1000.0


MISTAKES = {
    "unit": (f"{LEVEL},2024-01-31,1,2,3,tonnes,a", "mine.csv:2: russian_stock_million: unit must be million rounds"),
    "period": ("refined_oil_rus_prk_month,2024-01-31,1,2,3,kbbl/year,a", "unit must be kbbl/month"),
    "order": (f"{LEVEL},2024-01-31,3,2,1,million rounds,a", "needs low <= central <= high, found 3, 2, 1"),
    "date": (f"{LEVEL},2024-02-30,1,2,3,million rounds,a", "date must be YYYY-MM-DD"),
    "short date": (f"{LEVEL},20240230,1,2,3,million rounds,a", "date must be YYYY-MM-DD"),
    "number": (f"{LEVEL},2024-01-31,1,two,3,million rounds,a", 'central must be a number, found "two"'),
    "infinite": (f"{LEVEL},2024-01-31,1,2,inf,million rounds,a", "high must be a number"),
    "negative": (f"{LEVEL},2024-01-31,-1,2,3,million rounds,a", "low must not be negative"),
    "share": ("prk_utilisation,2024-01-31,0.1,0.2,1.3,share,a", "a share lies between 0 and 1"),
    "cells": (f"{LEVEL},2024-01-31,1,2,3,million rounds,a,b", "8 cells, the header has 7"),
    "twice": ("\n".join([f"{LEVEL},2024-01-31,1,2,3,million rounds,a"] * 2), "mine.csv:3: russian_stock_million"),
    "nameless": (",2024-01-31,1,2,3,million rounds,a", "series: is empty"),
    "quotes": (f'{LEVEL},2024-01-31,1,2,3,million rounds,"a', "cannot be read as CSV"),
    "nothing": ("", "holds no observations"),
}


@pytest.mark.parametrize(("text", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_in_a_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(said)):
        read_observed(file(tmp_path, HEADER + text))


def test_all_mistakes_at_once_and_files_that_are_none(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        read_observed(file(tmp_path, HEADER + "\n".join(text for text, _ in list(MISTAKES.values())[:10])))
    assert len(caught.value.problems) == 10
    for content, said in (
        (HEADER.replace(",", ";"), "separated by semicolons"),
        (HEADER.replace("date", "dat"), 'unknown column "dat" (did you mean date?)'),
        ("", "holds no observations"),
        ("series\n\xff\xfe\n", "mine.csv:2: is not UTF-8"),
    ):
        with pytest.raises(ScenarioError, match=re.escape(said)):
            read_observed(file(tmp_path, content, "latin-1"))
    with pytest.raises(ScenarioError, match="is a folder"):
        read_observed(tmp_path)
