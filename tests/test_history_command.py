"""`sim history` as a user types it, its pictures, and the page made from it."""

import inspect
from pathlib import Path

import pytest
import xarray as xr
from command_line import Command, Refused, files, rows
from drawings import of_a_study
from test_observed_file import HEADER, MISTAKES, file

import sim
from docs.generate import history
from docs.generate.markdown import DOCS, PART, template
from sim.commands.options import TUNED_TO
from sim.studies.history.analysis import EARLY, LATER
from sim.studies.history.command import evaluated, load_history
from sim.studies.history.figures import pages
from sim.studies.history.joint import joint
from sim.studies.history.rate_figure import rate_pages

pytestmark = pytest.mark.usefixtures("short_rest")

COUNT, YEAR = "containers_prk_rus_cumulative", "missile_tests_prk"
LONG = (
    f"{COUNT},2023-10-01,900,1000,1300,containers,a",
    f"{COUNT},2026-12-01,20000,30000,40000,containers,é",
    f"{YEAR},2022-12-31,60,64,70,tests/year,a",
    f"{YEAR},2024-12-31,20,30,40,tests/year,a",
    "troops_prk_rus,2024-12-31,10,11,12,thousand,a",
)


def test_a_file_that_goes_on_for_years(command: Command, tmp_path: Path) -> None:
    mine = file(tmp_path, HEADER + "\n".join(LONG))
    words = ("history", "article", "--observed", str(mine), "--worlds", "8")
    code, out, err = command(*words)
    assert (code, err) == (0, "")
    assert "troops_prk_rus (1 observation): the model does not know this series" in out
    folder = tmp_path / "outputs" / "history_article"
    before = files(folder)
    tables = {"history.nc", "history.csv", "scores.csv", "not_compared.csv", "summary.md", "manifest.json"}
    tables |= {"rates.csv", "at_once.csv", "joint.csv", "acts.csv"}
    assert before.keys() == tables | {
        f"figures/{name}.{kind}" for name in ("history", "rates") for kind in ("png", "svg")
    }
    assert [(one["from"], one["to"]) for one in rows(folder / "rates.csv")] == [("2023-10-01", "2026-12-01")]
    assert [one["series"] for one in rows(folder / "at_once.csv")] == [COUNT, "all"]
    with xr.open_dataset(folder / "history.nc") as stored:
        assert stored["model"].shape == (3, 8)
        assert stored.sizes["month"] == 40
        assert stored.attrs["observed"] == "mine.csv"
    assert [(one["series"], one["part"], one["source"]) for one in rows(folder / "history.csv")] == [
        (COUNT, "early", "a"),
        (COUNT, "later", "é"),
        (YEAR, "later", "a"),
    ]
    assert str(tmp_path).encode() not in b"".join(data for name, data in before.items() if name != "manifest.json")
    assert command(*words)[0] == 0
    assert files(folder) == before


def test_shipped_figures_and_their_pictures() -> None:
    asked = load_history("sea_route", None, (None, None, TUNED_TO), {"worlds": 8})
    assert asked.scenario.hash == sim.load("sea_route", worlds=8).hash
    found, ds = evaluated(asked)
    assert {len(found.of(EARLY)), len(found.of(LATER))} == {9, 11}
    together = joint(found, ds["model"].values)
    assert (len(together.rates), len(together.at_once), len(together.vectors)) == (7, 5, 3)
    drawn = pages(found, asked.observed.rows) | rate_pages(together)
    assert list(drawn) == ["history_1", "history_2", "rates"]
    assert not [problem for draw in drawn.values() for problem in of_a_study(draw, ds)]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("artcle",), "did you mean article?"),
        (("article", "--from", "2024-1-1"), "--from: must be a day"),
        (("article", "--from", "2024-02-01", "--to", "2024-01-01"), "lies after --to"),
        (("article", "--tuned-to", "soon"), "--tuned-to: must be a day"),
        (("article", "--observed", "none.csv"), "none.csv: there is no such file"),
        (("article", "--from", "2025-01-01"), "no observation can be compared"),
    ],
)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused("history", *words)


def test_mistakes_of_scenario_file_and_days_are_told_at_once(refused: Refused, tmp_path: Path) -> None:
    mine = file(tmp_path, HEADER + MISTAKES["unit"][0])
    assert len(refused("history", "artcle", "--observed", str(mine), "--to", "x").strip().splitlines()) == 3


def test_every_part_of_the_page_is_filled() -> None:
    """The parts of the template are those that the program names: a page is long to make, and would fail at its end."""
    source = inspect.getsource(history.page)
    assert all(f'"{part}":' in source for part in PART.findall(template("history")))


def test_the_page_has_the_table_of_series() -> None:
    text = (DOCS / "history.md").read_text(encoding="utf-8")
    assert history.series_table() in text
    assert all(f"| {name} |" in text for name, *_ in history.VARIANTS)
