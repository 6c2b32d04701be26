"""Rivals of the six countries: the reduced model of need, stock and room, and base rates of acts."""

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_worlds import from_month, scenario
from synthetic import dataset

import sim
from sim.analysis.calendar import DAY, MONTH
from sim.analysis.record.comparable import Window
from sim.analysis.record.counted import MONTHS, MONTHS_BEFORE, counted, counts_of
from sim.analysis.record.file import Observation
from sim.analysis.record.known import KNOWN
from sim.commands.options import TUNED_TO
from sim.scenario.options import group_of
from sim.scenario.parameters import PARAMETERS
from sim.scenario.values import Parameters
from sim.studies.history import tables
from sim.studies.history.act_tables import act_findings, act_rows, act_skills, all_acts
from sim.studies.history.acts import (
    ACT_RIVALS,
    BASE_RATES,
    KNOWN_TOTAL,
    base_rates,
    known_totals,
    not_counted,
    prescribed,
    score_acts,
)
from sim.studies.history.analysis import EARLY, LATER, Evaluation, by_series, evaluate, over_all
from sim.studies.history.baselines import REDUCED, RIVALS, of_worlds
from sim.studies.history.command import reduced_model
from sim.studies.history.jackknife import standard_error
from sim.studies.history.reduced import KEYS, SERIES, simulate
from sim.studies.history.words import added

Array = np.ndarray
COUNT, FIRE = "containers_prk_rus_cumulative", "russian_fire_krounds_day"
WINDOW = Window(np.datetime64(TUNED_TO, "D"))
STILL: Mapping[str, float] = {
    **{"war.noise": 0.0, "war.attack_begins": 0.0, "war.intensity": 1.0, "war.base_fire": 100.0},
    **{"war.goal_ratio": 1.0, "war.other_supply": 50.0, "war.other_growth": 0.0, "war.usa_aid": 50.0},
    **{"war.horizon": 10.0, "RUS.ammunition.requirement": 20.0, "RUS.ammunition.production": 100.0},
    **{"RUS.ammunition.ceiling": 100.0, "RUS.ammunition.stock": 1500.0, "RUS.ammunition.reserve": 1000.0},
    **{"RUS.ammunition.target": 5.0, "PRK.ammunition.stock": 2000.0, "PRK.ammunition.reserve": 500.0},
    **{"PRK.ammunition.production": 60.0, "PRK.ammunition.ceiling": 60.0, "PRK.ammunition.requirement": 10.0},
    **{"PRK.ammunition.handling": 600.0, "PRK.ammunition.dud_share": 0.5, "PRK.ammunition.old_share": 0.4},
    **{"border.start": 1.0, "border.target": 1.0, "routes.khasan.capacity": 46.0, "routes.khasan.winter": 0.5},
    **{"routes.khasan.ammunition_share": 0.5, "goods.ammunition.weight": 46.0, "goods.ammunition.per_container": 350.0},
}
"""A war without chance: need 20 + 100 + 100 = 220 a month, room 500, half of it in winter."""


def stepped(changes: Mapping[str, float], calendar: tuple[int, ...] = (9,)) -> dict[str, Array]:
    """The reduced model of one world, krounds (month)."""
    fixed = {key: float(PARAMETERS[key].value) for key in KEYS} | STILL | changes
    chance = np.full((len(calendar), 1), 0.5)
    found = simulate(Parameters({key: np.full(1, value) for key, value in fixed.items()}), 0 * chance, chance, calendar)
    return {name: values[:, 0] for name, values in found.items()}


# ---- The reduced model ------------------------------------------------------------------------------------------


def test_two_months_by_hand() -> None:
    """September: spends 100 + 500 / 10 = 150 of 220, so 1 500 + 100 - 150 = 1 450 are left and 1 000 + 5 · 220 = 2 100
    wanted; four fifths of what comes is sound, so 650 / 0.8 = 812 are lacking and room is 500: 400 sound ones arrive.
    December, room 250: spends the whole 220 (100 + 400 + 85 can be), so 1 850 + 100 - 220 = 1 730 and the gap is 462.5.
    """
    found = stepped({}, (9, 12))
    assert found["sent"] == pytest.approx([500.0, 250.0])
    assert found["stock"] == pytest.approx([1850.0, 1730.0 + 200.0])
    assert found["fire"] == pytest.approx([150.0 * 200.0 / 220.0, 200.0])
    assert found["made"] == pytest.approx([100.0, 100.0])


@pytest.mark.parametrize(
    ("changes", "sent"),
    [
        ({"routes.khasan.open": 0.0}, 0.0),
        ({"war.intensity": 0.0, "war.goal_ratio": 0.0, "RUS.ammunition.target": 0.0}, 0.0),
        ({"PRK.ammunition.stock": 0.0, "PRK.ammunition.production": 0.0, "PRK.ammunition.ceiling": 0.0}, 0.0),
        ({"PRK.ammunition.handling": 70.0}, 70.0),
        ({"PRK.ammunition.stock": 600.0}, 600.0 + 60.0 - 10.0 - 500.0),
        ({"routes.khasan.capacity": 1e6, "PRK.ammunition.handling": 1e6}, 650.0 / 0.8),
        ({"routes.rajin.open": 1.0, "routes.rajin.capacity": 4.6, "PRK.ammunition.handling": 1e6}, 600.0),
    ],
    ids=["no route", "no need", "no stock", "depots bind", "stock binds", "need binds", "both routes"],
)
def test_what_binds(changes: Mapping[str, float], sent: float) -> None:
    assert stepped(changes)["sent"] == pytest.approx([sent])


def test_with_all_else_large_the_buyer_gets_what_it_lacks() -> None:
    """In the long run deliveries times the sound share are need less output."""
    large = {"routes.khasan.capacity": 1e6, "PRK.ammunition.handling": 1e6, "PRK.ammunition.stock": 1e7}
    assert stepped(large, (9,) * 40)["sent"][-1] == pytest.approx((220.0 - 100.0) / 0.8)


def test_it_lives_in_the_worlds_of_the_scenario() -> None:
    """World 9 of many is world 9 of more; without chance all are alike (the control: with chance they differ)."""
    few, many = (reduced_model(sim.load("sea_route", worlds=n, months=10))[COUNT].draw(19_800.0) for n in (16, 24))
    assert few == pytest.approx(many[:16])
    assert np.ptp(few) > 0.0
    still = scenario(STILL, months=10, worlds=8)
    assert np.ptp(reduced_model(still)[COUNT].draw(19_800.0)) == 0.0
    shut = replace(still, events=(from_month(1, "routes.khasan.open", 0.0), from_month(0, "autonomy.trade", 0.0)))
    september, later = (reduced_model(shut)[COUNT].draw(day)[0] for day in (19_630.0, 19_800.0))
    assert september == later > 0.0
    assert np.isnan(reduced_model(still)[COUNT].draw(0.0)).all()


def test_it_says_something_of_every_series_that_it_claims_to_know() -> None:
    """On the whole record, in the unit of the series: between a hundredth and a hundred times the observation."""
    asked = sim.load("sea_route", worlds=64, months=10)
    found = reduced_model(asked)
    assert tuple(found) == SERIES
    for row in sim.analysis.record.file.observations():
        if row.series in found and row.date >= np.datetime64("2023-09-30"):
            middle = np.nanmedian(found[row.series].draw(float(row.date.astype(int))))
            assert 0.01 < middle / row.central < 100.0, row


# ---- Its scores -------------------------------------------------------------------------------------------------

MONTHS_OF = np.datetime64("2023-09", "M") + np.arange(10)


def truth(seed: int, worlds: int = 100) -> Array:
    """Worlds of a count that grows faster and faster, (month, world)."""
    pace = np.random.default_rng(seed).normal(1.0, 0.05, worlds)
    return np.outer(np.cumsum(np.arange(1.0, 11.0) ** 2), pace)


def judged(rival: Array, model: Array | None = None, kind: str = COUNT) -> Evaluation:
    """A model and a rival of one series against its truth."""
    model = truth(1) if model is None else model
    dates = (MONTHS_OF + MONTH).astype("datetime64[D]") - DAY
    middle = truth(0).mean(axis=1)
    rows = [Observation(kind, day, y, y, y, KNOWN[kind].unit, "", 1) for day, y in zip(dates, middle, strict=True)]
    return evaluate(rows, rows, [], model, WINDOW, {kind: of_worlds(KNOWN[kind].reading, MONTHS_OF, rival)})


def test_a_meaningless_rival_scores_worse() -> None:
    """As good as the model: no skill. Its months put in another order: the model is far better, in both parts."""
    order = np.random.default_rng(3).permutation(10)
    alike, shuffled = judged(truth(2)), judged(truth(2)[order])
    for part in (EARLY, LATER):
        assert abs(by_series(alike, part)[COUNT].skills[REDUCED]) < 0.2
        assert by_series(shuffled, part)[COUNT].skills[REDUCED] > 0.8
    assert "too few series to judge" in added(alike, LATER)[0]
    assert by_series(alike, EARLY)[COUNT].skills.keys() == {REDUCED}


def test_what_is_added_is_a_number_or_nothing() -> None:
    """Three series alike: nothing. With a rival that is wrong the model adds something, and the reverse."""
    kinds = COUNT, "shells_prk_rus_cumulative_million", "sea_voyages_prk_rus_cumulative"

    def together(rival: Array, model: Array) -> list[str]:
        rows = [replace(one.row, series=kind) for kind in kinds for one in judged(rival).scored]
        known = {kind: of_worlds(KNOWN[kind].reading, MONTHS_OF, rival) for kind in kinds}
        return added(evaluate(rows, rows, [], np.tile(model, (3, 1)), WINDOW, known), LATER)

    assert "they add something (+0." in together(truth(2) * 2.0, truth(1))[0]
    assert "nothing: the reduced model is better (-" in together(truth(2), truth(1) * 2.0)[0]
    assert "nothing that these observations show (0.00 to 0.00" in together(truth(1), truth(1))[0]


def test_the_sampling_of_worlds_is_part_of_the_judgement() -> None:
    """Two samples of one truth: the skill is within a few of its standard errors of zero, and ten times the worlds
    have about a third of the error; the same worlds have none. By hand: estimates 1, 2, 3 err by (2/3 · 2)^½."""
    assert standard_error([1.0, 2.0, 3.0]) == pytest.approx((4.0 / 3.0) ** 0.5)
    few, many = (over_all(judged(truth(2, n), truth(1, n)), LATER) for n in (100, 1000))
    for total in few, many:
        assert 0.0 < abs(total.skills[REDUCED]) < 4.0 * total.error
    assert 0.15 < many.error / few.error < 0.7
    assert over_all(judged(truth(1), truth(1)), LATER).error == pytest.approx(0.0)


def test_a_rival_without_a_value_has_no_score() -> None:
    none = judged(np.full((10, 100), np.nan))
    assert REDUCED not in over_all(none, LATER).skills
    assert added(none, LATER) == []


def test_tables_have_its_columns() -> None:
    found = judged(truth(2))
    head, first, *_ = tables.scores(found)
    cells = dict(zip(head, first, strict=True))
    assert float(cells["skill_reduced"]) == pytest.approx(by_series(found, LATER)[COUNT].skills[REDUCED], rel=1e-5)
    assert {f"skill_{name}_lowest" for name in RIVALS} <= cells.keys()
    head, first, *_ = tables.observations(found)
    crps = float(dict(zip(head, first, strict=True))["crps_reduced"])
    assert crps == pytest.approx(found.scored[0].rivals[REDUCED], rel=1e-5)
    assert "skill against reduced" in tables.score_table(found, EARLY)
    assert "persistence" not in tables.score_table(found, EARLY)


# ---- Acts -------------------------------------------------------------------------------------------------------

ROWS = counted()
NONE = (0,) * len(ROWS)


def test_the_shipped_counts_are_sound() -> None:
    """Acts and countries are those of the model, bands are in order, years add up, sources exist."""
    with (Path(__file__).parents[1] / "docs" / "sources" / "sources.csv").open(encoding="utf-8") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    assert len({(row.act, row.who) for row in ROWS}) == len(ROWS)
    for row in ROWS:
        assert group_of(row.act, *row.actors)
        for low, central, high in (row.record, row.before or row.record):
            assert 0.0 <= low <= central <= high, row
        assert set(filter(None, row.sources.split(";"))) <= known
        assert row.sources or row.record == (0.0, 0.0, 0.0)
        if row.years:
            assert sum(row.years) == row.before[1]
            assert len(row.years) == 8


def test_base_rates_by_hand() -> None:
    """n acts in 96 months: mean (n + 1/2) 10 / 96 and variance that mean times 1 + 10 / 96 in ten, by 2 000 draws."""
    drawn = base_rates(ROWS, NONE)
    for row in ROWS:
        if row.before and not row.years and row.before[0] == row.before[2]:
            mean = (row.before[1] + 0.5) * MONTHS / MONTHS_BEFORE
            spread = np.sqrt(mean * (1.0 + MONTHS / MONTHS_BEFORE))
            assert drawn[row.act, row.who].mean() == pytest.approx(mean, abs=4.0 * spread / np.sqrt(2000))
    launches = next(row for row in ROWS if row.act == "missile_test")
    months = drawn["missile_test", "PRK"]
    assert months.max() <= MONTHS
    one_rate = base_rates([replace(launches, years=())], (0,))["missile_test", "PRK"]
    assert months.std() > 1.2 * one_rate.std()  # years differ beyond Poisson scatter


def test_known_totals_add_up_and_what_is_prescribed_is_given() -> None:
    drawn = known_totals(ROWS, NONE)
    mine = [row for row in ROWS if row.act == "summit"]
    total = sum(row.record[1] for row in mine)
    assert sum(drawn["summit", row.who].mean() for row in mine) == pytest.approx(total, abs=4.0 * np.sqrt(total / 2000))
    given = prescribed(sim.load("article"))
    assert {row.who: n for row, n in zip(ROWS, given, strict=True) if n} == {"RUS-PRK": 1}
    for made in (base_rates(ROWS, given), known_totals(ROWS, given)):
        assert made["summit", "RUS-PRK"].min() >= 1.0
    assert base_rates(ROWS, NONE)["summit", "RUS-PRK"].min() == 0.0


def test_counts_are_of_the_months_of_the_record() -> None:
    ds = dataset(months=14, worlds=5)
    found = counts_of(ds)
    summit = group_of("summit", "RUS", "PRK")[0]
    place = next(k for k, row in enumerate(ROWS) if (row.act, row.who) == ("summit", "RUS-PRK"))
    assert found[place] == pytest.approx((ds["outcome"].values[:10, summit] > 0).sum(axis=0))


def test_a_model_that_knows_scores_better_than_base_rates_and_one_that_does_not_worse() -> None:
    """The record itself with Poisson scatter, and the same with the pairs mixed up: the order decides."""
    rng = np.random.default_rng(5)
    record = np.array([row.record[1] for row in ROWS])
    right = score_acts(rng.poisson(record[:, None], (len(ROWS), 200)).astype(float), NONE)
    wrong = score_acts(rng.poisson(rng.permutation(record)[:, None] + 9.0, (len(ROWS), 200)).astype(float), NONE)
    for rival in ACT_RIVALS:
        assert act_skills(right, rival)["summit"] > 0.1
        assert all_acts(wrong, rival)[0] < 0.0
    assert right.names == ["summit", "treaty", "exercise", "trilateral_exercise", "missile_test"]
    told = " ".join(act_findings(wrong))
    assert "The model has seen this record" in told
    assert "add nothing to base rates and known total" in told
    head, *body = act_rows(right)
    assert len(body) == len(ROWS) + 5 + 1
    assert {len(row) for row in body} == {len(head)}
    last = dict(zip(head, body[-1], strict=True))
    assert float(last[f"skill_{BASE_RATES}"]) == pytest.approx(all_acts(right, BASE_RATES)[0], rel=1e-5)
    assert float(last[f"skill_{KNOWN_TOTAL}"]) == pytest.approx(all_acts(right, KNOWN_TOTAL)[0], rel=1e-5)


def test_runs_of_other_months_are_not_held_against_the_record() -> None:
    spec = scenario(months=10)
    assert not_counted(spec, WINDOW) == ""
    assert not_counted(replace(spec, start="2023-10"), WINDOW) == "other_months"
    assert not_counted(replace(spec, months=9), WINDOW) == "other_months"
    late = replace(WINDOW, first=np.datetime64("2024-01-01"))
    assert not_counted(spec, late) == "cut"
    assert not_counted(spec, replace(WINDOW, last=np.datetime64("2024-03-01"))) == "cut"
