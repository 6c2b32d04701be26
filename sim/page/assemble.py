"""One file of the page: texts, styles, programs, engine and numbers, under a policy that lets nothing else in.

The modules in `assets` are joined as they are, without the lines that import from each other: a file opened from a disk
may not load modules, and one with an address of its own would need the network.
"""

import base64
import gzip
import hashlib
import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.texts import LANGUAGES, texts

ASSETS = Path(__file__).with_name("assets")
PAGE = (
    *("dom", "text", "say", "bands", "game", "reasons", "places", "state", "pool", "charts", "map", "panel"),
    *("words", "turn", "deeds", "goods", "when", "why", "files", "sight", "figures", "month", "frame"),
    *("seat", "draw", "lesson", "main"),
)
"""Modules of the page, each after those that it imports."""
WORKER = ("engine", "worker")
_IMPORT = re.compile(r"^import\b[^;]*;\n", flags=re.MULTILINE)
_EXPORT = re.compile(r"^export (?!\{)", flags=re.MULTILINE)
_LIST = re.compile(r"^export \{[^}]*\};\n", flags=re.MULTILINE)


def joined(names: Sequence[str]) -> str:
    """Return some modules of `assets` as one program."""
    sources = [(ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in names]
    return "\n".join(_LIST.sub("", _EXPORT.sub("", _IMPORT.sub("", source))) for source in sources)


def packed(content: bytes) -> str:
    """Return bytes as text that a page can hold: compressed, always to the same bytes, in base 64."""
    return base64.b64encode(gzip.compress(content, 9, mtime=0)).decode("ascii")


def data_block(name: str, content: str, kind: str) -> str:
    """Return an element that holds data: a browser neither runs nor shows it.

    `</` would end it too early; after `<!--` and `<script`, its own end would be taken for text. Both are written in
    escapes that JSON and JavaScript read.
    """
    harmless = content.replace("</", r"<\/").replace("<!--", r"<\u0021--")
    return f'<script type="{kind}" id="{name}">{harmless}</script>\n'


def assembled(data: Mapping[str, Any], wasm: bytes, numbers: bytes, head: Mapping[str, Any]) -> str:
    """Return the page: `data` for what is seen (`describe.page_data`), the rest for the engine."""
    language = str(data["language"])
    style = (ASSETS / "page.css").read_text(encoding="utf-8")
    program = joined(PAGE)
    policy = (
        f"default-src 'none'; script-src {_hash(program)} 'wasm-unsafe-eval'; worker-src blob:; "
        f"style-src {_hash(style)}; img-src blob: data:; base-uri 'none'; form-action 'none'"
    )
    text = texts(language)
    old = "".join(f'<p lang="{code}">{html.escape(texts(code)["page.old"])}</p>' for code in LANGUAGES)
    blocks = (
        data_block("page-data", json.dumps(data, ensure_ascii=False, separators=(",", ":")), "application/json")
        + data_block("engine-code", joined(WORKER), "text/plain")
        + data_block("engine-head", packed(json.dumps(head).encode()), "text/plain")
        + data_block("engine-wasm", packed(wasm), "text/plain")
        + data_block("engine-data", packed(numbers), "text/plain")
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="generator" content="sim page">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>{html.escape(text['page.title'])}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<div id="old">{old}</div>\n<header id="top"></header>\n'
        '<main><section id="seat"></section><section id="lesson"></section>'
        '<div id="left"><div id="pinned"></div><section id="panel"></section></div>'
        '<section id="results"></section></main>\n'
        f'<footer id="foot"></footer>\n{blocks}<script type="module">{program}</script>\n</body>\n</html>\n'
    )


def _hash(content: str) -> str:
    """Return the source expression of an inline element for a policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode('ascii')}'"
