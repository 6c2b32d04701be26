"""What `sim discover` tells in French: nothing English is left, and the numbers are those of the English text."""

import json
import re

import numpy as np
import pytest
import xarray as xr
from drawings import shown, text_problems
from matplotlib.figure import Figure
from test_french import left
from test_languages import longer
from test_numbers_told import numbers

import sim
from sim.present.page import plain
from sim.present.style import styled
from sim.studies.discover import figures
from sim.studies.discover.analysis import Discovery, discovered
from sim.studies.discover.prim import Box, Fit, fit
from sim.studies.discover.tables import summary
from sim.studies.discover.words import chance_words, findings, limit_words
from sim.texts import spoken

RAIL, PRESSURE, THEORY, IDLE = "routes.khasan.capacity", "sanctions.pressure", "structure.exchange", "war.intensity"
WHERE = "rus_prk.practical > 0.6 and (technology > p90 or not shells_delivered < 3)"
WORLDS = 40
VALUES = {key: np.linspace(0.0, 1.0, WORLDS) for key in (RAIL, PRESSURE, THEORY, IDLE)}
MET = VALUES[RAIL] > 0.6


def discovery(box: Box, p_value: float) -> Discovery:
    """A discovery as a search might leave it, every third world a testing one."""
    fits = [fit(one, VALUES, MET) for one in (Box(), box)]
    return Discovery(
        box=box,
        quasi_p={(key, side): 2e-7 for key, ends in box.limits.items() for side in (0, 1) if np.isfinite(ends[side])},
        chosen=fits[-1],
        tested=Fit(0.755, 0.624, 0.3, 0.5),
        p_value=p_value,
        trajectory=[(one, one, k) for k, one in enumerate(fits)],
        candidates=dict.fromkeys(VALUES, 0.4),
        stability=dict.fromkeys(box.limits, 0.9),
        testing=np.arange(0, WORLDS, 3),
    )


BOX = discovery(Box({RAIL: (0.55, np.inf), PRESSURE: (-np.inf, 0.95), IDLE: (0.1, 0.9), THEORY: (-np.inf, 0.5)}), 1e-7)
CASES = {
    "a box": (BOX, discovery(Box(), 1.0)),
    "a box by chance": (discovery(Box({RAIL: (0.3, np.inf)}), 0.08), BOX),
    "no box": (discovery(Box(), 1.0), discovery(Box({IDLE: (-np.inf, 0.8)}), 0.2)),
}
EVERY = pytest.mark.parametrize(("found", "control"), CASES.values(), ids=CASES)


def made(found: Discovery, control: Discovery) -> xr.Dataset:
    scenario = sim.load("theories", worlds=WORLDS, months=1)
    ds = discovered(scenario, "a discovery", WHERE, found, control, VALUES, MET)
    vectors = {"vectors": 1200} if found is BOX else {}
    return ds.assign_attrs(percentiles=json.dumps([("oil", 90.0, 1.5, "points")]), **vectors)


@EVERY
def test_the_page_of_a_discovery_is_french(found: Discovery, control: Discovery) -> None:
    with spoken.speaking("fr"):
        page = summary(found, control, made(found, control))
    assert left(page.replace(WHERE, "")) == set()
    assert f"remplissent la condition «\u00a0{WHERE}\u00a0»." in page
    assert "vaut 1,5\u00a0point." in page
    assert not re.search(r"\d\.\d| %|e-\d", re.sub(r"`[^`]*`|sim .*", "", page.replace(WHERE, "")))


@EVERY
def test_findings_tell_the_same_numbers_in_both_languages(found: Discovery, control: Discovery) -> None:
    told = {}
    for language in ("en", "fr"):
        with spoken.speaking(language):
            lines = findings(found, control, made(found, control))
        plainly = (re.sub(r"e-\d+|×\u00a010[⁻\d]+", "", line.replace(WHERE, "")) for line in lines)
        told[language] = [numbers(line, language) for line in plainly]
    assert told["en"] == told["fr"]
    assert sum(map(len, told["en"])) > 5


def drawings(found: Discovery, control: Discovery) -> list[Figure]:
    ds = made(found, control)
    with spoken.speaking("fr"), styled():
        return [plain(one) for one in (figures.box(found, ds), figures.trajectory(found, control, ds))]


@EVERY
def test_figures_of_a_discovery_are_french(found: Discovery, control: Discovery) -> None:
    for figure in drawings(found, control):
        assert not [problem for problem in text_problems(figure) if "small" not in problem]
        words = " ".join(text.get_text().replace("\n", " ") for text in shown(figure))
        assert left(words.replace(WHERE, "")) == set()


def test_figures_of_a_discovery_have_room_for_longer_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    for figure in drawings(*CASES["a box by chance"]):
        assert not [problem for problem in text_problems(figure) if "small" not in problem]


def test_limits_and_p_values_are_written_as_french_does() -> None:
    with spoken.speaking("fr"):
        assert limit_words(RAIL, (61.2, np.inf)) == f"`{RAIL}` au moins 61,2\u00a0kt par mois"
        assert [chance_words(p) for p in (0.021, 2.34e-7)] == ["0,021", "2,3\u00a0×\u00a010⁻⁷"]
    assert [chance_words(p) for p in (0.021, 2.34e-7)] == ["0.021", "2.3e-07"]
