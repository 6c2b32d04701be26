"""The rules themselves, the register and the file: each criterion decides alone, and a stale table is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import default_setting

from .ensemble import DRAWN, setting
from .lever import Lever, Prescribed, back, beyond, table
from .page import PAGE, page
from .pattern import Pattern
from .register import gather, problems
from .register import table as recorded
from .rules import DOSES, PLACEBO, SEEDS, VARIANTS, Change, Evidence, Found, Response, change, pooled
from .table import read, write

STRONG, NOTHING, SMALL = Change(1.0, 0.1, 0.5), Change(0.0, 0.0, 0.0), Change(0.1, 0.01, 0.05)
FOUND = Found(STRONG, 12.5, NOTHING, STRONG)
ROW = Evidence(
    *("C99", "made up", "1", "x 0 to 1", "nothing", "gone"),
    seeds=(FOUND, FOUND),
    response=Response((0.0, 0.5, 1.0), 2, 0),
    placebo=NOTHING,
    variants={"one": STRONG, "two": SMALL},
)


def test_a_row_that_meets_all_is_shown() -> None:
    assert (ROW.verdict, ROW.failed, ROW.weakened, ROW.survived) == ("shown", [], [], 1)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize(
    ("found", "verdict", "why"),
    [
        (replace(FOUND, effect=Change(1.0, 0.4, 0.5)), "not shown", "effect"),
        (replace(FOUND, effect=Change(-1.0, 0.1, -0.5)), "not shown", "effect"),
        (replace(FOUND, control=STRONG), "not shown", "control"),
        (replace(FOUND, effect=SMALL), "weak", "below 0.2 s.d."),
    ],
)
def test_either_seed_decides(place: int, found: Found, verdict: str, why: str) -> None:
    row = replace(ROW, seeds=(found, FOUND) if place == 0 else (FOUND, found))
    assert row.verdict == verdict
    assert (row.failed + row.weakened)[0] == f"{why}, seed {SEEDS[place]}"


def test_doses_and_placebo_decide() -> None:
    turning = replace(ROW, response=Response((0.0, 1.0, 0.5), 1, 1))
    assert (turning.verdict, turning.weakened) == ("weak", ["doses turn"])
    moved = replace(ROW, placebo=Change(-1.0, 0.1, -0.5))
    assert (moved.verdict, moved.failed) == ("not shown", ["placebo"])
    assert replace(ROW, placebo=SMALL).verdict == "shown", "real but of no interest"


def test_of_a_smaller_control_the_difference_counts() -> None:
    smaller = replace(ROW, expected="smaller")
    assert smaller.verdict == "shown"
    same = replace(FOUND, control=STRONG, surplus=NOTHING)
    assert replace(smaller, seeds=(same, FOUND)).verdict == "not shown"


def test_size_is_the_mean_by_the_pooled_deviation() -> None:
    low, high = np.array([1.0, 3.0, 5.0]), np.array([2.0, 4.0, 9.0])
    moved = change(high - low, pooled(low, high))
    assert moved.mean == pytest.approx(2.0)
    assert moved.error == pytest.approx(np.std([1.0, 1.0, 4.0], ddof=1) / np.sqrt(3.0))
    assert moved.size == pytest.approx(2.0 / np.sqrt((4.0 + 13.0) / 2.0))


def test_levers_go_from_end_to_end() -> None:
    assert table("war.intensity", down=True).at(0.0)[0] == {"war.intensity": PARAMETERS["war.intensity"].high}
    assert table("routes.khasan.capacity").at(0.5)[0]["routes.khasan.capacity"] == pytest.approx((15 * 130) ** 0.5)
    grown = back({"war.lure": 1.0})
    assert grown.at(1.0)[0] == {"war.lure": DRAWN}
    assert grown.at(0.5)[0] == {"war.lure": (0.5, 1.5, 2.5)}
    months = [event.month for event in Prescribed("exercise", ("RUS", "PRK"), 24).at(0.25)[1]]
    assert months == [2, 6, 10, 14, 18, 22]
    assert beyond({"war.lure": 9.0, "war.attack": 300.0, "tests.rounds": 20.0}) == ["war.lure"]


def test_a_range_written_out_is_the_range_of_the_table() -> None:
    row = PARAMETERS["war.lure"]
    assert setting("war.lure", (row.low, row.value, row.high)).content == default_setting("war.lure").content


def test_a_dose_the_placebo_a_second_seed_and_a_rival_of_one_row_are_those_of_the_table() -> None:
    """Effect and control of the first seed are compared in all rows, by the tests of the claims."""
    old = next(row for row in recorded() if row.claim == "C20")
    pattern = next(p for p in gather("C20")["C20"]() if p.pattern == old.pattern)
    assert list(old.variants) == list(VARIANTS)
    assert len(old.response.means) == DOSES
    second, rival = pattern.found(SEEDS[1]), pattern.found(SEEDS[0], VARIANTS["exchange: patronage"])
    dose = float(pattern.values(SEEDS[0]).at(2.0 / (DOSES - 1)).mean())
    found = [dose, pattern.placebo().size, second.effect.size, second.control.mean, rival.effect.size]
    then = old.seeds[1]
    said = [old.response.means[2], old.placebo.size, then.effect.size, then.control.mean]
    said.append(old.variants["exchange: patronage"].size)
    assert found == pytest.approx(said, rel=1e-3, abs=1e-6)


def test_the_placebo_is_half_of_what_the_table_says() -> None:
    key, value = PLACEBO
    assert value == PARAMETERS[key].value / 2.0


def test_peaks_are_measured_where_they_were_not_found() -> None:
    """A hump between the ends rises to its peak and falls from it."""

    def hump(run: object, dose: float) -> np.ndarray:
        return (1.0 - (dose - 3 / 7) ** 2) * np.ones(64) + np.linspace(0.0, 0.1, 64)

    for shape, rise in (("to the peak", (3 / 7) ** 2), ("from the peak", (4 / 7) ** 2)):
        made = Pattern(pattern="", unit="1", lever=Lever({}), measure=hump, shape=shape, off="")
        assert made.found(SEEDS[0]).effect.mean == pytest.approx(rise)
        assert made.response().against == 0


def test_the_file_keeps_every_number(tmp_path: Path) -> None:
    write([ROW], tmp_path / "claims.csv")
    assert read(tmp_path / "claims.csv") == [ROW]


def test_a_stale_table_is_noticed() -> None:
    assert problems([ROW], [ROW]) == []
    other = replace(ROW, seeds=(replace(FOUND, effect=Change(1.01, 0.1, 0.5)), FOUND))
    assert any("effect of made up" in said for said in problems([other], [ROW]))
    assert problems([], [ROW]) == ["only in the table: made up"]
    assert problems([ROW], []) == ["not in the table: made up"]


def test_what_is_not_shown_needs_a_reason_and_the_other_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    missed = replace(ROW, seeds=(replace(FOUND, effect=NOTHING), FOUND))
    assert problems([missed], [missed]) == ["not shown, no reason given: made up"]
    monkeypatch.setitem(problems.__globals__["NOT_SHOWN"], ("C99", "made up"), "for a test")
    assert problems([missed], [missed]) == []
    assert problems([ROW], [ROW]) == ["shown though said not to be: made up"]


def test_every_claim_is_in_the_table_in_order() -> None:
    assert list(gather()) == list(dict.fromkeys(row.claim for row in recorded()))
    named = {(row.claim, row.pattern) for row in recorded()}
    assert len(named) == len(recorded())
    assert problems.__globals__["NOT_SHOWN"].keys() <= named


def test_the_page_is_that_of_the_table() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(recorded())
