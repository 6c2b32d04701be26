"""Rival theories: choices in scenario files, worlds that follow one each, and what each makes of the same world."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from sim.analysis.theories import by_outcome, choices_in, followers, share_between
from sim.experiment.design import points, quantile
from sim.experiment.run import run
from sim.model.exchange import bid, charged, commitment, taken
from sim.present.figures import draw
from sim.present.theory_words import theory_section
from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.idle import idle
from sim.scenario.names import AMMUNITION, RUS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.values import Parameters
from sim.studies.policy.analysis import least_by_theory
from sim.studies.sensitivity import design

EXCHANGE, THREAT = "structure.exchange", "structure.threat"
ALL = ["transaction", "alliance", "patronage"]
SHARES = st.floats(0.0, 1.0)


@cache
def ran(*settings: tuple[str, str | float], months: int, worlds: int) -> xr.Dataset:
    """sea_route under these theories."""
    return run(load("sea_route", worlds=worlds, months=months, set=dict(settings)))


@pytest.fixture(scope="module")
def rivals() -> xr.Dataset:
    """The scenario as shipped: its text speaks of all its worlds and months."""
    return run(load("theories"))


# ---- Settings that no world feels ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "felt", "silent"),
    [
        ("alliance.gift", (EXCHANGE, "alliance"), (EXCHANGE, "patronage")),
        ("CHN.patronage", (EXCHANGE, "patronage"), (EXCHANGE, "transaction")),
        ("threat.spiral", (THREAT, "both"), (THREAT, "deterrence")),
    ],
)
def test_a_setting_of_another_theory_is_told(key: str, felt: tuple[str, str], silent: tuple[str, str]) -> None:
    assert not idle(load("sea_route", set=dict([felt, (key, "0.4")])))
    (said,) = idle(load("sea_route", set=dict([silent, (key, "0.4")])))
    assert f"{key} (--set) without effect: {silent[0]} is {silent[1]}" in said


def test_a_pact_on_record_is_no_setting_of_a_theory() -> None:
    assert not idle(load("sea_route", set={"pairs.RUS-PRK.alliance": "1"}))
    assert not [remark for name in ("alliance", "patronage", "theories") for remark in idle(load(name))]


# ---- Choices in scenario files --------------------------------------------------------------------------------


def test_a_name_holds_in_all_worlds_and_a_list_is_drawn() -> None:
    one = load("article", set={EXCHANGE: "alliance"}).settings[EXCHANGE]
    assert (one.value, one.uncertain) == (1.0, False)
    several = load("article", set={EXCHANGE: ["patronage", "transaction"]}).settings[EXCHANGE]
    assert several.among == (0.0, 2.0)
    assert several.uncertain


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("allianse", "must be one of transaction, alliance, patronage"),
        (1, "must be one of"),
        (True, "must be one of"),
        ([], "the list is empty"),
        (["alliance", "alliance"], "names a choice twice"),
        (["alliance", "aliance"], "must be one of"),
        ([["alliance"]], "must be one of"),
        (["alliance"] * 1000, "names a choice twice"),
        ({"low": 0, "high": 2}, "must be one of"),
    ],
)
def test_what_is_no_choice_is_refused(raw: object, rule: str) -> None:
    with pytest.raises(ScenarioError, match=rule):
        load("article", set={EXCHANGE: raw})


def test_the_nearest_name_is_suggested() -> None:
    with pytest.raises(ScenarioError, match=r"did you mean alliance\?"):
        load("article", set={EXCHANGE: "allianse"})


def test_each_theory_is_drawn_about_as_often_and_scenarios_travel_whole() -> None:
    spec = load("theories")
    setting = spec.settings[EXCHANGE]
    drawn = quantile(setting, points(2023, EXCHANGE, 0, 2400))
    assert set(drawn) == {0.0, 1.0, 2.0}
    assert all(abs((drawn == number).mean() - 1.0 / 3.0) < 0.05 for number in setting.among)
    again = Scenario.from_dict(spec.to_dict())
    assert again.settings[EXCHANGE] == setting
    assert again.hash == spec.hash != load("sea_route").hash


def test_a_set_of_theories_is_part_of_the_hash() -> None:
    pairs = [["alliance", "patronage"], ["transaction", "patronage"], ALL]
    assert len({load("article", set={EXCHANGE: names}).hash for names in pairs}) == len(pairs)


# ---- What follows from each -----------------------------------------------------------------------------------


def test_where_no_world_follows_a_theory_its_parameters_move_nothing() -> None:
    own = [key for key in PARAMETERS if key.startswith(("alliance.", "patronage.")) or key.endswith(".patronage")]
    usual, odd = (
        run(load("sea_route", worlds=8, months=12, set=dict.fromkeys(own, value) if value else {}))
        for value in (None, 1.0)
    )
    for name in ("delivered", "price", "balance", "tests", "transfer", "gain"):
        np.testing.assert_array_equal(usual[name], odd[name])


def test_a_world_is_the_same_alone_and_among_worlds_of_other_theories() -> None:
    mixed = run(load("sea_route", worlds=8, months=12, set={EXCHANGE: ALL}))
    numbers = mixed["parameters"].sel(key=EXCHANGE).values.astype(int)
    assert len(set(numbers.tolist())) > 1
    for number, name in enumerate(ALL):
        pure = run(load("sea_route", worlds=8, months=12, set={EXCHANGE: name}))
        mine = numbers == number
        np.testing.assert_array_equal(mixed["delivered"].values[..., mine], pure["delivered"].values[..., mine])


def test_allies_without_gift_or_shared_security_and_entrapment_are_traders() -> None:
    nothing = (("alliance.security", 0.0), ("alliance.gift", 0.0), ("alliance.entrapment", 0.0))
    allies, traders = ran((EXCHANGE, "alliance"), *nothing, months=6, worlds=8), ran(months=6, worlds=8)
    np.testing.assert_array_equal(allies["delivered"], traders["delivered"])


def test_the_more_the_gift_the_less_is_owed() -> None:
    owed = [
        ran((EXCHANGE, "alliance"), ("alliance.gift", gift), months=12, worlds=16)["balance"]
        .sel(country="PRK", partner="RUS")
        .values.mean()
        for gift in (0.0, 0.3, 0.6)
    ]
    assert owed[0] > owed[1] > owed[2]


def test_entrapment_keeps_rounds_at_home() -> None:
    shells = [
        ran((EXCHANGE, "alliance"), ("alliance.entrapment", risk), months=12, worlds=16)["shells_delivered"]
        .values[-1]
        .mean()
        for risk in (0.0, 2.0)
    ]
    assert shells[0] > shells[1]


def test_who_wants_no_share_gives_no_aid_and_who_asks_nothing_holds_nothing_back() -> None:
    idle = (("RUS.patronage", 0.0), ("CHN.patronage", 0.0), ("patronage.condition", 0.0))
    patrons, traders = ran((EXCHANGE, "patronage"), *idle, months=6, worlds=8), ran(months=6, worlds=8)
    np.testing.assert_array_equal(patrons["delivered"], traders["delivered"])


def test_patrons_give_more_food_the_more_share_they_want() -> None:
    food = [
        ran((EXCHANGE, "patronage"), ("CHN.patronage", share), months=12, worlds=8)["delivered"]
        .sel(country="CHN", partner="PRK", good="food")
        .values.sum()
        for share in (0.0, 0.85, 1.0)
    ]
    assert food[0] < food[1] < food[2]


def test_theories_part_in_tests_and_chinese_food_and_hardly_in_trade_with_russia(rivals: xr.Dataset) -> None:
    ds, values = rivals, by_outcome(rivals)
    by_threat, by_exchange = followers(ds)[THREAT], followers(ds)[EXCHANGE]
    assert share_between(values["tests"], by_threat) > 0.3
    food = ds["delivered"].sel(country="CHN", partner="PRK", good="food").sum("month").values
    assert share_between(food, by_exchange) > 0.5
    assert all(share_between(values[name], by_exchange) < 0.1 for name in ("oil", "shells_delivered", "technology"))
    means = {name: values["tests"][mine].mean() for name, mine in by_threat.items()}
    assert means["deterrence"] < 0.6 * means["spiral"]


# ---- The rules themselves -------------------------------------------------------------------------------------


@given(SHARES, SHARES, SHARES, st.floats(-1.0, 1.0))
def test_commitment_is_a_share_none_to_enemies_and_whole_by_treaty(
    p: float, one: float, other: float, a: float
) -> None:
    threat = np.array([[one], [other]])
    alignment, pledge = np.full((2, 2, 1), a), np.full((2, 2, 1), p)
    found = commitment(alignment, pledge, threat)[0, 1, 0]
    assert 0.0 <= found <= 1.0
    assert found == pytest.approx(max(a, 0.0) * (p + (1.0 - p) * one * other))
    assert commitment(alignment, np.ones_like(pledge), threat)[0, 1, 0] == max(a, 0.0)


def test_only_rounds_for_an_ally_at_war_guard_the_giver_and_only_rounds_are_gifts() -> None:
    """ω k m w = 0.5 · 0.5 · 0.8 · 0.9 = 0.18; a gift of 0.4 · 0.5 = 0.2."""
    keys = {"alliance.security": 0.5, "alliance.gift": 0.4, "war.intensity": 0.8}
    p = Parameters({key: np.array([value]) for key, value in keys.items()})
    committed, works = np.full((6, 6, 1), 0.5), np.full((6, 6, 3, 1), 0.9)
    lost, asked = taken(p, committed, works), charged(p, committed, works)
    assert lost[:, RUS, AMMUNITION] == pytest.approx(0.82)
    assert (np.delete(lost, RUS, axis=1) == 1.0).all()
    assert asked[:, :, AMMUNITION] == pytest.approx(0.8)
    assert (np.delete(lost, AMMUNITION, axis=2) == 1.0).all()
    assert (np.delete(asked, AMMUNITION, axis=2) == 1.0).all()


def test_allies_do_not_swap_rounds() -> None:
    ordered = ran((EXCHANGE, "alliance"), months=12, worlds=16)["ordered"].sel(good="ammunition")
    there, back = (ordered.sel(country=a, partner=b).values > 0.0 for a, b in (("USA", "KOR"), ("KOR", "USA")))
    assert (there & back).mean() < 0.05


@given(SHARES, SHARES, SHARES, st.floats(0.0, 1e4))
def test_a_bid_fills_the_gap_and_never_takes(wanted: float, share: float, restraint: float, aid: float) -> None:
    found = float(bid(*map(np.array, (wanted, share, restraint, aid))))
    assert found == pytest.approx(aid * max(wanted - share - restraint, 0.0))


# ---- What users see -------------------------------------------------------------------------------------------


def test_the_share_between_groups_is_one_where_they_say_all_and_nothing_where_they_say_nothing() -> None:
    groups = {"a": np.arange(60) % 3 == 0, "b": np.arange(60) % 3 == 1, "c": np.arange(60) % 3 == 2}
    noise = np.random.default_rng(2023).normal(size=60)
    apart = sum(k * mine for k, mine in enumerate(groups.values())) + 0.0
    assert share_between(apart, groups) == 1.0
    assert share_between(noise, groups) < 0.1
    assert 0.5 < share_between(apart + 0.5 * noise, groups) < 0.9
    assert np.isnan(share_between(np.ones(60), groups))
    assert np.isnan(share_between(noise[:2], {"a": np.array([True, False]), "b": np.array([False, True])}))


def test_a_summary_shows_the_theories_only_where_worlds_differ(rivals: xr.Dataset) -> None:
    told = theory_section(rivals, "theories")
    assert all(name in told for name in (*ALL, "spiral", "deterrence"))
    assert "`sim sensitivity theories --outcome" in told
    assert "`sim sensitivity mine.toml+war.intensity=0.5 --outcome" in theory_section(rivals, "mine+war.intensity=0.5")
    assert theory_section(ran(months=6, worlds=8), "sea_route") == ""
    assert len(draw(rivals, "theories").axes) == 6


def test_sensitivity_takes_theories_as_one_factor() -> None:
    spec = load("theories")
    assert choices_in(spec) == [EXCHANGE, THREAT]
    assert choices_in(load("sea_route")) == []
    plan = design.exchanges([design.THEORY, design.CHANCE, design.CONTROL], 8, 2023, pairs=False)
    values = design.run_design(
        replace(spec, months=6), plan, lambda ds: {"theory": ds["parameters"].sel(key=THREAT).values}
    )["theory"]
    moved = [(values[:, 0] != values[:, row]).any() for row in range(1, values.shape[1])]
    assert moved[0]
    assert not moved[1]
    assert not moved[2]


def test_the_best_policy_is_found_under_each_theory() -> None:
    regret = np.array([[0.0, 0.0, 3.0, 3.5], [1.0, 1.5, 0.0, 0.0]])
    found = least_by_theory(EXCHANGE, regret, np.array([0.0, 0.0, 1.0, 1.0]))
    assert [(one.number, one.policy) for one in found] == [(0, 0), (1, 1)]
    assert [one.ahead for one in found] == [1.25, 3.25]
