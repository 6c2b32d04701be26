"""What `sim calibrate` tells in French: nothing English is left, the numbers are the same, longer texts have room."""

import re

import numpy as np
import pytest
import xarray as xr
from drawings import shown, text_problems
from test_french import left
from test_languages import longer
from test_numbers_told import numbers
from test_texts import ELIDED
from test_theory_weights import calibrated

from sim.analysis.record.known import KNOWN
from sim.present.page import plain
from sim.present.style import styled
from sim.studies.calibrate import rival_tables, tables
from sim.studies.calibrate.command import FIGURES
from sim.studies.calibrate.words import series_words
from sim.texts import spoken


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    """A calibration of rival theories, made without a run; the last observation is for checking."""
    with spoken.speaking("fr"):
        made = calibrated("stacking", 1.0, worlds=128)
    made = made.assign_coords(unit=("figure", [KNOWN[str(name)].unit for name in made["series"].values]))
    made["used"][-1] = 0
    made["preset"][:] = 1
    made.attrs["trade_offs"] = '[["war.fire_scale", "PRK.ammunition.stock", -0.523]]'
    return made


def told(ds: xr.Dataset, language: str) -> str:
    """All sentences and cells of a calibration."""
    with spoken.speaking(language):
        table = tables.terminal_table(ds)
        cells = [str(cell) for column in table.columns for cell in (column.header, *column.cells)]
        page = re.sub(r", sim \d.*?(?=\. Observations)", "", tables.summary(ds))  # versions
        return "\n".join([page, str(table.title), *cells])


def test_a_calibration_is_french(ds: xr.Dataset) -> None:
    page = told(ds, "fr")
    assert left(page) == set()
    assert not ELIDED.search(page)
    assert not re.search(r"\d\.\d| %| ;| :", re.sub("`[^`]*`", "", page))
    assert "## Théories rivales" in page
    assert "| Conteneurs de Corée du Nord en Russie depuis le début | 1er\u00a0décembre\u00a02023 |" in page
    assert "«\u00a0échange\u00a0»" in page


def test_the_same_numbers_stand_in_both_languages(ds: xr.Dataset) -> None:
    """The months of dates are words in French."""
    english, french = told(ds, "en"), told(ds, "fr")
    english = re.sub(r"(\d{4})-(\d\d)-(\d\d)", lambda day: f" {int(day[3])} / {day[1]} ", english)
    french = french.replace("1er", "1 ").replace("moins de 1", "1").replace("plus de 99", "99")
    assert numbers(english, "en") == numbers(french, "fr")


@pytest.mark.parametrize(("language", "count"), [("en", "of 20,000;"), ("fr", "sur 20\u202f000\u202f;")])
def test_many_worlds_are_written_in_groups_of_digits(ds: xr.Dataset, language: str, count: str) -> None:
    with spoken.speaking(language):
        assert count in tables.findings(ds.assign_attrs(worlds=20_000))[0]


@pytest.mark.parametrize(("language", "words"), [("en", "2 of them noticeably"), ("fr", "dont 2 nettement")])
def test_parameters_that_all_move_are_not_counted_twice(ds: xr.Dataset, language: str, words: str) -> None:
    """Of three that are informed two move, the control; then all three do."""
    with spoken.speaking(language):
        for moved in (2, 3):
            first = np.arange(ds.sizes["key"])
            some = ds.assign(informed=("key", (first < 3).astype(np.int8)), narrowing=("key", np.ones(len(first))))
            some["shift"] = ("key", (first < moved).astype(float))
            assert (words in tables.findings(some)[1]) == (moved == 2)


def test_the_set_says_in_english_what_it_was_made_for(ds: xr.Dataset) -> None:
    """It was made while French was spoken, but it is data, which other commands read in either language."""
    about = ds.attrs["about"]
    assert about.startswith("theories, 3 observations of observed.csv to 2023-12-31, 128 worlds (effective ")
    assert about.endswith(", discrepancy 0, seed 2023, theories weighted by stacking")


@pytest.mark.parametrize("kind", ["posterior", "stacking", "equal"])
def test_each_way_to_weigh_theories_has_its_sentence(ds: xr.Dataset, kind: str) -> None:
    with spoken.speaking("fr"):
        assert left(" ".join(rival_tables.findings(ds.assign_attrs(theories=kind)))) == set()


def test_series_that_a_user_defined_keep_their_names(ds: xr.Dataset) -> None:
    """A shipped name in another unit is another series."""
    with spoken.speaking("fr"):
        assert series_words(ds, 0) == "conteneurs"
        assert series_words(ds.assign_coords(unit=("figure", ["kg"] * 3)), 0) == "containers"


@pytest.mark.parametrize("name", FIGURES)
def test_figures_are_french(ds: xr.Dataset, name: str) -> None:
    with spoken.speaking("fr"), styled():
        figure = plain(FIGURES[name](ds))
        written = " ".join(text.get_text() for text in shown(figure))
    assert left(re.sub(r"\w+(\.\w+)+", "", written)) == set()  # keys of parameters
    assert not [one for one in text_problems(figure) if "small" not in one]


@pytest.mark.parametrize("name", ["fit", "identifiability"])
def test_figures_have_room_for_longer_texts(ds: xr.Dataset, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    with spoken.speaking("fr"), styled():
        assert not [one for one in text_problems(plain(FIGURES[name](ds))) if "small" not in one]
