"""What Russian plants get from China, plants converted for export, and embargoes: each with its control."""

from __future__ import annotations

import numpy as np
from small_worlds import SEA, from_month, scenario, states, watch

from sim.scenario.embargoes import EMBARGOES, barred
from sim.scenario.names import AMMUNITION, CHN, ENERGY, JPN, PRK, RUS, USA

Array = np.ndarray
WORLDS, MONTHS, ORDER = 64, 36, 6


def restrained(changes: dict[str, float]) -> dict[str, Array]:
    """Full secondary pressure from month 6 on, less none: differences world by world."""
    runs = [
        watch(
            scenario(
                SEA | changes,
                months=MONTHS,
                worlds=WORLDS,
                events=(from_month(ORDER, "sanctions.secondary", pressure),),
            ),
            compiled=True,
        )
        for pressure in (0.0, 1.0)
    ]
    return {
        "output": runs[1]["production"][:, RUS, AMMUNITION] - runs[0]["production"][:, RUS, AMMUNITION],
        "shells": (runs[1]["delivered"] - runs[0]["delivered"])[:, PRK, RUS, AMMUNITION].sum(axis=0),
        "oil": (runs[1]["delivered"] - runs[0]["delivered"])[:, RUS, CHN, ENERGY].sum(axis=0),
    }


def errors(values: Array) -> float:
    """Mean in standard errors."""
    return float(values.mean() / (values.std(ddof=1) / np.sqrt(len(values))))


def test_chinese_restraint_lowers_russian_output_with_a_lag_and_raises_imports_of_shells() -> None:
    """Control: plants that need nothing from China."""
    changed = restrained({})
    lost = -changed["output"].mean(axis=1)
    assert not lost[:ORDER].any()
    assert 0.0 < lost[ORDER] < 0.5 * lost[ORDER + 6], "stores delay the lack"
    assert np.all(np.diff(lost[ORDER : ORDER + 6]) > 0.0)
    assert errors(changed["shells"]) > 3.0
    assert errors(changed["oil"]) < -3.0, "banks that fear sanctions lower the trade of Russia and China"
    control = restrained({"RUS.ammunition.china_share": 0.0})
    assert np.abs(control["output"]).max() < 0.01 * lost.max()
    assert abs(control["shells"].mean()) < 0.05 * changed["shells"].mean()


def test_without_western_ties_china_holds_nothing_back() -> None:
    assert np.abs(restrained({"CHN.western_ties": 0.0})["output"]).max() < 1.0


def capacity_left(months_of_need: int, changes: dict[str, float]) -> Array:
    """(world) converted output at the end, after a war that ends some time before."""
    peace = (from_month(months_of_need, "war.intensity", 0.0),)
    left = states(scenario(SEA | changes, months=MONTHS, worlds=WORLDS, events=peace), "converted")
    return left["converted"][-1, PRK]


def test_long_orders_leave_more_plants_behind_than_short_ones() -> None:
    """Hysteresis: need for two years against half a year. Control: no plants that could be converted."""
    gain = capacity_left(24, {}) - capacity_left(6, {})
    assert errors(gain) > 3.0
    assert not capacity_left(24, {"PRK.ammunition.convertible": 0.0}).any()


def test_embargoes_hold_and_can_be_lifted() -> None:
    """Nothing is delivered where it is barred, though the United States would buy Russian oil and Japan's shells."""
    lanes = barred()
    assert lanes[RUS, USA, ENERGY]
    assert lanes[CHN, JPN, AMMUNITION]
    assert not lanes[PRK, RUS].any()
    assert not lanes[RUS, CHN].any()
    assert not lanes[[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]][:, [ENERGY]].any()
    assert all(rule.since < "2023-09" and rule.source for rule in EMBARGOES)
    held, lifted = (
        watch(scenario(SEA | {"sanctions.embargoes": x}, months=12, worlds=16), compiled=True)["delivered"]
        for x in (1.0, 0.0)
    )
    assert not held[:, lanes].any()
    assert lifted[:, lanes].any()
