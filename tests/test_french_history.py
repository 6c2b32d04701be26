"""What `sim history` tells in French: nothing English is left, and the numbers are those of the English text."""

import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from command_line import Command
from drawings import shown, text_problems
from matplotlib.figure import Figure
from test_french import left
from test_history import FIRE, YEAR, row, scored
from test_languages import longer
from test_numbers_told import numbers
from test_texts import ELIDED, WRONG

import sim
from sim.analysis.record.comparable import Omitted
from sim.analysis.record.counted import counted
from sim.analysis.record.file import Observation, Observed
from sim.analysis.record.known import NOT_IN_MODEL
from sim.present.page import plain
from sim.present.style import styled
from sim.studies.history.act_tables import act_findings
from sim.studies.history.acts import Acts, score_acts
from sim.studies.history.analysis import EARLY, LATER, OBSERVED, PATH, Evaluation, Total, over_all
from sim.studies.history.baselines import Baseline
from sim.studies.history.dataset import dataset
from sim.studies.history.figures import pages
from sim.studies.history.joint import Joint, joint
from sim.studies.history.joint_words import joint_findings
from sim.studies.history.rate_figure import rate_pages
from sim.studies.history.tables import rows_of, scores_in_terminal, summary
from sim.studies.history.words import added, bias, findings, leaning, verdict
from sim.texts import all_texts, spoken

CONTAINERS, SHELLS = "containers_prk_rus_cumulative", "shells_prk_rus_cumulative_million"
OIL, FAULTY = "refined_oil_rus_prk_month", "dud_or_refurbish_share"
MONTHS = [f"{2023 + (8 + k) // 12}-{(8 + k) % 12 + 1:02d}-15" for k in range(6)]
WORLDS = 8
LEFT = (
    *(
        Omitted(replace(row(FIRE, "2023-08-31", 1.0), series=name), "not_in_model", {"why": why})
        for name, why in NOT_IN_MODEL.items()
    ),
    *(Omitted(row(YEAR, "2023-10-01", 1.0), why, {"start": "2023-09"}) for why in ("before", "year_before")),
    Omitted(row(CONTAINERS, "2023-10-01", 1.0), "counts_from", {"first": "2023-09", "start": "2023-10"}),
    Omitted(row(YEAR, "2059-01-01", 1.0), "after", {"months": 240, "start": "2023-09"}),
    Omitted(
        row(FAULTY, "2024-01-01", 1.0),
        "changed",
        {"key": "PRK.ammunition.dud_share", "when": "2023-12", "origin": "x.toml:3"},
    ),
    *(Omitted(row(FAULTY, "2024-01-01", 1.0), why) for why in ("unknown", "other_days", "no_value")),
    Omitted(row(FAULTY, "2024-01-01", 1.0), "mistyped", {"hint": FIRE}),
)
"""An observation left out for each reason."""
DATED = re.compile(r"\d{4}-\d{2}(?!\d)(-\d{2})?|(\d+(er)?\u00a0)?[^\W\d_]+[ \u00a0]20\d\d(?!-)")
"""Days and months as each language writes them."""
NAMED = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b|x\.toml:3")


def walked(scale: float) -> np.ndarray:
    """Values of some months that grow, (month, world)."""
    rng = np.random.default_rng(4)
    return scale * np.cumsum(rng.uniform(0.5, 1.5, (len(MONTHS), WORLDS)), axis=0)


def as_worlds(values: np.ndarray) -> Baseline:
    """A rival whose draws are worlds of their own."""
    days = np.array(MONTHS, dtype="datetime64[D]").astype(float)

    def draw(day: float) -> np.ndarray:
        return np.array([np.interp(day, days, one) for one in values.T])

    return Baseline("reduced", draw, lambda some: np.stack([draw(day) for day in some]), "")


@pytest.fixture(scope="module")
def found() -> Evaluation:
    """Six series: counts that fail and are met, levels with and without a limit; acts, and all that was left out."""
    rows: list[Observation] = []
    values = []
    for series, scale, off in (
        (CONTAINERS, 1000.0, 3.0),
        (SHELLS, 0.4, 1.0),
        (FIRE, 10.0, 1.0),
        (OIL, 30.0, 0.1),
        (FAULTY, 0.05, 1.0),
    ):
        path = walked(scale)
        for k, month in enumerate(MONTHS):
            centre = off * float(np.median(path[k]))
            band = 0.1 * centre if series == FIRE else 0.0  # each world of a claim with a band is scored many times
            rows.append(row(series, month, centre, band, 2.0 * band))
            values.append(path[k])
    reduced = {CONTAINERS: as_worlds(walked(900.0)), SHELLS: as_worlds(walked(0.5)), FIRE: as_worlds(walked(10.1))}
    made = scored(rows, np.array(values), reduced)
    counts = np.random.default_rng(5).poisson(9.0, (len(counted()), WORLDS)).astype(float)
    return replace(made, left=LEFT, acts=score_acts(counts, (0,) * len(counted())))


@pytest.fixture(scope="module")
def ds(found: Evaluation) -> xr.Dataset:
    observed = Observed("observed.csv", "f" * 64, tuple(one.row for one in found.scored))
    kept = {OBSERVED: values_of(found)}
    kept |= {PATH + name: kept[OBSERVED][[one.row.series == name for one in found.scored]] for name in found.series()}
    return dataset(sim.load("sea_route", months=6, worlds=WORLDS), found, kept, "a title", observed)


def values_of(found: Evaluation) -> np.ndarray:
    """The worlds again, as `found` was made of them."""
    scales = {CONTAINERS: 1000.0, SHELLS: 0.4, FIRE: 10.0, OIL: 30.0, FAULTY: 0.05}
    paths = {name: walked(scale) for name, scale in scales.items()}
    return np.array([paths[one.row.series][MONTHS.index(str(one.row.date))] for one in found.scored])


@pytest.fixture(scope="module")
def together(found: Evaluation) -> Joint:
    return joint(found, values_of(found))


def told(found: Evaluation, together: Joint, language: str) -> list[str]:
    with spoken.speaking(language):
        return [*verdict(found), *joint_findings(together), *act_findings(found.acts), *act_findings(Acts(left="cut"))]


def test_the_page_of_a_comparison_is_french(found: Evaluation, together: Joint, ds: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        page = summary(found, together, ds)
        table = scores_in_terminal(found, LATER)
    assert page.startswith("# sea_route face aux observations\n")
    words = re.sub(r"`[^`]*`|\S+_\S+|x\.toml:3|--\w+|continuous.*?score|\| -|sim 0\S+.*", "", page)
    assert left(words) == set()
    assert not re.search(r"\d{4}-\d{2}-\d{2}", words)
    assert not WRONG.search(re.sub(r"\|[-|]*", "", words))
    assert not re.search(r"\d\.\d", words)
    assert not ELIDED.search(words)
    assert left(" ".join([str(table.title), *(str(column.header) for column in table.columns)])) == set()


def test_findings_tell_the_same_numbers_in_both_languages(found: Evaluation, together: Joint) -> None:
    """Signs too; days and months apart, which each language writes in its own way."""
    english, french = (told(found, together, language) for language in ("en", "fr"))
    assert len(english) == len(french) > 30
    for one, other in zip(english, french, strict=True):
        first, second = (NAMED.sub("", DATED.sub("", line)) for line in (one, other))
        assert sorted(numbers(first, "en")) == sorted(numbers(second, "fr")), (one, other)
        assert first.count("-0.") == second.count("\u22120,"), (one, other)


def test_every_reason_is_told_in_french(found: Evaluation, together: Joint) -> None:
    reasons = {key.rpartition(".")[2] for key in all_texts("fr") if key.startswith("printed.left_out.")}
    assert {one.why for one in LEFT} == reasons
    lines = [line for line in told(found, together, "fr") if line.startswith("Sans comparaison")]
    assert len(lines) == len(NOT_IN_MODEL) + len(reasons) - 1
    assert "qui commence en septembre\u00a02023" in " ".join(lines)
    assert len({one.reason for one in LEFT}) == len(lines)


CASES = [
    Total(9, 0, 0, 0, 0, 1.0, 1.0, 0.5, 0.0, {"reduced": 0.1}, {"reduced": ends}, 0.05)
    for ends in ((0.2, 0.3), (-0.3, -0.2), (-0.1, 0.1))
]


@pytest.mark.parametrize("total", CASES, ids=["something", "nothing", "unshown"])
def test_what_six_countries_add_is_told_in_french(
    found: Evaluation, total: Total, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.studies.history.words.over_all", lambda *_: total)
    with spoken.speaking("fr"):
        (line,) = added(found, LATER)
    assert left(line) == set()
    assert "compétence +0,10 ± 0,05 sur 3 séries après le 31\u00a0décembre\u00a02023" in line


def test_no_test_is_a_finding(found: Evaluation) -> None:
    early = replace(found, scored=tuple(found.of(EARLY)))
    assert over_all(early, LATER) is None
    with spoken.speaking("fr"):
        assert findings(early)[0] == "Aucune observation après le 31\u00a0décembre\u00a02023\u00a0: pas de test."
        assert left(" ".join(findings(early))) == set()
        assert rows_of(early, EARLY)[-1][0] == "toutes les séries"


def test_every_side_has_its_words() -> None:
    places = (0.99, 0.8, 0.5, 0.1, 0.01)
    with spoken.speaking("fr"):
        words = [bias(place) for place in places]
        assert leaning(0.99, -0.38) == "trop bas de 38\u202f%"
        assert leaning(0.5, 0.05) == "à peu près juste (médiane plus haute de 5\u202f%)"
    assert words == ["trop bas", "plutôt bas", "à peu près juste", "plutôt haut", "trop haut"]
    assert [bias(place) for place in places] == ["too low", "rather low", "about right", "rather high", "too high"]


def drawings(found: Evaluation, together: Joint, ds: xr.Dataset) -> Iterator[Figure]:
    rows = [one.row for one in found.scored]
    with spoken.speaking("fr"), styled():
        for draw in (pages(found, rows) | rate_pages(together)).values():
            yield plain(draw(ds))


def test_figures_of_a_comparison_with_history_are_french(found: Evaluation, together: Joint, ds: xr.Dataset) -> None:
    words = []
    for figure in drawings(found, together, ds):
        assert not [problem for problem in text_problems(figure) if "small" not in problem]
        words += [text.get_text() for text in shown(figure)]
    assert left(" ".join(words)) == set()
    assert {"janv. 24", "Tirs russes, tous calibres"} <= {word.replace("\u00a0", " ") for word in words}


def test_figures_of_a_comparison_with_history_have_room_for_longer_texts(
    found: Evaluation, together: Joint, ds: xr.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    for figure in drawings(found, together, ds):
        assert not [problem for problem in text_problems(figure) if "small" not in problem]


def test_the_command_speaks_the_language_that_is_asked_for(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = []
    of_history = "sim.studies.history.command"
    monkeypatch.setattr(f"{of_history}.load_history", lambda *_: None)
    monkeypatch.setattr(f"{of_history}.compare_with_history", lambda *_: heard.append(spoken.spoken()))
    assert [command("history", "article", *words)[0] for words in ((), ("--language", "fr"))] == [0, 0]
    assert heard == ["en", "fr"]


def test_every_act_on_record_has_a_plural_in_both_languages() -> None:
    keys = {f"history.acts.many.{one.act}" for one in counted()}
    assert all(
        keys == {key for key in all_texts(language) if key.startswith("history.acts.many.")}
        for language in ("en", "fr")
    )
