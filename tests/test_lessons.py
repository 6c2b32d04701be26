"""The lessons: both languages say the same with the same numbers, which are those that the model gave; the command."""

import csv
import html
import re
from functools import cache
from pathlib import Path

import pytest
from command_line import call, well

from docs.generate import claims, lessons
from docs.generate.lessons_words import WORDS
from docs.generate.markdown import DOCS
from docs.site.__main__ import FETCHED
from sim.lessons.library import LessonsError, chosen, page, pages
from sim.lessons.library import lessons as shipped_lessons
from sim.lessons.on_page import PRESETS, fillable, on_page
from sim.lessons.sheet import STYLE, sheet
from sim.lessons.write import write_folder
from sim.present.atomic import OutputError
from sim.scenario import PARAMETERS, load, shipped
from sim.scenario.names import COUNTRIES
from sim.texts import LANGUAGES

LESSONS = shipped_lessons("en")
EVERY = [(lesson, name) for lesson in LESSONS for name in pages(lesson, "en")]
NUMBER = re.compile(r"\d+(?:[,.]\d+)*")
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)")


def text(lesson: str, name: str, language: str) -> str:
    return page(lesson, name, language).read_text(encoding="utf-8")


def sections(content: str) -> list[tuple[int, str]]:
    """Level of each heading with all that stands below it."""
    parts = re.split(r"^(#+) ", content, flags=re.MULTILINE)[1:]
    return [(len(hashes), below) for hashes, below in zip(parts[::2], parts[1::2], strict=True)]


def numbers(content: str, language: str) -> list[str]:
    """All numbers, sorted, as English writes them without marks between thousands."""
    plain = CODE.sub("", content).replace("\N{NARROW NO-BREAK SPACE}", "").replace("\N{NO-BREAK SPACE}", " ")
    marks, point = (r"(?<=\d),(?=\d)", ".") if language == "fr" else (r"(?<=\d),(?=\d{3})", "")
    plain = re.sub(marks, point, plain)
    return sorted(NUMBER.findall(plain))


# ---- Generated pages --------------------------------------------------------------------------------------------


def test_pages_are_the_templates_with_the_numbers_that_are_kept() -> None:
    made = lessons.pages(lessons.known())
    assert len(made) == len(LANGUAGES) * len(EVERY)
    assert [name for name, words in made.items() if (lessons.LESSONS / name).read_text(encoding="utf-8") != words] == []


def test_a_number_that_is_not_kept_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lessons, "TEMPLATES", tmp_path)
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "a.md").write_text("{{x:all}} and {{y}}", encoding="utf-8")
    assert lessons.pages({"x": [1, 2, 3], "y": [4.25]}) == {"en/a.md": "2.0 (1.0 to 3.0) and 4.2"}
    with pytest.raises(KeyError):
        lessons.pages({"x": [1, 2, 3]})


@pytest.mark.parametrize(
    ("value", "digits", "english", "french"),
    [
        (8.866, 2, "8.9", "8,9"),
        (2570.0, 2, "2,600", "2\N{NARROW NO-BREAK SPACE}600"),
        (-0.04751, 2, "\N{MINUS SIGN}0.048", "\N{MINUS SIGN}0,048"),
        (99.96, 2, "100", "100"),
        (0.0, 2, "0", "0"),
        (1.0, 3, "1.00", "1,00"),
    ],
)
def test_numbers_as_a_language_writes_them(value: float, digits: int, english: str, french: str) -> None:
    assert lessons.number(value, digits, "en") == english
    assert lessons.number(value, digits, "fr") == french


@pytest.mark.parametrize("name", claims.PAGES)
def test_pages_of_claims_are_current(name: str) -> None:
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == claims.page(name)


@pytest.mark.parametrize("name", claims.PAGES)
def test_claims_name_tests_and_commands_that_exist(name: str) -> None:
    """All 22, each with a test that is there and a command whose scenarios and parameters are there."""
    rows = [line.split(" | ") for line in claims.page(name).splitlines() if re.match(r"\| C\d+ \|", line)]
    assert [row[0] for row in rows] == [f"| C{n}" for n in range(1, 23)]
    for row in rows:
        test, path = re.findall(r"\[`(\w+)`\]\(\.\./([\w/.]+)\)", row[4])[0]
        assert f"def {test}(" in (DOCS.parent / path).read_text(encoding="utf-8")
        words = re.findall(r"`sim \w+ ([^`]+)`", row[3])[0].split()
        scenarios = [word.removeprefix("outputs/") for word in words if word.split("+")[0].split("/")[-1] in shipped()]
        assert scenarios
        assert [load(one).name for one in scenarios]
        assert {word.split("=")[0] for word in words if re.match(r"[a-z]+\.\w+=", word)} <= PARAMETERS.keys()


KEPT = lessons.known()


@pytest.mark.parametrize("name", WORDS)
def test_what_the_texts_say_without_numbers_is_so(name: str) -> None:
    """A new run of the model may make a sentence untrue; then the sentence is to be changed."""
    assert WORDS[name](KEPT)


def test_the_claim_that_a_lesson_calls_not_found_is_not_shown() -> None:
    with claims.TABLE.open(encoding="utf-8", newline="") as file:
        verdicts = {row["pattern"]: row["verdict"] for row in csv.DictReader(file) if row["claim"] == "C5"}
    assert verdicts["mutual trade rises from no pressure to the peak"] == "not shown"


# ---- Two languages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("lesson", "name"), EVERY)
def test_both_languages_have_the_same_sections_and_numbers(lesson: str, name: str) -> None:
    english, french = (sections(text(lesson, name, language)) for language in ("en", "fr"))
    assert [level for level, _ in english] == [level for level, _ in french]
    for (_, here), (_, there) in zip(english, french, strict=True):
        assert numbers(here, "en") == numbers(there, "fr"), here[:60]
        assert here.count("\n| ") == there.count("\n| "), here[:60]
        assert here.count("\n---\n") == there.count("\n---\n")


def test_a_number_that_differs_is_found() -> None:
    assert numbers("8,900 of 1.5, in `x=3`", "en") == numbers("8\N{NARROW NO-BREAK SPACE}900 sur 1,5", "fr")
    assert numbers("1.5", "en") != numbers("1,6", "fr")


@pytest.mark.parametrize(("lesson", "name"), EVERY)
def test_french_is_set_as_french(lesson: str, name: str) -> None:
    plain = CODE.sub("", text(lesson, name, "fr"))
    assert re.findall(r".{9} [;:!?»%](?! ?-)", plain) == []
    assert re.findall(r"[\"“”]|« |\d\.\d|\b\w+'\w+", plain) == []
    assert re.findall(r"\b(?:the|and|with|worlds?|which|minutes? to)\b", plain) == []


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lesson_is_complete(lesson: str, language: str) -> None:
    """The minutes follow one another to the end that is promised; six roles; a prediction, a rubric, an exit ticket."""
    plan = re.findall(r"^\| (\d+) (?:to|à) (\d+) \|", text(lesson, "teacher", language), flags=re.MULTILINE)
    ends = [int(end) for _, end in plan]
    assert [int(begin) for begin, _ in plan] == [0, *ends[:-1]]
    assert ends[-1] == (45 if lesson.startswith("3") else 75)
    assert re.search(rf"\b{ends[-1]}.minutes", text(lesson, "teacher", language))
    assert len(re.findall("^## ", text(lesson, "roles", language), flags=re.MULTILINE)) == len(COUNTRIES)
    assert "| 4 points |" in text(lesson, "teacher", language).replace("\N{NO-BREAK SPACE}", " ")
    assert len(sections(text(lesson, "slides", language))) >= 6
    assert len(sections(text(lesson, "pupil", language))) >= 5


def test_a_slide_fills_the_screen() -> None:
    """Below the slide on which pupils predict, the next one shows what comes out."""
    screen = STYLE.read_text(encoding="utf-8").partition("@media screen {")[2].partition("@media")[0]
    assert re.search(r"\.slides section \{[^}]*min-height: 100vh", screen)


# ---- Beside the model -------------------------------------------------------------------------------------------


WORD = re.compile(r"\w+(?:[.,]\d+)*")


@cache
def runs(content: str, length: int) -> set[str]:
    """All runs of words of this length, without marks, tags and case."""
    words = WORD.findall(re.sub(r"<[^>]*>|[*`|]", " ", content).lower())
    return {" ".join(words[k : k + length]) for k in range(len(words) - length + 1)}


def answers(lesson: str, language: str) -> list[tuple[str, int]]:
    """The sentences of answer key and figures, and the numbers of their tables, each with the length of a run of it."""
    key = re.split("^## ", text(lesson, "teacher", language), flags=re.MULTILINE)[5] + text(lesson, "figures", language)
    lines = [line for line in key.splitlines() if line and not re.match(r"[#!]|\|[- |]+$", line)]
    asked = set(text(lesson, "pupil", language).splitlines())
    rows = [line.split("|", 2)[2] for line in lines if line.startswith("|") and line not in asked]
    said = [re.sub(r"^\*\*[^*]*\*\*", "", line) for line in lines if not line.startswith("|")]
    return [(one, 6) for one in said] + [(one, 3) for one in rows]


def leaked(content: str, lesson: str, language: str) -> set[str]:
    """What a text tells of the answers, but for lines of the worksheet that they repeat: choices, rows, beginnings."""
    lines = text(lesson, "pupil", language).splitlines()
    asked = "\n".join(line for line in lines if "☐" in line or line.startswith(("|", '*"', "*«")))
    return set().union(*(runs(one, n) & runs(content, n) - runs(asked, n) for one, n in answers(lesson, language)))


@pytest.mark.parametrize("lesson", PRESETS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_for_pupils_holds_no_answer(lesson: str, language: str) -> None:
    """No six words of a sentence and no three numbers of a row are in it; on the page for teachers all are."""
    pupils, teachers = (on_page(lesson, teacher=teacher)[language] for teacher in (False, True))
    assert set(pupils["sheets"]) == {"pupil", "roles"}
    content = "\n".join(html.unescape(part) for sheet in pupils["sheets"].values() for one in sheet for part in one)
    assert leaked(content, lesson, language) == set()
    found = [(one, n) for one, n in answers(lesson, language) if len(runs(one, n)) > 2]
    assert len(found) > 15
    assert [one for one, _ in found if not leaked(f"{content}\n{one}", lesson, language)] == []
    whole = "\n".join(html.unescape(part) for sheet in teachers["sheets"].values() for one in sheet for part in one)
    assert [one for one, n in found if not runs(one, n) & runs(whole, n)] == []
    assert set(PRESETS[lesson].scenarios) <= set(shipped())
    assert set(PRESETS[lesson].levers) <= set(PARAMETERS)


def test_a_worksheet_on_a_page_can_be_filled_in() -> None:
    made = fillable("<p>My vote: ............ ☐ yes</p>\n<hr />\n<hr />\n<table><td></td><td>x</td></table>")
    assert [made.count(one) for one in ('type="text"', 'type="checkbox"', "<textarea", "<hr", "☐")] == [2, 1, 1, 0, 0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_box_to_tick_stays_with_its_word(language: str) -> None:
    written = text("3_barter", "pupil", language)
    printed = sheet(page("3_barter", "pupil", language), language)
    assert 0 < written.count("☐ ") == printed.count("☐\N{NO-BREAK SPACE}")
    assert "☐ " not in printed


# ---- The command ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sheet_fetches_nothing_and_says_its_language(language: str) -> None:
    for lesson, name in EVERY:
        made = sheet(page(lesson, name, language), language)
        assert f'<html lang="{language}">' in made
        assert f'<body class="{name}">' in made
        assert not FETCHED.search(made)
        assert re.findall(r'src="(?!data:image/png;base64,)', made) == []
        assert made.count("<img") == text(lesson, name, language).count("![")
        assert "<script" not in made


def test_lessons_by_name_and_number() -> None:
    assert chosen([], "fr") == LESSONS
    assert chosen(["3", "3_barter"], "en") == ["3_barter"]
    with pytest.raises(LessonsError, match=r"'3_bart' \(did you mean 3_barter\?\)[\s\S]*'9'") as found:
        chosen(["3_bart", "3", "9"], "en")
    assert "a number will do" in str(found.value)
    with pytest.raises(LessonsError, match=r"--language: must be en or fr, found 'de'"):
        chosen([], "de")


def test_the_command_writes_a_folder_and_nothing_over_what_is_not_its_own(tmp_path: Path) -> None:
    write_folder({"a.html": "one"}, tmp_path / "out")
    write_folder({"b.html": "two"}, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b.html", "manifest.json"]
    (tmp_path / "out" / "mine.txt").touch()
    with pytest.raises(OutputError, match=r"mine\.txt"):
        write_folder({"a.html": "one"}, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_sim_lessons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "4 pages in outputs/lessons_fr" in well(call("lessons", "3", "--language", "fr")).out
    assert len(list((tmp_path / "outputs" / "lessons_fr").glob("3_barter_*.html"))) == 4
    refused = call("lessons", "four")
    assert (refused.code, "no lesson is called 'four'" in refused.err) == (2, True)
