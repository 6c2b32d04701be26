"""What `sim sensitivity` tells in French: nothing English is left, and the numbers are those of the English text."""

import re

import numpy as np
import pytest
import xarray as xr
from drawings import shown, text_problems
from matplotlib.figure import Figure
from rich.console import Console
from test_french import left
from test_languages import longer
from test_numbers_told import numbers

import sim
from sim.analysis.outcome import outcome
from sim.present.page import plain
from sim.present.style import styled
from sim.studies.sensitivity import figures, tables
from sim.studies.sensitivity.analysis import Runs, sensitivity
from sim.studies.sensitivity.design import CHANCE, CONTROL, OTHERS, SET, THEORY, Design, exchanges, screening
from sim.studies.sensitivity.words import TREATED, findings
from sim.studies.sensitivity.words import screening as agreement
from sim.texts import spoken

RAIL, PRESSURE = "routes.khasan.capacity", "sanctions.pressure"
STRONG, RARE, CONSTANT = "shells_delivered", "rus_prk.practical", "oil"


def made(special: str, others: str) -> xr.Dataset:
    """An analysis of three outcomes: one follows the first factor, one differs in a single run, one is constant."""
    names = [RAIL, PRESSURE, special, OTHERS, CHANCE, CONTROL]

    def runs(design: Design) -> Runs:
        weights = np.array([3.0, -1.0, 0.5, 0.2, 0.3, 0.0])
        rare = np.zeros(design.cube.shape[:2])
        rare[0, 0] = 1.0
        values = {STRONG: 1000.0 * design.cube @ weights, RARE: rare, CONSTANT: np.zeros(rare.shape)}
        return Runs(design.factors, design.cube, values)

    plans = screening(names, 4, 1), exchanges(names, 16, 1, pairs=others == "centre")
    scenario, measures = sim.load("article", months=2), {name: outcome(name) for name in (STRONG, RARE, CONSTANT)}
    return sensitivity(scenario, "an analysis", measures, *map(runs, plans), TREATED[others])


CASES = {"a set": (SET, "drawn"), "theories": (THEORY, "centre")}


@pytest.fixture(scope="module", params=CASES.values(), ids=CASES)
def ds(request: pytest.FixtureRequest) -> xr.Dataset:
    return made(*request.param)


def test_the_page_of_a_sensitivity_analysis_is_french(ds: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        page = tables.summary(ds)
    assert left(page) == set()
    assert page.startswith("# article\u00a0: ce qui fait varier")
    assert "Seul 1 des 32 calculs indépendants diffère des autres" in page
    assert not re.search(r"\d\.\d| %", re.sub(r"`[^`]*`|sim .*|routes\S*|sanctions\S*", "", page))


def test_the_table_of_the_terminal_is_french(ds: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        table = tables.terminal_table(ds, RARE)
    console = Console(width=160)
    with console.capture() as printed:
        console.print(table)
    assert left(printed.get().replace(RAIL, "").replace(PRESSURE, "")) == set()
    assert "Russie – Corée du Nord" in printed.get()


def test_findings_tell_the_same_numbers_in_both_languages(ds: xr.Dataset) -> None:
    told = {}
    for language in ("en", "fr"):
        with spoken.speaking(language):
            lines = [line for name in (STRONG, RARE) for line in (*findings(ds, name), agreement(ds, name)[0])]
        told[language] = [numbers(line, language) for line in lines]
    assert told["en"] == told["fr"]
    assert sum(map(len, told["en"])) > 30


def drawings(ds: xr.Dataset, name: str) -> list[Figure]:
    with spoken.speaking("fr"), styled():
        return [plain(draw(name, ds)) for draw in (figures.shares, figures.convergence, figures.effects)]


@pytest.mark.parametrize("name", [STRONG, CONSTANT])
def test_figures_of_a_sensitivity_analysis_are_french(ds: xr.Dataset, name: str) -> None:
    for figure in drawings(ds, name):
        assert not [problem for problem in text_problems(figure) if "small" not in problem]
        words = " ".join(text.get_text().replace("\n", " ") for text in shown(figure))
        assert left(words.replace(RAIL, "").replace(PRESSURE, "")) == set()


@pytest.mark.parametrize("ds", [CASES["a set"]], indirect=True, ids=["a set"])
def test_figures_of_a_sensitivity_analysis_have_room_for_longer_texts(
    ds: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    for figure in drawings(ds, STRONG):
        assert not [problem for problem in text_problems(figure) if "small" not in problem]
