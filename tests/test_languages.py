"""French pictures: nothing English is left on them, and texts that are longer still break no layout."""

import re
from functools import cache
from pathlib import Path

import pytest
import xarray as xr
from drawings import shown, text_problems
from synthetic import dataset

import sim
from sim.analysis.quantiles import Band
from sim.present.naming import title_of
from sim.present.room.handout import handout, words
from sim.present.room.happenings import words as event_words
from sim.present.room.pages import page
from sim.present.room.pictures import PICTURES
from sim.present.words import number, percent, plain_number, sensible, sensible_band, signed
from sim.scenario import load
from sim.studies.explain.words import goods_cell, sum_words
from sim.texts import LANGUAGES, all_texts, spoken

SOURCE = Path(sim.__file__).parent
SAME = re.compile(r"[\d\u202f\u00a0\s.,−()]*")
"""Texts that have no words: numbers, years, numbers of events."""


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return dataset(months=24, worlds=40, name="trilateral_surge")


def written_on(runs: list[xr.Dataset], name: str, language: str) -> set[str]:
    figure = page(runs, name, "room", language)
    figure.draw_without_rendering()
    return {line for text in shown(figure) for line in text.get_text().split("\n")}


@pytest.mark.parametrize("name", PICTURES)
def test_no_line_of_a_french_picture_is_english(ds: xr.Dataset, name: str) -> None:
    for runs in ([ds], [ds, ds]) if name == "shells" else ([ds],):
        english, french = (written_on(runs, name, language) for language in LANGUAGES)
        both = {line for line in english & french if not SAME.fullmatch(line)}
        title = title_of(ds)  # the user's own, as the file has it
        assert both <= {title, *(f"{letter}: {title}" for letter in "AB")}
        assert not any(re.search(r"\b(the|of|in|and|worlds?|none|month)\b", line.replace(title, "")) for line in french)


def test_an_english_line_would_be_noticed(ds: xr.Dataset) -> None:
    """The control."""
    assert any(re.search(r"\b(worlds?|and)\b", line) for line in written_on([ds], "shells", "en"))


def test_numbers_and_dates_are_written_as_the_language_does() -> None:
    for language, found in (
        ("en", ("12,500", "0.25", "1,850", "62 %", "<1 %", "September 2023", "1 month", "0 months", "1,200 worlds")),
        (
            "fr",
            (
                *("12\u202f500", "0,25", "1\u202f850", "62\u202f%", "moins de 1\u202f%"),
                *("septembre\u00a02023", "1 mois", "0 mois", "1\u202f200 mondes"),
            ),
        ),
    ):
        with spoken.speaking(language):
            numbers = (plain_number(12500.0), plain_number(0.25), sensible(1850.0), percent(0.62), percent(0.005))
            counts = (spoken.counted("month", 1), spoken.counted("month", 0), spoken.counted("world", 1200))
            assert (*numbers, spoken.month(9, 2023), *counts) == found


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_rounds_to_zero_has_no_sign(language: str) -> None:
    """In sentences and tables; files of data keep what they hold."""
    with spoken.speaking(language):
        zeros = (signed(-0.004), signed(0.004), number(-0.004), goods_cell(-0.04), sum_words(-1e-9))
        whole = (plain_number(-0.0), plain_number(-1e-12), percent(-1e-9), sensible(-1e-9))
        assert {one.replace(",", ".") for one in zeros} == {"0.00", "0.0"}
        assert {one.rstrip("\u202f %") for one in whole} == {"0"}
        assert [signed(value) for value in (0.3, -0.3)] != [signed(value) for value in (-0.3, 0.3)]


def test_bands_of_counts_have_no_decimals() -> None:
    """Where all three are whole: a band that lies between counts keeps its decimals."""
    assert sensible_band(Band(2.0, 3.0, 6.0)) == "3 (2 to 6)"
    assert sensible_band(Band(2.5, 3.0, 6.0)) == "3.0 (2.5 to 6.0)"


def test_signs_are_written_in_one_place() -> None:
    """Two files of data have signed numbers in a cell of words; everybody else calls `signed`."""
    found = [path.name for path in SOURCE.rglob("*.py") if re.search(r":\+,?\.\d+f", path.read_text(encoding="utf-8"))]
    assert sorted(found) == ["decisions.py", "tables.py"]


def test_the_language_is_kept_for_what_is_written_later() -> None:
    with spoken.speaking("fr"):
        tick = spoken.kept(plain_number)
    assert (tick(0.5, None), plain_number(0.5, None)) == ("0,5", "0.5")


@pytest.mark.parametrize("wrong", ["french", "Français", "FR", "fra"])
def test_an_unknown_language_is_refused_with_the_nearest(ds: xr.Dataset, wrong: str) -> None:
    with pytest.raises(ValueError, match=rf"must be en or fr, found '{wrong}' \(did you mean fr\?\)"):
        page([ds], "tiers", "room", wrong)


def test_shipped_scenarios_speak_french_and_what_a_user_wrote_stays() -> None:
    with spoken.speaking("fr"):
        said = [event_words(event) for event in load("sea_route").events]
        assert said[:2] == ["sommet (Russie et Corée du Nord)", "interruption de l’aide américaine pendant 5 mois"]
        shipped = dataset(months=2, worlds=2, name="sea_route")
        assert title_of(shipped) == "A made-up run"
    assert title_of(shipped) == "A made-up run"


def test_the_words_beside_the_pictures_are_french(ds: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        text = re.sub("`[^`]*`", "", words([ds], list(PICTURES)))  # names of files
    assert "Imposé par le scénario" in text
    assert not re.search(r"\b(the|worlds?|share|rests|North|shells)\b", text)
    assert "slides.pdf" in handout([ds], ["tiers"], "room", "fr")[1]


# ---- Longer texts ---------------------------------------------------------------------------------------------


@cache
def longer(language: str) -> dict[str, str]:
    """Texts of which those with words have two fifths more letters: their own last letters again."""
    return {key: f"{text}{_more(text)}" for key, text in all_texts(language).items()}


def _more(text: str) -> str:
    plain = re.sub(r"\{\w+\}", "", text).strip()
    if len(plain) < 4:
        return ""
    more = plain[-max(1, round(0.4 * len(plain))) :].strip()
    return f"{' ' if ' ' in plain else ''}{more}"


@pytest.mark.parametrize("name", PICTURES)
def test_texts_two_fifths_longer_break_no_layout(ds: xr.Dataset, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    assert not text_problems(page([ds], name))
    assert not text_problems(page([ds, ds], name, "print"))


def test_longer_texts_are_longer() -> None:
    """The control."""
    before, after = (sum(map(len, found.values())) for found in (all_texts("en"), longer("en")))
    assert 1.3 < after / before < 1.5
