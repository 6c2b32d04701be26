"""Every shipped scenario beside the one it extends, world by world."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import xarray as xr

import sim
from docs.generate.markdown import fill, table
from sim.analysis.measures import HEADLINE, Measure
from sim.analysis.paired import Difference, difference
from sim.present.what_differs import setting_words
from sim.scenario import PARAMETERS, ActEvent, Event, Scenario, shipped
from sim.scenario.event import timing_words
from sim.scenario.parameters import SWITCH, Parameter
from sim.scenario.scenario import month_number, month_text

Outcomes = dict[str, np.ndarray]


def _goods(name: str, giver: str, taker: str, good: str) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda ds: ds[name].sel(country=giver, partner=taker, good=good).values.sum(axis=0)


def _own(name: str, good: str, country: str = "PRK") -> Callable[[xr.Dataset], np.ndarray]:
    return lambda ds: ds[name].sel(country=country, good=good).values.sum(axis=0)


def _pay(name: str, over: Callable[..., np.ndarray]) -> Callable[[xr.Dataset], np.ndarray]:
    """Return what a variable of creditor PRK and debtor RUS comes to over the months."""
    return lambda ds: over(ds[name].sel(country="PRK", partner="RUS").values, axis=0)


def _dependence(partner: str) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda ds: 100.0 * ds["dependence"].sel(country="PRK", partner=partner).values[-12:].mean(axis=0)


def _together(act: str, countries: set[str]) -> Callable[[xr.Dataset], np.ndarray]:
    def count(ds: xr.Dataset) -> np.ndarray:
        rows = zip(ds["act"].values, ds["actor"].values, ds["partner_of"].values, strict=True)
        row = next(k for k, (a, i, j) in enumerate(rows) if a == act and {i, *j.split()} == countries)
        return (ds["outcome"].values[:, row] > 0).sum(axis=0)

    return count


def _shell_price(ds: xr.Dataset) -> np.ndarray:
    """Return the mean over what was ordered; missing where nothing was."""
    lane = {"country": "PRK", "partner": "RUS", "good": "ammunition"}
    ordered = ds["ordered"].sel(lane).values
    paid = np.nan_to_num(ds["price"].sel(lane).values) * ordered
    total = ordered.sum(axis=0)
    return np.where(total > 0.0, paid.sum(axis=0) / np.maximum(total, 1e-9), np.nan)


SHOWN: Mapping[str, Measure] = {
    "shells_delivered": HEADLINE["shells_delivered"],
    "price": Measure("MUSD a thousand rounds", "price of North Korea's shells", _shell_price),
    "seized": Measure("thousand rounds", "shells seized on the way", _goods("seized", "PRK", "RUS", "ammunition")),
    "oil": HEADLINE["oil"],
    "food_rus": Measure("kt", "food delivered RUS to PRK", _goods("delivered", "RUS", "PRK", "food")),
    "food_chn": Measure("kt", "food delivered CHN to PRK", _goods("delivered", "CHN", "PRK", "food")),
    "food_world": Measure("kt", "food that PRK buys from the rest of the world", _own("world_imports", "food")),
    "energy_short": Measure("kt", "energy that PRK lacks", _own("shortage", "energy")),
    "food_short": Measure("kt", "food that PRK lacks", _own("shortage", "food")),
    **{name: HEADLINE[name] for name in ("technology", "tier", "practical", "symbolic")},
    "summits": Measure("summits", "summits of RUS and PRK", _together("summit", {"RUS", "PRK"})),
    "exercises": Measure("exercises", "exercises of RUS and PRK", _together("exercise", {"RUS", "PRK"})),
    "west": Measure(
        "exercises", "exercises of USA, KOR and JPN", _together("trilateral_exercise", {"USA", "KOR", "JPN"})
    ),
    "dep_rus": Measure("%", "dependence of PRK on RUS in the last year", _dependence("RUS")),
    "dep_chn": Measure("%", "dependence of PRK on CHN in the last year", _dependence("CHN")),
    "debt": Measure("MUSD", "Russia's debt to North Korea, mean over months", _pay("balance", np.mean)),
    "cash": Measure("MUSD", "money that Russia pays North Korea", _pay("cash", np.sum)),
    "plants": Measure(
        "thousand rounds", "output of Russia's ammunition plants", _own("production", "ammunition", "RUS")
    ),
    "energy_chn": Measure("kt", "energy delivered RUS to CHN", _goods("delivered", "RUS", "CHN", "energy")),
    **{name: HEADLINE[name] for name in ("tests", "threat_PRK", "coordination", "fire_ratio")},
}
"""What the page chooses from, in this order."""
HEADS = ("outcome", "mean", "90 % of the worlds")
ALWAYS = ("shells_delivered", "oil", "technology", "practical", "symbolic")
OTHERS, CLEAR, LEAST = 6, 3.0, 0.02
"""Most other rows of a table; standard errors from zero, and share of the parent's mean, of the least difference."""


def page() -> str:
    """Return the page."""
    found: dict[str, tuple[Scenario, Outcomes]] = {}
    for name in dict.fromkeys(("article", "sea_route", *sorted(shipped()))):
        scenario = sim.load(name)
        ds = sim.run(scenario)
        found[name] = scenario, {key: np.asarray(m.values(ds), dtype=float) for key, m in SHOWN.items()}
    article, outcomes = found.pop("article")
    everyone = {"article": (article, outcomes), **found}
    parts = {
        **{name: getattr(article, name) for name in ("worlds", "months", "seed", "title", "question")},
        **{"candidates": len(SHOWN) - len(ALWAYS), "others": OTHERS},
        **{"clear": f"{CLEAR:g}", "least": f"{100 * LEAST:g}"},
        "outcome": _flat(article.outcome),
        "article": table(HEADS, (_alone(SHOWN[key], values) for key, values in outcomes.items())),
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
        rows.append((_what(SHOWN[key]), *means, step))
    head = f"## {scenario.name}: {scenario.title}"
    words = f"*{scenario.question}* What changes: {changes(parent, scenario)}. {_flat(scenario.outcome)}"
    return f"{head}\n\n{words}\n\n{table(('outcome', parent.name, scenario.name, 'difference'), rows)}"


def main_differences(before: Outcomes, after: Outcomes) -> dict[str, Difference]:
    """Return those always shown and the largest others beside the spread of the worlds, in the order of `SHOWN`."""
    found = {key: difference(before[key], after[key]) for key in SHOWN}
    size = {
        key: abs(d.mean) / max(float(np.nanstd(np.concatenate([before[key], after[key]]))), 1e-12)
        for key, d in found.items()
        if key not in ALWAYS and abs(d.mean) > max(CLEAR * d.error, LEAST * abs(float(np.nanmean(before[key]))))
    }
    others = sorted(size, key=size.__getitem__, reverse=True)[:OTHERS]
    return {key: d for key, d in found.items() if key in ALWAYS or key in others}


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


def _alone(measure: Measure, values: np.ndarray) -> tuple[str, ...]:
    low, high = np.nanquantile(values, [0.05, 0.95])
    return _what(measure), _number(np.nanmean(values)), f"{_number(low)} to {_number(high)}"


def _flat(text: str) -> str:
    return " ".join(text.split())
