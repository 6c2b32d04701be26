"""The shipped scenarios load, explain themselves, and say of the model what is true of it."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from sim.experiment.run import run
from sim.scenario import load
from sim.scenario.library import shipped

ROOT = Path(__file__).parents[1]
WORLDS, MONTHS, SEED = 80, 24, 2023
"""One size and one seed for all; two years are enough for every event of the library."""
LEAST = 0.02
"""Share of the parent's mean that a difference has at least, to be worth a word."""


def lane(ds: xr.Dataset, name: str, giver: str, taker: str, good: str) -> np.ndarray:
    """A lane variable, (month, world)."""
    return ds[name].sel(country=giver, partner=taker, good=good).values


def pair(ds: xr.Dataset, name: str, first: str = "RUS", second: str = "PRK") -> np.ndarray:
    """A pair variable, (month, world)."""
    return ds[name].sel(country=first, partner=second).values


def acted(ds: xr.Dataset, act: str, *who: str) -> np.ndarray:
    """How often these countries did this together, (world)."""
    for row in range(ds.sizes["option"]):
        if str(ds["act"].values[row]) == act:
            members = {str(ds["actor"].values[row]), *str(ds["partner_of"].values[row]).split()}
            if members == set(who):
                return (ds["outcome"].values[:, row] > 0).sum(axis=0)
    raise KeyError(act)


def told(ds: xr.Dataset, name: str, country: str) -> np.ndarray:
    """Mean of a country's variable over the months, (world)."""
    return ds[name].sel(country=country).values.mean(axis=0)


def bound(ds: xr.Dataset, code: str) -> np.ndarray:
    """Share of months in which this bound the shells from PRK to RUS, (world)."""
    meanings = str(ds["binding"].attrs["flag_meanings"]).split()
    return (lane(ds, "binding", "PRK", "RUS", "ammunition") == meanings.index(code)).mean(axis=0)


def released(ds: xr.Dataset) -> np.ndarray:
    """Points of technology from RUS to PRK, (world)."""
    return pair(ds, "transfer").sum(axis=(0, 1))


def guarded(ds: xr.Dataset) -> np.ndarray:
    """Points of tiers 3 and 4 from RUS to PRK, (world)."""
    return pair(ds, "transfer")[:, 2:].sum(axis=(0, 1))


def shell_price(ds: xr.Dataset) -> np.ndarray:
    """Mean price of what was ordered, MUSD a thousand rounds, (world)."""
    ordered = lane(ds, "ordered", "PRK", "RUS", "ammunition")
    paid = np.nan_to_num(lane(ds, "price", "PRK", "RUS", "ammunition")) * ordered
    return paid.sum(axis=0) / np.maximum(ordered.sum(axis=0), 1e-9)


def shortage(ds: xr.Dataset, good: str) -> np.ndarray:
    """North Korea's shortage over the run, units, (world)."""
    return ds["shortage"].sel(country="PRK", good=good).values.sum(axis=0)


def kept(ds: xr.Dataset, index: str) -> np.ndarray:
    """An index in the last month as share of what it was after a year, (world)."""
    return pair(ds, index)[-1] / np.maximum(pair(ds, index)[11], 1e-6)


MEASURES: dict[str, Callable[[xr.Dataset], np.ndarray]] = {
    "shells": lambda ds: ds["shells_delivered"].values[-1],
    "shells in five months": lambda ds: ds["shells_delivered"].values[4],
    "shells in ten months": lambda ds: ds["shells_delivered"].values[9],
    "shells from December to March": lambda ds: lane(ds, "delivered", "PRK", "RUS", "ammunition")[3:7].sum(axis=0),
    "shells at the end": lambda ds: lane(ds, "delivered", "PRK", "RUS", "ammunition")[-1],
    "shell price": shell_price,
    "shells seized": lambda ds: lane(ds, "seized", "PRK", "RUS", "ammunition").sum(axis=0),
    "oil": lambda ds: ds["oil_delivered"].values.sum(axis=0),
    "Russian food": lambda ds: lane(ds, "delivered", "RUS", "PRK", "food").sum(axis=0),
    "Chinese food": lambda ds: lane(ds, "delivered", "CHN", "PRK", "food").sum(axis=0),
    "all deliveries": lambda ds: np.abs(ds["delivered"].values).sum(axis=(0, 1, 2, 3)),
    "practical": lambda ds: pair(ds, "practical").mean(axis=0),
    "symbolic": lambda ds: pair(ds, "symbolic").mean(axis=0),
    "practical index kept": lambda ds: kept(ds, "practical"),
    "symbolic index kept": lambda ds: kept(ds, "symbolic"),
    "technology": released,
    "highest tier": lambda ds: ds["tier_released"].values[-1],
    "energy shortage": lambda ds: shortage(ds, "energy"),
    "food shortage": lambda ds: shortage(ds, "food"),
    "food from the world": lambda ds: ds["world_imports"].sel(country="PRK", good="food").values.sum(axis=0),
    "food reserve": lambda ds: ds["stock"].sel(country="PRK", good="food").values.mean(axis=0),
    "value of food": lambda ds: ds["marginal_value"].sel(country="PRK", good="food").values.mean(axis=0),
    "dependence on Russia": lambda ds: pair(ds, "dependence", "PRK", "RUS")[-6:].mean(axis=0),
    "dependence on China": lambda ds: pair(ds, "dependence", "PRK", "CHN")[-6:].mean(axis=0),
    "summits": lambda ds: acted(ds, "summit", "RUS", "PRK"),
    "visits to Beijing": lambda ds: acted(ds, "visit", "PRK", "CHN"),
    "exercises": lambda ds: acted(ds, "exercise", "RUS", "PRK"),
    "exercises of the western three": lambda ds: acted(ds, "trilateral_exercise", "USA", "KOR", "JPN"),
    "coordination": lambda ds: ds["coordination"].values.mean(axis=0),
    "alignment of Seoul and Tokyo": lambda ds: pair(ds, "alignment", "KOR", "JPN")[-1],
    "arms from Seoul": lambda ds: acted(ds, "lethal_aid", "KOR"),
    "missile tests": lambda ds: ds["tests"].values.sum(axis=0),
    "North Korea's threat": lambda ds: told(ds, "threat", "PRK"),
    "North Korea's money": lambda ds: told(ds, "money", "PRK"),
    "money that Russia pays": lambda ds: pair(ds, "cash", "PRK", "RUS").sum(axis=0),
    "output of Russian plants": lambda ds: ds["production"].sel(country="RUS", good="ammunition").values.mean(axis=0),
    "Russian energy for China": lambda ds: lane(ds, "delivered", "RUS", "CHN", "energy").sum(axis=0),
    "Russian fire": lambda ds: ds["fire"].values.mean(axis=0),
    "Ukrainian fire": lambda ds: ds["ukraine_fire"].values.mean(axis=0),
    "fire ratio": lambda ds: ds["fire_ratio"].values[-6:].mean(axis=0),
    "bound by the railway or port": lambda ds: bound(ds, "capacity"),
    "bound by credit": lambda ds: bound(ds, "credit"),
    "Russia's debt": lambda ds: pair(ds, "balance", "PRK", "RUS").mean(axis=0),
    "line crossed": lambda ds: guarded(ds) > 0.05,
}

MORE, FEWER = 1, -1
DEPENDENCE = "dependence on China", "dependence on Russia"
SAID: dict[str, dict[int, tuple[str, ...]]] = {
    "sea_route": {
        MORE: (
            *("shells", "shells in five months", "oil", "Russian food", "bound by credit", "dependence on Russia"),
            "shells seized",
        ),
        FEWER: ("shell price", "Chinese food", "bound by the railway or port", "output of Russian plants"),
    },
    "ships_only": {
        MORE: (
            *("shells", "shells in five months", "oil", "Russian food", "technology", "bound by credit"),
            *("Russia's debt", "shells seized", "dependence on Russia"),
        ),
        FEWER: ("shell price", "Chinese food", "bound by the railway or port"),
    },
    "as_it_happened": {MORE: ("exercises",)},
    "alliance": {MORE: ("technology",), FEWER: ("shells",)},
    "patronage": {
        MORE: ("Chinese food", "dependence on China"),
        FEWER: ("shells", "oil", "energy shortage", "dependence on Russia", "missile tests"),
    },
    "rail_bottleneck": {
        MORE: ("shell price", "energy shortage", "bound by the railway or port"),
        FEWER: ("shells", "oil", "technology", "practical", "symbolic", "summits"),
    },
    "rail_upgrade": {
        MORE: ("shells", "oil", "Russian food", "bound by credit", "dependence on Russia"),
        FEWER: ("shell price", "Chinese food", "bound by the railway or port"),
    },
    "max_pressure": {
        MORE: ("shells seized", "dependence on China", "energy shortage"),
        FEWER: ("shells", "technology", "practical", "dependence on Russia", "North Korea's money"),
    },
    "monitoring_ends": {MORE: ("shells",), FEWER: ("shells seized", "energy shortage")},
    "ceasefire": {
        FEWER: (
            *("shells at the end", "technology", "Russia's debt", "dependence on Russia"),
            *("practical", "practical index kept"),
        )
    },
    "trilateral_surge": {
        MORE: ("coordination", "exercises of the western three", "North Korea's threat", "missile tests")
    },
    "china_steps_in": {
        MORE: ("Chinese food", "dependence on China", "Russia's debt"),
        FEWER: ("energy shortage", "dependence on Russia", "oil", "summits"),
    },
    "red_line": {
        MORE: ("highest tier", "technology"),
    },
    "food_crisis": {
        MORE: (
            *("value of food", "Chinese food", "food from the world", "Russian food", "food shortage"),
            "visits to Beijing",
        ),
        FEWER: ("food reserve",),
    },
    "autonomy_first": {
        MORE: ("food from the world", "food shortage"),
        FEWER: ("exercises", "practical", "Chinese food", "oil"),
    },
    "iran_supplies": {
        MORE: ("Russian fire",),
        FEWER: ("shells", "shell price", "technology", "Russia's debt", "practical", "summits"),
    },
    "opening": {
        MORE: ("food from the world", "visits to Beijing"),
        FEWER: (
            *("North Korea's threat", "missile tests", *DEPENDENCE, "shells"),
            *("coordination", "practical"),
        ),
    },
    "all_closed": {
        MORE: ("energy shortage", "food shortage", "missile tests"),
        FEWER: ("shells", "technology", "practical", "symbolic", "summits"),
    },
    "rupture": {FEWER: (*("alignment of Seoul and Tokyo", "coordination", "exercises of the western three"),)},
    "bank_sanctions": {
        MORE: ("shells", "Russia's debt"),
        FEWER: ("output of Russian plants",),
    },
    "relief": {
        MORE: (
            *("shells", "oil", "technology", "dependence on Russia", "food from the world", "North Korea's money"),
            "visits to Beijing",
        ),
        FEWER: ("dependence on China",),
    },
    "cash": {
        MORE: ("shells", "shells in ten months", "shell price", "money that Russia pays"),
        FEWER: ("bound by credit", "Russia's debt", "technology", "oil", "summits"),
    },
    "port_lost": {
        MORE: ("bound by the railway or port",),
        FEWER: ("shells from December to March", "Russian food"),
    },
}
"""Scenario -> what its outcome says that there is more, and less, of than in what it extends."""
NAMES = ("article", "theories", *SAID)


@cache
def measured(name: str) -> dict[str, np.ndarray]:
    """All measures of a scenario, (world) each; the Dataset itself is let go."""
    ds = run(load(name, worlds=WORLDS, months=MONTHS, seed=SEED))
    return {what: np.asarray(measure(ds), dtype=float) for what, measure in MEASURES.items()}


def test_every_scenario_says_something_that_is_tested() -> None:
    assert set(shipped()) == set(NAMES)
    assert all(SAID.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_scenario_loads_and_explains_itself(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    for text in (scenario.title, scenario.question, scenario.look_for, scenario.outcome):
        assert text.strip()
    assert scenario.question.endswith("?")
    assert 10 <= len(shipped()[name].read_text(encoding="utf-8").splitlines()) <= 45
    assert all(event.why for event in scenario.events)
    assert scenario.files[0] == "article.toml"
    assert (scenario.start, scenario.months, scenario.worlds) == ("2023-09", 36, 200)


def test_titles_and_contents_differ() -> None:
    scenarios = [load(name) for name in NAMES]
    assert len({scenario.title for scenario in scenarios}) == len(NAMES)
    assert len({scenario.hash for scenario in scenarios}) == len(NAMES)


@pytest.mark.parametrize(
    ("name", "what", "sign"),
    [(name, what, sign) for name, said in SAID.items() for sign, whats in said.items() for what in whats],
)
def test_the_outcome_is_as_the_scenario_says(name: str, what: str, sign: int) -> None:
    """Worlds are paired by seed and design; the sign is clear of three standard errors, and the size of note."""
    parent = Path(load(name).files[-2]).stem
    difference = measured(name)[what] - measured(parent)[what]
    error = difference.std(ddof=1) / np.sqrt(WORLDS)
    mean = difference.mean()
    assert sign * mean > 3.0 * error, f"{mean:.4g} +- {error:.2g} against {parent}"
    assert sign * mean > LEAST * abs(measured(parent)[what].mean())


SHARES: dict[str, dict[str, tuple[str, float]]] = {
    "sea_route": {
        "Three fifths more Russian food": ("food delivered RUS to PRK", 3 / 5),
        "a sixth more oil": ("oil products delivered RUS to PRK", 1 / 6),
    },
    "alliance": {"a twentieth fewer shells": ("shells delivered", -1 / 20)},
    "as_it_happened": {"become a fifth more frequent": ("exercises of RUS and PRK", 1 / 5)},
    "bank_sanctions": {
        "make an eighth less": ("output of Russia's ammunition plants", -1 / 8),
        "a twentieth more shells": ("shells delivered", 1 / 20),
    },
    "cash": {
        "two fifths dearer": ("price of North Korea's shells", 2 / 5),
        "owes half as much": ("Russia's debt", -1 / 2),
        "a quarter less technology": ("technology received", -1 / 4),
        "An eighth less oil": ("oil products delivered RUS to PRK", -1 / 8),
    },
    "iran_supplies": {
        "A quarter fewer North Korean shells": ("shells delivered", -1 / 4),
        "Half as much is owed": ("Russia's debt", -1 / 2),
        "a third less technology": ("technology received", -1 / 3),
    },
    "max_pressure": {
        "An eighth fewer shells": ("shells delivered", -1 / 8),
        "twice as much is seized": ("shells seized", 1.0),
        "four times as much energy": ("energy that PRK lacks", 3.0),
    },
    "monitoring_ends": {"half as much energy": ("energy that PRK lacks", -1 / 2)},
    "opening": {"a ninth fewer shells": ("shells delivered", -1 / 9)},
    "patronage": {
        "seven times as much food comes from China": ("food delivered CHN to PRK", 6.0),
        "a quarter less Russian oil": ("oil products delivered RUS to PRK", -1 / 4),
        "a sixth fewer missiles": ("missile tests", -1 / 6),
    },
    "rail_bottleneck": {
        "half as many shells": ("shells delivered", -1 / 2),
        "half as much oil": ("oil products delivered RUS to PRK", -1 / 2),
        "a third less technology": ("technology received", -1 / 3),
    },
    "rail_upgrade": {
        "twice as much Russian food": ("food delivered RUS to PRK", 1.0),
        "a sixth more oil": ("oil products delivered RUS to PRK", 1 / 6),
        "rise by a tenth": ("shells delivered", 1 / 10),
    },
    "rupture": {
        "nearly half in the end": ("coordination of USA, KOR and JPN", -1 / 2),
        "half of the exercises of the western three": ("exercises of USA, KOR and JPN", -1 / 2),
    },
    "trilateral_surge": {"a fifth more coordination": ("coordination of USA, KOR and JPN", 1 / 5)},
}
"""Scenario -> what its outcome says of a size over the whole run: the outcome meant, and the change as a share."""
NEAR = 0.2
"""Share of such a size by which it may be off: it tells a third from a quarter, but not a fifth from a sixth."""


@pytest.mark.parametrize("name", SHARES)
def test_shares_that_an_outcome_tells_are_those_of_the_published_table(name: str) -> None:
    page = (ROOT / "docs/scenarios.md").read_text(encoding="utf-8")
    section = page.partition(f"\n## {name}: ")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("| ")]
    for said, (what, share) in SHARES[name].items():
        assert said in " ".join(load(name).outcome.split())
        _, before, after, _ = next(row for row in rows if row[0].startswith(what))
        was, now = (float(text.replace(",", "")) for text in (before, after))
        assert now / was - 1.0 == pytest.approx(share, rel=NEAR), f"{said}: {before}, then {after}"


@cache
def whole_run(name: str) -> xr.Dataset:
    """A scenario to its last month."""
    return run(load(name, worlds=WORLDS, seed=SEED), variables=("binding", "tier_released", "delivered"))


def test_in_the_article_tier_3_goes_in_half_of_the_worlds_and_tier_4_in_few() -> None:
    tier = whole_run("article")["tier_released"].values[-1]
    assert (tier >= 2).mean() > 0.6
    assert 0.35 < (tier >= 3).mean() < 0.65
    assert (tier >= 4).mean() < 0.2


def test_in_the_article_the_railway_binds_first_and_later_russia_asks_for_less() -> None:
    first, last = (whole_run("article").isel(month=slice(*months)) for months in ((0, 3), (-12, None)))
    assert bound(first, "capacity").mean() > 0.5
    assert bound(last, "capacity").mean() < bound(first, "capacity").mean() - 0.2
    assert bound(last, "demand").mean() > bound(first, "demand").mean() + 0.2


def test_with_every_route_closed_nothing_moves_and_talk_goes_on() -> None:
    closed = measured("all_closed")
    assert np.all(closed["all deliveries"] == 0.0)
    assert closed["symbolic"].mean() > 0.1
    assert closed["summits"].sum() > WORLDS  # more than the one that the scenario sets


@pytest.mark.parametrize(
    ("name", "what"),
    [
        *((name, "shells") for name in ("autonomy_first", "china_steps_in", "food_crisis", "trilateral_surge")),
        *((name, what) for name in ("rupture", "trilateral_surge") for what in ("oil", "technology", "practical")),
        *(("port_lost", what) for what in ("shells", "technology", "practical")),
        *(("rupture", "shells"), ("max_pressure", "oil"), ("monitoring_ends", "bound by credit")),
        *(("as_it_happened", what) for what in ("shells", "oil", "technology")),
        *(("ships_only", what) for what in ("output of Russian plants", "fire ratio", "Ukrainian fire")),
        *(("bank_sanctions", what) for what in ("Russian fire", "oil", "Russian energy for China")),
    ],
)
def test_what_goes_on_almost_as_before(name: str, what: str) -> None:
    before, after = measured(Path(load(name).files[-2]).stem)[what], measured(name)[what]
    assert abs((after - before).mean()) < 0.06 * before.mean()


def test_after_a_failed_harvest_rations_are_cut_at_once_and_eased_as_cargo_arrives() -> None:
    results = run(load("food_crisis", worlds=WORLDS, seed=SEED, months=MONTHS))
    food = results[["shortage", "requirement"]].sel(country="PRK", good="food")
    lacking = (food["shortage"] / food["requirement"]).mean("world").values
    september, winter, spring = lacking[12], lacking[15:18].mean(), lacking[18:21].mean()
    assert september > 1 / 4
    assert 0.05 < spring < winter < 0.15


def test_autonomy_forbids_nearly_all_exercises() -> None:
    assert measured("autonomy_first")["exercises"].mean() < 0.1 * measured("article")["exercises"].mean()


def test_the_line_is_crossed_in_most_worlds_by_the_end() -> None:
    assert (whole_run("red_line")["tier_released"].values[-1] >= 3).mean() > 0.5
    assert measured("red_line")["line crossed"].mean() > measured("article")["line crossed"].mean() + 0.2


def test_behind_the_red_line_seoul_arms_ukraine_which_costs_russia_some_of_its_lead() -> None:
    """Both are read off the 200 worlds that the scenario has: Seoul's arms, and the ratio of fire, paired."""
    ratio, armed = (
        [measure(run(load(name))) for name in ("article", "red_line")]
        for measure in (MEASURES["fire ratio"], MEASURES["arms from Seoul"])
    )
    assert (armed[1] > 0).mean() > (armed[0] > 0).mean() + 0.2
    lost = ratio[0] - ratio[1]
    assert lost.mean() > 3.0 * lost.std(ddof=1) / np.sqrt(lost.size)
    assert 0.01 < lost.mean() < 0.1, "a few hundredths"


def test_behind_the_red_line_the_highest_tier_is_given_in_a_good_many_worlds() -> None:
    assert (whole_run("red_line")["tier_released"].values[-1] >= 4).mean() > 0.15


def test_after_a_ceasefire_oil_goes_on() -> None:
    assert measured("ceasefire")["oil"].mean() > 0.85 * measured("article")["oil"].mean()


def test_gestures_outlive_need_in_a_ceasefire() -> None:
    peace = measured("ceasefire")
    difference = peace["symbolic index kept"] - peace["practical index kept"]
    assert difference.mean() > 3.0 * difference.std(ddof=1) / np.sqrt(WORLDS)


def test_a_ceasefire_ends_the_shells_though_not_at_once() -> None:
    """Contracts run out; two years after the guns fall silent next to nothing is left."""
    by_month = lane(whole_run("ceasefire"), "delivered", "PRK", "RUS", "ammunition").mean(axis=1)
    assert by_month[14] > 0.3 * by_month[11]
    assert by_month[-1] < 0.05 * by_month[11]
