"""summary.md of a run: its findings in plain words, with their uncertainty."""

import json
from typing import Any

import xarray as xr

from sim.analysis.acts import WEIGHTY, acts
from sim.analysis.calendar import months
from sim.analysis.headline import (
    bound_by,
    cooperation_of_pairs,
    delivered,
    index_at_end,
    main_lane,
    main_pair,
    shells,
    tiers_reached,
)
from sim.analysis.quantiles import band
from sim.present.gained_words import NOTABLE, gained_section
from sim.present.naming import (
    act_label,
    authored,
    binding_name,
    date_words,
    good_of,
    of_country,
    origin_words,
    pair_name,
    question_of,
    span_words,
    tell,
    title_of,
    why_words,
)
from sim.present.record_words import record_section
from sim.present.tables import headline_rows, reached_words
from sim.present.text import bullets, code, document, literal, paragraphs, table_of
from sim.present.theory_words import theory_section
from sim.present.what_differs import event_words, range_words
from sim.present.words import number, percent, sensible_band, setting, unit_words, with_band
from sim.results.digest import SHOWN, digest
from sim.results.failures import failures
from sim.scenario.case import LANE
from sim.scenario.changes import in_words
from sim.scenario.names import UNITS
from sim.scenario.scenario import month_number, month_text
from sim.texts.spoken import counted, foreign, number_of, said

LIFELINE = 0.5
"""Share of all imports from which a partner is worth a line."""
LOOKED_BACK = 6
"""Months that the practical index looks back on, as `sim.model.state` defines it."""
ACTS_SHOWN = 25
"""Most rows of the table of acts, those of consequence first."""


def summary(ds: xr.Dataset) -> str:
    """Return summary.md of a run."""
    (_, asked), *rest = sections(ds).items()
    parts = (f"## {heading(ds, key)}\n\n{body}" for key, body in rest)
    return document(f"# {literal(title_of(ds))}", tell("question.asked", question=asked), *parts)


def heading(ds: xr.Dataset, key: str) -> str:
    """Return the heading of a section."""
    return tell(f"heading.{key}", what=good_of(main_lane(ds)[2]))


def sections(ds: xr.Dataset) -> dict[str, str]:
    """Return what each section of a summary says, in Markdown, the question first; empty sections are left out."""
    scenario = json.loads(ds.attrs["scenario"])
    heads = tell("head.outcome"), tell("head.median")
    found = {
        "question": _question(ds, scenario),
        "schedule": _schedule(ds, scenario),
        "happened": document(_story(ds), table_of(heads, headline_rows(ds))),
        "theories": theory_section(ds, scenario["name"]),
        "pairs": _pairs(ds),
        "bound": _bound(ds),
        "technology": _technology(ds),
        "acts": _acts(ds),
        "gained": gained_section(ds),
        "record": record_section(ds),
        "look_for": paragraphs(authored(scenario, "look_for") or tell("no_look_for")),
        "uncertainty": _caution(ds),
        "changed": _changed(ds),
        "origin": _origin(ds, scenario),
    }
    return {key: body.rstrip("\n") for key, body in found.items() if body.strip()}


def _question(ds: xr.Dataset, scenario: dict[str, Any]) -> str:
    span = months(ds)
    asked = paragraphs(question_of(ds) or tell("question.none"))
    outcome = authored(scenario, "outcome")
    expected = f"\n\n{tell('question.outcome', outcome=paragraphs(outcome))}" if outcome else ""
    if changes := scenario.get("changes"):
        asked += f"\n\n{tell('question.by_hand', told=', '.join(code(in_words(one)) for one in changes))}"
    told = tell(
        "question.span",
        span=span_words(span),
        months=counted("month", len(span)),
        worlds=counted("world", ds.sizes["world"]),
    )
    return f"{asked}{expected}\n\n{_calibrated(scenario)}{told}"


def _calibrated(scenario: dict[str, Any]) -> str:
    """Return the origin of calibrated parameters; empty if they are drawn from their ranges."""
    made = scenario.get("calibrated")
    if not made:
        return ""
    told = tell("question.calibrated", n=len(made["keys"]), about=literal(made["about"]), digest=made["digest"])
    return f"{told}\n\n"


def _schedule(ds: xr.Dataset, scenario: dict[str, Any]) -> str:
    """Return the dated events of the scenario with reason and line; empty if there are none."""
    names = months(ds)
    start = month_number(names[0])
    rows = [
        (
            *(date_words(month_text(start + event["month"])), event_words(event, names[0])),
            *(literal(why_words(event.get("why") or "-")), origin_words(event["origin"])),
        )
        for event in scenario.get("events", [])
        if event["month"] < len(names)
    ]
    return table_of([tell(f"head.{head}") for head in ("from", "what", "why", "set_in")], rows) if rows else ""


def _story(ds: xr.Dataset) -> str:
    practical, symbolic = (index_at_end(ds, name, *main_pair(ds)) for name in ("practical", "symbolic"))
    seller, buyer, good = lane = main_lane(ds)
    band = shells(ds) if lane == LANE else delivered(ds)
    much = with_band(band) if lane == LANE else sensible_band(band)
    if not band.mid > 0.0:
        key = "none_shells" if good == "ammunition" else "none"
    else:
        key = "shells" if lane == LANE else "faulty" if good == "ammunition" else "goods"
    fills = {"seller": of_country(seller), "buyer": of_country(buyer), "much": much}
    first = tell(f"story.{key}", **fills, unit=unit_words(UNITS[good]).strip(), what=good_of(good), good=good)
    return tell(
        "story.whole",
        when=date_words(months(ds)[-1]),
        first=first,
        practical=with_band(practical),
        symbolic=with_band(symbolic),
        order=tell("story.higher" if practical.mid > symbolic.mid else "story.lower"),
    )


def _pairs(ds: xr.Dataset) -> str:
    notable = [
        one
        for one in cooperation_of_pairs(ds)
        if one.practical.mid >= NOTABLE or max(one.dependence_first.mid, one.dependence_second.mid) >= LIFELINE
    ]
    if not notable:
        return tell("pairs.none")
    rows = [
        (
            pair_name(one.first, one.second),
            *map(with_band, (one.practical, one.dependence_first, one.dependence_second)),
        )
        for one in notable
    ]
    heads = [tell(f"head.{head}") for head in ("pair", "practical", "first_from_second", "second_from_first")]
    span = months(ds)
    before = tell("pairs.before", n=LOOKED_BACK - len(span)) if len(span) < LOOKED_BACK else ""
    return f"{tell('pairs.intro', when=date_words(span[-1]), before=before)}\n\n{table_of(heads, rows)}"


def _bound(ds: xr.Dataset) -> str:
    seller, buyer, good = main_lane(ds)
    shares = sorted(
        ((share, name) for name, share in bound_by(ds, *main_lane(ds)).items() if share > 0.0), reverse=True
    )
    told = [tell("bound.one", limit=binding_name(name), share=percent(share)) for share, name in shares]
    return tell(
        "bound.whole",
        what=good_of(good),
        seller=of_country(seller),
        buyer=of_country(buyer),
        told=", ".join(told),
        good=good_of(good) if foreign() else good,
    )


def _technology(ds: xr.Dataset) -> str:
    reached = [tier for tier in tiers_reached(ds) if tier.share > 0.0]
    if not reached:
        return tell("tier.none")
    return bullets(tell("tier.passed", tier=one.tier, worlds=reached_words(one, ds.sizes["world"])) for one in reached)


def _acts(ds: xr.Dataset) -> str:
    names = months(ds)
    found = [act for act in acts(ds) if act.ever >= 0.1 or act.scheduled.any()]
    seen = sorted(found, key=lambda act: (act.act not in WEIGHTY, -act.ever))[:ACTS_SHOWN]
    rows = [
        (
            act_label(act),
            said("word.yes" if act.scheduled.any() else "word.no"),
            percent(act.ever),
            date_words(names[act.first]) if act.first is not None else "-",
            number(float(act.happened.sum(axis=0).mean()), 1),
        )
        for act in seen
    ]
    header = [tell(f"head.{head}") for head in ("act", "scheduled", "seen_by", "first_month", "months_with")]
    tests = band(ds["tests"].transpose("month", "world").values.sum(axis=0), whole=True)
    table = table_of(header, rows) if rows else tell("acts.none")
    more = len(found) - len(seen)
    left = f"{tell('acts.left', n=more)} " if more else ""
    return f"{table}\n\n{left}{tell('acts.tests', much=with_band(tests, 0))}"


def _caution(ds: xr.Dataset) -> str:
    lost = len(failures(ds))
    aside = f"{tell(f'caution.lost.{number_of(lost)}', n=lost)} " if lost else ""
    return f"{aside}{tell('caution.whole', worlds=counted('world', ds.sizes['world']))}"


def _changed(ds: xr.Dataset) -> str:
    changed = json.loads(ds.attrs["changed"])
    if not changed:
        return tell("changed.none")
    settings = json.loads(ds.attrs["scenario"])["settings"]
    rows = [
        (f"`{key}`", setting(value, key, 12), range_words(key, settings[key]), origin_words(origin))
        for key, (value, *_, origin) in sorted(changed.items())
    ]
    heads = [tell(f"head.{head}") for head in ("parameter", "value", "range", "set_in")]
    return f"{tell('changed.against')}\n\n{table_of(heads, rows)}"


def _origin(ds: xr.Dataset, scenario: dict[str, Any]) -> str:
    return (
        tell(
            "origin",
            name=scenario.get("name", "?"),
            hash=ds.attrs["scenario_hash"],
            seed=ds.attrs["seed"],
            digest=digest(ds)[:SHOWN],
            version=ds.attrs["code_version"],
            versions=", ".join(
                f"{name} {version}" for name, version in sorted(json.loads(ds.attrs["versions"]).items())
            ),
        )
        + f"\n\n{tell('files')}"
    )
