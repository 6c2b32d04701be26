"""What `sim influence` tells in French: nothing English is left, the numbers are the same, longer texts have room."""

import re
from pathlib import Path

import pytest
import xarray as xr
from drawings import shown, text_problems
from test_french import left
from test_influence import RAIL, three_changes
from test_languages import longer
from test_numbers_told import numbers
from test_texts import ELIDED

from sim.present.page import plain
from sim.present.publish import write_rows
from sim.present.style import styled
from sim.studies.influence import figures, tables, words
from sim.texts import spoken

TESTS = "«\u00a0tirs de missiles de la Corée du Nord, en tout\u00a0»"
DRAWN = {"countries": figures.countries, "levers": figures.levers}


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return three_changes()


def told(ds: xr.Dataset, language: str) -> str:
    """All sentences and cells of the study."""
    with spoken.speaking(language):
        table = tables.terminal_table(ds)
        cells = [str(cell) for column in table.columns for cell in (column.header, *column.cells)]
        return "\n".join([re.sub(r", sim \d.*", "", tables.summary(ds)), str(table.title), *cells])


def test_who_matters_is_told_in_french(ds: xr.Dataset) -> None:
    page = told(ds, "fr")
    assert left(re.sub(r"`[^`]*`|\w+(\.\w+)+", "", page)) == set()  # keys, and outcomes where they are listed
    assert not ELIDED.search(page)
    assert not re.search(r"\d\.\d| %| ;| :", re.sub("`[^`]*`", "", page))
    assert f"| `{RAIL}` (Capacité du chemin de fer de Khassan) |" in page
    assert "retrait de la Corée du Sud, Corée du Sud sans décisions" in page
    assert f"`{RAIL}`\u00a0: +1,50 ± 0,00 é.-t., {TESTS} dans `article` (+3\u00a0tirs)" in page


def test_the_same_numbers_stand_in_both_languages(ds: xr.Dataset) -> None:
    english, french = (told(ds, language) for language in ("en", "fr"))
    french = french.replace("menace ressentie, de 0 à 1", "menace ressentie")  # outcomes are named in French alone
    assert numbers(english, "en") == numbers(french, "fr")


def test_the_only_outcome_is_named_in_titles(ds: xr.Dataset) -> None:
    alone, outcome = ds.sel(outcome=["tests"]), "tirs de missiles de la Corée du Nord, en tout"
    with spoken.speaking("fr"), styled():
        assert str(tables.terminal_table(alone).title).startswith(f"{outcome} – plus grand effet")
        for draw in DRAWN.values():
            assert any(text.get_text().endswith(f"\u00a0: {outcome}") for text in shown(draw(alone)))


@pytest.mark.parametrize(("code", "said"), [("JPN", "retrait du Japon"), ("USA", "retrait des États-Unis")])
def test_articles_melt_before_countries(ds: xr.Dataset, code: str, said: str) -> None:
    with spoken.speaking("fr"):
        assert words.changed(ds.assign_coords(owner=("change", [code] * 3)), "removal of KOR") == said


def test_the_file_of_data_stays_english(ds: xr.Dataset, tmp_path: Path) -> None:
    for language in ("en", "fr"):
        with spoken.speaking(language):
            write_rows(tables.effects(ds), tmp_path / f"{language}.csv")
    assert (tmp_path / "fr.csv").read_bytes() == (tmp_path / "en.csv").read_bytes()


@pytest.mark.parametrize("name", DRAWN)
def test_figures_are_french_and_have_room_for_longer_texts(
    ds: xr.Dataset, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with spoken.speaking("fr"), styled():
        figure = plain(DRAWN[name](ds))
        written = " ".join(text.get_text() for text in shown(figure))
        assert left(re.sub(r"\w+(\.\w+)+", "", written)) == set()
        assert not [one for one in text_problems(figure) if "small" not in one]
        monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
        assert not [one for one in text_problems(plain(DRAWN[name](ds))) if "small" not in one]
