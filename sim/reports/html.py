"""The page of a report. All text becomes HTML here and nowhere else, so here it is escaped.

Markdown in, HTML out: the texts of summaries are Markdown already. HTML, pictures and links in a text stay text, so
nothing in a scenario file, in an option or in a folder from somebody else can load or run anything.
"""

import base64
import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from sim.plain import neutral
from sim.present.text import markdown_table
from sim.texts.spoken import said, spoken

STYLE = Path(__file__).with_name("report.css")
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")
_MARKDOWN.disable(["image", "link", "autolink", "reference", "html_inline", "html_block"])
DATE = re.compile(r"\d{4}-\d{2}(-\d{2})?$")
_SECTION = re.compile(r"^## +", flags=re.MULTILINE)
SCROLL = '<div class="scroll" tabindex="0" role="region" aria-label="{label}">\n<table>'
"""A table may be wider than a telephone: it scrolls by itself, with the keyboard too."""


@dataclass(frozen=True)
class Chapter:
    """One part of a report."""

    title: str
    "Markdown on one line."
    sections: dict[str, str]
    "Heading (Markdown on one line) -> HTML."
    intro: str = ""
    "HTML before the first section."
    remarks: list[str] = field(default_factory=list)
    "What the user should be told when the report is made."


def escaped(text: str) -> str:
    """Return a text for HTML, in an element or in a quoted attribute."""
    return html.escape(neutral(text))


def prose(markdown: str) -> str:
    """Return the HTML of a Markdown text: headings one level lower, tables with heads for columns and rows."""
    tokens = _MARKDOWN.parse(neutral(markdown))
    _lower_headings(tokens)
    _name_heads(tokens)
    text = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return text.replace("<table>", SCROLL.format(label=said("report.table"))).replace("</table>", "</table>\n</div>")


def inline(markdown: str) -> str:
    """Return the HTML of a line of Markdown."""
    return _MARKDOWN.renderInline(neutral(markdown))


def _lower_headings(tokens: Iterable[Token]) -> None:
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(6, int(token.tag[1]) + 1)}"


def _name_heads(tokens: Iterable[Token]) -> None:
    """Make the first cell of each row its head, and mark cells that hold a date, which is not to be broken."""
    first, before = False, None
    for token in tokens:
        if token.type == "th_open":
            token.attrSet("scope", "col")
        elif token.type == "tr_open":
            first = True
        elif token.type == "td_open" and first:
            token.tag = "th"
            token.attrSet("scope", "row")
        elif token.type == "td_close" and first:
            token.tag, first = "th", False
        elif token.type == "inline" and before is not None and before.type == "td_open" and DATE.match(token.content):
            before.attrSet("class", "date")
        before = token


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str) -> str:
    """Return a table with a caption; cells are Markdown on one line."""
    return prose(markdown_table(heads, list(rows))).replace("<table>", f"<table>\n<caption>{inline(caption)}</caption>")


def figure(svg: str, finding: str, caption: str, about: str, numbers: str = "", kind: str = "") -> str:
    """Return a drawing with its finding and caption above it, and the table of its numbers below.

    `about` is what is told to those who do not see it. As a picture, and not as elements of the page, a drawing can
    load and run nothing, and a reader can copy it into a slide.
    """
    data = base64.b64encode(svg.encode()).decode("ascii")
    words = f"<strong>{inline(finding)}</strong> {inline(caption)}" if finding else inline(caption)
    below = (
        f'<details open="open">\n<summary>{said("report.numbers")}</summary>\n{numbers}</details>\n' if numbers else ""
    )
    opening = f'<figure class="{kind}">' if kind else "<figure>"
    return (
        f"{opening}\n<figcaption>{words}</figcaption>\n"
        f'<div class="scroll">\n<img alt="{escaped(about)}" src="data:image/svg+xml;base64,{data}" />\n</div>\n'
        f"</figure>\n{below}"
    )


def commands(lines: Iterable[str]) -> str:
    """Return commands to be typed, one a line."""
    return f"<pre><code>{escaped(chr(10).join(lines))}</code></pre>\n"


def split(markdown: str) -> tuple[str, dict[str, str]]:
    """Return the text of a summary before its first section, without its title, and each section by its heading."""
    before, *parts = _SECTION.split(markdown)
    text = before.partition("\n")[2] if before.startswith("# ") else before
    found = (part.partition("\n") for part in parts)
    return text.strip(), {heading.strip(): body.strip() for heading, _, body in found}


def page(title: str, about: str, chapters: Sequence[Chapter], foot: str) -> str:
    """Return the whole page: title, `about` (HTML), contents, chapters, `foot` (HTML)."""
    parts = [_chapter(chapter, f"c{k + 1}") for k, chapter in enumerate(chapters)]
    contents = "".join(_entry(chapter, f"c{k + 1}") for k, chapter in enumerate(chapters))
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        '<meta name="generator" content="sim report" />\n<meta name="color-scheme" content="light dark" />\n'
        f"<title>{escaped(title)}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n<body>\n"
        f"<header>\n<h1>{escaped(title)}</h1>\n{about}</header>\n"
        f'<nav aria-labelledby="contents">\n<h2 id="contents">{said("report.contents")}</h2>\n'
        f"<ol>\n{contents}</ol>\n</nav>\n"
        f"<main>\n{''.join(parts)}</main>\n<footer>\n{foot}</footer>\n</body>\n</html>\n"
    )


def _entry(chapter: Chapter, name: str) -> str:
    inner = "".join(
        f'<li><a href="#{name}-{k + 1}">{inline(heading)}</a></li>\n' for k, heading in enumerate(chapter.sections)
    )
    below = f"\n<ol>\n{inner}</ol>\n" if inner else ""
    return f'<li><a href="#{name}">{inline(chapter.title)}</a>{below}</li>\n'


def _chapter(chapter: Chapter, name: str) -> str:
    body = "".join(
        f'<h3 id="{name}-{k + 1}">{inline(heading)}</h3>\n{text}\n'
        for k, (heading, text) in enumerate(chapter.sections.items())
    )
    head = f'<h2 id="{name}">{inline(chapter.title)}</h2>'
    return f'<section aria-labelledby="{name}">\n{head}\n{chapter.intro}{body}</section>\n'
