"""A page of a lesson as one file of HTML: pictures inside, nothing fetched, made for A4 and for a projector."""

import base64
import html
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

STYLE = Path(__file__).with_name("sheet.css")
TABLE = {"en": "table", "fr": "tableau"}
"""What a reader of the screen is told of a table, which may be wider than a telephone and scrolls by itself."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False, "xhtmlOut": True}).enable("table")
_MARKDOWN.disable(["html_inline", "html_block"])


def sheet(path: Path, language: str) -> str:
    """Return a page as HTML; its kind, such as `roles`, is the name of its file and chooses the layout."""
    # in sheets of roles and in slides each second heading begins a page of its own
    first, *parts = body(path, language).split("<h2>")
    inside = "".join([f"<header>\n{first}</header>\n", *(f"<section>\n<h2>{part}</section>\n" for part in parts)])
    title = html.escape(path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# "))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8" />\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1" />\n'
        f"<title>{title}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f'<body class="{path.stem}">\n<main>\n{inside}</main>\n</body>\n</html>\n'
    )


def body(path: Path, language: str) -> str:
    """Return what a page says as HTML without a frame; pictures are inside."""
    tokens = _MARKDOWN.parse(path.read_text(encoding="utf-8"))
    _inline_pictures(tokens, path.parent)
    text = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    text = text.replace("☐ ", "☐\N{NO-BREAK SPACE}")  # a box to tick stays with its word
    scroll = f'<div class="scroll" tabindex="0" role="group" aria-label="{TABLE[language]}">\n<table>'
    return text.replace("<table>", scroll).replace("</table>", "</table>\n</div>")


def _inline_pictures(tokens: list[Token], beside: Path) -> None:
    for token in (child for one in tokens for child in one.children or ()):
        if token.type == "image":
            picture = (beside / str(token.attrs["src"])).read_bytes()
            token.attrs["src"] = f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
