"""Build the documentation as a site: `python -m docs.site` assembles its pages in build/pages and runs MkDocs on them.

README, CONTRIBUTING, CHANGELOG and the page of benchmarks are published from where they are; links between files of the
repository become links between pages. The claims and the equations get pages of their own, so that a claim leads to
its equation, its parameters, its figure and its test.
"""

import json
import posixpath
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "build" / "pages"
TESTS = ROOT / "tests" / "patterns"
"""What the claims are tested by; shown as code."""
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changes.md",
    "examples/first_look.ipynb": "first_look.md",
    "benchmarks/README.md": "speed.md",
    "benchmarks/curves.png": "curves.png",
}
"""File of the repository -> page or picture of the site."""
ASSETS = ("style.css", "iframe-worker.js")
HIDDEN = {
    "index.md": "navigation",
    **dict.fromkeys(("patterns.md", "history.md", "speed.md"), "toc"),
    **dict.fromkeys(("parameters.md", "claims.md", "claims.fr.md"), "navigation, toc"),
}
"""What stands at the sides of a page and makes place for wide tables, or is empty."""
CHANCE = ("experiment.design", "experiment.chance")
"""Modules outside the model that a claim rests on."""
PUBLIC = """# From Python

What `import sim` offers, and `sim.ema` for the EMA Workbench.

## sim

::: sim
    options:
      members: [load, run, open_results, panels, shipped, PARAMETERS, Scenario, ScenarioError]
      show_if_no_docstring: false

## Studies, figures and tables

Call them as `sim.compare`, `sim.sweep` and so on.

::: sim.api
    options:
      members: [compare, sweep, history, explain, report, figures, draw]
      show_if_no_docstring: false

::: sim.attributing
    options:
      members: [attribute]
      show_if_no_docstring: false

::: sim.frames
    options:
      members: [headline, tidy, decisions]
      show_if_no_docstring: false

## sim.ema

::: sim.ema
    options:
      members: [ema_model, worlds_evaluator, Function, python_name]
      show_if_no_docstring: false
"""
CLAIMS = """
## Rules and parameters

Each claim is a rule of the model, has parameters that switch it off or change it, and is a test
with a negative control. A rule leads to its equation, a parameter to its row; see also
[what is shown, weak and not shown](patterns.md) and [what that is worth](evidence.md).

{table}
"""
LINK = re.compile(r"(!?)\[([^\]]*)\]\((?!\w+:|#)([^)\s#]+)(#[^)\s]*)?\)")
CODE = re.compile(r"`([^`]+)`")
FETCHED = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=[\"']?(?:https?:)?//")
"""What a browser would fetch from elsewhere when a page is read."""
ROW = re.compile(r"^\| `([^`]+)` \|", re.MULTILINE)


def assemble() -> dict[str, str]:
    """Return all pages of the site, name -> Markdown."""
    sources = {f"docs/{path.name}": path.name for path in sorted((ROOT / "docs").glob("*.md"))}
    sources |= {source: page for source, page in ELSEWHERE.items() if page.endswith(".md")}
    sources |= {path: flat(path) for path in lessons(".md")}
    texts = {page: read(ROOT / source) for source, page in sources.items()}
    tests = {path.relative_to(ROOT).as_posix(): f"{path.stem}.md" for path in TESTS.glob("test_*.py")}
    shown = {path.relative_to(ROOT).as_posix(): name for path, name in pictures().items()}
    pages = {page: moved(texts[page], source, sources | tests | shown) for source, page in sources.items()}
    pages |= {page: f"# {source}\n\n```python\n{read(ROOT / source)}```\n" for source, page in tests.items()}
    pages["claims.md"] += CLAIMS.format(table=claims(texts["model.md"], set(ROW.findall(texts["parameters.md"]))))
    words, _, rows = ROW.sub(r'| <a id="\1"></a>`\1` |', pages["parameters.md"]).partition("\n| key")
    pages["parameters.md"] = f'{words}\n<div class="parameters" markdown>\n\n| key{rows}\n</div>\n'
    pages["api/index.md"] = PUBLIC
    pages |= {f"api/{short}.md": f"# {name}\n\n::: sim.{name}\n" for short, name in equations().items()}
    heads = {page: f"---\nhide: [{HIDDEN[page]}]\n---\n\n" for page in HIDDEN}
    return {page: heads.get(page, "") + text for page, text in pages.items()}


def lessons(ending: str) -> list[str]:
    """Return the pages or the pictures of the lessons, as paths from the root."""
    return sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "lessons").rglob(f"*{ending}"))


def flat(path: str) -> str:
    """Return the name on the site of a page or a picture of the lessons: all stand in one folder."""
    return path.replace("/", "_")


def pictures() -> dict[Path, str]:
    """Return the pictures of the site, file -> name."""
    found = {path: path.name for path in (ROOT / "docs").glob("*.png")}
    found |= {ROOT / source: name for source, name in ELSEWHERE.items() if name.endswith(".png")}
    return found | {ROOT / path: flat(path) for path in lessons(".png")}


def read(path: Path) -> str:
    """Return a file as Markdown; a notebook becomes its words and its code."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return text
    cells = [(cell["cell_type"], "".join(cell["source"])) for cell in json.loads(text)["cells"]]
    return "\n\n".join(part if kind == "markdown" else f"```python\n{part}\n```" for kind, part in cells)


def moved(text: str, source: str, pages: dict[str, str]) -> str:
    """Return a text with its links as the site has them; a link to what the site has not becomes its words."""

    def link(match: re.Match[str]) -> str:
        picture, words, target, anchor = match.groups()
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), target))
        if picture:
            return f"![{words}]({ELSEWHERE.get(path, flat(path.removeprefix('docs/')))})"
        return f"[{words}]({pages[path]}{anchor or ''})" if path in pages else words

    return LINK.sub(link, text)


def equations() -> dict[str, str]:
    """Return the modules that hold equations, short name -> name within `sim`."""
    model = sorted(path.stem for path in (ROOT / "sim" / "model").glob("[a-z]*.py"))
    return {name.rpartition(".")[2]: name for name in (*(f"model.{name}" for name in model), *CHANCE)}


def claims(description: str, keys: set[str]) -> str:
    """Return the table of claims of the description, with links from rules and parameters."""
    modules = equations()

    def rule(match: re.Match[str]) -> str:
        module, _, name = match[1].removeprefix("experiment.").partition(".")
        return f"[`{match[1]}`][sim.{modules[module]}.{name}]"

    def key(match: re.Match[str]) -> str:
        return f"[`{match[1]}`](parameters.md#{match[1]})" if match[1] in keys else match[0]

    lines = [
        line for line in description.partition("## 10. ")[2].partition("\n## ")[0].splitlines() if line.startswith("|")
    ]
    for k, line in enumerate(lines[2:], 2):
        claim, rules, parameters, test = line.strip("| ").split(" | ")
        lines[k] = f"| {claim} | {CODE.sub(rule, rules)} | {CODE.sub(key, parameters)} | {test} |"
    return "\n".join(lines)


def is_french(page: str) -> bool:
    """Return whether a page of the site is in French, by its name."""
    return "_fr_" in page or ".fr." in page


def main() -> None:
    """Write the pages and build the site."""
    shutil.rmtree(PAGES, ignore_errors=True)
    for name, text in assemble().items():
        (PAGES / name).parent.mkdir(parents=True, exist_ok=True)
        (PAGES / name).write_text(text, encoding="utf-8")
    for source, name in {**pictures(), **{Path(__file__).parent / name: name for name in ASSETS}}.items():
        shutil.copy(source, PAGES / name)
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict"], cwd=ROOT, check=False)
    pages = sorted((ROOT / "build" / "site").rglob("*.html"))
    for page in pages:
        if is_french(page.name):  # a reader aloud takes the language from here
            text = page.read_text(encoding="utf-8").replace('<html lang="en"', '<html lang="fr"', 1)
            page.write_text(text, encoding="utf-8")
    foreign = {page.name for page in pages if FETCHED.search(page.read_text(encoding="utf-8"))}
    sys.exit(done.returncode or (f"fetch from elsewhere: {', '.join(sorted(foreign))}" if foreign else 0))


if __name__ == "__main__":
    main()
