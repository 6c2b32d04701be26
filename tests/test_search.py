"""Search of parameters by everyday words: what they find, and that every word of the list finds something."""

import pytest

from sim.scenario.parameters import PARAMETERS
from sim.scenario.search import KNOBS, _everyday, matching


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("railway capacity", "routes.khasan.capacity"),
        ("la capacité du chemin de fer", "routes.khasan.capacity"),
        ("confiance Russie Corée du Nord", "pairs.RUS-PRK.trust"),
        ("aide des États-Unis", "war.usa_aid"),
        ("harvest", "PRK.food.harvest_share"),
        ("sanctions against China", "sanctions.CHN"),
        ("border China", "PRK.imports.CHN"),
        ("frontière avec la Chine", "PRK.imports.CHN"),
        ("other imports", "RUS.imports.PRK"),
    ],
)
def test_what_words_find(text: str, first: str) -> None:
    assert matching(text)[0] == first


@pytest.mark.parametrize(
    "text",
    [
        *("border", "trade with China", "trade between North Korea and China", "other imports", "consumer goods"),
        *("frontière", "commerce avec la Chine", "échanges Corée du Nord Chine", "autres importations"),
        "biens de consommation",
    ],
)
def test_everyday_words_lead_to_what_north_korea_buys_from_china(text: str) -> None:
    assert "PRK.imports.CHN" in matching(text)


def test_all_words_have_to_be_met() -> None:
    both = matching("Russia food")
    assert both
    assert set(both) == set(matching("Russia")) & set(matching("food"))
    assert matching("Russia xylophone") == []
    assert matching("the of le") == []


@pytest.mark.parametrize("word", _everyday())
def test_every_listed_word_finds_a_parameter(word: str) -> None:
    assert matching(word)


def test_the_knobs_exist() -> None:
    assert len(set(KNOBS)) == 10
    assert set(KNOBS) <= PARAMETERS.keys()
