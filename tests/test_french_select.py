"""What `sim select` tells in French: nothing English is left, and the numbers are those of the English text."""

import re
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import xarray as xr
from command_line import Command
from drawings import shown, text_problems
from matplotlib.figure import Figure
from test_french import left
from test_languages import longer
from test_numbers_told import numbers
from test_texts import ELIDED, WRONG

import sim
from sim.analysis.record.file import observations
from sim.present.page import plain
from sim.present.style import styled
from sim.studies.select.analysis import Selection
from sim.studies.select.dataset import Found, selection
from sim.studies.select.figures import confusion
from sim.studies.select.patterns import ALL, GOODS, Patterns, patterns_of
from sim.studies.select.tables import findings, pattern_words, summary, verdict
from sim.texts import spoken

DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d+(er)?\u00a0\w+\u00a020\d\d")
"""A day as each language writes it."""
EXCHANGE, THREAT = "structure.exchange", "structure.threat"
NAMES = {EXCHANGE: ("transaction", "alliance", "patronage"), THREAT: ("both", "spiral", "deterrence")}
ODDS = np.array([0.9, 0.06, 0.04])
SURE = Selection(
    names=NAMES[EXCHANGE],
    odds=ODDS,
    errors=np.full(3, 0.01),
    confusion=0.1 + 0.7 * np.eye(3),
    hits=0.8,
    shuffled=0.3,
    fit=0.62,
    pairs=np.full((3, 3), 0.9),
    tested=1200,
    leads=np.zeros((0, 3)),
)
BETWEEN = replace(SURE, names=NAMES[THREAT], odds=np.array([0.48, 0.47, 0.05]))
VERDICTS = {
    "chosen": SURE,
    "blind": replace(SURE, hits=0.34),
    "unfit": replace(SURE, fit=0.004),
    "against": BETWEEN,
    "open": replace(SURE, odds=np.full(3, 1.0 / 3.0)),
}


@cache
def seen() -> Patterns:
    return patterns_of(observations(), sim.load("theories"), np.datetime64("2024-06-30"))[0]


def with_leads(one: Selection, of: str) -> Selection:
    """The same with a first and a last pattern that part the theories, by more and by less than two deviations."""
    leads = np.zeros((len(seen().record[seen().sets()[of]]), 3))
    leads[0, 0], leads[-1, 1] = 2.4, -0.31
    return replace(one, leads=leads)


FOUND: Found = {
    (EXCHANGE, ALL): with_leads(VERDICTS["chosen"], ALL),
    (EXCHANGE, GOODS): with_leads(VERDICTS["unfit"], GOODS),
    (THREAT, ALL): with_leads(VERDICTS["against"], ALL),
    (THREAT, GOODS): with_leads(replace(BETWEEN, hits=0.34), GOODS),
}


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return selection(sim.load("theories", worlds=2400), "a title", seen(), FOUND)


def test_the_page_of_a_selection_is_french(ds: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        page = summary(FOUND, seen(), ds)
    assert page.startswith("# theories\u00a0: théories rivales et observations jusqu’au 30\u00a0juin\u00a02024\n")
    words = re.sub(r"`[^`]*`|sim 0\S+.*|\|[-|]+", "", page)
    assert left(words) == set()
    assert not re.search(r"\d{4}-\d{2}-\d{2}", words)
    assert not WRONG.search(words)
    assert not ELIDED.search(words)
    assert not re.search(r"\d\.\d", words)
    assert "2\u202f400 mondes" in page


def test_findings_tell_the_same_numbers_in_both_languages() -> None:
    told = {}
    for language in ("en", "fr"):
        with spoken.speaking(language):
            lines = [DAY.sub("", line) for line in findings(FOUND, seen())]
        told[language] = [numbers(line, language) for line in lines]
    assert told["en"] == told["fr"]
    assert min(map(len, told["en"])) > 10


@pytest.mark.parametrize(("name", "one"), VERDICTS.items(), ids=VERDICTS)
def test_every_verdict_is_french(name: str, one: Selection) -> None:
    english = verdict(one)
    with spoken.speaking("fr"):
        french = verdict(one)
    assert left(english)
    assert left(french) == set()
    named = {"chosen": ["échange"], "against": ["dissuasion"]}.get(name, [])
    assert re.findall("«\u00a0(.*?)\u00a0»", french) == named


def test_a_pattern_is_named_by_its_series_or_its_act() -> None:
    last = len(seen().names) - 1
    assert pattern_words(seen(), last) == "missile_test PRK"
    with spoken.speaking("fr"):
        words = [pattern_words(seen(), k) for k in range(last + 1)]
    assert left(" ".join(words)) == set()
    assert words[-1] == "tir de missile (Corée du Nord)"
    assert words[0].endswith("\u00a0» au 1er\u00a0octobre\u00a02023")
    assert len(set(words)) == len(words)


def drawn(found: Found, ds: xr.Dataset) -> Figure:
    with spoken.speaking("fr"), styled():
        return plain(confusion(found, ds))


@pytest.mark.parametrize("choices", [(EXCHANGE, THREAT), (THREAT,)])
def test_the_figure_of_a_selection_is_french(ds: xr.Dataset, choices: tuple[str, ...]) -> None:
    figure = drawn({at: one for at, one in FOUND.items() if at[0] in choices}, ds)
    assert not [problem for problem in text_problems(figure) if "small" not in problem]
    assert left(" ".join(text.get_text() for text in shown(figure)).replace("structure.", "")) == set()


def test_the_figure_of_a_selection_has_room_for_longer_texts(ds: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    assert not [problem for problem in text_problems(drawn(FOUND, ds)) if "small" not in problem]


def test_the_command_speaks_the_language_that_is_asked_for(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    monkeypatch.setattr("sim.studies.select.command.select_one", lambda *_: heard.append(spoken.spoken()))
    assert [command("select", "theories", *words)[0] for words in ((), ("--language", "fr"))] == [0, 0]
    assert heard == ["en", "fr"]
