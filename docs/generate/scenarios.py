"""Every shipped scenario beside the one it extends, world by world."""

from dataclasses import asdict
from pathlib import Path

import numpy as np

import sim
from docs.generate.markdown import fill, table
from sim.analysis.measures import Measure, is_whole
from sim.analysis.paired import Difference, difference
from sim.analysis.quantiles import quantiles
from sim.analysis.wide import ALWAYS, CLEAR, LEAST, OTHERS, WIDE, chosen, size_of
from sim.present.what_differs import setting_words
from sim.scenario import PARAMETERS, ActEvent, Event, Scenario, shipped
from sim.scenario.event import DecisionEvent, ShockEvent, decision_words, timing_words
from sim.scenario.parameters import SWITCH, Parameter
from sim.scenario.scenario import month_number, month_text

Outcomes = dict[str, np.ndarray]


HEADS = ("outcome", "mean", "90 % of the worlds")


def page() -> str:
    """Return the page."""
    found: dict[str, tuple[Scenario, Outcomes]] = {}
    for name in dict.fromkeys(("article", "sea_route", *sorted(shipped()))):
        scenario = sim.load(name)
        ds = sim.run(scenario)
        found[name] = scenario, {key: np.asarray(m.values(ds), dtype=float) for key, m in WIDE.items()}
    article, outcomes = found.pop("article")
    everyone = {"article": (article, outcomes), **found}
    parts = {
        **{name: getattr(article, name) for name in ("worlds", "months", "seed", "title", "question")},
        **{"candidates": len(WIDE) - len(ALWAYS), "others": OTHERS},
        **{"clear": f"{CLEAR:g}", "least": f"{100 * LEAST:g}"},
        "outcome": _flat(article.outcome),
        "article": table(HEADS, (_alone(key, values) for key, values in outcomes.items())),
        "scenarios": "\n\n".join(beside(*everyone[Path(one.files[-2]).stem], one, y) for one, y in found.values()),
    }
    return fill("scenarios", parts)


def beside(parent: Scenario, before: Outcomes, scenario: Scenario, after: Outcomes) -> str:
    """Return the section of a scenario: question, what changes, what the model shows, and the main differences."""
    rows = []
    for key, d in main_differences(before, after).items():
        both = np.isfinite(before[key]) & np.isfinite(after[key])
        means = (_number(values[key][both].mean()) if both.any() else "none" for values in (before, after))
        step = f"{_number(d.mean, '+')} ± {d.error:.2g}" if d.error < 100 else f"{d.mean:+,.0f} ± {d.error:,.0f}"
        rows.append((_what(WIDE[key]), *means, step))
    head = f"## {scenario.name}: {scenario.title}"
    words = f"*{scenario.question}* What changes: {changes(parent, scenario)}. {_flat(scenario.outcome)}"
    return f"{head}\n\n{words}\n\n{table(('outcome', parent.name, scenario.name, 'difference'), rows)}"


def main_differences(before: Outcomes, after: Outcomes) -> dict[str, Difference]:
    """Return those always shown and the largest others beside the spread of the worlds, in the order of `WIDE`."""
    found = {key: difference(before[key], after[key]) for key in WIDE}
    names = chosen({key: size_of(before[key], after[key], step) for key, step in found.items()})
    return {key: found[key] for key in names}


def changes(parent: Scenario, scenario: Scenario) -> str:
    """Return the settings and events that the parent does not have."""
    said: dict[str, list[str]] = {}
    for key, setting in scenario.settings.items():
        was = parent.settings[key]
        if setting.content != was.content:
            row = PARAMETERS[key]
            now = setting_words(key, asdict(setting)) if setting.among else _worth(setting.value, row)
            if setting.value == was.value and setting.low is not None:
                now = f"{setting.low:g} to {setting.high:g}"
            said.setdefault(f"{now} (was {_worth(was.value, row)})", []).append(f"`{key}`")
    known = {event.content for event in parent.events}
    more = {worth: f" and {len(keys) - 1} more routes" if keys[1:] else "" for worth, keys in said.items()}
    settings = [f"{keys[0]}{more[worth]} {worth}" for worth, keys in said.items()]
    return "; ".join([*settings, *(_happening(scenario, one) for one in scenario.events if one.content not in known)])


def _happening(scenario: Scenario, event: Event) -> str:
    """Return an event in words, with its month."""
    month = month_text(month_number(scenario.start) + event.month)
    if isinstance(event, ActEvent):
        return f"{event.act.replace('_', ' ')} of {', '.join(event.actors)} in {month}{timing_words(event)}"
    if isinstance(event, DecisionEvent):
        return f"{decision_words(event)} from {month}{timing_words(event)}"
    if isinstance(event, ShockEvent):
        return f"shock to `{event.target}` in {month}{timing_words(event)}"
    if event.value is None:
        worth = f"times {event.factor:g}"
    else:
        row, was = PARAMETERS[event.key], scenario.settings[event.key]
        worth = f"{_worth(event.value, row)} (was {_worth(was.value, row)})"
    lasting = f" for {event.duration} months" if event.duration else ""
    return f"`{event.key}` {worth} from {month}{lasting}{timing_words(event)}"


def _worth(value: float, row: Parameter) -> str:
    if row.unit == SWITCH:
        return "open" if value else "closed"
    if row.choices:
        return row.choices[int(value)]
    return f"{value:g}" if row.unit == "1" else f"{value:g} {row.unit}"


def _number(value: float, sign: str = "") -> str:
    """Return three digits, and no powers of ten."""
    return f"{value:{sign},.0f}" if abs(value) >= 1000 else f"{value:{sign}.3g}"


def _what(measure: Measure) -> str:
    return measure.words if measure.unit in ("1", *measure.words.split()) else f"{measure.words} ({measure.unit})"


def _alone(key: str, values: np.ndarray) -> tuple[str, ...]:
    low, high = quantiles(values, (0.05, 0.95), whole=is_whole(key))
    return _what(WIDE[key]), _number(np.nanmean(values)), f"{_number(low)} to {_number(high)}"


def _flat(text: str) -> str:
    return " ".join(text.split())
