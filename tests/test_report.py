"""Reports: one page that stands alone, says what the data say, and never replaces a file of the user's."""

import json
import math
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
import xarray as xr
from command_line import Command, Refused, files, well
from drawings import text_problems
from small_worlds import scenario
from synthetic import dataset

import sim
from sim.analysis.headline import score_changes, shells
from sim.analysis.levels import compared_by
from sim.plain import neutral
from sim.present.atomic import altered, recorded
from sim.present.page import svg_of
from sim.present.publish import publish
from sim.present.sealed import is_sealed, sealed
from sim.present.style import styled
from sim.present.summary import NOTABLE, summary
from sim.present.text import literal
from sim.present.words import sensible, with_error
from sim.reports import compared, figures, run, study
from sim.reports.build import ReportError, make_report
from sim.reports.findings import (
    FINDINGS,
    cooperation_found,
    gains_found,
    limits_found,
    shells_found,
    shown_months,
    technology_found,
    threat_found,
)
from sim.reports.folders import open_all
from sim.reports.html import STYLE, escaped, prose, split
from sim.reports.several import distinct, several_runs
from sim.reports.target import FILE, KIND
from sim.results import save
from sim.scenario import Problem
from sim.studies.compare.analysis import comparison
from sim.studies.compare.tables import summary as comparison_summary
from sim.texts.spoken import speaking

pytestmark = pytest.mark.usefixtures("short_rest")

HOSTILE = 'a <b>&amp;</b> "q" *x* [l](javascript:a) ![p](http://x/y) `c` | \x1b[31m \u202e end'
"""What a user may type: markup, links, pictures, control and direction characters."""


def test_of_one_month_it_is_told_what_is_and_not_what_moves() -> None:
    one = dataset(months=1, worlds=8)
    told = [
        part for find in (cooperation_found, limits_found, threat_found) for part in (find(one).says, find(one).about)
    ]
    assert [text for text in told if re.search("moves|rises|falls", text)] == []
    assert [text.count("2023-09") for text in told[3:4]] == [1]


def write(ds: xr.Dataset, folder: Path, command: str = "") -> None:
    """Write the files of a run that a report reads."""
    publish(ds, folder, {"results.nc": partial(save, ds), "summary.md": summary(ds)}, {}, command=command)


@pytest.fixture(scope="module", autouse=True)
def not_drawn() -> Iterator[None]:
    """Let reports take an empty drawing for each figure: drawing has tests of its own below."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (run, compared, study):
            patch.setattr(module, "svg_of", lambda draw, salt: "<svg xmlns='http://www.w3.org/2000/svg'/>")
        yield


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folders of two runs over the same worlds, of their comparison, and of a study with figures of its own."""
    home = tmp_path_factory.mktemp("reports")
    specs = [
        replace(scenario(months=5, worlds=6), name="one", title="One", question=HOSTILE),
        replace(scenario({"routes.khasan.capacity": 20.0}, months=5, worlds=6), name="two", title=HOSTILE),
    ]
    runs = [sim.run(spec) for spec in specs]
    for spec, ds in zip(specs, runs, strict=True):
        write(ds, home / spec.name, f"sim run {spec.name}.toml")
    reduce = compared_by().reduce
    assert reduce
    both = comparison(specs, [reduce(ds) for ds in runs], "one compared with two")
    texts = {"comparison.nc": both, "summary.md": comparison_summary(both)}
    publish(both, home / "both", texts, {}, command="sim compare one.toml two.toml")
    sweep = both.assign_attrs(format="sim-sweep 1", title="A sweep")
    drawn = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    told = "# A sweep\n\nWhat it does.\n\n## Found\n\n| a | b |\n| --- | --- |\n| 2023-09 | 1 |\n"
    publish(sweep, home / "study", {"summary.md": told, "figures/map.svg": drawn}, {}, command="sim sweep one")
    return home


@pytest.fixture(scope="module")
def page(home: Path) -> str:
    """The report on all folders."""
    names = ("one", "two", "both", "study")
    path = make_report([home / name for name in names], home / "all.html", HOSTILE, HOSTILE)
    return path.read_text(encoding="utf-8")


class Seen(HTMLParser):
    """The elements of a page, and all that they refer to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, *names: str) -> list[str]:
        return [value for _, attrs in self.elements for name, value in attrs.items() if name in names]

    def of(self, *tags: str) -> list[dict[str, str]]:
        return [attrs for tag, attrs in self.elements if tag in tags]


def test_a_page_is_well_formed_and_refers_to_nothing_outside(page: str) -> None:
    ET.fromstring(page.removeprefix("<!DOCTYPE html>\n"))
    seen = Seen(page)
    names = seen.values("id")
    assert len(names) == len(set(names))
    for reference in seen.values("src", "href", "action", "data", "srcset", "poster"):
        assert reference.startswith("data:image/svg+xml;base64,") or reference.removeprefix("#") in names
    assert not seen.of("script", "link", "iframe", "object", "embed", "form", "base", "svg")
    assert not [name for _, attrs in seen.elements for name in attrs if name.startswith("on")]
    assert not re.search(r"url\(|@import|https?:", STYLE.read_text(encoding="utf-8"))


def test_a_page_can_be_read_without_eyes(page: str) -> None:
    seen = Seen(page)
    assert seen.of("html") == [{"lang": "en"}]
    assert len(seen.of("h1")) == 1
    assert all(len(attrs["alt"]) > 40 for attrs in seen.of("img"))
    assert all(attrs.get("scope") in ("col", "row") for attrs in seen.of("th"))
    levels = [int(tag[1]) for tag, _ in seen.elements if re.fullmatch(r"h\d", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels


def test_what_a_user_types_is_text(page: str, home: Path) -> None:
    shown = neutral(HOSTILE)
    assert "\x1b" not in shown
    assert "\u202e" not in shown
    text = " ".join(Seen(page).text.split())
    # the title twice (head, heading), the question above and that of the scenario, one title as title of a chapter
    assert text.count(" ".join(shown.split())) >= 4
    assert "<b>" not in page
    assert "\x1b" not in page


@pytest.mark.parametrize("text", [HOSTILE, "# no\nheading", "1. no list", "a\\*b", "&lt;", "~~~", "- x", "    code"])
def test_literal_text_survives_markdown(text: str) -> None:
    found = ET.fromstring(f"<div>{prose(literal(text))}</div>")
    assert [one.tag for one in found.iter()][1:] == ["p"]
    assert "".join(found.itertext()).strip() == " ".join(neutral(text).split())


def test_plain_markdown_in_the_same_place_would_not_survive() -> None:
    """The control."""
    assert "<em>" in prose(HOSTILE)
    assert escaped("<a href='x'>\x00") == "&lt;a href=&#x27;x&#x27;&gt;\N{REPLACEMENT CHARACTER}"


def test_tables_have_heads_and_dates_stay_whole() -> None:
    _, parts = split("# T\n\nIntro.\n\n## Found\n\n| a | b |\n| --- | --- |\n| 2023-09 | 1 |\n")
    found = ET.fromstring(prose(parts["Found"]))
    assert [(one.attrib, one.text) for one in found.iter("th")] == [
        ({"scope": "col"}, "a"),
        ({"scope": "col"}, "b"),
        ({"class": "date", "scope": "row"}, "2023-09"),
    ]


def test_runs_stand_against_the_first_and_every_command_is_named(page: str, home: Path) -> None:
    text = Seen(page).text
    for words in ("The runs against the first", "two against one", "Who gained, who lost", "known to miss"):
        assert words in text
    for command in ("sim run one.toml", "sim run two.toml", "sim compare one.toml two.toml", "sim sweep one"):
        assert command in text
    assert f"sim replay {home / 'one'}" in text
    assert f"sim replay {home / 'both'}" not in text, "a comparison cannot be run again from its folder"


def test_the_same_folders_give_the_same_bytes(home: Path) -> None:
    first, again = (make_report([home / "both"], home / name).read_bytes() for name in ("first.html", "again.html"))
    assert first == again
    ds = sim.open_results(home / "one")
    one, two = (svg_of(partial(figures.shells, ds), "salt") for _ in range(2))
    assert one == two
    assert "<dc:date>" not in one


def test_a_comparison_is_told_again_in_the_language_and_of_other_studies_it_is_said_who_wrote_them(home: Path) -> None:
    both, other = open_all([home / "both", home / "study"], [])
    other = replace(other, summary=f"{other.summary}\n## Origin\n\nFrom here.\n")
    with speaking("fr"):
        again, stored = (study.study_chapter(one, "T") for one in (both, other))
    assert "Le monde k a les mêmes paramètres" in again.intro
    assert "en anglais" not in again.intro
    assert re.search("<strong>Cette partie est en anglais</strong>.*sim sweep one.*--language fr", stored.intro)
    assert "est en anglais" not in study.study_chapter(other, "T").intro


def test_runs_that_cannot_be_paired_are_not(home: Path) -> None:
    problems: list[Problem] = []
    one, two = open_all([home / "one", home / "two"], problems)
    other = replace(two, manifest=two.manifest | {"scenario": two.manifest["scenario"] | {"seed": 7}})
    told = several_runs([one, other])
    assert told is not None
    assert "different seeds" in "".join(told.sections.values())
    assert several_runs([one]) is None
    assert not problems


# ---- Findings --------------------------------------------------------------------------------------------------


def test_findings_say_what_the_data_say(home: Path) -> None:
    ds = sim.open_results(home / "one")
    assert f"{shells(ds).mid:.2f} (" in shells_found(ds).says
    nothing = ds.assign(shells_delivered=0.0 * ds["shells_delivered"], tier_released=0 * ds["tier_released"])
    assert "no shells reach Russia" in shells_found(nothing).says
    assert technology_found(nothing).says == "Russia passes on no technology tier in any world."
    third = ds.assign(tier_released=ds["tier_released"].where(ds["world"] > 1, 3.0))
    assert "tier 3 in 33 %" in technology_found(third).says
    gained = gains_found(ds)
    assert gained is not None
    most, least = (choose(score_changes(ds), key=lambda one: one.mean) for choose in (max, min))
    for one, words in ((most, "largest gain is"), (least, "largest loss")):
        assert (words in gained.says) == (f"{one.mean:+.2f}" in gained.says) == (abs(one.mean) >= NOTABLE)
    assert gained.says.count(" is ") == 1, "a sentence, whichever of the two is told"
    assert gains_found(ds.assign(score_unopened=ds["score"].isel(month=-1))) is None


def test_findings_are_about_the_lane_that_the_scenario_asks_about(home: Path) -> None:
    ds = sim.open_results(home / "one")
    asked = json.loads(ds.attrs["scenario"]) | {"lane": ["CHN", "PRK", "energy"]}
    other = ds.assign_attrs(scenario=json.dumps(asked))
    found = [found.says for some in FINDINGS.values() for find in some if (found := find(other)) is not None]
    moved = ds["delivered"].sel(country="CHN", partner="PRK", good="energy").sum("month").median()
    assert f"Energy, China to North Korea: {sensible(float(moved))} (" in found[0]
    assert "North Korea and China" in found[1]
    assert not any("shells" in says for says in found)


@pytest.mark.slow
@pytest.mark.parametrize(("months", "worlds"), [(1, 1), (36, 6)])
def test_no_text_of_a_figure_is_cut_or_overlaps(months: int, worlds: int) -> None:
    ds = dataset(months=months, worlds=worlds)
    for find in (find for some in FINDINGS.values() for find in some):
        found = find(ds)
        if found is not None:
            with styled():
                assert not text_problems(found.draw(ds)), found.name


def test_numbers_of_tables() -> None:
    assert shown_months(36) == [0, 6, 12, 18, 23, 29, 35]
    assert shown_months(2) == [0, 1]
    assert shown_months(1) == [0]
    assert with_error(-0.001, 0.0004) == "0.00 ± <0.001"
    assert with_error(0.186, 0.012) == "+0.19 ± 0.01"
    assert with_error(0.186, math.nan) == "+0.19", "of one world"
    assert distinct(["a", "b", "a"]) == ["a (1)", "b", "a (3)"]


# ---- The file --------------------------------------------------------------------------------------------------


def test_a_report_belongs_to_its_folder(home: Path, tmp_path: Path, command: Command) -> None:
    """It is in the manifest, may be made again, and the command that made the folder may replace it all."""
    folder = tmp_path / "study"
    shutil.copytree(home / "study", folder)
    said = well(command("report", "study"))
    assert said.out.startswith(f"study/{FILE}: ")
    before = files(folder)
    assert is_sealed(before[FILE], KIND)
    assert FILE in [entry["path"] for entry in json.loads(before["manifest.json"])["files"]]
    assert altered(folder, recorded(folder) or {}) == []
    well(command("report", "study"))
    assert files(folder) == before
    publish(sim.open_results(home / "one"), folder, {"summary.md": "# New\n"}, {})
    assert FILE not in files(folder)


def test_a_file_of_the_user_stays(home: Path, tmp_path: Path, refused: Refused) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<p>mine</p>", encoding="utf-8")
    edited = tmp_path / "edited.html"
    edited.write_bytes(sealed("<p>ours</p>\n", KIND).replace(b"ours", b"mine"))
    shutil.copytree(home / "study", tmp_path / "study")
    for name in ("mine.html", "edited.html"):
        assert "is no report, or was changed since" in refused("report", "study", "--out", name)


def test_every_problem_is_told_at_once(home: Path, tmp_path: Path, refused: Refused) -> None:
    for name in ("one", "two", "both"):
        shutil.copytree(home / name, tmp_path / name)
    (tmp_path / "two" / "results.nc").write_bytes(b"damaged")
    (tmp_path / "both" / "summary.md").unlink()
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    told = refused("report", "one", "one", "ono", "two", "both", "empty", "file", "--out", "x.txt").splitlines()
    assert [line.partition(":")[0] for line in told] == [
        *("one", "ono", "two/results.nc", "both/summary.md", "empty", "file", "x.txt")
    ]
    assert told[1] == "ono: no such folder (did you mean one?)"
    assert "it has no manifest.json; sim run SCENARIO writes such a folder to outputs/SCENARIO" in told[4]
    assert "ends in .html" in told[-1]


@pytest.mark.parametrize("out", ["study", "study/summary.md/x.html", ""])
def test_a_place_that_cannot_be_is_refused(out: str, home: Path, tmp_path: Path, refused: Refused) -> None:
    shutil.copytree(home / "study", tmp_path / "study")
    assert refused("report", "study", "--out", out)


def test_what_was_changed_since_is_said(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "study"
    shutil.copytree(home / "study", folder)
    with (folder / "summary.md").open("a", encoding="utf-8") as file:
        file.write("\nMine.\n")
    text = Seen(sim.report(folder).read_text(encoding="utf-8")).text
    assert "Changed since the folder was written: summary.md" in text
    assert "Mine." in text


def test_python_hears_of_problems_too(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="no such folder") as told:
        sim.report(tmp_path / "none", out=tmp_path)
    assert len(told.value.problems) == 2
