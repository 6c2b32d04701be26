"""The page: one file that a browser may open without a network, with the numbers of `sim run`."""

import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from browser import browser
from command_line import Refused
from firefox import firefox

from sim.analysis.ledger import Explanation
from sim.analysis.outcome import outcome
from sim.analysis.quantiles import quantiles
from sim.experiment.run import run
from sim.experiment.witness import witness
from sim.lessons.on_page import on_page
from sim.page import assemble
from sim.page.assemble import PAGE, WORKER, assembled, joined
from sim.page.build import page_of
from sim.page.describe import page_data
from sim.page.levers import DEFAULT, RANGES, checked, lever
from sim.page.payload import PageError
from sim.page.pictures import PICTURES, Part, Picture, map_of_routes, row
from sim.present.words import capital
from sim.results.digest import SHOWN, digest
from sim.results.witness import Witness
from sim.scenario import Problem, Scenario, load
from sim.scenario.library import SAFE_NAME
from sim.scenario.names import ROUTES
from sim.scenario.options import OPTIONS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Setting
from sim.studies.explain.asks import read_ask
from sim.studies.explain.counterfactual import Turn
from sim.studies.explain.counterfactual import sentences as turn_sentences
from sim.studies.explain.design import Found, counterfactual, explain, month_of, otherwise, turn_of
from sim.studies.explain.places import read_place
from sim.studies.explain.tables import rows as ledger_rows
from sim.texts import LANGUAGES, texts
from sim.texts.spoken import speaking

NAMES = ("article", "sea_route")
SCENARIOS = [load(name, worlds=16, months=8) for name in NAMES]
DATA = page_data(SCENARIOS, NAMES, DEFAULT, 16, "en", "sim")
WHY: dict[str, tuple[str, int | None]] = {
    **{one: (one, None) for one in ("food", "fuel", "shells", "oil", "aid", "khasan", "rajin", "ocean_usa_jpn")},
    **{
        one: (one, None)
        for one in ("chn_prk.food", "usa_kor.ammunition", "rus_jpn.energy", "rus.ammunition", "jpn.food")
    },
    **{"tier3": ("technology", 3), "tier1": ("technology", 1)},
    **{"chn_prk.technology2": ("chn_prk.technology", 2), "usa_jpn.technology4": ("usa_jpn.technology", 4)},
    **{"jpn_kor.technology1": ("jpn_kor.technology", 1)},
    **{
        one: (one, None)
        for one in ("summit RUS PRK", "missile_test PRK", "trilateral_exercise USA KOR JPN", "veto RUS")
    },
    **{one: (one, None) for one in ("lethal_aid KOR", "oil_beyond_cap RUS", "exercise PRK CHN")},
}
"""Question on the page -> question of `sim explain`, and tier."""
OF_EACH_KIND = ("food", "oil", "aid", "rajin", "usa_kor.ammunition", "rus.ammunition", "tier3", "chn_prk.technology2")
OF_EACH_KIND += ("summit RUS PRK", "veto RUS")
"""Questions whose month is found by rules of their own."""
PLACES = {
    **{
        "median": "median",
        "passed.2": "tier 2 passed",
        "kept.3": "tier 3 kept back",
        "happened": "missile_test in 2024-03",
    },
    **{"lowest.shells": "lowest shells", "highest.oil": "highest oil", "lowest.tests": "lowest tests"},
    **{"highest.fire": "highest fire_ratio", "lowest.threat": "lowest threat_KOR"},
}
"""World on the page -> world of `sim explain`."""
AMOUNTS = """async ([source, tables, language]) => {
  const {amount, percent, speak} = await import("data:text/javascript," + encodeURIComponent(source));
  speak(tables, language);
  const told = [amount(0.5, "tests"), amount(1, "tests"), amount(1, "krounds"), amount(2, "tests"),
    amount(-0.5, "kt"), ...[0, 1, 183, 199, 200].map((n) => percent(n / 200))];
  return told.map((one) => one.replace("\\u00a0", " "));
}"""
"""Amounts as the page writes them."""
PATIENCE = 60.0
"""Seconds after which a state of the page counts as never reached: no test measures time by it."""

# ---- The file -------------------------------------------------------------------------------------------------


def test_the_file_loads_nothing_and_runs_only_what_is_in_it() -> None:
    text = assembled(DATA, b"wasm", b"numbers", {"a": 1})
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert not re.search("unsafe-inline|'unsafe-eval'|https?:|\\*", policy[1])
    code = re.sub(r"http://www\.w3\.org/2000/svg", "", joined((*PAGE, *WORKER)))
    assert not re.search(
        r"https?:|\bfetch\(|XMLHttp|importScripts|\beval\(|new Function|^import|^export", code, flags=re.MULTILINE
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_unit_of_a_lever_has_words(language: str) -> None:
    units = {row.unit for row in PARAMETERS.values() if not row.choices} - {"1"}
    assert [unit for unit in units if f"unit.{unit}" not in texts(language)] == []


def test_an_event_says_all_that_its_file_says_of_when(tmp_path: Path) -> None:
    event = (
        'name = "a"\nmonth = "2024-01"\nkey = "aid.food"\nfactor = {low = 0.5, high = 2}\nover = 6\nprobability = 0.5\n'
    )
    mine = tmp_path / "mine.toml"
    mine.write_text(f'extends = "article"\ntitle = "a"\nquestion = "b"\n[[events]]\n{event}', encoding="utf-8")
    data = page_data([load(mine)], [str(mine)], ["routes.khasan.capacity"], 8, "en", "")
    told = data["scenarios"][0]["events"][-1]["timing"]
    for language, words in {"en": ("0.5 to 2", "6 months", "probability 0.5"), "fr": ("0,5 et 2", "6 mois")}.items():
        assert [one for one in words if one not in told[language].replace("\N{NO-BREAK SPACE}", " ")] == []
    assert data["texts"]["fr"]["parameter.aid.food.name"].startswith("Don de la Chine"), "no key in place of a name"


def test_no_two_modules_declare_a_name() -> None:
    """Joined into one program they would be an error of syntax, and the page would stay empty."""
    for modules in (PAGE, WORKER):
        code = re.sub(r"^export ", "", joined(modules), flags=re.MULTILINE)
        names = re.findall(r"^(?:async )?(?:function|class) (\w+)", code, flags=re.MULTILINE)
        for line in re.findall(r"^(?:const|let) (.*)", code, flags=re.MULTILINE):
            while (flat := re.sub(r"\([^()]*\)|\{[^{}]*\}|\[[^\[\]]*\]", "", line)) != line:
                line = flat  # commas in brackets part no declarations
            names += re.findall(r"(?:^|, )(\w+)(?= =|;|,)", re.split(r"[({\[]", line)[0])
        assert len(names) > 10
        assert sorted(name for name in set(names) if names.count(name) > 1) == []


def test_nothing_in_a_scenario_can_leave_its_block() -> None:
    bad = '</script><script>alert("x")</script><!--<script>'
    data = {**DATA, "scenarios": [{**DATA["scenarios"][0], "title": bad}]}
    text = assembled(data, b"", b"", {})
    assert bad not in text
    assert "<!--" not in text
    block = re.search(r'id="page-data">(.*?)</script>', text, flags=re.DOTALL)
    assert block
    assert json.loads(block[1])["scenarios"][0]["title"] == bad


def test_modules_use_only_texts_that_there_are() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in assemble.ASSETS.glob("*.js"))
    asked = set(re.findall(r'\bt\("([\w.]+)"', sources)) | set(re.findall(r'\bcounted\("(\w+)"', sources))
    assert len(asked) > 60
    assert {key for key in asked if key not in texts("en") and f"{key}.one" not in texts("en")} == set()
    parts = {f"picture.{one.key}.{part}" for one in PICTURES for part in ("name", "unit")}
    units = {f"unit.{one.unit}" for one in PICTURES if one.unit != "1"} | {
        f"unit.{one['unit']}" for one in DATA["levers"] if one["unit"] != "1"
    }
    assert parts | units | {f"parameter.{key}.name" for key in DEFAULT} <= set(texts("en"))


def test_rows_are_those_of_the_results() -> None:
    """Against labels of a run: a number of each picture and of the map, by name and by row."""
    ds = run(load("article", worlds=2, months=2))
    for part in (part for one in PICTURES for part in (*one.parts, *one.over)):
        values = ds[part.name].transpose("month", ..., "world")
        rows = values.values.reshape(2, -1, 2)
        labels = dict(zip(values.dims[1:-1], part.labels, strict=True))
        assert (rows[:, row(part.name, part.labels)] == values.sel(labels).values).all()
    ends = ds["route_load"].isel(month=0, world=0)
    for one in map_of_routes()["routes"]:
        leaving, coming = one["rows"]
        names = [(str(route), str(way)) for route in ROUTES for way in ds["direction"].values]
        for place, side in ((leaving, "from"), (coming, "to")):
            route, way = names[place]
            assert route == one["name"]
            assert ends[side].sel(route=route, direction=way) == "PRK"


def test_levers_reach_from_end_to_end_and_hold_every_start() -> None:
    assert len(DEFAULT) == 10
    assert set(DEFAULT) <= set(RANGES)
    for one in DATA["levers"]:
        starts = [scenario.settings[one["key"]].value for scenario in SCENARIOS]
        assert one["low"] < one["high"]
        assert one["low"] <= min(starts) <= max(starts) <= one["high"]
    assert lever("PRK.ammunition.stock", SCENARIOS)["low"] == 5000
    assert lever("PRK.ammunition.handling", SCENARIOS)["high"] == 1200


def test_every_mistake_is_told_at_once(refused: Refused, tmp_path: Path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<p>mine</p>", encoding="utf-8")
    told = refused("page", "artcle", "ceasefire", "--levers", "war.intensty", "--language", "de", "--out", "mine.html")
    assert [line.partition(":")[0] for line in told.splitlines()] == ["artcle", "--levers", "--language", "mine.html"]
    assert "did you mean article?" in told
    assert "did you mean war.intensity?" in told
    assert "is a folder" in refused("page", "article", "--out", ".")
    for wrong in ("9", "0", "-8", "1008"):
        assert "--worlds: must be a multiple of 8 up to 1,000" in refused("page", "article", "--worlds", wrong)
    assert "foo.html" in refused("page", "article", "--out", "foo.txt")
    assert "sim params" in refused("page", "article", "--levers", "nonsense")


@pytest.mark.slow
@pytest.mark.usefixtures("files")
def test_a_lever_that_no_month_reads_is_refused() -> None:
    with pytest.raises(PageError, match=r"--levers: war\.fire_scale: is read by no month .*did you mean war\."):
        page_of(SCENARIOS[:1], NAMES[:1], ["war.fire_scale", "war.intensity"])


def test_a_choice_is_no_lever() -> None:
    problems: list[Problem] = []
    assert checked([], problems) == list(DEFAULT)
    assert not problems
    checked(["structure.exchange", "war.intensity,war.intensity"], problems)
    assert [problem.key for problem in problems] == ["structure.exchange", "war.intensity", "war.intensity"]


# ---- In a browser ---------------------------------------------------------------------------------------------

Wait = Callable[[str], Any]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page, and the page in a language that is 40 % longer."""
    folder = tmp_path_factory.mktemp("page")
    text = page_of(
        SCENARIOS, NAMES, DEFAULT, lessons=[on_page("1_railway", teacher=True), on_page("2_pressure", teacher=False)]
    )
    longer = {key: f"{text} {'longer ' * round(0.4 * len(text) / 7)}" for key, text in texts("en").items()}
    block = json.dumps(DATA["texts"]["en"], ensure_ascii=False, separators=(",", ":"))[1:-1].replace("</", "<\\/")
    assert block in text
    long = text.replace(
        block, json.dumps(longer, ensure_ascii=False, separators=(",", ":"))[1:-1].replace("</", "<\\/")
    )
    found = {"page": text, "long": long}
    for name, content in found.items():
        (folder / f"{name}.html").write_text(content, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in found}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    # to optimise the engine meanwhile takes a quarter of all time; `test_page_engine.py` tries what comes of that
    with browser("--js-flags=--liftoff-only") as found:
        yield found


@pytest.fixture(scope="module")
def blank(chromium: Any) -> Iterator[Any]:
    """A page with nothing on it."""
    page = chromium.new_page()
    yield page
    page.close()


def opened(chromium: Any, address: str, width: int, complaints: list[str]) -> tuple[Any, Wait]:
    """A page, and how to wait in it until an expression holds: its policy lets no function of the driver in."""
    page = chromium.new_page(viewport={"width": width, "height": 900}, accept_downloads=True)
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)

    def wait(expression: str) -> Any:
        end = time.monotonic() + PATIENCE
        while not (found := page.evaluate(expression)):
            assert time.monotonic() < end, (expression, complaints)
            time.sleep(0.02)
        return found

    wait("window.simPage && window.simPage.times.length > 0")
    return page, wait


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DIGEST = "document.getElementById('digest').textContent"
VISIBLE = """[...document.querySelectorAll('body *')].flatMap((one) => [...one.childNodes].filter((node) =>
  node.nodeType === 3 && !['SCRIPT', 'STYLE'].includes(one.tagName)).map((node) => node.textContent.trim()).concat(
  one.getAttribute('aria-label') || [])).filter(Boolean)"""


def number(value: float) -> str:
    """Return a number as the page writes it in English."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{Decimal(f'{value:.3g}').normalize():f}"


def drawn(ds: xr.Dataset, one: Picture) -> np.ndarray:
    """Return a picture by month and world, from the labels of a run."""

    def total(parts: Sequence[Part]) -> np.ndarray:
        found = []
        for part in parts:
            axes = [dim for dim in ds[part.name].dims if dim not in ("month", "world")]
            found.append(part.weight * ds[part.name].sel(dict(zip(axes, part.labels, strict=True))).values)
        return np.sum(found, axis=0)

    values = total(one.parts)
    if one.over:
        under = total(one.over)
        values = np.divide(values, under, out=np.zeros_like(values), where=under > 0)
    return np.cumsum(values, axis=0) if one.running else values


def difference(before: np.ndarray, after: np.ndarray, one: Picture) -> str:
    """Return what the page must say of the same worlds without and with changes."""
    told, apart = (
        texts("en"),
        np.where(abs(after - before) <= 1e-3 * np.maximum(abs(after), abs(before)), 0.0, after - before),
    )
    n, more, less = len(apart), int((apart > 0).sum()), int((apart < 0).sum())
    unit = "" if one.unit == "1" else f"\u00a0{told[f'unit.{one.unit}' + ' more' * (one.unit == '%')]}"
    by = [
        told["effect.by_none"] if not at else f"{number(abs(at))}{unit * (k == 1)} {'more' if at > 0 else 'less'}"
        for k, at in enumerate(np.sort(apart)[[int(level * (n - 1) + 0.5) for level in (0.05, 0.5, 0.95)]])
    ]
    key = "more" if more > less else "less"
    if not more + less:
        key = "all_same"
    elif n > 1 and n in (more, less):
        key = f"all_{('higher' if more else 'lower') if one.ordinal else key}"
    elif one.ordinal:
        key = "tier"
    elif n - more - less >= 0.9 * n:
        key = "same"
    elif 0.4 <= more / (more + less) <= 0.6:
        key = "unclear"
    every = {"n": n, "more": more, "less": less, "same": n - more - less}
    counts = {name: count or told["effect.no_world"] for name, count in every.items()}
    return told[f"effect.{key}"].format(**counts, low=by[0], mid=by[1], high=by[2])


KEYS = rf"\b(?:{'|'.join(sorted({key.partition('.')[0] for key in texts('en')} | {'explain'}))})\.[\w./]*\w"
"""A key of a text, which stands where there is none of it."""
RAW = f"pattern => ({VISIBLE}).flatMap((text) => text.match(new RegExp(pattern, 'g')) || [])"
"""What is shown of them; sought by the page, since its texts travel slowly."""


@pytest.fixture
def otherwise_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Explanations in all languages share the worlds in which a route is shut or open."""
    kept: dict[tuple[int, str], Witness] = {}

    def remembered(scenario: Scenario, seen: Witness, route: str) -> Witness:
        which = seen.world, route
        return kept.get(which) or kept.setdefault(which, otherwise(scenario, seen, route))

    monkeypatch.setattr("sim.studies.explain.design.otherwise", remembered)


def raw_keys(page: Any) -> list[str]:
    """Return the keys that the page shows in place of texts."""
    found: list[str] = page.evaluate(RAW, KEYS)
    return found


@pytest.mark.slow
def test_a_key_in_place_of_a_text_would_be_found(blank: Any) -> None:
    """The control, and names of parameters are none."""
    blank.set_content("<p>Why? explain.part.stock, and routes.khasan.capacity.</p>")
    assert raw_keys(blank) == ["explain.part.stock"]


def why_as_explain(page: Any, wait: Wait, scenario: Scenario, month: int) -> None:
    """Why, by keyboard: the sentences of `sim explain` and its parts, to the last digit shown, of a world and month."""
    page.focus("#why-box > summary")
    page.keyboard.press("Enter")
    page.fill("#why-world", "3")
    page.keyboard.press("Tab")
    wait("document.querySelector('#why-place').textContent.includes('World 3')")
    seen = witness(scenario, 3)
    ask, found = read_ask("summit RUS PRK"), Found(seen, "")
    turn, ranges = (
        turn_of(ask, found, month, None),
        {one["key"]: ("", one["low"], one["high"]) for one in DATA["levers"]},
    )
    assert turn
    made = counterfactual(scenario, found, turn, ranges)
    assert any(lever.nearest is not None for lever in made.levers)
    for language in LANGUAGES:
        page.click(f"#lang-{language}")
        wait("document.querySelector('#why-answer li')")
        with speaking(language):
            for asked, (question, tier) in WHY.items():
                ask_why(page, wait, asked)
                answer_as_explain(page, explain(scenario, read_ask(question), found, month, tier))
            turn = turn_of(ask, found, month, None)
            assert turn
            ask_why(page, wait, "summit RUS PRK")
            turned_as_explain(page, wait, turn_sentences(replace(made, turn=turn)), language)
    page.click("#lang-en")
    months_as_explain(page, wait, seen)
    set_as_explain(page, wait, scenario, seen)
    own_condition_as_explain(page, wait, scenario, seen)


def ask_why(page: Any, wait: Wait, asked: str) -> None:
    """Ask a question of the page, which offers them by group; of a route another world is run."""
    first = ("shells", "oil", "food", "fuel", "aid", "khasan", "rajin", *(f"tier{n}" for n in range(1, 5)))
    flow, act = f"flow.{asked[:3].upper()}", f"act.{asked.partition(' ')[2][:3]}"
    deal = "technology" if "technology" in asked else flow
    others = "route" if asked in ROUTES else act if " " in asked else deal if "_" in asked else "store"
    page.select_option("#why-group", "first" if asked in first else others)
    page.select_option("#why-question", asked)
    without = json.dumps([texts(language)["why.without"] for language in LANGUAGES])
    wait(f"![...document.querySelectorAll('#why-answer li')].some((one) => {without}.includes(one.textContent))")


def set_as_explain(page: Any, wait: Wait, scenario: Scenario, seen: Witness) -> None:
    """An act that the scenario sets turns with its event."""
    month = page.input_value("#why-month")
    page.select_option("#why-month", "0")
    ask_why(page, wait, "summit RUS PRK")
    page.focus("#why-turn-ask")
    page.keyboard.press("Enter")
    wait("document.querySelector('#why-turn li')")
    turn = turn_of(read_ask("summit RUS PRK"), Found(seen, ""), 0, None)
    assert turn
    (told,) = turn_sentences(counterfactual(scenario, Found(seen, ""), turn, {}))
    there = page.text_content("#why-turn li")
    assert there.endswith(turn.beside)
    assert told.endswith(turn.beside)
    page.select_option("#why-month", month)


def own_condition_as_explain(page: Any, wait: Wait, scenario: Scenario, seen: Witness) -> None:
    """A condition of one's own, typed, with a question that has none: the dose of `sim explain --turn`."""
    key, name = "war.intensity", texts("en")["picture.shells.name"]  # of its levers it must move least
    measure = outcome("shells_delivered")
    own = float(measure.values(seen.ds)[0])
    limit = round(1.02 * own, 3)
    more = {"amount": f"{number(limit)} million rounds", "own": number(own), "name": name, "over": "at the end"}
    turn = Turn(texts("en")["why.turn_more"].format(**more), lambda ds: measure.values(ds) > limit)
    ends = next(("", one["low"], one["high"]) for one in DATA["levers"] if one["key"] == key)
    head, dose = turn_sentences(counterfactual(scenario, Found(seen, ""), turn, {key: ends}))
    ask_why(page, wait, "shells")
    page.fill("#why-turn-limit", str(limit))
    page.click("#why-turn-ask")  # whose press ends the typing
    wait("document.querySelector('#why-turn li')")
    told = page.inner_text("#why-turn").replace("\N{NO-BREAK SPACE}", " ")
    assert head in told
    assert dose.partition("`) ")[2] in told


def months_as_explain(page: Any, wait: Wait, seen: Witness) -> None:
    """The month in which most happens, and why: those of `sim explain` without --month, by keyboard."""
    for asked in OF_EACH_KIND:
        question, tier = WHY[asked]
        month, why = month_of(seen, read_ask(question), tier)
        ask_why(page, wait, asked)
        page.focus("#why-most")
        page.keyboard.press("Enter")
        assert page.input_value("#why-month") == page.input_value("#month") == str(month), asked
        assert f"It is {why}. " in page.inner_text("#why-place"), asked
    page.select_option("#why-month", "7")
    assert page.input_value("#month") == "7"


def answer_as_explain(page: Any, made: Explanation) -> None:
    sentences = page.eval_on_selector_all("#why-answer li", "all => all.map((one) => one.textContent)")
    assert sentences == [re.sub(r" \(`pairs\.[^`]*`\)", "", told) for told in made.sentences]  # a page names no key
    cells = "all => all.map((one) => [...one.children].map((cell) => cell.textContent))"
    there = page.eval_on_selector_all("#why-answer tbody tr", cells)
    parts = [[capital(words), amount] for one in made.ledgers for words, amount, _ in ledger_rows(one)]
    assert there == parts, made.question
    heads = page.eval_on_selector_all("#why-answer caption", "all => all.map((one) => one.textContent)")
    assert not [head for head in heads if re.search(r"[ \xa0−][01](,\d+)? mill(ion|ier)s", head)]  # French: below two
    assert raw_keys(page) == []


def worlds_as_explain(page: Any, wait: Wait, ds: xr.Dataset) -> None:
    """Worlds by description: those that `sim explain` finds, by their path of shells."""
    ask_why(page, wait, "missile_test PRK")
    page.fill("#month", "6")
    paths = drawn(ds, PICTURES[0])
    for chosen, text in PLACES.items():
        place = read_place(text)
        world, _ = place.find(paths, {name: one.values(ds) for name, one in place.measures.items()}, "")
        page.select_option("#why-which", chosen)
        wait(f"document.querySelector('#why-place').textContent.match(/orld {world}\\b/)")
        assert (f"*{chosen}" in page.url.replace("%20", " ")) == (chosen != "median")
        assert raw_keys(page) == []
    page.fill("#month", "7")


def turned_as_explain(page: Any, wait: Wait, made: Sequence[str], language: str) -> None:
    """The nearest counterfactual: doses, chances and sentences of `sim explain`, with the page's names of levers."""
    page.focus("#why-turn-ask")
    page.keyboard.press("Enter")
    wait("document.querySelector('#why-turn li')")
    assert page.evaluate("document.activeElement.id") == "why-turn-title"
    names = {key: texts(language)[f"parameter.{key}.name"] for key in DEFAULT}
    told = [re.sub(r"(?<=^\d\. ).* \(`([^`]*)`\)", lambda found: names[found[1]], text) for text in made]
    told[-1] = re.sub(r"[\w]+\.[\w.]+\w", lambda found: names.get(found[0], found[0]), told[-1])
    there = page.eval_on_selector_all("#why-turn li", "all => all.map((one) => one.textContent)")
    told, there = ([text.replace("\N{NO-BREAK SPACE}", " ") for text in some] for some in (told, there))
    assert [text.replace("kt", "thousand tonnes") if language == "en" else text for text in there] == told


@pytest.mark.slow
@pytest.mark.usefixtures("otherwise_once")
def test_a_reader_changes_the_model_and_takes_the_same_numbers_along(
    chromium: Any, files: dict[str, Path], tmp_path: Path
) -> None:
    """By keyboard: a lever, an event, undo, a link; then the scenario file, run by Python, has the page's digest."""
    complaints: list[str] = []
    page, wait = opened(chromium, f"{files['page'].as_uri()}#scenario=sea_route", 1280, complaints)
    assert page.title() == texts("en")["page.title"]
    wait(f"document.querySelectorAll('.chart svg').length === {len(PICTURES)}")  # out of sight a moment later
    labels = page.eval_on_selector_all(".chart svg", "all => all.map((one) => one.getAttribute('aria-label'))")
    assert len(labels) == len(PICTURES)
    assert all(re.search(r"\d", label) for label in labels)
    widths = "all => all.map((one) => Math.round(one.getBoundingClientRect().width))"
    for is_large in (True, False):
        page.focus(".enlarge >> nth=1")
        page.keyboard.press("Enter")
        first, second, *_ = page.eval_on_selector_all("#charts figure", widths)
        assert (second > 1.8 * first) == is_large
    assert page.locator(".jumps").bounding_box()["height"] <= 1  # a way down for keyboards, in sight when it is reached
    page.focus(".jumps button >> nth=3")
    assert page.locator(".jumps").bounding_box()["height"] > 20
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('#why-box > summary')")
    before = wait(DIGEST)
    page.focus("[id='lever-routes.khasan.capacity']")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait(f"{DIGEST} && {DIGEST} !== {json.dumps(before)}")
    assert page.evaluate("document.activeElement.id") == "lever-routes.khasan.capacity"
    assert page.evaluate("document.getElementById('said').textContent")
    page.focus("[id='event-sea_route-1']")
    page.keyboard.press("Space")
    changed = wait(f"{DIGEST} && {DIGEST} !== {json.dumps(before)} && location.hash.includes('off.') && {DIGEST}")
    assert len(page.query_selector_all("#changes li")) == 2
    with page.expect_download() as got:
        page.click("#foot button >> nth=0")
    file = tmp_path / "changed.toml"
    got.value.save_as(file)
    ds, without = run(load(file)), run(SCENARIOS[1])
    assert digest(ds)[:SHOWN] in changed
    words = page.eval_on_selector_all("#words-sea_route li", "all => all.map((one) => one.textContent)")
    assert [re.findall(r"between ([\d.]+) and \1\b(?!\.)", one) for one in words] == [[]] * len(words)
    for text, one in zip(words, PICTURES, strict=True):
        levels = quantiles(drawn(ds, one)[-1], (0.05, 0.5, 0.95), whole=one.key in ("tier", "tests"))
        low, mid, high = map(number, levels)
        assert f": {mid}" in text
        assert low == high or f"between {low} and {high}" in text
    ends = [difference(drawn(without, one)[-1], drawn(ds, one)[-1], one) for one in PICTURES]
    assert len({text.partition(":")[0] for text in ends}) > 1
    assert [f"{text} | {end}" for text, end in zip(words, ends, strict=True) if not text.endswith(f". {end}")] == []
    why_as_explain(page, wait, load(file), month=7)
    worlds_as_explain(page, wait, ds)
    page.focus("#lesson-box details > summary")
    page.keyboard.press("Enter")
    page.fill("#lesson .sheet .blank >> nth=0", "up")
    page.click("#lang-fr")
    assert page.input_value("#lesson .sheet .blank >> nth=0") == "up"
    page.click("#lang-en")
    again, until = opened(chromium, page.url, 1280, complaints)
    assert until(DIGEST) == changed
    for part in ("#why-question", "#why-which", "#why-world"):
        until(f"document.querySelector('{part}').value === {json.dumps(page.input_value(part))}")
    again.close()
    for part in ("#undo", "#reset"):  # a keyboard keeps its place, though there is nothing left to take back
        page.focus(part)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == part[1:]
    assert wait(f"document.querySelectorAll('#changes li').length === 0 && {DIGEST}") == before
    assert complaints == []


@pytest.mark.slow
def test_firefox_computes_the_same(files: dict[str, Path], tmp_path: Path) -> None:
    """Without changes, and with a switch turned by keyboard."""
    lever = "routes.rajin.open"
    with firefox(tmp_path / "profile") as window:
        window.open(files["page"].as_uri())
        before = window.wait(DIGEST)
        window.wait(f"document.getElementById('lever-{lever}').focus() || true")
        window.press(" ")
        changed = window.wait(f"location.hash.includes('{lever}=1') && {DIGEST}")
        complaints = window.complaints
    assert digest(run(SCENARIOS[0]))[:SHOWN] in before
    opened = SCENARIOS[0].with_settings({lever: Setting(1.0, None, None, "fixed", "test")})
    assert digest(run(opened))[:SHOWN] in changed
    assert complaints == []


SHADES = "one => [getComputedStyle(one).color, getComputedStyle(one).backgroundColor]"


@pytest.mark.slow
def test_what_is_written_is_printed_and_a_seat_takes_nothing_along(chromium: Any, files: dict[str, Path]) -> None:
    """A worksheet, folded again, on paper; a drawing; a pressed button under the mouse; a lever moved after a seat."""
    complaints: list[str] = []
    page, wait = opened(chromium, files["page"].as_uri(), 1280, complaints)
    said = "One line after another, and all of them are printed. " * 20
    page.click("#lesson-box details > summary >> nth=1")
    page.fill("#lesson textarea >> nth=0", said)
    page.click("#lesson-box details > summary >> nth=1")
    page.click("#lesson-box details > summary >> nth=0")
    box = page.locator(".drawing").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 60, steps=4)
    page.mouse.up()
    page.evaluate("document.getElementById('table-0-article').open = true")
    page.click("#lang-fr")
    assert page.evaluate("document.getElementById('table-0-article').open"), "a table stays open in another language"
    wait(DIGEST)  # the numbers are the same, and so is their digest
    assert page.locator(".drawing polyline").count() == 1
    page.click("#lang-en")
    page.click("#lesson-box details > summary >> nth=0")
    page.evaluate("document.getElementById('lesson-box').open = false")
    assert not page.locator(".drawing").is_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator(".drawing").is_visible()
    written = page.locator(".on-paper:not(:empty)")
    assert (written.count(), written.is_visible(), written.inner_text()) == (1, True, said)
    assert not page.locator("#lesson textarea >> nth=0").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert not page.locator("#lesson-box").evaluate("one => one.open")
    for of_both in (False, True):
        in_print(page, said, of_both)
    page.hover("#lang-en")
    ink, ground = page.eval_on_selector("#lang-en", SHADES)
    assert ink != ground
    page.click("#seat-open")
    page.click("#seat-open")  # it says now that it leads back
    wait("!document.body.classList.contains('seated')")
    page.focus("[id='lever-war.intensity']")
    page.keyboard.press("ArrowRight")
    wait("location.hash.includes('war.intensity')")
    page.go_back()
    assert page.url == "about:blank"  # no older address of the page lies behind, which would lose the lever
    page.close()
    assert complaints == []


@pytest.mark.slow
def test_a_link_is_read_with_care_and_its_file_can_be_run(
    chromium: Any, files: dict[str, Path], tmp_path: Path
) -> None:
    """What it says wrongly is told; a switch is on or off; a seat tells what was changed; the file has a short name."""
    levers = {"routes.khasan.capacity": 80, "PRK.food.harvest": 0.7, "sanctions.pressure": 0.8, "war.intensity": 0.5}
    wrong = {"lang": "constructor", "routes.rajin.open": 0.6, "log": "0*asked*nonsense"}
    asked = "&".join(f"{key}={value}" for key, value in {**levers, **wrong, "seat": "PRK*5*1"}.items())
    complaints: list[str] = []
    page, wait = opened(chromium, f"{files['page'].as_uri()}#{asked}", 1280, complaints)
    assert page.inner_text("#unknown") == texts("en")["unknown.other"].format(n=len(wrong))
    told = page.inner_text("#seat-changed")
    assert [key for key in levers if texts("en")[f"parameter.{key}.name"] not in told] == []
    page.click("#seat-open")
    wait(DIGEST)
    with page.expect_download() as got:
        page.click("#foot button >> nth=0")
    assert SAFE_NAME.fullmatch(Path(got.value.suggested_filename).stem)
    page.focus("[id='lever-technology.guard_scale']")
    page.keyboard.press("ArrowRight")
    with page.expect_download() as other:
        page.click("#foot button >> nth=0")
    assert other.value.suggested_filename != got.value.suggested_filename, "another change, which the cut name hides"
    got.value.save_as(tmp_path / got.value.suggested_filename)
    settings = load(tmp_path / got.value.suggested_filename).settings
    assert {key: settings[key].value for key in levers} == levers
    assert settings["routes.rajin.open"].value == 1.0
    page.close()
    assert complaints == []


def in_print(page: Any, said: str, of_both: bool) -> None:
    """Beside the second lesson: the page with what was written in the first, or worksheets of both alone."""
    page.evaluate("document.getElementById('lesson-box').open = true")
    page.select_option("#lesson-choice", "1")
    page.select_option("#lesson-print", "sheets" if of_both else "page")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    paper = page.locator("#lesson-paper")
    titles = ["What did the railway decide?", "Does pressure divide or bind?"]
    assert paper.locator("h2").all_inner_texts() == titles[: 1 + of_both]
    assert paper.locator(".on-paper:not(:empty)").inner_text() == said
    assert paper.locator("polyline").is_visible()
    assert (paper.locator("h3").count() == 2) != of_both
    assert page.locator("#results").is_visible() != of_both
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert paper.inner_text() == ""
    assert page.locator("#results").is_visible()


def axe(page: Any) -> list[str]:
    """The serious findings of axe on a page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


NOTE = "document.getElementById('seat-forecast-note')"
SEAT = "document.getElementById('seat-status')?.textContent === '' && document.getElementById('{}') !== null"


@pytest.mark.slow
def test_a_seat_is_played_and_its_log_gives_the_same_worlds(
    chromium: Any, files: dict[str, Path], tmp_path: Path
) -> None:
    """By keyboard: sit down, refuse a summit twice, order something, meet the twin; Python has the digest."""
    complaints: list[str] = []
    page, wait = opened(chromium, files["page"].as_uri(), 390, complaints)

    def press(selector: str, key: str = "Enter") -> None:
        page.focus(selector)
        page.keyboard.press(key)

    meeting = next(k for k, o in enumerate(OPTIONS) if o.label == "summit PRK RUS")
    press("#seat-open")
    page.go_back()  # leaves the seats, not the page
    wait("location.hash === '' && !document.body.classList.contains('seated')")
    press("#seat-open")
    page.fill("#seat-world", "3")
    press("#sit-PRK")
    for quarter in range(2):
        wait(SEAT.format("seat-go"))
        if quarter:  # a refusal does not undo what the scenario sets
            told = texts("en")["seat.set"].format(act="Summit with Russia", when="September 2023")
            assert page.inner_text("#seat-answers").strip() == told
        else:
            press("#seat-ask")
            assert wait(f"{NOTE} && {NOTE}.textContent") == texts("en")["seat.forecast_none"]
        press(f"#act-{meeting}-2", "Space")
        if not quarter:
            press("[id='order-restrictions.PRK.CHN.food-2']", "Space")
        else:
            press("#seat-ask")
            wait("document.querySelectorAll('#seat-forecast tbody tr').length === 4")
            assert page.inner_text("#seat-forecast tr:has-text('Food') td >> nth=0").endswith("%)")
            assert not page.evaluate(NOTE)  # this move changes something
            goal, value = (
                page.locator(f"#seat-forecast tbody {cell} >> nth=0").bounding_box() for cell in ("th", "td")
            )
            assert goal["y"] + goal["height"] <= value["y"]  # a telephone has no room for both in one line
        press("#seat-go")
    wait(SEAT.format("seat-points"))
    shown = wait("document.getElementById('seat-digest').textContent")
    assert page.evaluate(OVERFLOW) == 0
    mine = page.inner_text("#seat-now tr:has-text('Prestige of the country, mean of the months') td >> nth=1")
    with page.expect_download() as got:
        press("#seat-file")
    file = tmp_path / "seat.toml"
    got.value.save_as(file)
    ds = run(load(file))
    assert digest(ds)[:SHOWN] in shown
    free = slice(1, 6)  # the scenario itself sets the summit of the first month
    assert not ds["outcome"].sel(option=meeting)[free].any()
    assert run(SCENARIOS[0])["outcome"].sel(option=meeting)[free].any()
    assert float(mine) == pytest.approx(float(ds["prestige"].sel(country="PRK", world=3)[:6].mean()), abs=6e-4)
    again, until = opened(chromium, page.url, 390, complaints)
    assert until(f"({SEAT.format('seat-points')}) && document.getElementById('seat-digest').textContent") == shown
    assert again.inner_text("#seat-now") == page.inner_text("#seat-now")
    again.close()
    silent, until = opened(chromium, f"{files['page'].as_uri()}#lang=fr&seat=PRK*3*2", 390, complaints)
    until(SEAT.format("seat-points"))
    assert silent.inner_text("#seat-points") == texts("fr")["seat.points"].format(points=50)
    found = axe(silent)
    silent.close()
    page.close()
    assert (found, complaints) == ([], [])


@pytest.mark.slow
def test_amounts_take_the_singular_where_the_language_does(blank: Any) -> None:
    source = (assemble.ASSETS / "text.js").read_text(encoding="utf-8")
    tables = {language: dict(texts(language)) for language in ("en", "fr")}
    told = {language: blank.evaluate(AMOUNTS, [source, tables, language]) for language in tables}
    assert told["en"][:4] == ["0.5 tests", "1 test", "1 thousand rounds", "2 tests"]
    assert told["fr"][:4] == ["0,5 tir", "1 tir", "1 millier d’obus", "2 tirs"]
    assert told["en"][4:] == ["\N{MINUS SIGN}0.5 kt", "0 %", "1 %", "92 %", "99 %", "100 %"]


@pytest.mark.slow
def test_it_can_be_read_by_everybody(chromium: Any, files: dict[str, Path]) -> None:
    """French without English, a narrow screen, a longer language, and no serious finding of axe."""
    complaints: list[str] = []
    asked = "lang=fr&view=side&nonsense=1&month=99&why=rajin*3"
    page, wait = opened(chromium, f"{files['page'].as_uri()}#{asked}", 390, complaints)
    english = {text for key, text in texts("en").items() if text != texts("fr")[key] and "{" not in text}
    seen = page.evaluate(VISIBLE)
    assert texts("fr")["page.caution"] in seen
    assert texts("fr")["unknown.other"].format(n=2) in seen
    assert english & set(seen) == {texts("en")["page.language"]} & english
    shut = wait("document.querySelector('#why-answer li')?.textContent")
    by_words = DATA["texts"]["fr"]["explain.route.always_shut"].format(months=".*", key="")
    assert re.fullmatch(by_words, shut), "no key is shown"
    assert page.evaluate(OVERFLOW) == 0
    assert axe(page) == []
    started = [texts("fr")[f"scenario.{one.name}.title"] for one in SCENARIOS]
    both = zip(("non", "oui"), started, strict=True)
    told = {texts("fr")["lever.start_in"].format(value=value, scenario=title) for value, title in both}
    assert told <= set(seen), "scenarios side by side that do not start alike say so"
    assert page.evaluate("document.getElementById('lever-routes.rajin.open').indeterminate")
    page.evaluate("document.getElementById('network-table-article').open = true")
    cells = wait("[...document.querySelectorAll('#network-table-article td')].map((one) => one.textContent).join(' ')")
    assert not re.search(r",\d{3}", cells), "what hardly ever goes has no digits of its own"
    page.close()
    for width in (390, 1280):
        page, _ = opened(chromium, f"{files['long'].as_uri()}#view=side&war.intensity=0.5", width, complaints)
        assert page.evaluate(OVERFLOW) == 0, width
        page.close()
    assert complaints == []
