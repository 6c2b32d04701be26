"""Names as the spoken language has them: titles, countries, goods, limits, acts, months; in English as ever."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import xarray as xr

from sim.analysis.acts import Act
from sim.analysis.calendar import dated
from sim.analysis.headline import GOOD_WORDS, country_name, main_lane
from sim.analysis.measures import SERIES, is_index
from sim.analysis.origin import changes_of
from sim.present.by_rule import outcome_name
from sim.present.palette import BINDING_WORDS
from sim.present.text import literal
from sim.present.words import capital, day_name, unit_name
from sim.scenario.changes import BY_HAND
from sim.scenario.library import question_of as shipped_question
from sim.scenario.library import title_of as shipped_title
from sim.scenario.names import COUNTRY_NAMES, ROUTE_NAMES
from sim.scenario.parameters import PARAMETERS
from sim.texts.spoken import foreign, known, number_of, said, several

AS_IS = "as is"
"""The policy of options that are so named, which change nothing, as the first ones of shipped lever files."""


def tell(key: str, /, **fills: object) -> str:
    """Return a text of runs, with its placeholders filled in."""
    return said(f"run.{key}", **fills)


def shows(key: str, /, **fills: object) -> str:
    """Return a text of figures, with its placeholders filled in."""
    return said(f"figures.{key}", **fills)


def tells(key: str, /, **fills: object) -> str:
    """Return a text of reports, with its placeholders filled in."""
    return said(f"report.{key}", **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a run with what was changed by hand; of a shipped scenario in the language that is spoken."""
    return scenario_title(json.loads(ds.attrs["scenario"]), changes_of(ds)) if foreign() else str(ds.attrs["title"])


def claims_words(key: str) -> str:
    """Return the claims that a parameter belongs to: `C8 C9`, or that there is none."""
    return " ".join(PARAMETERS[key].claims) or said("printed.no_claim")


def scenario_title(scenario: dict[str, Any], changes: str = "") -> str:
    """Return the title of a stored scenario, with what was changed by hand."""
    name = str(scenario.get("name", "")).partition("+")[0]
    title = str(scenario.get("title") or name)
    title = title.partition(" (changed: ")[0] if changes else title  # they follow, in the language that is spoken
    if foreign() and known(f"scenario.{name}.title") and title == shipped_title(name):
        title = said(f"scenario.{name}.title")
    return said("printed.changed", title=title, changes=changes) if changes else title


def question_of(ds: xr.Dataset) -> str:
    """Return the question of a run's scenario; of a shipped one in the language that is spoken."""
    scenario = json.loads(ds.attrs["scenario"])
    name, question = str(scenario.get("name", "")).partition("+")[0], str(scenario.get("question") or "")
    if foreign() and known(f"scenario.{name}.question") and question == shipped_question(name):
        return said(f"scenario.{name}.question")
    return question


def authored(scenario: dict[str, Any], part: str) -> str:
    """Return the `outcome` or the `look_for` of a stored scenario; of a shipped one in the language that is spoken.

    A text that was rewritten since its translation is not the one that was translated, and stays as it is.
    """
    text = str(scenario.get(part) or "")
    key = f"scenarios.{str(scenario.get('name', '')).partition('+')[0]}.{part}"
    if foreign() and known(key) and said(f"{key}_of") == text_digest(text):
        return said(key)
    return text


def policy_name(levers: str, name: str) -> str:
    """Return the name of a policy; of a shipped lever file in the language that is spoken."""
    parts = [f"levers.named.{levers}.{part}" for part in name.split(", ")]
    if foreign() and all(map(known, parts)):
        return ", ".join(map(said, parts))
    return said("levers.reference") if foreign() and name == AS_IS else name


def option_name(levers: str, lever: str, option: str) -> str:
    """Return an option as a lever file has it, and what it is called in another language."""
    words = option.replace("_", " ")
    policy = words if words == AS_IS else f"{lever.partition('.')[2].replace('_', ' ')} {words}"
    called = policy_name(levers, policy)
    return f"{lever} = {words}" + (f" ({called})" if called != policy else "")


def why_words(why: str) -> str:
    """Return the reason of an event; a text of a shipped scenario in the language that is spoken."""
    return translation_in("scenarios.why", why) or why


def translation_in(table: str, text: str) -> str:
    """Return what a table of another language has for a text of a shipped file, by its digest; empty if nothing."""
    key = f"{table}.{text_digest(text)}"
    return said(key) if foreign() and known(key) else ""


def text_digest(text: str) -> str:
    """Return a short digest of a text, however its lines are broken."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


def origin_words(origin: str) -> str:
    """Return, in Markdown, where a value or an event was set: a file and its line, an option, or by hand."""
    return said("printed.origin.by_hand") if origin == BY_HAND[1] else literal(origin)


def date_words(month: str) -> str:
    """Return a month YYYY-MM as tables have it; `août 2026` in another language."""
    return dated(month) if foreign() else month


def day_words(day: str) -> str:
    """Return a day YYYY-MM-DD as tables have it; `31 décembre 2023` in another language."""
    return day_name(day) if foreign() else day


def span_words(span: Sequence[str]) -> str:
    """Return the months from the first to the last of some, as a sentence begins with them; one month alone."""
    return said(f"printed.covered.{number_of(len(span))}", first=date_words(span[0]), last=date_words(span[-1]))


def code_name(code: str) -> str:
    """Return a country as tables have it: its code in English."""
    return country_name(code) if foreign() else code


def pair_name(first: str, second: str) -> str:
    """Return two countries as tables have them: `RUS-PRK`."""
    return said("run.pair", first=code_name(first), second=code_name(second))


def of_country(code: str) -> str:
    """Return a country inside a sentence."""
    return said(f"why.the.{code}") if foreign() else country_name(code)


def codes_note() -> str:
    """Return which countries stand behind the codes, for the foot of a figure."""
    return ", ".join(f"{code} {country_name(code)}" for code in COUNTRY_NAMES)


def good_of(good: str) -> str:
    """Return what a good is called."""
    return said(f"good.{good}") if foreign() else GOOD_WORDS.get(good, good)


def binding_name(limit: str) -> str:
    """Return what a limit of a lane is called."""
    return said(f"printed.binding.{limit}") if foreign() else BINDING_WORDS[limit]


def act_label(act: Act) -> str:
    """Return an act with its countries: `summit RUS-PRK`, `designation USA to PRK`."""
    if not foreign():
        return act.label
    who = several([country_name(code) for code in act.actors])
    key, what = "run.act_to" if act.targets else "run.act", said(f"printed.act.{act.act}").partition(" (")[0]
    return said(key, act=what, who=who, target=several([*map(country_name, act.targets)]))


def measure_words(name: str, words: str) -> str:
    """Return what an outcome is, by its name; `words` are the English ones."""
    if foreign() and name.startswith("score_"):
        _, code, goal = name.split("_")
        return shows("score", who=country_name(code), goal=shows(f"score_of.{goal}"))
    if not foreign():
        return words
    return shows(f"measure.{name}") if known(f"figures.measure.{name}") else outcome_name(name) or words


def with_unit(words: str, unit: str) -> str:
    """Return what a number is with its unit, in the language that is spoken: `oil, kbbl`."""
    name = "" if unit == "1" else unit_name(unit)
    return f"{words}, {name}" if name else words


def scale_words(name: str, unit: str, index: str = "figures.index") -> str:
    """Return the unit of an outcome by its name, for an axis; of none whether it is an index, which `index` tells."""
    if unit != "1":
        return unit_name(unit)
    return said(index) if is_index(name) else shows("no_unit")


def route_name(route: str) -> str:
    """Return what a route is called in the key of a figure."""
    return shows(f"route.{route}") if foreign() else ROUTE_NAMES[route]


def lane_name(ds: xr.Dataset) -> str:
    """Return `shells, North Korea to Russia`."""
    seller, buyer, good = main_lane(ds)
    return shows("lane", what=good_of(good), seller=country_name(seller), buyer=country_name(buyer))


def series_words(name: str) -> str:
    """Return what a headline series is."""
    return shows(f"series.{name}") if foreign() else SERIES[name].words


def tier_label(tier: int) -> str:
    """Return a tier of technology with its number, for the key of a figure."""
    return shows(f"tier.{tier}")


def good_title(good: str) -> str:
    """Return what a good is called at the head of a column."""
    return capital(said(f"good.{good}")) if foreign() else good.capitalize()


def act_short(act: Act) -> str:
    """Return an act with the codes of its countries, as short as the margin of a figure needs it."""
    if not foreign():
        return act.label
    target = f" → {'-'.join(act.targets)}" if act.targets else ""
    return f"{shows(f'act.{act.act}')} {'-'.join(act.actors)}{target}"


def limit_name(limit: str) -> str:
    """Return what a limit of a lane is called in the key of a figure."""
    return shows(f"limit.{limit}") if foreign() else BINDING_WORDS[limit]


def goal_title(goal: str) -> str:
    """Return what a goal of a country is called at the head of a column."""
    return shows(f"goal_title.{goal}")
