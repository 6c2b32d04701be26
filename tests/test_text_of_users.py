"""Users' text is text: in the terminal, Markdown, figures and CSV it is shown as written, and nothing in it acts."""

import ast
import csv
import io
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib as mpl
import pytest
from markdown_it import MarkdownIt
from matplotlib.figure import Figure
from rich.console import Console

import sim
from sim.commands import terminal
from sim.plain import REPLACEMENT, neutral
from sim.present.cells import row_as_text
from sim.present.page import svg_of
from sim.present.publish import write_rows
from sim.present.single import write_table
from sim.present.style import STYLE, styled
from sim.present.text import code, literal, markdown_table, paragraphs, terminal_table

TEXTS = [
    "Harbour dues [/year] fall",
    "Wider harbour [draft]",
    "[bold]not bold[/bold] :smile:",
    "cost $5 and $6, 50_000_kt, a*b*c, _x_ __y__",
    '=HYPERLINK("http://example.org/"&A1,"x")',
    "a | b \\| c",
    "# heading\n- item\n1. item",
    "<script>alert(1)</script> &lt; &amp; ~~gone~~",
    "`code` and ``more``",
    "---",
    "- one",
    "12) twelve",
    "Brücke 橋",
]
ACTING = "a\x1b[31mred\x1b[0m \x07 \x9b31m \u202eright to left \r\n end \udcff"
"""Escape sequences in both spellings, a bell, a change of direction, half a character."""


@pytest.mark.parametrize("text", [*TEXTS, ACTING])
def test_markdown_shows_what_was_written(text: str) -> None:
    for made, tag in ((literal(text), "p"), (code(text), "p")):
        found = ET.fromstring(f"<div>{MarkdownIt('gfm-like', {'linkify': False, 'xhtmlOut': True}).render(made)}</div>")
        assert [one.tag for one in found if one.tag != tag] == []
        assert "".join(found.itertext()).strip() == " ".join(neutral(text).split())
    assert "em" not in MarkdownIt("commonmark").render(literal("*a* _b_")).replace("<p>", "")


@pytest.mark.parametrize("text", [*TEXTS, ACTING])
def test_a_cell_of_markdown_stays_one_cell(text: str) -> None:
    table = markdown_table(("a", "b"), [(literal(text), "c")])
    found = ET.fromstring(MarkdownIt("gfm-like", {"linkify": False, "xhtmlOut": True}).render(table))
    cells = ["".join(cell.itertext()) for cell in found.iter("td")]
    assert cells == [" ".join(neutral(text).split()), "c"]


def test_no_break_blanks_hold_a_line_together(capsys: pytest.CaptureFixture[str]) -> None:
    """French has them before a colon and a sign of per cent; in Markdown and in the terminal no line breaks there."""
    text, told = "Obus\u00a0:  12\u202f%\n de plus", "Obus\u00a0: 12\u202f% de plus"
    assert (literal(text), paragraphs(text), code(text)) == (told, told, f"`{told}`")
    terminal.paragraph(text, indent="")
    assert capsys.readouterr().out == f"{told}\n"


def test_paragraphs_stay_apart() -> None:
    assert paragraphs("one\nline\n\n# two\n\n\n") == "one line\n\n\\# two"


@pytest.mark.parametrize("text", [*TEXTS, ACTING])
def test_the_terminal_shows_what_was_written(
    text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.say(text)
    terminal.show(terminal_table(text, (text,), [(text,)]))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    terminal.columns(("a",), [(text,)])
    shown = capsys.readouterr().out
    assert shown.splitlines()[0] == neutral(text).splitlines()[0]
    assert _squeezed(shown).count(_squeezed(neutral(text))) == 5  # a line, a title, a head, two cells
    assert not {"\x07", "\x9b", "\u202e"} & set(shown)
    assert set(re.findall(r"\x1b\[[0-9;]*m", shown)) <= {"\x1b[1m", "\x1b[0m"}  # bold heads of tables
    assert "\x1b" not in re.sub(r"\x1b\[[01]m", "", shown)


def _squeezed(text: str) -> str:
    """The text without blanks, frames of tables, and what makes their heads bold."""
    return re.sub(r"\x1b\[[01]m|[\s\u2500-\u257f]", "", text)


def test_strings_that_rich_prints_are_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show("[/year] :smile: [draft]")
    assert capsys.readouterr().out.strip() == "[/year] :smile: [draft]"
    control = io.StringIO()
    Console(file=control).print("[draft] :smile:")
    assert "draft" not in control.getvalue()


def test_errors_are_printed_without_escape_sequences(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.notify(ACTING)
    assert "\x1b" not in capsys.readouterr().err
    with terminal.in_code(), pytest.raises(terminal.MistakeError) as error:
        terminal.fail(ACTING)
    assert "\x1b" not in str(error.value)


def test_only_one_place_prints() -> None:
    """Every command prints through `sim.commands.terminal`; the entry point prints constants and its version."""
    allowed = {"commands/terminal.py", "cli.py"}
    root = Path(sim.__file__).parent
    for path in root.rglob("*.py"):
        text = path.read_text("utf-8")
        if path.relative_to(root).as_posix() not in allowed and re.search("echo|Console", text):
            tree = ast.walk(ast.parse(text))
            calls = {ast.unparse(node.func) for node in tree if isinstance(node, ast.Call)}
            assert not calls & {"typer.echo", "typer.secho", "Console"}, path


def test_a_spreadsheet_finds_no_formula(tmp_path: Path) -> None:
    rows: list[list[object]] = [["why"], *([text] for text in TEXTS)]
    write_rows(rows, tmp_path / "a.csv")
    write_table([[str(one) for one in row] for row in rows], tmp_path / "b.csv")
    for path in (tmp_path / "a.csv", tmp_path / "b.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            found = [row[0] for row in csv.reader(file)][1:]
        assert [one.removeprefix("'") for one in found] == TEXTS
        assert not [one for one in found if one[0] in "=+-@"]


def test_numbers_and_plain_texts_stay_as_they_are() -> None:
    row = ["-0.5", "+1", -2.0, 3, "-", "", "1e-5", "a=b", "x-y", None]
    assert row_as_text(row) == row
    assert row_as_text(["  =A1", "@x", "-1+cmd", ACTING])[:3] == ["'  =A1", "'@x", "'-1+cmd"]
    assert "\x1b" not in str(row_as_text([ACTING]))


@pytest.mark.parametrize("text", ["$5 to $6", "x_1 $ \\alpha $", ACTING])
def test_figures_show_what_was_written(text: str) -> None:
    def draw() -> Figure:
        figure = Figure(figsize=(4, 1))
        figure.text(0.1, 0.5, text)
        return figure

    svg = svg_of(draw, "salt")
    ET.fromstring(svg)
    assert f"<!-- {neutral(text).splitlines()[0][:3]}" in svg.replace("&amp;", "&")
    assert REPLACEMENT not in svg or text == ACTING


def test_a_reader_s_own_style_does_not_come_in() -> None:
    own = {"text.usetex": True, "figure.constrained_layout.use": True, "axes.facecolor": "red", "xtick.bottom": False}
    own |= {"font.size": 3.0, "savefig.bbox": "tight", "svg.fonttype": "none", "text.color": "pink"}

    def draw() -> Figure:
        figure = Figure(figsize=(2, 2))
        figure.add_subplot().set_title("$5")
        return figure

    plain = svg_of(draw, "salt")
    backend = mpl.get_backend()
    with mpl.rc_context(own):
        assert svg_of(draw, "salt") == plain
        with styled():
            assert mpl.rcParams["font.size"] == STYLE["font.size"]
        assert all(mpl.rcParams[key] == value for key, value in own.items())
    assert mpl.get_backend() == backend
