"""summary.md of a run: its findings in plain words, with their uncertainty."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import xarray as xr

from sim.analysis.acts import WEIGHTY, acts
from sim.analysis.calendar import months
from sim.analysis.headline import (
    GOOD_WORDS,
    Change,
    bound_by,
    cooperation_of_pairs,
    country_name,
    delivered,
    gains,
    index_at_end,
    main_lane,
    main_pair,
    opening_changes,
    score_changes,
    shells,
    tiers_reached,
)
from sim.analysis.quantiles import Band, quantiles
from sim.present.palette import BINDING_WORDS
from sim.present.record_words import record_section
from sim.present.tables import headline_rows, reached_words
from sim.present.text import bullets, document, literal, markdown_table, paragraphs
from sim.present.theory_words import theory_section
from sim.present.what_differs import event_words, range_words, setting_words
from sim.present.words import number, percent, sensible_band, setting, with_band
from sim.results.digest import SHOWN, digest
from sim.results.failures import failures
from sim.scenario.case import LANE
from sim.scenario.changes import OPERAND, OPTION
from sim.scenario.names import UNITS
from sim.scenario.problems import counted
from sim.scenario.scenario import month_number, month_text

GOAL_WORDS = {
    "need": ("has its needs met better", "has its needs met worse"),
    "threat": ("feels safer", "feels less safe"),
    "prestige": ("gains prestige", "loses prestige"),
    "autonomy": ("leans less on its largest supplier", "leans more on its largest supplier"),
    "cost": ("bears lower costs", "bears higher costs"),
}
"""Words for a change for the better and for the worse."""
NOTABLE = 0.05
"""Least change of a score, or practical index, that is worth a line."""
LIFELINE = 0.5
"""Share of all imports from which a partner is worth a line."""
ACTS_SHOWN = 25
"""Most rows of the table of acts, those of consequence first."""


def summary(ds: xr.Dataset) -> str:
    """Return summary.md of a run."""
    (_, asked), *rest = sections(ds).items()
    parts = (f"## {heading}\n\n{body}" for heading, body in rest)
    return document(f"# {literal(str(ds.attrs['title']))}", f"**Question.** {asked}", *parts)


def sections(ds: xr.Dataset) -> dict[str, str]:
    """Return what a summary says under each heading, in Markdown, the question first; empty sections are left out."""
    scenario = json.loads(ds.attrs["scenario"])
    found = {
        "Question": _question(ds, scenario),
        "What the scenario schedules": _schedule(ds, scenario),
        "What happened": document(_story(ds), _rows(("outcome", "median (90 % band)"), headline_rows(ds))),
        "Rival theories": theory_section(ds, scenario["name"]),
        "Who works with whom, and who lives on whom": _pairs(ds),
        f"What limited the {GOOD_WORDS[main_lane(ds)[2]]}": _bound(ds),
        "Technology": _technology(ds),
        "Acts": _acts(ds),
        "Who gained, who lost": document(_scores(ds), _gains(ds)),
        "Against the public record": record_section(ds),
        "What to look for": paragraphs(scenario.get("look_for") or "The scenario does not say."),
        "Uncertainty": _caution(ds),
        "Starting values that the scenario changes": _changed(ds),
        "Origin": _origin(ds, scenario),
    }
    return {heading: body.rstrip("\n") for heading, body in found.items() if body.strip()}


def _rows(header: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """Return a Markdown table of cells of any type."""
    return markdown_table(header, (list(map(str, row)) for row in rows))


def _question(ds: xr.Dataset, scenario: dict[str, Any]) -> str:
    span = months(ds)
    asked = paragraphs(scenario.get("question") or "The scenario asks no question.")
    outcome = scenario.get("outcome")
    expected = f"\n\nThe scenario's author on the outcome: {paragraphs(outcome)}" if outcome else ""
    by_hand = [
        f"`{key}` = {setting_words(key, scenario['settings'][key])}"
        for key, (*_, origin) in json.loads(ds.attrs["changed"]).items()
        if origin in (OPTION, OPERAND)
    ]
    if by_hand:
        asked += f"\n\n**Changed by hand:** {', '.join(by_hand)}; the text here is that of the unchanged scenario."
    return (
        f"{asked}{expected}\n\n{_calibrated(scenario)}"
        f"{span[0]} to {span[-1]}, {counted(len(span), 'month')}, {counted(ds.sizes['world'], 'world')} (a world is "
        "one draw of all uncertain parameters and of chance). Unless marked as a share or a mean, "
        "numbers are medians over worlds; the brackets "
        "hold the middle 90 %."
    )


def _calibrated(scenario: dict[str, Any]) -> str:
    """Return the origin of calibrated parameters; empty if they are drawn from their ranges."""
    made = scenario.get("calibrated")
    if not made:
        return ""
    return (
        f"**Calibrated worlds.** Each takes {len(made['keys'])} parameters from one vector of a set of vectors that "
        f"agree with observations: {literal(made['about'])}; SHA-256 `{made['digest']}`.\n\n"
    )


def _schedule(ds: xr.Dataset, scenario: dict[str, Any]) -> str:
    """Return the dated events of the scenario with reason and line; empty if there are none."""
    names = months(ds)
    start = month_number(names[0])
    rows = [
        (
            *(month_text(start + event["month"]), event_words(event, names[0])),
            *(literal(event.get("why") or "-"), literal(event["origin"])),
        )
        for event in scenario.get("events", [])
        if event["month"] < len(names)
    ]
    return _rows(("from", "what", "why", "set in"), rows) if rows else ""


def _story(ds: xr.Dataset) -> str:
    practical, symbolic = (index_at_end(ds, name, *main_pair(ds)) for name in ("practical", "symbolic"))
    order = "higher" if practical.mid > symbolic.mid else "lower"
    seller, buyer, good = lane = main_lane(ds)
    band, unit = (shells(ds), "million rounds") if lane == LANE else (delivered(ds), f"{UNITS[good]} of {good}")
    first = f"{country_name(seller)} has delivered {with_band(band)} {unit} to {country_name(buyer)}"
    first += ", faulty ones included" * (good == "ammunition")
    if not band.mid > 0.0:
        verb = "have" if good == "ammunition" else "has"
        first = f"no {GOOD_WORDS[good]} {verb} reached {country_name(buyer)} in the median world"
        first += " (acts and technology need no route)"
    return (
        f"By {months(ds)[-1]} {first}. Practical cooperation of the two is {with_band(practical)}, "
        f"symbolic cooperation is {with_band(symbolic)}; the practical index is {order} (the two are not in one unit)."
    )


def _pairs(ds: xr.Dataset) -> str:
    notable = [
        one
        for one in cooperation_of_pairs(ds)
        if one.practical.mid >= NOTABLE or max(one.dependence_first.mid, one.dependence_second.mid) >= LIFELINE
    ]
    if not notable:
        return "No pair works together to speak of."
    rows = [
        (f"{one.first}-{one.second}", *map(with_band, (one.practical, one.dependence_first, one.dependence_second)))
        for one in notable
    ]
    heads = ("pair", "practical index", "imports of the first named from the second", "of the second from the first")
    return (
        f"Practical cooperation over the six months to {months(ds)[-1]}: deliveries at agreed prices, technology and "
        "exercises, relative to the size of the two economies (the root of the product of their GDP). So it does not "
        "say who lives on whom: what keeps North Korea alive is little for China, and gifts have no price. The share "
        "of all imports that comes from the partner says that:\n\n" + _rows(heads, rows)
    )


def _bound(ds: xr.Dataset) -> str:
    seller, buyer, good = main_lane(ds)
    shares = sorted(
        ((share, name) for name, share in bound_by(ds, *main_lane(ds)).items() if share > 0.0), reverse=True
    )
    text = ", ".join(f"{BINDING_WORDS[name]} in {percent(share)}" for share, name in shares)
    return (
        f"Binding constraint on {GOOD_WORDS[good]} from {country_name(seller)} to {country_name(buyer)}, share of "
        f"world-months: {text}. Route capacity means the part of the routes that {good} can use, empties coming back "
        "included; a route may bind while its use in tonnes is below 100 %."
    )


def _technology(ds: xr.Dataset) -> str:
    reached = [tier for tier in tiers_reached(ds) if tier.share > 0.0]
    if not reached:
        return "Russia passes on no technology tier in any world."
    return bullets(f"Tier {tier.tier} is passed on in {reached_words(tier, ds.sizes['world'])}." for tier in reached)


def _acts(ds: xr.Dataset) -> str:
    names = months(ds)
    found = [act for act in acts(ds) if act.ever >= 0.1 or act.scheduled.any()]
    seen = sorted(found, key=lambda act: (act.act not in WEIGHTY, -act.ever))[:ACTS_SHOWN]
    rows = [
        (
            act.label,
            "yes" if act.scheduled.any() else "no",
            percent(act.ever),
            names[act.first] if act.first is not None else "-",
            number(float(act.happened.sum(axis=0).mean()), 1),
        )
        for act in seen
    ]
    header = ("act", "scheduled", "worlds that see it", "first month (median)", "months with the act, per world (mean)")
    tests = Band(*quantiles(ds["tests"].transpose("month", "world").values.sum(axis=0), (0.05, 0.5, 0.95)))
    table = _rows(header, rows) if rows else "No act takes place in a tenth of the worlds or more."
    more = len(found) - len(seen)
    left = f"{more} kinds of everyday acts are left out; `events.csv` has all. " if more else ""
    return f"{table}\n\n{left}Missiles tested by North Korea in all: {with_band(tests, 0)}."


def _scores(ds: xr.Dataset) -> str:
    two = " and ".join(map(country_name, main_pair(ds)))
    changes = score_changes(ds)
    if not changes:
        return f"These worlds were not run with the lanes between {two} shut beside them."
    if not any(one.mean for one in changes):
        return f"Nobody: the lanes between {two} stay shut in this scenario, so nothing was opened."
    lines = bullets(
        f"{country_name(country)}: {_changes([one for one in changes if one.country == country])}."
        for country in dict.fromkeys(change.country for change in changes)
    )
    return (
        f"Each country by its own goals in {months(ds)[-1]}, against the same worlds without the opening: with the "
        f"lanes between {two} shut to the end, all else alike. Mean over the first "
        f"{opening_changes(ds).shape[-1]} worlds; changes of {NOTABLE} or more on a scale of 0 to 1:\n\n" + lines
    )


def _changes(changes: list[Change]) -> str:
    """Return `gains prestige (+0.12 ± 0.01), bears higher costs (-0.08 ± 0.01)`, or that little changed."""
    words = []
    for one in changes:
        up, down = GOAL_WORDS[one.goal]
        if abs(one.mean) >= NOTABLE:
            words.append(f"{up if one.mean > 0.0 else down} ({one.mean:+.2f} ± {one.error:.1g})")
    return ", ".join(words) or "stands about as without it"


def _gains(ds: xr.Dataset) -> str:
    rows = [
        (
            f"{gain.first}-{gain.second}",
            f"to {gain.first}: {sensible_band(gain.gain_first)}",
            f"to {gain.second}: {sensible_band(gain.gain_second)}",
        )
        for gain in gains(ds)[:5]
        if gain.gain_first.high > 0.0 or gain.gain_second.high > 0.0
    ]
    if not rows:
        return "No pair gains from trade."
    heads = ("pair", "to the first named", "to the second named")
    span = months(ds)
    return f"Largest gains from trade, MUSD a month, mean over {span[0]} to {span[-1]}:\n\n" + _rows(heads, rows)


def _caution(ds: xr.Dataset) -> str:
    lost = len(failures(ds))
    were = "1 world was" if lost == 1 else f"{lost} worlds were"
    aside = f"{were} set aside, because a number stopped being finite: see `failed.csv`. " if lost else ""
    return (
        f"{aside}This is a thinking tool, not a forecast. The bands hold what the assumed ranges of the parameters "
        "and chance produce within this model; they do not hold what the model leaves out, and a band of 90 "
        f"% is not a probability of the real world. With {counted(ds.sizes['world'], 'world')} the edges of a band are "
        "themselves uncertain. Compare scenarios rather than trust one number."
    )


def _changed(ds: xr.Dataset) -> str:
    changed = json.loads(ds.attrs["changed"])
    if not changed:
        return "None."
    settings = json.loads(ds.attrs["scenario"])["settings"]
    rows = [
        (f"`{key}`", setting(value, key, 12), range_words(key, settings[key]), literal(origin))
        for key, (value, *_, origin) in sorted(changed.items())
    ]
    return "Against `sim/scenario/parameters.csv`:\n\n" + _rows(
        ("parameter", "value", "range over worlds", "set in"), rows
    )


def _origin(ds: xr.Dataset, scenario: dict[str, Any]) -> str:
    versions = ", ".join(f"{name} {version}" for name, version in sorted(json.loads(ds.attrs["versions"]).items()))
    return (
        f"Scenario `{scenario.get('name', '?')}`, hash `{ds.attrs['scenario_hash']}`, "
        f"seed {ds.attrs['seed']}, digest `{digest(ds)[:SHOWN]}`, "
        f"program version {ds.attrs['code_version']}, {versions}.\n\n"
        "Files: `results.nc` (everything, by world), `events.csv`, `manifest.json`, `figures/`. `sim figures` draws "
        "more figures, and `sim tables` writes `series.csv` (mean and quantiles over worlds) and `decisions.csv`."
    )
