"""What the lessons say in words about the results: each sentence with the condition under which it is true."""

from collections.abc import Callable, Mapping

from docs.generate.lessons import Results

Words = Mapping[str, Callable[[Results], bool]]
HARDLY, CLEAR = 0.05, 3.0
"""Share of the larger value below which something *hardly* changes; standard errors beyond which a step is sure."""


def _mid(results: Results, name: str) -> float:
    values = results[name]
    return values[len(values) // 2]


def _hardly(results: Results, first: str, last: str) -> bool:
    a, b = _mid(results, first), _mid(results, last)
    return abs(b - a) <= HARDLY * max(abs(a), abs(b))


def _sure(results: Results, lever: str, outcome: str) -> float:
    """Return the mean step of an outcome where it is sure, else 0."""
    step, error = results[f"{lever}.step.{outcome}"][0], results[f"{lever}.error.{outcome}"][0]
    return step if abs(step) > CLEAR * error else 0.0


def _others(results: Results, name: str) -> float:
    """Return the largest share of months that anything but the railway bound, per cent."""
    return max(results[f"{name}.bound_{what}"][0] for what in ("demand", "stock", "production", "credit", "handling"))


RAILWAY: Words = {
    "shells more than double from 10 to 40": lambda r: _mid(r, "rail.40.shells") > 2.0 * _mid(r, "rail.10.shells"),
    "and hardly rise from 80 to 160": lambda r: _hardly(r, "rail.80.shells", "rail.160.shells"),
    "at 10 it is the railway that binds": lambda r: r["rail.10.bound_capacity"][0] > 90.0,
    "at 160 hardly ever": lambda r: r["rail.160.bound_capacity"][0] < 100.0 * HARDLY < _others(r, "rail.160"),
    "Russian food takes the place of the others": lambda r: (
        _sure(r, "rail", "food_rus") > 0.0
        and _sure(r, "rail", "food_chn") < 0.0
        and _sure(r, "rail", "food_world") < 0.0
    ),
    "food weighs more than shells": lambda r: _mid(r, "rail.160.food_rus") > 2.0 * _mid(r, "rail.160.shells_kt"),
    "with the port the railway decides little": lambda r: (
        0.0 < _sure(r, "ships", "shells") < HARDLY * _mid(r, "ships.10.shells")
    ),
    "display is the same from end to end": lambda r: _hardly(r, "rail.10.symbolic", "rail.160.symbolic"),
    "practical cooperation at the end does not rise": lambda r: (
        _sure(r, "rail", "practical") <= 0.0 and _mid(r, "rail.160.practical") <= _mid(r, "rail.10.practical")
    ),
    "a narrow railway does not move the payment to technology": lambda r: (
        r["rail.10.tier3"][0] < 0.5 * r["rail.160.tier3"][0]
    ),
    "a shell gets cheaper": lambda r: _sure(r, "rail", "price") < 0.0,
    "fewer fuel lacking, leaning more on Russia, less on China": lambda r: (
        _sure(r, "rail", "energy_short") < 0.0
        and _sure(r, "rail", "dependence_rus") > 0.0 > _sure(r, "rail", "dependence_chn")
    ),
    "a bad harvest: China and the market make up, Russia little": lambda r: (
        _sure(r, "poor", "food_chn") > 2.0 * _sure(r, "poor", "food_rus") > 0.0
        and _sure(r, "poor", "food_world") > 2.0 * _sure(r, "poor", "food_rus")
    ),
    "a bad harvest: a few more shells": lambda r: 0.0 < _sure(r, "poor", "shells") < 0.1 * _mid(r, "rail.40.shells"),
    "arrows: shells, Russian food and technology up, price and Chinese food down": lambda r: (
        min(_sure(r, "wide", name) for name in ("shells", "food_rus", "technology")) > 0.0
        and max(_sure(r, "wide", name) for name in ("price", "food_chn")) < 0.0
    ),
    "arrows: the step of summits is sure and tiny": lambda r: (
        0.0 < abs(_sure(r, "wide", "summits")) < HARDLY * _mid(r, "rail.40.summits")
    ),
    "at 10 oil fills the wagons, at 160 food": lambda r: (
        _mid(r, "rail.10.oil_kt") > _mid(r, "rail.10.food_rus")
        and _mid(r, "rail.160.food_rus") > _mid(r, "rail.160.oil_kt")
    ),
    "at 160 credit binds most often": lambda r: r["rail.160.bound_credit"][0] >= _others(r, "rail.160"),
    "food and hunger still move from 80 to 160": lambda r: (
        not _hardly(r, "rail.80.food_rus", "rail.160.food_rus") and not _hardly(r, "rail.80.hungry", "rail.160.hungry")
    ),
    "hunger recedes with the railway": lambda r: r["rail.160.hungry"][0] < 0.5 * r["rail.10.hungry"][0],
}
PRESSURE: Words = {
    "full pressure takes about a fifth of the shells": lambda r: (
        0.15 < 1.0 - _mid(r, "pressure.1.shells") / _mid(r, "pressure.0.shells") < 0.25
    ),
    "shells fall in nearly all worlds": lambda r: r["pressure.higher.shells"][0] < 10.0,
    "less trade, a little less practical cooperation": lambda r: (
        _sure(r, "pressure", "trade") < 0.0 and -0.1 < _sure(r, "pressure", "practical") < 0.0
    ),
    "display stays the same": lambda r: _hardly(r, "pressure.0.symbolic", "pressure.1.symbolic"),
    "more Russian oil, less food from the market": lambda r: (
        _sure(r, "pressure", "oil") > 0.0 > _sure(r, "pressure", "food_world")
    ),
    "China takes the place, not Russia": lambda r: (
        _sure(r, "pressure", "dependence_chn") > 0.0 > _sure(r, "pressure", "dependence_rus")
    ),
    "less oil in the last month, though more in all": lambda r: (
        _mid(r, "pressure.1.oil_last") < _mid(r, "pressure.0.oil_last") and _sure(r, "pressure", "oil") > 0.0
    ),
    "a bad harvest under pressure: food bought abroad goes, and more is lacking": lambda r: (
        _mid(r, "poor_pressure.1.food_world") < 0.5 * _mid(r, "poor_pressure.0.food_world")
        and _mid(r, "poor_pressure.1.food_short") > 2.0 * _mid(r, "poor_pressure.0.food_short")
    ),
    "arrows: the step of summits under pressure is sure and tiny": lambda r: (
        0.0 < abs(_sure(r, "pressure", "summits")) < HARDLY * _mid(r, "pressure.0.summits")
    ),
    "more missile tests": lambda r: _sure(r, "pressure", "tests") > 0.0,
    "shells: hardly fewer to 0.4, most to 0.8, few beyond": lambda r: (
        _hardly(r, "pressure.0.shells", "pressure.0.4.shells")
        and _hardly(r, "pressure.0.8.shells", "pressure.1.shells")
        and not _hardly(r, "pressure.0.4.shells", "pressure.0.8.shells")
    ),
    "if pressure binds at first, then by about a hundredth": lambda r: (
        abs(r["first.step.trade"][0]) < 0.02 * _mid(r, "pressure.0.trade")
    ),
    "nothing changes as much as hunger": lambda r: (
        r["pressure.1.hungry"][0] > 3.0 * r["pressure.0.hungry"][0]
        and all(
            _mid(r, f"pressure.1.{name}") < 3.0 * _mid(r, f"pressure.0.{name}")
            and _mid(r, f"pressure.0.{name}") < 3.0 * _mid(r, f"pressure.1.{name}")
            for name in (
                "shells",
                "trade",
                "oil",
                "food_world",
                "dependence_chn",
                "dependence_rus",
                "tests",
                "practical",
            )
        )
    ),
    "hunger in three more worlds of five at the fullest": lambda r: (
        55.0 < r["pressure.1.hungry"][0] - r["pressure.0.hungry"][0] <= 65.0
    ),
    "at 40 nothing binds as often as the railway": lambda r: r["rail.40.bound_capacity"][0] > _others(r, "rail.40"),
    "more fuel lacking": lambda r: _sure(r, "pressure", "energy_short") > 0.0,
    "a railway of 10 in place of 40 more than halves the shells": lambda r: (
        _mid(r, "rail.10.shells") < 0.5 * _mid(r, "rail.40.shells")
    ),
}
BARTER: Words = {
    "oil wins most, then food, then tier 1": lambda r: (
        r["game.energy_gain"][0] > r["game.food_gain"][0] > r["game.gap1"][0] > 0.0
    ),
    "tiers 2 to 4 lose": lambda r: max(r[f"game.gap{k}"][0] for k in (2, 3, 4)) < 0.0,
    "a shell for oil pays both, for tier 2 North Korea hardly": lambda r: (
        r["game.prk_oil"][0] > 10.0 * r["game.prk2"][0] > 0.0
    ),
    "tiers 3 and 4 cost Russia more than a token of shells is worth": lambda r: (
        r["game.rus3"][0] < 0.0 and r["game.rus4"][0] < 0.0
    ),
    "lower tiers in more worlds": lambda r: (
        r["base.tier1"][0] > r["base.tier2"][0] > r["base.tier3"][0] > r["base.tier4"][0]
    ),
    "the highest tier hardly ever": lambda r: r["base.tier4"][0] <= 10.0,
    "what North Korea keeps for itself stops no shell": lambda r: r["base.bound_stock"][0] < 1.0,
    "and is less than what is left": lambda r: (
        _mid(r, "table.PRK.ammunition.reserve") / 1000.0 < 0.5 * _mid(r, "base.stock_end")
    ),
    "money is worth more than oil, oil as much as food": lambda r: (
        _mid(r, "base.rus_paid_prk") > r["base.oil_worth"][0] and _hardly(r, "base.oil_worth", "base.food_worth")
    ),
    "part of the payment is held back": lambda r: _mid(r, "base.debt") > 0.1 * _mid(r, "base.rus_paid_prk"),
    "small beside what China pays Russia": lambda r: (
        _mid(r, "base.chn_paid_rus") > 20.0 * (_mid(r, "base.rus_paid_prk_in_kind") + _mid(r, "base.rus_paid_prk"))
    ),
}
WORDS: Words = {**RAILWAY, **PRESSURE, **BARTER}
