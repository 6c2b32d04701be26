"""Public figures and a run: what is compared, and scores on made-up history."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from synthetic import dataset

import sim
from sim.analysis.record.comparable import Window, months_needed, select
from sim.analysis.record.file import Observation
from sim.analysis.record.known import KNOWN
from sim.analysis.record.series import path, value_on, year_before
from sim.commands.options import TUNED_TO
from sim.scenario import ParameterEvent
from sim.studies.history import analysis
from sim.studies.history.analysis import EARLY, LATER, Evaluation, by_series, evaluate, over_all
from sim.studies.history.baselines import Baseline
from sim.studies.history.words import bias, verdict

LEVEL, COUNT, YEAR = "russian_stock_million", "containers_prk_rus_cumulative", "missile_tests_prk"
FIRE = "russian_fire_krounds_day"


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


WINDOW = Window(day(TUNED_TO))


def row(series: str, date: str, central: float, below: float = 0.0, above: float = 0.0) -> Observation:
    return Observation(series, day(date), central - below, central, central + above, KNOWN[series].unit, "made up", 1)


# ---- What is compared -------------------------------------------------------------------------------------------


def test_every_figure_is_compared_or_listed_with_a_reason() -> None:
    scenario = sim.load("article")
    rows = (
        row(COUNT, "2024-06-14", 9.0),
        row(LEVEL, "2023-08-31", 4.0),
        row(YEAR, "2024-08-30", 30.0),
        row(YEAR, "2024-08-31", 30.0),
        row(LEVEL, "2059-01-01", 4.0),
        replace(row(LEVEL, "2024-01-01", 4.0), series="russian_stok_million"),
        replace(row(LEVEL, "2024-01-01", 4.0), series="russia_prk_trade_musd"),
        row("prk_utilisation", "2027-01-31", 0.9),
    )
    compared, left = select(rows, scenario, WINDOW)
    assert compared == [rows[0], rows[3], rows[7]]
    assert months_needed(compared, scenario) == 41
    told = ("before the run", "begins before the run", "after the longest run", "russian_stock_million?", "declared")
    assert all(said in one.reason for one, said in zip(left, told, strict=True)), left
    late = replace(scenario, start="2023-10")
    assert [one.row.series for one in select(rows[:1], late, WINDOW)[1]] == [COUNT]
    halved = ParameterEvent(3, "PRK.ammunition.ceiling", None, 0.5, None, "", "x.toml:3")
    assert "x.toml:3" in select(rows[7:], replace(scenario, events=(halved,)), WINDOW)[1][0].reason
    narrow = Window(day(TUNED_TO), day("2024-01-01"), day("2024-12-31"))
    assert select(rows, scenario, narrow)[0] == [rows[0], rows[3]]


def test_a_year_is_the_sum_of_its_months() -> None:
    ds = dataset(months=30, worlds=2)
    tests = ds["tests"].transpose("month", "world").values
    assert value_on(ds, KNOWN[YEAR].reading, day("2024-12-31")) == pytest.approx(tests[4:16].sum(axis=0))
    part = tests[10:21].sum(axis=0) + tests[9] * 15 / 30 + tests[21] * 15 / 30
    assert value_on(ds, KNOWN[YEAR].reading, day("2025-06-15")) == pytest.approx(part)
    assert np.isnan(value_on(ds, KNOWN[YEAR].reading, day("2024-08-30"))).all()
    monthly = path(ds, KNOWN[YEAR].reading)
    assert np.isnan(monthly[:11]).all()
    assert monthly[15] == pytest.approx(tests[4:16].sum(axis=0))
    for date, before in (("2025-02-28", "2024-02-29"), ("2024-02-29", "2023-02-28"), ("2024-03-15", "2023-03-15")):
        assert year_before(day(date)) == day(before)


def test_every_known_series_can_be_read_from_a_run() -> None:
    ds = sim.run(sim.load("sea_route", worlds=4, months=14))
    for name, known in KNOWN.items():
        values = value_on(ds, known.reading, day("2024-08-31"))
        assert np.isfinite(values).all(), name
        assert (values >= 0.0).all(), name
        # plants converted for export make more than those of the start could
        most = 2.0 if name == "prk_utilisation" else 1.0 + 1e-9
        assert values.max() <= (most if known.unit == "share" else np.inf), name
    price, ordered = ds["price"].fillna(0.0), ds["ordered"]
    both = ("CHN", "PRK"), ("PRK", "CHN")
    trade = sum((price * ordered).sel(country=a, partner=b).sum("good") for a, b in both)
    trade = trade + sum(ds["other_imports"].sel(country=a, partner=b) for a, b in both)
    by_hand = trade.isel(month=slice(0, 12)).sum("month").values
    assert value_on(ds, KNOWN["china_prk_trade_musd"].reading, day("2024-08-31")) == pytest.approx(by_hand, rel=1e-5)


# ---- Scores on made-up history ----------------------------------------------------------------------------------

MONTHS = [f"{2023 + (8 + k) // 12}-{(8 + k) % 12 + 1:02d}-15" for k in range(40)]


def scored(rows: list[Observation], worlds: np.ndarray, reduced: Mapping[str, Baseline] | None = None) -> Evaluation:
    return evaluate(rows, rows, [], worlds, WINDOW, reduced)


def history_of_itself(shift: float = 0.0) -> Evaluation:
    """Figures that are worlds of the model with the error of their bands; the model is then moved."""
    rng = np.random.default_rng(11)
    rows, values = [], []
    for series in (LEVEL, FIRE, "refined_oil_rus_prk_month"):
        for month in MONTHS:
            truth, *worlds = rng.normal(50.0, 5.0, 201)
            rows.append(row(series, month, truth + rng.triangular(-4.0, 0.0, 2.0), below=2.0, above=4.0))
            values.append(worlds)
    return scored(rows, np.array(values) + shift)


def test_a_perfect_model_is_found_calibrated_and_a_shifted_one_is_not() -> None:
    """108 later figures: within four binomial standard errors of the nominal coverage; the control is far outside."""
    itself, moved = history_of_itself(), history_of_itself(9.0)
    right, wrong = over_all(itself, LATER), over_all(moved, LATER)
    assert right.count == 108
    assert right.in90 == pytest.approx(0.9 * 108, abs=4.0 * math.sqrt(0.09 * 108))
    assert right.in50 == pytest.approx(0.5 * 108, abs=4.0 * math.sqrt(0.25 * 108))
    assert wrong.in90 < 0.9 * 108 - 4.0 * math.sqrt(0.09 * 108)
    assert (bias(right.place), bias(wrong.place)) == ("about right", "too high")
    assert right.crps < wrong.crps
    assert "too narrow or in the wrong place" not in " ".join(verdict(itself))
    assert "too narrow or in the wrong place" in " ".join(verdict(moved))


def trending(model_knows: bool) -> Evaluation:
    """A noisy line; the model either follows it or stays where it began."""
    rng = np.random.default_rng(12)
    line = 20.0 + 2.0 * np.arange(40)
    rows = [row(LEVEL, month, y, 1.0, 1.0) for month, y in zip(MONTHS, line + rng.normal(0.0, 0.4, 40), strict=True)]
    centre = line if model_knows else np.full(40, 22.0)
    return scored(rows, centre[:, None] + rng.normal(0.0, 0.4, (40, 200)))


def test_a_baseline_wins_on_data_of_its_own_making() -> None:
    """With four early figures the trend beats persistence and a model that stands still; the model that knows the line
    (the control) beats the trend."""
    standing = trending(False)
    total = over_all(standing, LATER)
    assert total.skills["trend"] < -1.0
    assert abs(total.skills["persistence"]) < 0.5
    assert min(over_all(trending(True), LATER).skills.values()) > 0.2
    told = " ".join(verdict(standing))
    assert "Against linear trend: skill -" in told
    assert "too few series to judge" in told


def test_scores_are_joined_by_their_ratios() -> None:
    worlds = np.array([[4.0, 4.0], [30.0, 30.0], [6.0, 6.0], [99.0, 99.0]])
    at = {"2023-10-01": (4.0, 20.0), "2024-10-01": (5.0, 19.0)}
    rows = [row(name, day, y) for day, ys in at.items() for name, y in zip((LEVEL, FIRE), ys, strict=True)]
    found = scored(rows, worlds)
    series = by_series(found, LATER)
    # persistence says 4 and 20: it misses by 1 and 1, the model by 1 and 80
    assert series[LEVEL].skills["persistence"] == pytest.approx(0.0)
    assert series[FIRE].skills["persistence"] == pytest.approx(1.0 - 80.0)
    total = over_all(found, LATER)
    assert total.skills["persistence"] == pytest.approx(1.0 - math.sqrt(80.0))
    assert total.crps == pytest.approx((1.0 / 5.0 + 80.0 / 19.0) / 2.0)
    assert over_all(scored(rows[:2], worlds[:2]), LATER) is None
    half = scored(rows, worlds / 2.0)
    assert analysis.against(found, half, LATER)[LEVEL] == pytest.approx(2.0)
    assert analysis.geometric_mean([1.0, 4.0]) == pytest.approx(2.0)


def test_worlds_without_a_value_and_series_without_early_figures() -> None:
    rows = [row(LEVEL, "2024-02-01", 4.0), row("dud_or_refurbish_share", "2024-03-01", 0.5)]
    found = scored(rows, np.array([[3.0, np.nan, 5.0], [np.nan] * 3]))
    assert [one.worlds for one in found.scored] == [2]
    assert "no value" in found.left[0].reason
    told = " ".join(verdict(found))
    assert 'No observation to 2023-12-31 to fit a baseline to: "Russian stock of shells".' in told, "names hold commas"
    assert not found.of(EARLY)
