"""Explanations: every ledger gives the number that it explains, and words and worlds are what they say."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import xarray as xr
from small_worlds import theories

import sim
from docs.generate import explain as page
from sim.analysis.ledger import LEAST, PRODUCT, SUM, Explanation, Ledger, LedgerError, Part, Table
from sim.analysis.typical import nearest_median
from sim.experiment.batch import OPENED
from sim.experiment.run import run
from sim.experiment.witness import witness
from sim.present.decisions import decisions
from sim.present.words import plain_number
from sim.results.witness import Witness
from sim.scenario import Scenario, ScenarioError
from sim.scenario.names import BINDING, GOODS, ROUTES, TIERS
from sim.scenario.options import GROUPS
from sim.studies.explain import acts, aid, elsewhere, shortage, tables, technology, words
from sim.studies.explain.acts import Act
from sim.studies.explain.asks import AskError, read_ask
from sim.studies.explain.command import Request, checked
from sim.studies.explain.counterfactual import Counterfactual, Lever, Turn, compared, search
from sim.studies.explain.counterfactual import sentences as turning
from sim.studies.explain.design import Found, counterfactual, explain, later_events, turn_of
from sim.studies.explain.flows import sentences
from sim.studies.explain.lane import Flow
from sim.studies.explain.places import PlaceError, read_place
from sim.studies.explain.railway import Route
from sim.studies.explain.shortage import Store, obstacle
from sim.studies.explain.technology import Tier

pytestmark = pytest.mark.usefixtures("short_rest")

MONTHS = 4
LANES = [("PRK", "RUS"), ("RUS", "PRK"), ("CHN", "PRK"), ("RUS", "CHN"), ("USA", "JPN"), ("CHN", "RUS")]


def cases() -> list[tuple[Scenario, int]]:
    return [
        (sim.load("sea_route", set=["accounts.credit_line=60"], months=MONTHS, worlds=8), 3),  # credit is short
        (theories(months=MONTHS), 1),  # patronage
        (theories(months=MONTHS), 5),  # alliance
    ]


@pytest.fixture(scope="module")
def seen() -> list[Witness]:
    return [witness(scenario, world) for scenario, world in cases()]


def ledgers(w: Witness, month: int) -> Iterator[Ledger]:
    for pair in LANES:
        for good in GOODS:
            flow = Flow(w, (*pair, good))
            yield from (flow.shipped(month), flow.ordered(month), flow.wished(month), flow.delivered(month))
            yield flow.gain(month)
    for tier in TIERS:
        one = Tier(w, "RUS", "PRK", tier)
        yield from (one.left(month), one.guard(month), one.worth(month), one.means(month))
    for rows in GROUPS[::7]:
        yield from (Act(w, rows).ledger(row, month) for row in rows)
    for country, good in (("PRK", "food"), ("PRK", "energy"), ("RUS", "ammunition"), ("JPN", "energy")):
        yield from (Store(w, country, good).shortage(month), Store(w, country, good).balance(month))
    for route in ROUTES:
        yield from (Route(w, route).capacity(month), Route(w, route).cargo(month))
    yield from (aid.Gifts(w).ledger(month, good) for good in aid.GIVEN)


def test_every_ledger_gives_its_number_in_all_months(seen: list[Witness]) -> None:
    """Parts add up, multiply, or the least of them is the number, to rounding."""
    made = [ledger.checked() for w in seen for month in range(MONTHS) for ledger in ledgers(w, month)]
    assert {ledger.rule for ledger in made} == {SUM, PRODUCT, LEAST}


def test_a_ledger_that_does_not_add_up_is_refused() -> None:
    with pytest.raises(LedgerError, match="the parts give"):
        Ledger("n", "1", 3.0, SUM, (Part("a", 1.0), Part("b", 1.9))).checked()
    assert Ledger("n", "1", 1.0, LEAST, (Part("a", 1.0), Part("b", np.inf))).checked().in_order[1].name == "b"


def test_watching_changes_no_bit(seen: list[Witness]) -> None:
    scenario, world = cases()[1]
    assert run(replace(scenario, worlds=1), first=world, variables=OPENED).identical(seen[1].ds)


def test_the_limit_that_binds_is_the_one_that_the_model_records(seen: list[Witness]) -> None:
    """Where the code names a limit of new agreements, that limit is the least; credit where it cuts an order."""
    release = {"stock", "production", "handling"}
    found = set()
    for w in seen:
        for pair in LANES:
            for good in GOODS:
                flow = Flow(w, (*pair, good))
                for month in range(MONTHS):
                    code = BINDING[int(flow.at(month, "bargain.binding"))]
                    wished, ordered = flow.wished(month), flow.ordered(month)
                    least = wished.in_order[0].value
                    if code in release:
                        assert wished.part("release") == pytest.approx(least)
                    elif code in ("demand", "capacity"):
                        assert wished.part(code) == pytest.approx(least)
                    elif code == "credit":
                        assert ordered.in_order[0].name == "credit"
                    found.add(code)
    assert {"none", "demand", "capacity", "credit"} <= found


def test_the_un_cap_on_oil_has_no_next_limit_of_the_wish_that_it_cut(seen: list[Witness]) -> None:
    """Russia's store would allow a hundred times as much."""
    flow = Flow(seen[0], ("RUS", "PRK", "energy"))
    month = next(month for month in range(MONTHS) if flow.code(month) == "norm")
    told = " ".join(sentences(flow, month))
    assert "What bound was the UN cap on oil" in told
    assert "The next limit" not in told
    assert [part.words for part in flow.wished(month).in_order][:2] == [
        "the UN cap on oil, which Russia had not yet decided to break",
        "what North Korea wanted at the price, beyond what it had on order",
    ]


class Asked(Witness):
    """A month in which Russia can release 100 of fuel and Japan asks for 10 of it."""

    def __init__(self, by_others: float) -> None:
        asked = np.zeros((6, 6, 3))
        asked[0, 4, 2], asked[0, 5, 2] = 10.0, by_others
        there = np.full((6, 3), 100.0)
        bound = np.full((6, 3), BINDING.index("stock"))
        inner = {"bargain.wanted": asked, "bargain.available": there, "bargain.release_bound": bound}
        super().__init__(0, xr.Dataset(), (inner,), ())


@pytest.mark.parametrize(
    ("by_others", "allowed", "said"),
    [
        (0.0, 100.0, "what Russia could spare of its store"),
        (30.0, 70.0, "what Russia could spare of its store, less what others asked for"),
        (90.0, 10.0, "what Russia could spare of its store, less what others asked for"),
        (190.0, 5.0, "the share of Japan in what Russia could spare of its store"),
    ],
)
def test_a_store_allows_a_buyer_what_others_leave_and_its_share_where_all_ask_too_much(
    by_others: float, allowed: float, said: str
) -> None:
    """Japan asks for 10 of 100: 70 are there beside 30 of others; beside 190, a half of what each asks for."""
    part = Flow(Asked(by_others), ("RUS", "JPN", "energy"))._release(0, "bargain.wanted", "bargain.available")
    assert part.value == pytest.approx(allowed)
    assert part.words == said


def test_a_pair_that_trades_a_share_of_what_would_pay_it_is_said_to(seen: list[Witness]) -> None:
    """China and North Korea, 0.3; Russia and North Korea trade all, so nothing is said of them."""
    found = "Of what would pay them the two trade only 30 % (`pairs.PRK-CHN.openness`)."
    lanes = [Flow(seen[0], (seller, "PRK", "food")) for seller in ("CHN", "RUS")]
    told = [{sentence for month in range(MONTHS) for sentence in sentences(flow, month)} for flow in lanes]
    assert found in told[0]
    assert not any("would pay them" in sentence for sentence in told[1])
    fuel = Flow(seen[1], ("RUS", "JPN", "energy"))
    assert obstacle(fuel, 0) == f"{fuel.words('demand')} (of what would pay them the two trade only 5 %)"


def test_terms_chance_and_outcome_are_those_recorded(seen: list[Witness]) -> None:
    w = seen[0]
    act = Act(w, read_ask("summit prk-rus").rows)
    for row, actor in zip(act.rows, act.actors, strict=True):
        assert actor in ("RUS", "PRK")
        recorded = w.ds["terms"].isel(option=row, world=0).transpose("month", "term").values.sum(axis=1)
        np.testing.assert_allclose([act.ledger(row, month).value for month in range(MONTHS)], recorded, atol=1e-5)
    np.testing.assert_array_equal(act.happened, w.ds["outcome"].isel(option=act.rows[0], world=0).values > 0)


@pytest.mark.parametrize(
    "question", ["technology", "shells", "oil", "food", "rus.shells", "aid", "summit RUS PRK", "veto", "lethal_aid"]
)
def test_every_kind_of_question_is_answered_in_words(seen: list[Witness], question: str) -> None:
    scenario = cases()[0][0]
    made = explain(scenario, read_ask(question), Found(seen[0], "as asked for"))
    assert made.question.endswith("?")
    assert len(made.sentences) >= 2
    told = str(made)
    assert "nan" not in told
    assert not {"RUS", "PRK", "CHN"} & set(told.replace(",", " ").split()), "countries are written out"
    assert all(sentence[0].isupper() and sentence.endswith(".") for sentence in made.sentences)


def test_a_cost_that_speaks_for_an_act_is_not_called_one(seen: list[Witness]) -> None:
    parts = (part for rows in GROUPS for row in rows for part in Act(seen[0], rows).ledger(row, 0).parts)
    costs = [part for part in parts if part.name == "cost"]
    assert {part.words for part in costs if part.value > 0.0} == {"how little it costs"}
    assert all(part.words.startswith("its cost") for part in costs if part.value < 0.0)


def test_the_question_about_a_flow_does_not_presume_that_it_rose(seen: list[Witness]) -> None:
    """The month in which most changes is often one in which hardly anything went; the page asks in the same words."""
    made = explain(cases()[0][0], read_ask("shells"), Found(seen[0], "as asked for"))
    assert made.question == "What held shells from North Korea for Russia back?"


class Waiting(Flow):
    """A lane on which nothing is worth ordering, and five thousand tonnes of what waited found no room."""

    def code(self, month: int) -> str:
        return "none"

    def gain(self, month: int) -> Ledger:
        return Ledger("gain", "MUSD/kt", -1.0, SUM, (Part("value", 1.0), Part("own value", -2.0)))

    def shipped(self, month: int) -> Ledger:
        parts = Part("waiting", 8.0), Part("gifts", 0.0), Part("ordered", 0.0), Part("no room", -5.0)
        return Ledger("shipped", "kt/month", 3.0, SUM, parts)


def test_older_cargo_without_room_is_told_where_nothing_new_is_worth_ordering(seen: list[Witness]) -> None:
    flow = Waiting(seen[0], ("RUS", "PRK", "food"))
    older = "that nothing new was worth ordering, while what was ordered or given before waited for room"
    assert flow.bound_words(0) == older
    told = "5 thousand tonnes found no room and waited; none of it was ordered in this month. What kept the two from"
    assert sentences(flow, 0)[1].startswith(told)


def test_months_of_an_embargo_are_not_told_as_months_without_a_route(seen: list[Witness]) -> None:
    told = sentences(Flow(seen[0], ("JPN", "RUS", "ammunition")), 0)
    assert "an embargo forbids this trade" in " ".join(told)
    assert told[-1].endswith(f"of this world: an embargo or no open route in {MONTHS}.")


@pytest.mark.parametrize(
    ("made", "said"), [(0.0, "6 thousand tonnes, none of it made in that month"), (2.0, "of which 2 thousand tonnes")]
)
def test_a_shortage_says_what_was_made_in_its_month(made: float, said: str) -> None:
    parts = {"required": 10.0, "kept": 0.0, "in store": made - 6.0, "made": -made}
    ledger = SimpleNamespace(value=4.0, part=parts.__getitem__)
    watched = SimpleNamespace(months=["2024-08"])
    store: Any = SimpleNamespace(w=watched, country="PRK", good="food", shortage=lambda month: ledger)
    assert said in shortage.lacked(store, 0)


def test_no_price_is_told_where_sanctions_and_embargo_cost_more_than_a_point_is_worth(seen: list[Witness]) -> None:
    """It would be below nothing: tiers of China and of Russia for North Korea, some of them so dear, some not."""
    found = set()
    for tier in (Tier(w, giver, "PRK", tier) for w in seen for giver in ("CHN", "RUS") for tier in TIERS):
        left, told = tier.left(0), " ".join(technology.sentences(tier, 0))
        assert "In no month" not in told, "none is said in words"
        is_dear = left.part("value") + left.part("sanctions") + left.part("norm") <= 0.0 < left.part("value")
        found.add((is_dear, "alone were as much as a point was worth" in told, "would have cost" in told))
    assert {one for one in found if one[0] or one[1]} == {(True, True, False)}
    assert (False, False, True) in found


def test_what_is_told_of_the_means_to_pay_adds_up(seen: list[Witness]) -> None:
    """Every part of half a million dollars or more is named, and the others are less than that."""
    parts = set()
    for w in seen:
        for giver, tier, month in product(("CHN", "RUS"), TIERS, range(len(w.months))):
            one = Tier(w, giver, "PRK", tier)
            means, told = one.means(month), [text for text in technology.sentences(one, month) if "could pay" in text]
            if told and means.value > 0.0:
                named = {part.name: words.money(abs(part.value)) for part in means.parts if abs(part.value) > 0.5}
                assert all(much in told[0] for much in named.values())
                parts |= named.keys()
    assert {"debt", "goods"} <= parts


def test_the_world_nearest_the_median_path() -> None:
    paths = np.array([[0.0, 1.0, 2.0, 3.0, 40.0], [0.0, 9.0, 2.0, 3.0, 4.0]])
    assert nearest_median(paths, np.ones(5, dtype=bool)) == 2
    assert nearest_median(paths, np.array([True, False, False, False, False])) == 0
    assert nearest_median(np.zeros((3, 4)), np.array([False, True, True, True])) == 1


def test_worlds_by_description() -> None:
    paths, shells = np.arange(8.0).reshape(1, 8), {"shells_delivered": np.array([3.0, 1, 2, 5, 4, 9, 7, 8])}
    assert read_place("lowest shells").find(paths, shells, "path")[0] == 1
    assert read_place("highest shells_delivered").find(paths, shells, "path")[0] == 5
    assert read_place("shells_delivered > 6").find(paths, shells, "path")[0] == 6
    only = read_place("shells_delivered > 8").find(paths, shells, "path")
    assert only == (5, "the only one of 8 worlds with shells_delivered > 8")
    assert read_place("tier 3 passed").measures.keys() == {"tier3"}
    assert read_place("aid in 2024-04").act is not None
    with pytest.raises(PlaceError, match=r"no world of 8 meets.*runs from 1 to 9"):
        read_place("shells_delivered > 99").find(paths, shells, "path")
    for wrong, rule in (("-3", "numbered from 0"), ("best", "unknown outcome"), ("lowest shels", "unknown outcome")):
        with pytest.raises(PlaceError, match=rule):
            read_place(wrong)


def test_wrong_questions_name_the_nearest() -> None:
    for wrong, rule in (
        ("tecnology", "did you mean technology"),
        ("summit RUS RUSS", "RUSS is no country"),
        ("trilateral_exercise RUS USA", "there is no trilateral exercise"),
        ("summit KOR", "there is one of RUS KOR, PRK KOR, USA KOR, KOR JPN, KOR CHN and 10 more"),
        ("prk.technology", "write FROM_TO.GOOD"),
        ("", "is empty"),
        ("chn_prk.fod", r"did you mean chn_prk\.food\?"),
        ("rus.shels", r"did you mean rus\.shells\?"),
    ):
        with pytest.raises(AskError, match=rule):
            read_ask(wrong)


def test_all_problems_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        checked("sea_route", Request("shels", "best", "2031-01", 9), {})
    text = str(caught.value)
    assert all(part in text for part in ("--ask", "--world", "--month", "--tier", "did you mean shells", "2023-09"))


def test_chances_in_words() -> None:
    assert words.odds(1 / 6) == "about one in six"
    assert words.odds(0.0) == "impossible"
    assert words.odds(0.012) == "about one in 83"
    assert words.odds(0.97) == "about 97 in 100"
    assert [words.beside(chance) for chance in (0.25, 0.97, 1.0)] == [", about one in four", "", ", certain"]
    assert "luck" in words.luck(happened=True, chance=0.1)
    assert "expected" in words.luck(happened=False, chance=0.1)


def test_odds_in_words_are_near_the_chance() -> None:
    """Words read back as a fraction are at most 3.4 points away (70 % is not two in three), below 9.5 % a twentieth."""
    for chance in np.linspace(0.001, 0.994, 600).tolist():
        part, whole = words.odds(chance).removeprefix("about ").replace(",", "").split(" in ")
        names = [words.say(f"number.{k}") for k in range(11)]
        told, of = (names.index(one) if one in names else int(one) for one in (part, whole))
        assert told / of == pytest.approx(chance, abs=0.034 if chance >= 0.095 else 0.05 * chance, rel=0.0), chance
    assert (words.odds(0.996), words.odds(0.7)) == ("almost certain", "about seven in ten")


def test_what_is_left_of_rounding_is_shown_as_nothing() -> None:
    one = Ledger("n", "kt", 10.0, SUM, (Part("a", 10.0000049), Part("b", -4.9e-06), Part("c", -0.0)))
    assert [one.shown(part.value) for part in one.parts] == [10.0000049, 0.0, 0.0]
    assert [name for name, *_ in tables.rows(one)] == ["a"]
    assert plain_number(3e-6) == "0.000003"
    assert tables.heading(replace(one, value=-10.0)) == "n: \u221210 kt (the parts add up)"
    assert Ledger("n", "1", 2e-7, PRODUCT, (Part("a", 0.2), Part("b", 1e-6))).shown(1e-6) == 1e-6, "a factor is no part"


def test_equal_worlds_are_not_told_as_near_the_median() -> None:
    paths = np.array([[0.0, 0.0, 0.0, 5.0], [0.0, 0.0, 0.0, 9.0]])
    median = read_place("median")
    assert "the first of 3 worlds, which are all equal" in median.find(paths[:, :3], {}, "load carried so far")[1]
    assert "the first of 3 equal ones nearest the median path" in median.find(paths, {}, "load")[1]
    lowest = read_place("lowest shells").find(paths, {"shells_delivered": np.array([4.0, 4.0, 7.0, 8.0])}, "path")
    assert lowest[1].startswith("the first of 2 worlds with the lowest")


def test_a_route_that_is_shut_is_held_against_the_same_world_with_it_open() -> None:
    scenario = sim.load("article", months=2, worlds=8)
    told = explain(scenario, read_ask("port"), Found(witness(scenario, 3), "as asked for"))
    assert "shut in all two months" in told.sentences[0]
    assert "open from the first month on" in told.sentences[-1]
    assert not any("more room would have been worth nothing" in sentence for sentence in told.sentences)


def test_an_act_that_is_never_open_is_asked_for_in_the_last_month() -> None:
    seen = witness(sim.load("article", set={"acts.lethal_aid.points": 100}, worlds=1, months=3), 0)
    month, why = acts.month_of(Act(seen, read_ask("lethal_aid").rows))
    assert (month, why) == (2, "the last month; in none could it take place")
    likely = Act(seen, read_ask("summit USA CHN").rows)
    assert likely.chance.any(), "the control"
    assert "in none could it" not in acts.month_of(likely)[1]


def test_how_often_an_act_takes_place_and_the_command_that_asks_about_it() -> None:
    took = elsewhere.happened(np.array([[0, 0, 1, 0], [0, 1, 1, 0], [1, 2, 1, 0.0]]))
    months = ["2024-03", "2024-04", "2024-05"]
    np.testing.assert_array_equal(took.sum(axis=1), [1, 1, 2])
    (told,) = elsewhere.sentences(took, months, None, "sim explain sea_route", "aid")
    assert "in 3 of 4 worlds" in told
    assert "`sim explain sea_route --ask aid --world 'aid in 2024-05'`" in told
    (told,) = elsewhere.sentences(took, months, (1, False), "", "summit RUS PRK")
    assert "In April 2024 it did so in 1 of 4" in told
    assert 'world="summit RUS PRK in 2024-04"' in told
    assert read_place("summit RUS PRK in 2024-04").act is not None, "what is offered can be asked"
    (told,) = elsewhere.sentences(took * [[0], [1], [1]], months, (0, False), "", "aid")
    assert f"In {words.month_name(months[0])} it did so in none of them." in told
    (told,) = elsewhere.sentences(np.ones_like(took), months, (0, False), "", "aid")
    assert "in all 4 worlds; in an average month in 100 % of them" in told
    assert f"In {words.month_name(months[0])} it did so in all of them." in told
    assert "To ask" not in elsewhere.sentences(took, months, (1, True), "sim explain a", "aid")[0]
    answer = elsewhere.sentences(took, months, None, "sim explain a", "aid", 2)[0]
    assert "To ask" not in answer, "such a world is the one shown"
    assert elsewhere.sentences(took[:, 3:], months, None, "", "aid") == []


def test_a_lever_that_turns_against_the_odds_is_told_as_luck() -> None:
    lever = replace(toy(lambda dose: dose > 50.0), odds=(0.30, 0.20))
    no = Counterfactual(Turn("it rains", lambda ds: np.array([False])), holds=False, levers=(lever,))
    assert "less likely (20 % instead of 30 %" in turning(no)[1]
    assert "luck that turned it, not the lever" in turning(no)[1]
    assert "luck" not in turning(replace(no, holds=True))[1]
    assert "what turned it was luck" in turning(replace(no, levers=(replace(lever, odds=(0.300, 0.301)),)))[1]
    here = np.array([0.5, 0.5, 0.5]), np.array([False, False, False])
    there = np.array([0.2, 0.2, 0.0]), np.array([False, True, False])
    assert compared(here, there) == pytest.approx((0.75, 0.36)), "over the months until it came in one of them"


def test_the_page_is_made_by_its_generator(monkeypatch: pytest.MonkeyPatch, seen: list[Witness]) -> None:
    """The three worked questions run, and every part of the template is filled."""
    scenario = cases()[0][0]
    monkeypatch.setattr(sim, "load", lambda *_, **__: scenario)
    monkeypatch.setattr(
        sim,
        "explain",
        lambda spec, ask, tier=None, **_: explain(spec, read_ask(ask), Found(seen[0], "as asked for"), 2, tier),
    )
    made = page.page(worlds=8)
    assert "{{" not in made
    assert "sim explain sea_route --ask technology --tier 3 --world 'tier 3 kept back' --counterfactual" in made
    assert made.count("(the parts add up)") >= 2


def test_what_the_scenario_sets_turns_with_its_event(seen: list[Witness]) -> None:
    ask, found = read_ask("summit RUS PRK"), Found(seen[0], "")
    for month, is_set in ((0, True), (1, False)):
        turn = turn_of(ask, found, month, None)
        assert turn
        (told,) = turning(Counterfactual(turn, holds=True, levers=(toy(lambda dose: dose > 900.0),)))
        assert told.endswith("only to leave that event out could turn it.") == is_set


def toy(rule: Callable[[np.ndarray], np.ndarray], key: str = "routes.khasan.capacity", own: float = 40.0) -> Lever:
    """A lever from 0 to 100 whose outcome follows a rule of its dose alone."""
    low, high = (0.0, 1.0) if key.endswith("open") else (0.0, 100.0)
    (found,) = search([Lever(key, "", low, high, own)], lambda given, _: rule(given[key]))
    return found


def test_the_nearest_dose_is_found_to_a_thousandth_of_the_range() -> None:
    up, down = toy(lambda dose: dose >= 71.3), toy(lambda dose: dose < 12.9)
    assert up.nearest == pytest.approx(71.3, abs=0.1)
    assert up.nearest >= 71.3, "a dose that turns, not the last that does not"
    assert down.nearest == pytest.approx(12.9, abs=0.1)
    assert up.moved == pytest.approx(0.313, abs=1e-3)
    assert not up.back_again


def test_an_outcome_that_turns_back_and_one_that_never_turns() -> None:
    island = toy(lambda dose: (dose > 50.0) & (dose < 75.0))
    assert island.nearest == pytest.approx(50.0, abs=0.1)
    assert island.back_again
    both = toy(lambda dose: (dose < 30.0) | (dose > 48.0))
    assert both.nearest == pytest.approx(48.0, abs=0.1), "the nearer of two sides"
    never = toy(lambda dose: np.zeros(len(dose), dtype=bool))
    assert never.nearest is None
    assert never.moved == np.inf
    switch = toy(lambda dose: dose > 0.5, "routes.rajin.open", 0.0)
    assert (switch.doses, switch.nearest, switch.moved) == ((0.0, 1.0), 1.0, 1.0)


def test_levers_are_ranked_by_the_share_of_their_range() -> None:
    levers = (toy(lambda dose: dose > 90.0), toy(lambda dose: dose > 50.0), toy(lambda dose: dose > 900.0))
    found = Counterfactual(Turn("it rains", lambda ds: np.array([True])), holds=True, levers=levers)
    assert [lever.moved for lever in found.ranked] == sorted(lever.moved for lever in levers)
    told = turning(found)
    assert told[0].startswith("It rains: yes in this world.")
    assert "from 40 thousand tonnes a month to 50" in told[1]
    assert "one lever: routes.khasan.capacity" in told[-1]
    none = turning(Counterfactual(found.turn, holds=True, levers=levers[2:]))
    assert "Nothing in range turns it" in none[0]


def test_all_else_and_chance_are_those_of_the_world(seen: list[Witness]) -> None:
    """At the world's own value every bit is as it was, to the last month; only the lever moves it."""
    scenario, _ = cases()[1]
    here = Found(seen[1], "as asked for")
    mine = here.seen.ds["threat"].isel(world=0).values

    def moved(ds: xr.Dataset) -> np.ndarray:
        return (ds["threat"].transpose("world", "month", "country").values != mine).any(axis=(1, 2))

    turn = Turn("threat moves", moved, frozenset({"threat"}))
    (lever,) = counterfactual(scenario, here, turn, {"routes.rajin.open": ("", 0.0, 1.0)}).levers
    assert (lever.own, lever.turned) == (1.0, (True, False))


def test_wrong_levers_and_conditions_are_named_together() -> None:
    levers = ["routes.kasan.capacity", "RUS.norm=2:1", "structure.exchange", "RUS.norm"]
    with pytest.raises(ScenarioError) as caught:
        checked("sea_route", Request("shells", turn="shells_delivered > p50", levers=levers), {})
    text = str(caught.value)
    rules = ("routes.khasan.capacity", "LOW must be less than HIGH", "is a choice", "a percentile needs many worlds")
    assert all(rule in text for rule in rules)
    with pytest.raises(ScenarioError, match=r"--world: coordination@2031-01: the run covers 2023-09"):
        checked("sea_route", Request("shells", world="coordination@2031-01 > 0"), {})
    with pytest.raises(ScenarioError, match="say what to turn of shells"):
        checked("sea_route", Request("shells", counterfactual=True), {})
    assert checked("sea_route", Request("shells", turn="technology > 20 and not tier3 >= 1"), {}).turning


def test_an_act_that_a_world_drew_is_no_decision_of_the_model() -> None:
    """Where the scenario sets an act by chance, worlds that drew it say so, and not that the chance was 100 %."""
    drawn = {"month": "2023-10", "act": "summit", "actors": ["RUS", "PRK"], "probability": 0.5, "name": "perhaps"}
    ds = sim.run(sim.load("article", worlds=8, months=2, events=[drawn]))
    head, *rows = decisions(ds, range(8), ["summit"], ["RUS"])
    at = {name: place for place, name in enumerate(head)}
    mine = [row for row in rows if row[at["month"]] == "2023-10" and row[at["probability"]] == 1.0]
    assert 0 < len(mine) < 8
    assert {row[at["reason"]] for row in mine} == {"set by the scenario in this world, which drew it"}


def test_much_money_is_told_in_billions_and_hardly_any_chance_without_a_number() -> None:
    assert words.money(3_145_810.0) == "3,146 billion dollars"
    assert words.money(9_000.0) == "9,000 million dollars"
    assert words.odds(1e-12) == "less than one in a million"
    assert words.odds(2e-6) == "about one in 500,000"


@pytest.mark.parametrize(
    ("told", "read"),
    [
        *(("\N{MINUS SIGN}7.33", "-7.33"), ("1,977.6", "1977.6"), ("+0.4", "0.4"), ("65 %", "0.65"), ("<1 %", "0.005")),
        *((">99 %", "0.995"), ("2023-09", "2023-09"), ("0 to 1", "0 to 1"), ("", ""), ("capacity", "capacity")),
    ],
)
def test_a_cell_for_readers_is_a_number_in_files_of_data(told: str, read: str) -> None:
    made = Explanation("", "", (), (), (Table("a", ("b",), ((told,),)),))
    assert list(tables.table_rows(made, 0)) == [("b",), (read,)]


CHANGE = 'title = "Mine"\nquestion = "What?"\nextends = "sea_route"\n'


def test_a_month_before_what_the_scenario_changes_is_told_with_the_option_for_another(tmp_path: Path) -> None:
    """The month is chosen by its own rule; changes of the scenario that is extended are not counted."""
    file = tmp_path / "mine.toml"
    file.write_text(f'{CHANGE}[[events]]\nmonth = "2023-12"\nkey = "war.intensity"\nvalue = 0\nwhy = "a test"\n')
    scenario = sim.load(file, months=MONTHS, worlds=4)
    whole = "What the scenario changes of the one that it extends comes later, from December 2023 on: "
    assert later_events(scenario, 1) == f"{whole}`--month 2023-12` asks about that month."
    assert later_events(scenario, 3) == ""
    made = explain(scenario, read_ask("shells"), Found(witness(scenario, 0), "as asked for"), month=1)
    assert "comes later" not in made.place, "the month was asked for"
    assert later_events(sim.load("article", months=MONTHS), 0) == ""
    assert "The scenario changes more later" in later_events(sim.load("sea_route", months=6), 0), "its port is open"
