"""`sim information` in French: nothing English is left, numbers are the same, data stay English, figures have room."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from drawings import shown, text_problems
from test_french import left
from test_information import BLOCK
from test_information import made as made
from test_languages import longer
from test_numbers_told import numbers
from test_policy import study_of
from test_texts import ELIDED, WRONG

from sim.analysis.outcome import outcome
from sim.experiment.design import points
from sim.present.page import plain
from sim.present.publish import write_rows
from sim.present.style import styled
from sim.studies.information import decision, figures, tables, words
from sim.studies.information.analysis import Decision, of_decision
from sim.studies.information.ranges import drawn_range
from sim.studies.information.regression import Drawn
from sim.texts import LANGUAGES, spoken

DECIDED = "technology"
LEAD, CAPACITY = "technology.lead", "routes.khasan.capacity"


@pytest.fixture(scope="module")
def choice(tmp_path_factory: pytest.TempPathFactory) -> xr.Dataset:
    """Six policies, of which the second is the better one where one parameter is high."""
    study = study_of(tmp_path_factory.mktemp("levers"), worlds=320)
    x = {key: points(1, key, 0, 320) for key in (LEAD, CAPACITY)}
    results = 20.0 + np.arange(6.0)[:, None] + np.zeros(320)
    results[1] = 20.0 + 8.0 * (0.5 - x[LEAD])
    results[:, 5] = np.nan
    named, how = (DECIDED, outcome(DECIDED)), Drawn(BLOCK)
    return of_decision(Decision(study, True), "what to learn first", named, results, x, {"both": [*x]}, how)


@pytest.fixture(scope="module")
def over_set(made: xr.Dataset) -> xr.Dataset:
    """The same over a calibrated set, as far as words go, whose vectors leave one parameter narrow."""
    (scenario,) = json.loads(made.attrs["scenarios"])
    scenario["calibrated"] = {"about": "un ensemble", "digest": "0a1b"}
    ends = {name: np.full(made.sizes["parameter"], np.nan) for name in ("set_low", "set_high")}
    at = [str(key) for key in made["parameter"].values].index(CAPACITY)
    ends["set_low"][at], ends["set_high"][at] = 61.5, 80.0
    told = [str(text) for text in made["range"].values]
    told[at] = "61.5 to 80 kt/month (90 % of the set)"
    coords = {name: ("parameter", values) for name, values in (ends | {"range": np.array(told)}).items()}
    return made.assign_coords(coords).assign_attrs(scenarios=json.dumps([scenario]))


@pytest.fixture(params=["made", "choice", "over_set"])
def study(request: pytest.FixtureRequest) -> xr.Dataset:
    found: xr.Dataset = request.getfixturevalue(request.param)
    return found


def outcomes(ds: xr.Dataset) -> list[str]:
    return [str(name) for name in ds["outcome"].values]


def test_the_summary_is_french(study: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        title, page = tables.summary(study).split("\n", 1)
    page = re.sub(r"`[^`]*`|«\u00a0[^»]*\u00a0»|^Scénario .*", "", page, flags=re.MULTILINE)
    assert title.startswith("# article")
    assert "ce qu’il faut apprendre d’abord" in title
    assert left(page) == set()
    assert not ELIDED.search(page)
    assert not WRONG.search(re.sub(r"^\|.*|^#+", "", page, flags=re.MULTILINE))


def test_the_table_is_french(study: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        table = tables.terminal_table(study, outcomes(study)[0])
        cells = [cell for row in tables._rows(study, outcomes(study)[0]) for cell in row]
    assert cells
    assert left(" ".join([str(table.title), *(str(column.header) for column in table.columns), *cells])) == set()
    assert not re.search(r"\d\.\d| %", " ".join(cells))


def test_the_floor_of_a_decision_has_the_digits_and_the_unit_of_the_value_beside_it(choice: xr.Dataset) -> None:
    noisy = choice.assign(worth_floor=choice["worth_floor"] * 0.0 + 0.123456)
    for language, floor in (("en", "0.12 points"), ("fr", "0,12\u00a0point")):
        with spoken.speaking(language):
            assert {cells[2] for cells in tables._rows(noisy, DECIDED)} == {floor}


def test_policies_as_good_as_the_best_are_told(choice: xr.Dataset) -> None:
    """The best of several that make no difference is only the first of them."""
    assert "As good" not in " ".join(words.findings(choice, DECIDED))
    same = choice.assign(result=choice["result"].copy(data=[choice["result"].sel(policy=choice.attrs["best"])] * 6))
    names = [str(name) for name in choice["policy"].values if name != choice.attrs["best"]]
    assert f'As good in every world: "{names[0]}", ' in " ".join(words.findings(same, DECIDED))
    assert choice.attrs["permutations"] == decision.PERMUTATIONS


def test_a_value_below_zero_counts_as_nothing(choice: xr.Dataset) -> None:
    """It is what a rule that follows noise loses; the interval of the other parameter reaches zero."""
    values, errors = choice["worth"].copy(data=[[-0.3, -0.3]]), choice["worth_error"].copy(data=[[0.1, 0.5]])
    bad = choice.assign(worth=values, worth_error=errors)
    names = [str(name) for name in choice["parameter"].values]
    told = " ".join(words.findings(bad, DECIDED))
    assert f"The interval of `{names[0]}` lies below zero: choosing by it would lose" in told
    assert "it counts as nothing" in told
    assert "below zero" not in " ".join(words.findings(choice, DECIDED))
    for language in LANGUAGES:
        with spoken.speaking(language), styled():
            assert not [one for one in text_problems(figures.worth(DECIDED, bad)) if "small" not in one]


def test_findings_tell_the_same_numbers_in_both_languages(study: xr.Dataset) -> None:
    told = {}
    for language in LANGUAGES:
        with spoken.speaking(language):
            told[language] = [line for name in outcomes(study) for line in words.findings(study, name)]
    for english, french in zip(told["en"], told["fr"], strict=True):
        assert sorted(numbers(english, "en")) == sorted(numbers(french, "fr")), (english, french)


def test_what_worlds_draw_from_is_told_in_french_and_kept_in_english(over_set: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        assert drawn_range(over_set, CAPACITY) == "61,5 à 80\u00a0kt par mois (90\u202f% de l’ensemble)"
        assert drawn_range(over_set, LEAD) == "1 à 6\u00a0mois par palier"
    assert drawn_range(over_set, LEAD) == "1 to 6 months/tier"


def test_data_stay_english(made: xr.Dataset, tmp_path: Path) -> None:
    for language in LANGUAGES:
        with spoken.speaking(language):
            write_rows(tables.parameters(made), tmp_path / language)
    assert (tmp_path / "fr").read_bytes() == (tmp_path / "en").read_bytes()


def test_the_figure_is_french_and_nothing_meets(study: xr.Dataset) -> None:
    with spoken.speaking("fr"), styled():
        figure = figures.worth(outcomes(study)[0], study)
        assert not [one for one in text_problems(figure) if "small" not in one]
    keys = "|".join(map(re.escape, [*map(str, study["parameter"].values), *map(str, study["group"].values)]))
    assert left(re.sub(rf"\b({keys})\b", "", " ".join(text.get_text() for text in shown(figure)))) == set()


def test_the_figure_makes_room_for_longer_texts(choice: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    with spoken.speaking("fr"), styled():
        figure = plain(figures.worth(DECIDED, choice))
        assert not [one for one in text_problems(figure) if "small" not in one]
