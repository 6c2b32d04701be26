"""`sim policy` in French: no English but names of the lever file, the same numbers, figures with room."""

import re
from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from drawings import shown, text_problems
from matplotlib.figure import Figure
from test_french import left
from test_languages import longer
from test_numbers_told import numbers
from test_policy import judged, study_of
from test_texts import ELIDED, WRONG

from sim.present.naming import codes_note, option_name, policy_name
from sim.present.page import plain
from sim.present.style import styled
from sim.scenario.names import COUNTRY_NAMES
from sim.studies.policy.analysis import Finding
from sim.studies.policy.figures import regret_figure, scoreboard_figure, trade_off_figure
from sim.studies.policy.tables import row_of, summary, terminal_table
from sim.studies.policy.words import findings, title
from sim.texts import LANGUAGES, spoken

Study = tuple[list[Finding], xr.Dataset]
OWN = re.compile(r"\b(as is|red line early|pressure (?:fuller|eased)(?:, red line early)?)\b")
"""What the lever file calls its policies."""


@pytest.fixture(scope="module")
def judgement(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """Six policies: one robust, less so where `bite` is high; in one world the second outcome has no number."""
    study = study_of(tmp_path_factory.mktemp("levers"), worlds=64)
    rng = np.random.default_rng(6)
    bite, technology = rng.random(64), 25.0 + 10.0 * rng.random((6, 64))
    technology[4] = 12.0 + 3.0 * bite
    technology[5] = technology[2]
    threat = rng.random((6, 64))
    threat[0, 7] = np.nan
    found, ds = judged(study, {"technology": technology, "kor.threat": threat}, bite=bite)
    ds["score"].values[:] = rng.random(ds["score"].shape)
    return found, ds


def own_left_out(text: str) -> str:
    return OWN.sub("", text)


def test_the_summary_is_french(judgement: Study) -> None:
    with spoken.speaking("fr"):
        page = own_left_out(summary(*judgement))
    title, question, page = page.split("\n\n", 2)
    assert title == "# article avec mine\u00a0: minimiser technology, kor.threat"
    assert question == "T. Q?"
    assert left(re.sub(r"^Scénario .*|assumed", "", page, flags=re.MULTILINE)) == set()
    assert not ELIDED.search(page)
    assert not WRONG.search(re.sub(r"`[^`]*`|^\|.*|^#+|['(]\w+\.toml:\d+\)", "", page, flags=re.MULTILINE))
    assert "octobre\u00a02023" in page


@pytest.mark.parametrize(
    ("language", "aims"), [("en", "minimise a, b, maximise c"), ("fr", "minimiser a, b, maximiser c")]
)
def test_the_title_says_what_is_wanted_of_each_outcome(language: str, aims: str) -> None:
    with spoken.speaking(language):
        told = title("article", "usa", [("minimise", "a"), ("minimise", "b"), ("maximise", "c")])
    assert told.endswith(f": {aims}")


def test_the_table_is_french(judgement: Study) -> None:
    found, ds = judgement
    with spoken.speaking("fr"):
        table = terminal_table(found[0], ds)
        cells = [cell for k in range(6) for cell in row_of(found[0], k)]
    heads = [str(column.header) for column in table.columns]
    assert left(" ".join([str(table.title), *heads, *cells])) == set()
    assert not re.search(r"\d\.\d| %", " ".join(cells))


def test_findings_tell_the_same_numbers_in_both_languages(judgement: Study) -> None:
    told = {}
    for language in LANGUAGES:
        with spoken.speaking(language):
            told[language] = findings(*judgement)
    assert len(told["en"]) >= 7
    for english, french in zip(told["en"], told["fr"], strict=True):
        assert sorted(numbers(english, "en")) == sorted(numbers(french, "fr")), (english, french)


def test_policies_of_shipped_levers_have_french_names_and_what_a_user_wrote_stays(judgement: Study) -> None:
    with spoken.speaking("fr"):
        assert policy_name("usa", "pressure fuller, monitoring rebuilt") == "pression accrue, surveillance rétablie"
        assert policy_name("usa", "as is") == "en l’état"
        assert policy_name("usa", "both") == "both"
        assert option_name("usa", "USA.pressure", "eased") == "USA.pressure = eased (pression allégée)"
        assert option_name("usa", "USA.pressure", "as_is") == "USA.pressure = as is (en l’état)"
        assert "USA.pressure = fuller**" in summary(*judgement)
    assert policy_name("usa", "as is") == "as is"


DRAWN: dict[str, Callable[[Study], Figure]] = {
    "regret": lambda study: regret_figure(study[0][0], study[1]),
    "tradeoff": lambda study: trade_off_figure(*study),
    "scoreboard": lambda study: scoreboard_figure(study[0][0], study[1]),
}


def problems(figure: Figure) -> list[str]:
    return [one for one in text_problems(figure) if "small" not in one]


@pytest.mark.parametrize("name", DRAWN)
def test_figures_are_french_and_nothing_meets(judgement: Study, name: str) -> None:
    with spoken.speaking("fr"), styled():
        figure = DRAWN[name](judgement)
        assert not problems(figure)
    assert left(own_left_out(" ".join(text.get_text() for text in shown(figure)))) == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scoreboard_says_which_countries_its_codes_are(judgement: Study, language: str) -> None:
    with spoken.speaking(language), styled():
        drawn = {text.get_text() for text in shown(DRAWN["scoreboard"](judgement))}
        assert {*COUNTRY_NAMES} <= drawn
        assert any(text.startswith(f"{codes_note()}\n") for text in drawn)


@pytest.mark.parametrize("name", ["regret", "tradeoff"])
def test_figures_make_room_for_longer_texts(judgement: Study, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    with spoken.speaking("fr"), styled():
        assert not problems(plain(DRAWN[name](judgement)))
