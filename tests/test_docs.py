"""The pages of `docs/` agree with the code: the parameter page with the table, names in the description with what they
name, its table of claims with the pattern tests.
"""

import ast
import importlib
import importlib.util
import re
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatchcase as fnmatch
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import sim
import sim.model
from docs.generate import acts, parameters, variables
from docs.generate.__main__ import PAGES
from docs.generate.markdown import PART, template
from docs.site.__main__ import FETCHED, LINK, assemble, is_french, pictures
from sim.model.threat import SIGNALS
from sim.scenario import PARAMETERS
from sim.scenario.names import ACTS, COUNTRIES, GOODS, PAIRS, ROUTES, TERMS, TIERS, pair_key

DOCS = Path(__file__).parents[1] / "docs"
PATTERNS = Path(__file__).parent / "patterns"
DESCRIPTION = (DOCS / "model.md").read_text(encoding="utf-8")
CLAIMS = [f"C{n}" for n in range(1, 23)]
STANDS_FOR = {
    "C": COUNTRIES,
    "PARTNER": COUNTRIES,
    "G": GOODS,
    "ACT": ACTS,
    "TERM": TERMS,
    "PAIR": [pair_key(a, b) for a, b in PAIRS],
    "ROUTE": [*ROUTES, "ocean"],
    "SIGNAL": SIGNALS,
    "tierK": [f"tier{k}" for k in TIERS],
    **{f"{name}_k": [f"{name}{k}" for k in TIERS] for name in ("value", "guard")},
}
"""Placeholders that the description uses in keys, by what may stand in their place."""
DOTTED = re.compile(r"(?<![\w./-])[A-Za-z]\w*(?:\.[\w-]*\w)+(?![\w/])")


def test_the_version_is_that_of_the_newest_dated_entry() -> None:
    root = DOCS.parent
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    cited = dict(
        re.findall(r"^(version|date-released): (.+)$", (root / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    )
    dated = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)", (root / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert dated
    assert (version, cited["version"], cited["date-released"]) == (dated[1], *dated.groups())


@pytest.mark.parametrize("page", [parameters, variables])
def test_pages_of_tables_are_current(page: ModuleType) -> None:
    name = page.__name__.rpartition(".")[2]
    assert (DOCS / f"{name}.md").read_text(encoding="utf-8") == page.page()


@pytest.mark.parametrize("name", PAGES)
def test_generated_pages_have_the_words_of_their_templates(name: str) -> None:
    """The numbers are not computed here (that takes minutes), but the words must be those of the template."""
    page = (DOCS / f"{name}.md").read_text(encoding="utf-8")
    assert f"python -m docs.generate {name}`" in page
    fixed = PART.split(template(name))[::2]
    assert len(fixed) > 1
    assert [words for words in fixed if words not in page] == []


# ---- Tour and glossary -----------------------------------------------------------------------------------------

TOUR = (DOCS / "tour.md").read_text(encoding="utf-8")


def test_bases_of_acts_are_those_of_the_rule_on_their_page() -> None:
    """They are rounded, and a change of the model moves what it expects; a wrong step of the rule moves more."""
    shipped = {act: sim.load(acts.SCENARIO).settings[f"acts.{act}.base"].value for act in acts.RECORD}
    for act, (got, wanted) in acts.odds(shipped).items():
        assert got == pytest.approx(wanted, rel=0.2), act


def test_the_tour_runs(capsys: pytest.CaptureFixture[str]) -> None:
    """All blocks in one session, as a reader pastes them."""
    blocks = re.findall(r"^```python\n(.*?)^```", TOUR, flags=re.DOTALL | re.MULTILINE)
    exec(compile("\n".join(blocks), "tour.md", "exec"), {})
    said = capsys.readouterr().out
    assert "80.0 fixed --set" in said
    assert "share of the capacity in use" in said
    assert re.search(r"prestige \+\d", said)
    assert "summits in 8 worlds" in said


def test_the_tour_names_files_that_exist() -> None:
    names = set(re.findall(r"`([\w./]+(?:\.py|/))`|`(sim/[\w/.]+)`", TOUR))
    places = ("", "sim", "sim/scenario", "sim/studies/sweep", "sim/studies/sensitivity")
    near = [DOCS.parent / place for place in places]
    assert len(names) > 25
    assert [name for pair in names for name in pair if name and not any((at / name).exists() for at in near)] == []


def test_the_tour_has_every_folder() -> None:
    folders = {path.parent.name for path in (DOCS.parent / "sim").glob("*/__init__.py")}
    assert folders == set(re.findall(r"`sim/(\w+)`", TOUR.partition("## First journey")[0]))


def test_the_glossary_has_each_term_once_in_order() -> None:
    sections = (DOCS / "glossary.md").read_text(encoding="utf-8").split("\n## ")[1:]
    terms = [re.findall(r"^\| ([^|]+) \|", section, flags=re.MULTILINE)[1:] for section in sections]
    assert all(words == sorted(words, key=str.lower) for words in terms)
    flat = [term for words in terms for term in words]
    assert len(flat) == len(set(flat)) > 80


# ---- The site --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site() -> dict[str, str]:
    return assemble()


def test_links_between_pages_of_the_site_lead_somewhere(site: dict[str, str]) -> None:
    """MkDocs looks at anchors and names as well, where it is installed."""
    targets = [target for text in site.values() for _, _, target, _ in LINK.findall(text)]
    assert len(targets) > 100
    assert sorted(set(targets) - site.keys() - set(pictures().values())) == []


@pytest.mark.parametrize(
    "tag", ['<link href="https://a.b/c.css">', "<script async src=//a.b/c.js>", '<img alt="" src="http://a">']
)
def test_what_a_page_would_fetch_from_elsewhere_is_found(tag: str) -> None:
    assert FETCHED.search(tag)
    assert not FETCHED.search(f'<a href="https://a.b">words</a> <img src="../{tag[1:5]}.png">')


def test_every_page_of_the_site_is_in_its_navigation(site: dict[str, str]) -> None:
    nav = (DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8").partition("\nnav:")[2]
    assert sorted(re.findall(r"[\w/.]+\.md", nav)) == sorted(page for page in site if not page.startswith("test_"))


@pytest.mark.parametrize("page", ["claims.md", "claims.fr.md"])
def test_a_claim_leads_to_its_figure_and_to_its_test(site: dict[str, str], page: str) -> None:
    rows = [line for line in site[page].splitlines() if re.match(r"\| C\d+ \|", line)]
    assert len(rows) == len(CLAIMS)
    for row in rows:
        name, test = re.findall(r"\[`(\w+)`\]\((test_\w+\.md)\)", row)[0]
        assert f"def {name}(" in site[test]
        assert re.search(r"\[figure\]\(claims_[12]\.png\)", row)


def test_french_pages_of_the_site_are_known(site: dict[str, str]) -> None:
    assert sum(map(is_french, site)) == 1 + 14, "claims, and the sheets of three lessons"


def test_a_claim_leads_to_its_equations_and_parameters(site: dict[str, str]) -> None:
    row = next(line for line in site["claims.md"].splitlines() if line.startswith("| C8 the narrow"))
    assert "[`routes.shadow_value`][sim.model.routes.shadow_value]" in row
    assert "[`routes.khasan.capacity`](parameters.md#routes.khasan.capacity)" in row
    assert '<a id="routes.khasan.capacity"></a>' in site["parameters.md"]


# ---- Names in the description ---------------------------------------------------------------------------------


def spans(text: str) -> Iterator[str]:
    """What stands in backticks, and the lines set apart as formulas."""
    for line in text.splitlines():
        yield from [line] if line.startswith("    ") else re.findall(r"`([^`]+)`", line)


def dotted(text: str) -> set[str]:
    """Names with dots in what `spans` finds, but files."""
    found = {name for span in spans(text) for name in DOTTED.findall(span)}
    return {name for name in found if not name.endswith((".py", ".md", ".csv", ".toml"))}


def keys_of(name: str) -> list[str]:
    """The parameter of this key, or all of them where placeholders are filled in."""
    parts = [STANDS_FOR.get(part, [part]) for part in name.split(".")]
    pattern = r"\.".join("(?:" + "|".join(map(re.escape, part)) + ")" for part in parts)
    return [key for key in PARAMETERS if re.fullmatch(pattern, key)]


@cache
def is_code(name: str) -> bool:
    """Whether it is something in a module of the model, or elsewhere in the package."""
    first, *rest = name.split(".")
    for home in (sim.model, sim.scenario, sim):
        if importlib.util.find_spec(f"{home.__name__}.{first}"):
            found: object = importlib.import_module(f"{home.__name__}.{first}")
            for part in rest:
                found = _part(found, part)
            return found is not None
    return False


def _part(whole: object, name: str) -> object:
    """What a module or class calls by a name, None if nothing; a package knows its modules."""
    if isinstance(whole, ModuleType) and hasattr(whole, "__path__") and not hasattr(whole, name):
        spec = importlib.util.find_spec(f"{whole.__name__}.{name}")
        return importlib.import_module(f"{whole.__name__}.{name}") if spec else None
    return getattr(whole, name, None)


def test_names_in_the_description_exist() -> None:
    names = dotted(DESCRIPTION)
    assert len(names) > 100
    tests = {test for test, _ in pattern_tests().values()} | {"tests.patterns"}
    assert sorted(name for name in names - tests if not (keys_of(name) or is_code(name))) == []


@pytest.mark.parametrize("name", ["war.intensitee", "C.G.aim", "goods.ceiling.ammunition", "acts.terms", "X.gdp"])
def test_a_name_that_does_not_exist_is_found(name: str) -> None:
    """The control, in a text, in a formula and beside a file."""
    for text in (f"It grows by `{name} · (1 - p)` a month.", f"    x = {name}, y", f"`sim/model/acts.py` has `{name}`"):
        assert dotted(text) == {name}
    assert not keys_of(name)
    assert not is_code(name)


IN_WORDS = (
    *("*.requirement", "*.reserve", "*.ammunition.stock", "*.technology.tier?", "*.gdp", "*.capability", "*.prestige"),
    *("*.norm", "goods.*.world_price", "goods.ammunition.weight", "goods.ammunition.per_container", "monitoring.start"),
    *("pairs.*.trust", "pairs.*.proximity", "pairs.*.pledge", "pairs.*.least_in_*", "alignment.weight.*"),
    "restrictions.*",
    "war.fire_scale",  # of no equation: it translates a series of observations
)
"""Keys that the description tells of in words, by a formula, or by their first part alone."""


def test_every_parameter_stands_in_the_description() -> None:
    told = {key for name in dotted(DESCRIPTION) for key in keys_of(name)}
    rest = {key for key in PARAMETERS if key not in told}
    missing = sorted(key for key in rest if not any(fnmatch(key, pattern) for pattern in IN_WORDS))
    assert missing == [], "docs/model.md has no equation that reads these"
    assert [pattern for pattern in IN_WORDS if not any(fnmatch(key, pattern) for key in rest)] == []


def test_placeholders_stand_for_keys() -> None:
    keys = ("C.G.target", "goods.G.value", "acts.ACT.TERM", "pairs.PAIR.openness", "technology.guard_k")
    code = ("value.marginal_value", "country.Country.produce", "experiment.design.sample", "diplomacy._policy")
    assert all(map(keys_of, keys))
    assert all(map(is_code, code))


# ---- The table of claims --------------------------------------------------------------------------------------


def claims_table() -> dict[str, list[str]]:
    """Claim number -> (rules, parameters, test) as written."""
    section = DESCRIPTION.partition("## 10. Claims, rules, tests")[2]
    rows = re.findall(r"^\| (C\d+) [^|]+\|([^|]+)\|([^|]+)\|([^|]+)\|$", section, flags=re.MULTILINE)
    assert len(rows) == len({claim for claim, *_ in rows})
    return {claim: cells for claim, *cells in rows}


def pattern_tests() -> dict[str, tuple[str, str]]:
    """Claim number -> (file.test, docstring), from the sources."""
    found = {}
    for path in PATTERNS.glob("test_*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and (match := re.match(r"test_c(\d\d)_", node.name)):
                found[f"C{int(match[1])}"] = f"{path.stem}.{node.name}", str(ast.get_docstring(node))
    return found


def test_every_claim_has_its_row() -> None:
    assert list(claims_table()) == CLAIMS
    assert pattern_tests().keys() == set(CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_row_names_what_exists(claim: str) -> None:
    rules, parameters, test = claims_table()[claim]
    assert dotted(rules)
    assert [name for name in dotted(rules) if not is_code(name)] == []
    assert [name for name in dotted(parameters) if not keys_of(name)] == []
    assert dotted(parameters) or claim == "C22", "C22 is about all of them"
    assert test.strip() == f"`{pattern_tests()[claim][0]}`"


@pytest.mark.parametrize("claim", CLAIMS)
def test_the_main_parameters_of_a_claim_name_it(claim: str) -> None:
    keys = {key for name in dotted(claims_table()[claim][1]) for key in keys_of(name)}
    assert sorted(key for key in keys if claim not in PARAMETERS[key].claims) == []
    assert any(claim in row.claims for row in PARAMETERS.values())


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_row_has_the_rules_of_the_pattern(claim: str) -> None:
    """The docstring of the pattern test names the same functions."""
    written = re.search(r"Rule: (.+?)\.? Parameters:", " ".join(pattern_tests()[claim][1].split()))
    assert written
    without_asides = re.sub(r"\([^)]*\)", "", written[1])
    assert {*DOTTED.findall(without_asides)} == dotted(claims_table()[claim][0])


# ---- Definitions ------------------------------------------------------------------------------------------------

MODEL = Path(sim.model.__file__).parent
PLAIN = {0, 1, 2}
"""Numbers that an equation may write out: nothing, all, one less a share, halves and means of two, squares."""


def numbers(node: ast.AST) -> list[tuple[int, float]]:
    """Line and value of the numbers in a piece of code that are not `PLAIN`; truths are none."""
    found = [n for n in ast.walk(node) if isinstance(n, ast.Constant) and type(n.value) in (int, float)]
    return [(n.lineno, n.value) for n in found if n.value not in PLAIN]


def bare_numbers(source: str) -> list[tuple[int, float]]:
    """Numbers inside functions, where they have neither a name, a source nor a range."""
    bodies = (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.Lambda))
    return sorted({place for body in bodies for place in numbers(body)})


@pytest.mark.parametrize("path", sorted(MODEL.glob("*.py")), ids=lambda path: path.stem)
def test_a_number_is_a_parameter_or_a_named_definition(path: Path) -> None:
    assert bare_numbers(path.read_text(encoding="utf-8")) == []


def test_a_bare_number_is_found() -> None:
    """The control, in a body, a default and a lambda."""
    source = "LEAST = 0.05\n\ndef f(x, by=0.3):\n    return 1.0 - 0.7 * x / 2.0\n\nwinter = lambda month: month >= 12\n"
    assert bare_numbers(source) == [(3, 0.3), (4, 0.7), (6, 12)]


def definitions() -> dict[str, object]:
    """`module.NAME` -> value of the constants of the model that are set by a number."""
    found: dict[str, object] = {}
    for path in (*MODEL.glob("*.py"), MODEL.parent / "scenario" / "units.py"):
        module = importlib.import_module(f"sim.{path.parent.name}.{path.stem}")
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and numbers(node.value):
                names = [n.id for target in node.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
                values = {name: getattr(module, name) for name in names}
                found |= {f"{path.stem}.{k}": v for k, v in values.items() if isinstance(v, int | float | dict)}
    return found


def as_written(cell: str) -> object:
    """The value in a cell of the table: a number, a fraction, or numbers by name."""
    if ", " in cell:
        return {name: float(number) for name, number in (part.split() for part in cell.split(", "))}
    above, _, below = cell.partition("/")
    return float(above) / float(below or 1)


def test_definitions_are_those_of_the_code() -> None:
    section = DESCRIPTION.partition("## 11. Definitions, not estimates")[2]
    rows = re.findall(r"^\| `([\w.]+)` \| ([^|]+) \|", section, flags=re.MULTILINE)
    assert len(rows) == len(dict(rows)) > 25
    assert {name: as_written(cell) for name, cell in rows} == definitions()
