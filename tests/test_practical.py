"""The practical index: the last six months, and nothing for a month in which nothing passed."""

from __future__ import annotations

import numpy as np
from small_worlds import act_in, scenario, watch

from sim.model.indices import practical_index
from sim.model.state import MONTHS_LATELY
from sim.scenario.names import COUNTRIES

PRK, RUS = COUNTRIES.index("PRK"), COUNTRIES.index("RUS")
WORLDS = 5000


def any_months() -> np.ndarray:
    """Deliveries, tiers and exercises of six months of one pair, many cases, quiet months among them."""
    draw = np.random.default_rng(2023)
    shape = MONTHS_LATELY, WORLDS
    busy = draw.integers(0, 2, shape)
    return np.stack([draw.uniform(0.0, 500.0, shape), draw.integers(0, 5, shape), draw.integers(0, 3, shape)]) * busy


def then(months: np.ndarray, newest: float) -> np.ndarray:
    """The months once a month has passed in which so much of each part passed."""
    month = np.full_like(months[:, :1], newest)
    return np.concatenate([month, months[:, :-1]], axis=1)


def index(months: np.ndarray) -> np.ndarray:
    return practical_index(months, np.array(100.0), np.array(1.0))


def test_a_month_in_which_nothing_passes_never_raises_it() -> None:
    before = any_months()
    assert (index(then(before, 0.0)) <= index(before) + 1e-12).all()
    assert (index(then(before, 4.0)) > index(before)).any()


def test_after_six_quiet_months_nothing_is_left() -> None:
    months = any_months()
    for quiet in range(MONTHS_LATELY):
        assert index(months).any(), quiet
        months = then(months, 0.0)
    assert not index(months).any()


def test_one_exercise_counts_for_six_months() -> None:
    """In a run: one exercise of Russia and North Korea, and none before or after."""
    calm = {f"acts.{act}.base": -100.0 for act in ("exercise", "trilateral_exercise")}
    quiet = {"acts.visit.base": -100.0, "acts.summit.base": -100.0, "acts.treaty.base": -100.0}
    shut = {"routes.khasan.open": 0.0, "technology.guard_scale": 1e12}
    once = watch(scenario(calm | quiet | shut, events=(act_in(4, "exercise", "RUS", "PRK"),)))
    seen = once["practical"][:, RUS, PRK] > 0.0
    assert seen[4 : 4 + MONTHS_LATELY].all()
    assert not seen[:4].any()
    assert not seen[4 + MONTHS_LATELY :].any()
