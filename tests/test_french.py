"""What commands tell in French: nothing English is left in it, files of data stay as they are."""

import re
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest
import xarray as xr
from drawings import shown, text_problems
from matplotlib.text import Text
from synthetic import dataset
from test_languages import longer
from test_numbers_told import digits, numbers
from test_texts import ELIDED

import sim
from sim.analysis.ledger import Explanation
from sim.analysis.wide import WIDE
from sim.commands.terminal import show
from sim.experiment.witness import witness
from sim.present.figures import FIGURES
from sim.present.naming import measure_words, scenario_title, with_unit
from sim.present.page import plain
from sim.present.publish import write_rows
from sim.present.spreadsheets import series
from sim.present.style import styled
from sim.present.summary import summary as run_summary
from sim.present.tables import headline_rows
from sim.present.text import terminal_table
from sim.reports.build import report
from sim.reports.findings import FINDINGS, Finding
from sim.reports.folders import Opened
from sim.reports.study import study_chapter
from sim.results.witness import Witness
from sim.scenario.library import title_of
from sim.studies.compare.figures import FIGURES as OF_A_COMPARISON
from sim.studies.compare.tables import heads as compare_heads
from sim.studies.compare.tables import summary as compare_summary
from sim.studies.explain.asks import read_ask
from sim.studies.explain.counterfactual import Counterfactual, Lever, Turn, sentences
from sim.studies.explain.design import Found, explain
from sim.studies.explain.figures import draw, draw_levers
from sim.studies.explain.tables import explained, ledger_rows, summary
from sim.texts import spoken

ENGLISH = re.compile(
    r"\b(the|of|and|in|by|with|was|were|is|are|not|no|none|worlds?|months?|shells|food|fuel|technology|median|share|"
    r"difference|highest|lowest|between|what|which|how|origin|seed|million rounds|krounds|MUSD|launch|air|submarine)\b",
    re.IGNORECASE,
)
NAMES = re.compile(r"`[^`]*`|sim \d\S*|\b[a-z]+_[a-z_]+\b|[a-z]+\.csv")
"""Code, names of files and scenarios."""


def left(text: str) -> set[str]:
    """Return English words in a French text, beside names."""
    return {found[0] for found in ENGLISH.finditer(NAMES.sub("", text))}


def test_english_would_be_noticed() -> None:
    """The control."""
    assert left("Median of the worlds; `sim run` of sea_route") == {"Median", "of", "the", "worlds"}


# ---- sim explain

QUESTIONS = (
    *("technology", "shells", "chn_prk.food", "usa_jpn.energy", "food", "rus.shells", "aid", "railway", "port"),
    *("summit RUS PRK", "veto", "lethal_aid", "trilateral_exercise", "missile_test"),
)


@pytest.fixture(scope="module")
def seen() -> Witness:
    return witness(sim.load("sea_route", months=3, worlds=4), 1)


def told(seen: Witness, question: str, language: str = "fr") -> Explanation:
    with spoken.speaking(language):
        scenario = sim.load("sea_route", months=3, worlds=4)
        return explain(scenario, read_ask(question), Found(seen, "comme demandé"), tier=3)


@pytest.fixture(scope="module")
def once(seen: Witness) -> Callable[[str, str], Explanation]:
    """The same, found once for a question in a language."""
    return cache(partial(told, seen))


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_explanation_is_french(once: Callable[[str, str], Explanation], question: str) -> None:
    made = once(question, "fr")
    with spoken.speaking("fr"):
        page = summary(made, explained(sim.load("sea_route", months=3, worlds=4), made, "Titre"))
    assert left(page) == set()
    assert not ELIDED.search(page)
    assert not re.search(r"\d\.\d| %| ;", re.sub("`[^`]*`|sim .*", "", page))


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_numbers_stand_in_both_languages(once: Callable[[str, str], Explanation], question: str) -> None:
    english, french = once(question, "en"), once(question, "fr")
    for one, other in zip(english.sentences, french.sentences, strict=True):
        assert sorted(numbers(digits(one, "en"), "en")) == sorted(numbers(digits(other, "fr"), "fr")), (one, other)
    for one, other in zip(english.ledgers, french.ledgers, strict=True):
        assert [(part.name, part.value) for part in one.parts] == [(part.name, part.value) for part in other.parts]
    for one, other in zip(english.tables, french.tables, strict=True):
        assert [len(row) for row in one.rows] == [len(row) for row in other.rows]
    assert next(iter(ledger_rows(english))) == next(iter(ledger_rows(french)))


def test_the_figure_of_an_explanation_has_room_for_longer_texts(seen: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = sim.load("sea_route", months=3, worlds=4)
    levers = (Lever("routes.khasan.capacity", "", 10.0, 90.0, 40.0, (20.0, 60.0), (False, True)),)
    monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
    for question in ("technology", "shells"):
        made = told(seen, question)
        with spoken.speaking("fr"), styled():
            ds = explained(scenario, made, "Titre")
            found = Counterfactual(Turn("il y a une visite", lambda ds: ds), False, levers)
            for figure in (draw(made, ds), draw_levers(found, made, ds)):
                assert not [one for one in text_problems(figure) if "small" not in one]


def test_what_would_turn_it_is_french() -> None:
    levers = tuple(
        Lever(key, "", 10.0, 90.0, 40.0, (20.0, 60.0), (False, turned), odds=odds)
        for key, turned, odds in (("routes.khasan.capacity", True, (0.1, 0.4)), ("war.intensity", False, None))
    )
    with spoken.speaking("fr"):
        lines = sentences(Counterfactual(Turn("il y a une visite", lambda ds: ds, span="ce mois-là"), False, levers))
    assert left(" ".join(lines)) == set()
    assert "60\u00a0kt par mois" in lines[1]


# ---- sim run, sim figures


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    return dataset(months=24, worlds=40, name="sea_route")


OWN = re.compile(r"^\*\*La question.*|^Ce que l’auteur.*|A made-up run|public record", re.MULTILINE)
"""What the scenario's author wrote: its question, its outcome, why events happen."""


def test_summary_and_table_of_a_run_are_french(ds: xr.Dataset) -> None:
    shipped = ds.assign_attrs(scenario=ds.attrs["scenario"].replace("a lull", "A summit (assumed)."))
    with spoken.speaking("fr"):
        page, rows = run_summary(shipped), headline_rows(ds)
    page = re.sub(r"(?s)(## Ce qu’il faut regarder\n).*?(?=## )", r"\1", OWN.sub("", page))
    assert left(re.sub(r"\*\*|^Scénario.*", "", page, flags=re.MULTILINE)) == set()
    assert left(" ".join(" ".join(row) for row in rows)) == set()
    assert "## Ce qui s’est passé" in page
    assert "| Un sommet (hypothèse). |" in page
    assert not re.search(r"\d\.\d| %", re.sub(r"`[^`]*`|Scénario .*", "", page))


@pytest.mark.parametrize("name", ["cooperation", "logistics"])
def test_figures_make_room_for_texts_two_fifths_longer(
    ds: xr.Dataset, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They do not fit at first, which is the control; real French does, and so keeps its sizes."""
    with spoken.speaking("fr"), styled():
        figure = FIGURES[name](ds)
        before = [text.get_fontsize() for text in figure.findobj(Text)]
        assert [text.get_fontsize() for text in plain(figure).findobj(Text)] == before
        monkeypatch.setattr(spoken, "text_of", lambda language, key: longer(language)[key])
        figure = FIGURES[name](ds)
        assert text_problems(figure)
        assert not [one for one in text_problems(plain(figure)) if "small" not in one]


def test_a_shipped_scenario_has_its_french_title_and_question() -> None:
    scenario = {"name": "article+war.intensity=0", "title": f"{title_of('article')} (changed: war.intensity=0)"}
    with spoken.speaking("fr"):
        assert scenario_title(scenario, "war.intensity=0").startswith("Ce que savait l’article")
        assert scenario_title({"name": "article", "title": "My own"}) == "My own"


def test_files_of_data_stay_english(tmp_path: Path) -> None:
    ds = dataset(months=2, worlds=3)
    write_rows(series(ds), tmp_path / "english.csv")
    with spoken.speaking("fr"):
        write_rows(series(ds), tmp_path / "french.csv")
        write_rows(([spoken.month(month, 2026)] for month in (8,)), tmp_path / "row.csv")
    assert (tmp_path / "french.csv").read_bytes() == (tmp_path / "english.csv").read_bytes()
    assert (tmp_path / "row.csv").read_text() == "August 2026\n"


@pytest.mark.parametrize("name", FIGURES)
def test_figures_of_a_run_are_french(ds: xr.Dataset, name: str) -> None:
    figure = sim.draw(ds, name, language="fr")
    figure.draw_without_rendering()
    assert left(" ".join(text.get_text() for text in shown(figure)).replace(str(ds.attrs["title"]), "")) == set()
    small = "RUS Russie"  # the foot of the figure; its accent stands higher than an English letter
    assert not [one for one in text_problems(figure) if not one.startswith(f"'{small}")]


def test_a_narrow_terminal_breaks_no_number(capsys: pytest.CaptureFixture[str]) -> None:
    number = "12\u202f500,5\u00a0millions\u00a0: un"
    for length in range(120, 160):
        show(terminal_table("titre", ("a",), [(f"{'x' * length} {number}",)]))
    out = capsys.readouterr().out
    assert out.count("\u00a0") == out.count("\u202f") * 2 == 80
    assert not re.search("[\u00a0\u202f] *│", out)


# ---- sim compare


@pytest.fixture(scope="module")
def compared() -> xr.Dataset:
    return sim.compare(*(sim.load(name, months=3, worlds=4) for name in ("article", "sea_route", "cash")))


def test_a_comparison_is_french(compared: xr.Dataset) -> None:
    with spoken.speaking("fr"):
        page, rows = compare_summary(compared), compare_heads()
    assert left(re.sub(r"^(- `|Graine).*", "", page, flags=re.MULTILINE)) == set()
    assert left(" ".join(rows)) == set()
    assert "## sea_route face à article" in page
    assert not re.search(r"\d\.\d|[^,] %", re.sub(r"`[^`]*`|\S+\.toml\S*|Graine .*", "", page))


@pytest.mark.parametrize("name", OF_A_COMPARISON)
def test_figures_of_a_comparison_are_french(compared: xr.Dataset, name: str) -> None:
    figure = sim.draw(compared, name, language="fr")
    figure.draw_without_rendering()
    assert left(" ".join(text.get_text() for text in shown(figure))) == set()
    assert not [one for one in text_problems(figure) if "small" not in one]


def test_every_outcome_and_unit_of_a_comparison_has_a_french_name() -> None:
    with spoken.speaking("fr"):
        found = {name: with_unit(measure_words(name, measure.words), measure.unit) for name, measure in WIDE.items()}
    assert {name for name, words in found.items() if words.startswith(WIDE[name].words)} == set()
    assert left(" ".join(found.values())) == set()


# ---- sim report


@pytest.mark.parametrize("find", [find for some in FINDINGS.values() for find in some])
def test_findings_of_a_report_are_french(ds: xr.Dataset, find: Callable[[xr.Dataset], Finding | None]) -> None:
    with spoken.speaking("fr"), styled():
        found = find(ds)
        assert found is not None
        figure = found.draw(ds)
        figure.draw_without_rendering()
    drawn = " ".join(text.get_text() for text in shown(figure))
    rows = " ".join(cell for row in found.rows for cell in row)
    assert left(" ".join([found.says, found.caption, found.about, *found.heads, found.unit, rows, drawn])) == set()


def test_a_report_names_a_study_as_its_summary_does() -> None:
    summary = "# article face aux observations\n\nTexte.\n"
    opened = Opened(Path("x"), {"title": "article against observations", "content": "a study"}, summary, None)
    opened.pictures["rates"] = "<svg/>"
    told = {}
    for language in ("en", "fr"):
        with spoken.speaking(language):
            told[language] = " ".join(study_chapter(opened, "").sections.values())
    assert "article against observations" in told["en"]
    assert "against" not in told["fr"]
    assert "article face aux observations" in told["fr"]


def test_what_a_report_says_of_itself_is_french() -> None:
    with spoken.speaking("fr"):
        page = report([])
    assert 'lang="fr"' in page
    assert left(re.sub(r"<style>.*?</style>|<[^>]*>|sim report", " ", page, flags=re.DOTALL)) == set()
