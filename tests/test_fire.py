"""Fire: with all parts off the simple rule is left, and each part does what it is there for."""

from __future__ import annotations

import numpy as np
import pytest
from small_worlds import SEA, from_month, scenario, states, watch, world_of

from sim.elementary import normal_quantile

Array = np.ndarray
WORLDS, MONTHS = 64, 36
SIMPLE = {
    "war.persistence": 0.0,
    "war.attack": 0.0,
    "war.substitutes_ceiling": 0.0,
    "war.gun_rate": 1e6,
    "war.barrel_life": 1e9,
    "war.foresight": 0.0,
}
"""One regime, shells alone, guns without limit, no expectation; noise that is drawn anew each month."""
FALL, SIZEABLE = 0.85, 0.2
"""Share of an earlier 6-month mean that counts as a fall, and share of worlds that is to see one: fixed beforehand."""


def half_year_means(fire: Array) -> Array:
    """Means over six months, (first month, world)."""
    return np.lib.stride_tricks.sliding_window_view(fire, 6, axis=0).mean(axis=-1)


def falls_and_rises(fire: Array) -> tuple[float, float]:
    """Shares of worlds in which a half-year lies 15 % below, and above, an earlier one."""
    means = half_year_means(fire)
    lowest_after = (means / np.maximum.accumulate(means)).min(axis=0)
    highest_after = (means / np.minimum.accumulate(means)).max(axis=0)
    return float((lowest_after <= FALL).mean()), float((highest_after >= 1.0 / FALL).mean())


def fire(changes: dict[str, float]) -> Array:
    """(month, world) of Russia's fire, with ships."""
    return watch(scenario(SEA | changes, months=MONTHS, worlds=WORLDS), compiled=True)["fire"]


def test_fire_falls_in_some_worlds_and_rises_in_others() -> None:
    """Control: the simple rule where the demand for fire can never be met, so that it follows the supply."""
    fell, rose = falls_and_rises(fire({}))
    assert fell > SIZEABLE
    assert rose > SIZEABLE
    ratchet = {"war.base_fire": 350.0, "war.goal_ratio": 2.0, "war.horizon": 12.0, "war.noise": 0.08}
    assert falls_and_rises(fire(SIMPLE | ratchet))[0] < 0.05


def test_with_all_parts_off_the_simple_rule_is_left() -> None:
    """Russia wants intensity x base + ratio x Ukraine's fire and fires output and an even share of the free stock."""
    spec = scenario(SEA | SIMPLE, months=12, worlds=16)
    world = world_of(spec)
    for month in range(spec.months):
        theirs, stock = world.state.ukraine_fire.copy(), world.state.stock[0, 0].copy()
        world.drive()
        p, s = world.parameters, world.state
        z = normal_quantile(world.draws["war"][month, 0])
        noise = np.exp(p["war.noise"] * z - p["war.noise"] ** 2 / 2.0)  # of mean one
        np.testing.assert_allclose(s.intensity, p["war.intensity"] * noise, rtol=1e-12)
        wanted = s.intensity * p["war.base_fire"] + p["war.goal_ratio"] * theirs
        np.testing.assert_allclose(s.war_demand[0], wanted, rtol=1e-12)
        world.produce_and_consume()
        free = np.maximum(stock - p["RUS.ammunition.reserve"], 0.0)
        affordable = s.production[0, 0] + free / p["war.horizon"]
        spent = np.minimum(wanted + p["RUS.ammunition.requirement"], affordable)
        np.testing.assert_allclose(s.consumption[0, 0], spent, rtol=1e-12)
        for step in (world.appraise, world.act, world.bargain, world.ship, world.settle):
            step()
        world.month += 1
    world.close()


def attacks(changes: dict[str, float], *, starved: bool) -> Array:
    """(world) share of months in which Russia attacks; starved: the West gives Ukraine nothing from month 3 on."""
    cut = (from_month(3, "war.usa_aid", 0.0), from_month(3, "war.other_supply", 0.0)) if starved else ()
    found = states(scenario(SEA | changes, months=MONTHS, worlds=WORLDS, events=cut), "attacking")
    share: Array = found["attacking"].mean(axis=0)
    return share


def test_starved_guns_invite_attack() -> None:
    """Paired worlds. Control: without the lure the same chain, to the last bit."""
    gain = attacks({"war.lure": 2.0}, starved=True) - attacks({"war.lure": 2.0}, starved=False)
    assert gain.mean() > 3.0 * gain.std(ddof=1) / np.sqrt(WORLDS)
    np.testing.assert_array_equal(attacks({"war.lure": 0.0}, starved=True), attacks({"war.lure": 0.0}, starved=False))


def test_regimes_last_as_long_as_their_chances_say() -> None:
    """Share of months of attack: begin / (begin + end) in the long run, within four standard errors."""
    chances = {"war.attack_begins": 0.3, "war.attack_ends": 0.2, "war.lure": 0.0}
    world = world_of(scenario(chances, months=60, worlds=256))
    state = []
    for month in range(60):
        world.month = month
        world.drive()
        state.append(world.state.attacking.copy())
    world.close()
    after = np.array(state[20:]).mean(axis=0)
    assert abs(after.mean() - 0.6) < 4.0 * after.std(ddof=1) / np.sqrt(256)


def test_the_war_noise_keeps_its_spread_and_its_memory() -> None:
    """Autocorrelation 0.9 and standard deviation 0.2 in the long run."""
    world = world_of(scenario({"war.noise": 0.2, "war.persistence": 0.9}, months=60, worlds=512))
    noise = []
    for month in range(60):
        world.month = month
        world.drive()
        noise.append(world.state.war_noise.copy())
    world.close()
    late = np.array(noise[30:])
    assert late.std() == pytest.approx(0.2, rel=0.1)
    assert np.corrcoef(late[1:].ravel(), late[:-1].ravel())[0, 1] == pytest.approx(0.9, abs=0.03)
    assert np.array(noise[0]).std() == pytest.approx(0.2 * np.sqrt(1.0 - 0.81), rel=0.1)


@pytest.mark.parametrize(
    ("part", "lowers"),
    [
        ({"war.substitutes_ceiling": 0.6}, {"war.substitutes_ceiling": 0.0}),
        ({"war.gun_rate": 0.06}, {"war.gun_rate": 1e6, "war.barrel_life": 1e9}),
    ],
)
def test_substitutes_and_guns_lower_the_fire(part: dict[str, float], lowers: dict[str, float]) -> None:
    """In total over the months, against the part switched off, in most worlds."""
    gap = fire(lowers).sum(axis=0) - fire(part).sum(axis=0)
    assert gap.mean() > 3.0 * gap.std(ddof=1) / np.sqrt(WORLDS)
    assert (gap > 0.0).mean() > 0.5
