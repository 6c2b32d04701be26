"""The lessons: their numbers from runs, their pages from templates, in English and in French.

`python -m docs.generate lessons` runs the model (half a minute), keeps the numbers in `lessons/results.json`, draws the
pictures and writes the pages; `python -m docs.generate.lessons` writes the pages again from the numbers that are kept.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from docs.generate.markdown import PART
from sim.texts import LANGUAGES

LESSONS = Path(__file__).resolve().parents[2] / "lessons"
TEMPLATES = Path(__file__).parent / "templates" / "lessons"
RESULTS = LESSONS / "results.json"
NARROW, FIXED = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
CODE = re.compile(r"(`[^`]*`|\]\([^)]*\)|<[^>]*>)")
UNITS = r"%|minutes?|min|kt|mois|mondes|millions?|milliers?|dollars|points?|pages?|élèves|tonnes|obus|barils"
Results = Mapping[str, Sequence[float]]


def write() -> None:
    """Run the model, keep its numbers, draw the pictures and write the pages."""
    from docs.generate.lessons_pictures import draw_all
    from docs.generate.lessons_study import results

    LESSONS.mkdir(exist_ok=True)
    rows = [f'"{name}": {json.dumps(values)}' for name, values in results().items()]
    RESULTS.write_text("{\n" + ",\n".join(rows) + "\n}\n", encoding="utf-8")
    draw_all(known())
    write_pages()


def known() -> dict[str, list[float]]:
    """Return the numbers that are kept."""
    found: dict[str, list[float]] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return found


def write_pages() -> None:
    """Write all pages from the templates and the numbers that are kept."""
    for name, text in pages(known()).items():
        (LESSONS / name).parent.mkdir(parents=True, exist_ok=True)
        (LESSONS / name).write_text(text, encoding="utf-8")


def pages(results: Results) -> dict[str, str]:
    """Return every page, name below `lessons/` -> Markdown. Templates that begin with `_` are parts of pages."""
    found = {}
    for language in LANGUAGES:
        for path in sorted((TEMPLATES / language).rglob("[!_]*.md")):
            name = path.relative_to(TEMPLATES)
            found[name.as_posix()] = filled(path, results)
    return found


def filled(path: Path, results: Results) -> str:
    """Return a template with its parts, its numbers and the spaces of its language.

    `{{_part}}` is a template beside it or above, `{{name}}` a median with two digits, `{{name:3}}` with three,
    `{{name:whole}}` without decimals, `{{name:band}}` the 90 % band of the worlds, `{{name:all}}` the median with its
    band, `{{name:size}}` without its sign; `{{name/1000}}` in thousands. Raises KeyError for a number that is not kept.
    """
    language = path.relative_to(TEMPLATES).parts[0]

    def part(match: re.Match[str]) -> str:
        name, _, form = match[1].partition(":")
        if name.startswith("_"):
            near = (path.parent / f"{name}.md", TEMPLATES / language / f"{name}.md")
            return filled(next(one for one in near if one.exists()), results).rstrip()
        name, _, unit = name.partition("/")
        return worded([value / float(unit or 1.0) for value in results[name]], form, language)

    text = PART.sub(part, path.read_text(encoding="utf-8"))
    return spaced(text) if language == "fr" else text.replace(" %", f"{FIXED}%")


def worded(values: Sequence[float], form: str, language: str) -> str:
    """Return a number of the results in words of a language."""
    to = "à" if language == "fr" else "to"
    values = [abs(value) for value in values] if form == "size" else values
    digits = int(form) if form.isdigit() else 2
    if form == "whole":
        return number(round(values[len(values) // 2]), len(str(abs(round(values[len(values) // 2])))), language)
    middle, (low, high) = number(values[len(values) // 2], digits, language), (values[0], values[-1])
    band = f"{number(low, digits, language)} {to} {number(high, digits, language)}"
    return {"band": band, "all": f"{middle} ({band})"}.get(form, middle)


def number(value: float, digits: int, language: str) -> str:
    """Return a number with so many digits, as the language writes it; a real minus sign, no powers of ten."""
    rounded = float(f"{value:.{digits}g}") + 0.0
    whole = abs(rounded) >= 10 ** (digits - 1) or rounded == 0.0
    places = 0 if whole else max(0, digits - 1 - int(f"{abs(rounded):e}".partition("e")[2]))
    text = f"{rounded:,.{places}f}".replace("-", "\N{MINUS SIGN}")
    return text.replace(",", NARROW).replace(".", ",") if language == "fr" else text


def spaced(text: str) -> str:
    """Return a French text with its no-break spaces; code, addresses and tags stay as they are."""
    return "".join(part if k % 2 else _spaced(part) for k, part in enumerate(CODE.split(text)))


def _spaced(text: str) -> str:
    text = re.sub(r" ([;!?%])", rf"{NARROW}\1", text)
    text = re.sub(r" ([:»])", rf"{FIXED}\1", text).replace("« ", f"«{FIXED}")
    return re.sub(rf"(\d) ({UNITS})\b", rf"\1{FIXED}\2", text)


if __name__ == "__main__":
    write_pages()
