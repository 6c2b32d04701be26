"""Another case: what was expected of it before its first run, and what came."""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

import sim
from docs.generate.markdown import DOCS, bullets, fill, save, table
from sim.analysis.record.readers import Recipe, reader
from sim.experiment.run import run
from sim.present.words import significant, span
from sim.scenario import ParameterEvent, Scenario
from sim.studies.history.analysis import LATER, Evaluation, over_all
from sim.studies.history.command import evaluated, load_history
from sim.studies.history.figures import pages
from sim.studies.history.tables import score_table
from sim.studies.history.words import findings

FOLDER = DOCS.parent / "examples" / "china_north_korea_2016"
BANS, PRESSURE = "export_bans", "pressure_only"
READ = ("price", "ordered", "other_imports", "money", "marginal_value", "delivered", "route_load", "tests", "outcome")
BUYER, SELLER = ("CHN", "PRK"), ("PRK", "CHN")
CAP_KT = 500.0 * 0.13
"""The UN cap on products, 500 thousand barrels a year, in kt."""
Array = np.ndarray


class Result(NamedTuple):
    """What came of an expectation, in words, and whether it came as expected."""

    words: str
    came: bool


class Ran:
    """One scenario, run: yearly sums, means of half-years and counts of acts."""

    def __init__(self, scenario: Scenario, found: Evaluation) -> None:
        self.ds, self.found = run(scenario, variables=READ), found

    def years(self, values: Array) -> Array:
        """Return the sum of each year, (year, world)."""
        return values.reshape(-1, 12, values.shape[-1]).sum(axis=1)

    def trade(self, pair: tuple[str, str]) -> Array:
        """Return the exports of the first of a pair to the second, MUSD (year, world)."""
        return self.years(reader(Recipe(trade=(pair,)))(self.ds))

    def read(self, name: str, **at: str) -> Array:
        """Return a variable, (month, world)."""
        return np.asarray(self.ds[name].sel(at).transpose("month", "world").values, dtype=float)

    def half(self, good: str, year: int) -> Array:
        """Return the mean worth of a good to North Korea in the first half of a year, (world)."""
        first = 12 * (year - 2016)
        return np.asarray(self.read("marginal_value", country="PRK", good=good)[first : first + 6].mean(axis=0))

    def together(self, act: str) -> tuple[float, float]:
        """Return how often North Korea and China did an act in 2016-17 and in 2018-19, mean of the worlds."""
        ds = self.ds
        mine = (ds["actor"] == "PRK") & (ds["act"] == act) & (ds["partner_of"] == "CHN")
        happens = ds["outcome"].transpose("month", "option", "world").values[:, mine.values] > 0
        each = happens.any(axis=1).mean(axis=-1)
        return float(each[:24].sum()), float(each[24:].sum())

    def skill(self) -> tuple[float, float, float]:
        """Return the skill against persistence on the later part, and its range without each series."""
        total = over_all(self.found, LATER)
        assert total is not None
        return total.skills["persistence"], *total.ranges["persistence"]


def middle(values: Array) -> float:
    """Return the median of the worlds."""
    return float(np.median(values))


def within(values: Array, factor: float = 1.0) -> str:
    """Return the median with 90 % of the worlds in brackets."""
    low, mid, high = np.quantile(values, [0.05, 0.5, 0.95]) * factor
    return f"{significant(mid)} ({span(low, high)})"


def fall(ran: Ran) -> Array:
    """Return by which share North Korea's exports to China fell from 2016 to 2018, (world)."""
    sold = ran.trade(SELLER)
    return np.asarray(1.0 - sold[2] / sold[0])


def _bans(bans: Ran, _: Ran) -> Result:
    return Result(f"{within(fall(bans), 100.0)} %", middle(fall(bans)) >= 0.85)


def _pressure(_: Ran, pressure: Ran) -> Result:
    return Result(f"{within(fall(pressure), 100.0)} %", middle(fall(pressure)) < 0.1)


def _bought(bans: Ran, _: Ran) -> Result:
    sold = [middle(year) for year in bans.trade(BUYER)]
    cut = 1.0 - sold[2] / sold[1]
    near = all(abs(value / 3000.0 - 1.0) <= 0.15 for value in sold[:2])
    words = f"{sold[0] / 1e3:.2f} and {sold[1] / 1e3:.2f} bn USD, then {100 * cut:.0f} % less"
    return Result(words, near and 0.2 <= cut <= 0.45)


def _deficit(bans: Ran, _: Ran) -> Result:
    gap = [middle(year) / 1e3 for year in bans.trade(BUYER) - bans.trade(SELLER)]
    return Result(f"{gap[1]:.2f} and {gap[2]:.2f} bn USD", gap[1] >= 1.2 and gap[2] >= 1.7)


def _money(bans: Ran, _: Ran) -> Result:
    money = bans.read("money", country="PRK")[11::12]
    falls = [-middle(change) for change in np.diff(money, axis=0)]
    words = f"{', '.join(f'{value / 1e3:.2f}' for value in falls)} bn USD; at the end {within(money[-1], 1e-3)}"
    return Result(words, all(500.0 <= value <= 1500.0 for value in falls) and middle(money[-1]) > 1.0)


def _fuel(bans: Ran, _: Ran) -> Result:
    before, after, last = (bans.half("energy", year) for year in (2017, 2018, 2019))
    up, down = middle(after / before), middle(last / after)
    return Result(f"{up:.2f} times; then {down:.2f} times", up >= 1.5 and down < 1.0)


def _grain(bans: Ran, _: Ran) -> Result:
    worth = bans.years(bans.read("marginal_value", country="PRK", good="food"))
    ratios = [middle(year / worth[0]) for year in worth[1:]]
    words = f"{', '.join(f'{value:.2f}' for value in ratios)} times"
    return Result(words, all(1 / 1.5 < value < 1.5 for value in ratios))


def _shells(bans: Ran, _: Ran) -> Result:
    lanes = (BUYER, SELLER, ("PRK", "RUS"), ("RUS", "PRK"))
    sent = sum(bans.read("delivered", country=a, partner=b, good="ammunition").sum(axis=0) for a, b in lanes)
    most = float(np.quantile(np.asarray(sent), 0.95))
    return Result(f"{most:.0f}", most < 10.0)


def _cap(bans: Ran, _: Ran) -> Result:
    sold = bans.years(bans.read("ordered", country="CHN", partner="PRK", good="energy"))[2]
    words = f"China sells {within(sold)} kt in 2018 beside its gifts; the cap is {CAP_KT:.0f}"
    return Result(words, middle(sold) > CAP_KT)


def _tests(bans: Ran, _: Ran) -> Result:
    tests = bans.years(bans.read("tests"))[2]
    return Result(f"{within(tests)} in 2018; the record has none", middle(tests) > 1.0)


def _summits(bans: Ran, _: Ran) -> Result:
    before, after = bans.together("summit")
    return Result(f"{before:.1f} and {after:.1f} (means); the record has 0 and 5", not (before < 0.5 and after > 3.0))


def _skill(bans: Ran, pressure: Ran) -> Result:
    (mine, low, high), (other, least, most) = bans.skill(), pressure.skill()
    words = f"{mine:+.2f} ({low:+.2f} to {high:+.2f} without a series); {other:+.2f} ({least:+.2f} to {most:+.2f})"
    return Result(words, low > 0.0 and other <= 0.0)


EXPECTED: Mapping[str, Callable[[Ran, Ran], Result]] = {
    "with the bans, North Korea's exports to China fall by 85 % or more in two years. The file prescribes it": _bans,
    "without them, by less than a tenth. The code **fails** here: in the world they fell by 92 %": _pressure,
    "China's exports stay within 15 % of 3.0 bn USD in 2016 and 2017, and fall by 20 to 45 % in 2018": _bought,
    "the deficit is at least 1.2 bn USD in 2017 and 1.7 bn in 2018": _deficit,
    "hard currency pays: 0.5 to 1.5 bn USD less in each of 2017, 2018, 2019, and some left in the median world": _money,
    "fuel is worth 1.5 times as much or more in the first half of 2018 as a year before, and less a year after": _fuel,
    "grain stays within a factor of 1.5 of its worth of 2016": _grain,
    "fewer than ten thousand shells between North Korea and China or Russia in 95 % of worlds": _shells,
    "China's oil breaks the UN cap. The code **fails**: its cap binds Russia alone": _cap,
    "too many missile tests in 2018. The code **fails**: it has no talks for which tests would stop": _tests,
    "not the five meetings of Kim and Xi, all after January 2018. The code **fails**: nothing turns then": _summits,
    "skill against persistence after July 2017: better with the bans, not better by pressure alone": _skill,
}  # fmt: skip
"""Expectations as they stood before the first run, shortened -> what came of each."""


def page() -> str:
    """Return the page."""
    ran = {}
    for name in (BANS, PRESSURE):
        asked = load_history(str(FOLDER / f"{name}.toml"), None, (None, None, None), {})
        found, ds = evaluated(asked)
        ran[name] = Ran(asked.scenario, found)
        if name == BANS:
            drawn = pages(found, asked.observed.rows)
            for number, draw in enumerate(drawn.values(), start=1):
                save(ds, f"another_case_{number}", draw)
    bans, pressure = ran[BANS], ran[PRESSURE]
    scenario = sim.load(FOLDER / f"{BANS}.toml")
    parts = {
        "worlds": scenario.worlds,
        "expected": table(("", "expected", "came", "as expected"), _rows(bans, pressure)),
        "scores": score_table(bans.found, LATER),
        "findings": bullets(findings(bans.found)[:1]),
        "pressure": bullets(findings(pressure.found)[:1]),
        **_amounts(bans, scenario),
    }
    return fill("another_case", parts)


def _rows(bans: Ran, pressure: Ran) -> Iterator[tuple[str, ...]]:
    for number, (expected, look) in enumerate(EXPECTED.items(), start=1):
        words, came = look(bans, pressure)
        yield str(number), expected, words, "yes" if came else "**no**"


def _amounts(bans: Ran, scenario: Scenario) -> dict[str, str]:
    """Return the amounts that the page names in its text."""

    def flow(good: str, seller: str, year: int) -> str:
        moved = bans.years(bans.read("delivered", country=seller, partner="PRK", good=good))
        return significant(middle(moved[year - 2016]))

    rises = {
        f"{event.month // 12 + 2016}": event.factor
        for event in scenario.events
        if isinstance(event, ParameterEvent) and event.key == "goods.energy.value" and event.factor
    }
    price, later = rises["2018"] / rises["2017"], rises["2019"] / rises["2018"]
    fuel = [bans.half("energy", year) for year in (2017, 2018, 2019)]
    piped = bans.years(bans.read("route_load", route="pipeline", direction="back"))[1]
    return {
        "piped": significant(middle(piped)),
        "oil_price": f"{price:.2f}",
        "oil_fall": f"{later:.2f}",
        "fuel_own": f"{middle(fuel[1] / fuel[0]) / price:.2f}",
        "fuel_fall": f"{middle(fuel[2] / fuel[1]):.2f}",
        **{f"oil_{seller}_{year}": flow("energy", seller, year) for seller in ("CHN", "RUS") for year in (2016, 2018)},
        **{f"food_{seller}": flow("food", seller, 2018) for seller in ("CHN", "RUS")},
        "tests_2017": significant(middle(bans.years(bans.read("tests"))[1])),
        "fuel": significant(middle(bans.read("marginal_value", country="PRK", good="energy")[20])),
    }
