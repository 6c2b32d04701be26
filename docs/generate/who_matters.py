"""Who matters: what each country, its decisions and each lever move, in standard deviations of the outcomes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import xarray as xr

import sim
from docs.generate.markdown import bullets, fill, table
from sim.analysis.outcome import outcome
from sim.experiment.batch import at, run_reduced
from sim.scenario import Scenario
from sim.scenario.names import COUNTRIES, COUNTRY_NAMES, PAIRS, pair_key

WORLDS, LEAST = 64, 0.2
"""Worlds of each run; smallest effect of interest, standard deviations of the outcome over the worlds."""
SCENARIOS = ("article", "sea_route", "ceasefire", "max_pressure", "food_crisis", "trilateral_surge")
OUTCOMES = (
    *("shells_delivered", "oil", "technology", "practical", "symbolic", "tests", "fire_ratio", "coordination"),
    *("rus_chn.practical", "kor_jpn.practical", "polarisation", "score_PRK_need", "score_RUS_need"),
    *(f"{code.lower()}.threat" for code in COUNTRIES),
)
LEVERS: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "RUS": {"RUS.norm": (0.0, 1.0), "technology.guard_scale": (0.7, 1.4), "RUS.ammunition.ceiling": (300.0, 450.0)},
    "PRK": {"PRK.autonomy": (0.2, 1.5), "PRK.ammunition.ceiling": (140.0, 260.0), "border.target": (0.3, 1.0)},
    "USA": {"war.usa_aid": (0.0, 110.0), "monitoring.coalition": (0.3, 1.0), "USA.threat_response": (0.0, 1.0)},
    "KOR": {"acts.red_line.base": (-4.0, 1.0), "war.lethal_aid": (0.0, 100.0), "KOR.threat_response": (0.0, 2.0)},
    "JPN": {"coordination.friction": (0.0, 0.8), "pairs.KOR-JPN.trust": (0.2, 0.9), "JPN.threat_response": (0.0, 2.0)},
    "CHN": {"CHN.western_ties": (0.2, 0.9), "aid.pipeline": (0.0, 43.0), "pairs.PRK-CHN.openness": (0.05, 1.0)},
    "": {
        "routes.khasan.capacity": (10.0, 200.0),
        "routes.rajin.open": (0.0, 1.0),
        "sanctions.pressure": (0.0, 1.0),
        "sanctions.enforcement": (0.0, 1.0),
        "war.intensity": (0.0, 1.2),
        "PRK.food.harvest": (0.6, 1.2),
    },
}
"""Owner -> its levers with the range that is tried; those without an owner are the constraints of the scenario."""
Values = Mapping[str, np.ndarray]
Change = Callable[[Scenario], Scenario]


@dataclass(frozen=True)
class Effect:
    """What a change does to one outcome of one scenario."""

    scenario: str
    outcome: str
    size: float
    "paired mean difference, in standard deviations of the outcome over the worlds of the scenario where it varies most"
    error: float
    "its standard error"


def page() -> str:
    """Return the page."""
    bases = {name: sim.load(name, worlds=WORLDS) for name in SCENARIOS}
    as_is = {name: values(scenario) for name, scenario in bases.items()}
    spread = {one: max(float(np.std(found[one])) for found in as_is.values()) for one in OUTCOMES}

    def most(code: str, change: Change, start: Change | None = None) -> Effect:
        others = {one: size for one, size in spread.items() if one != f"{code.lower()}.threat"}
        found = []
        for name, scenario in bases.items():
            before = values(start(scenario)) if start else as_is[name]
            found += effects(name, before, values(change(scenario)), others)
        return max(found, key=lambda effect: abs(effect.size))

    countries = [
        (code, most(code, partial(without, code=code)), most(code, partial(silent, code=code))) for code in COUNTRIES
    ]
    levers = []
    for owner, keys in LEVERS.items():
        for key, (low, high) in keys.items():
            effect = most(owner, partial(at, values={key: high}), partial(at, values={key: low}))
            levers.append((owner, key, f"{low:g} to {high:g}", effect))
    parts = {
        "worlds": WORLDS,
        "least": f"{LEAST:g}",
        "scenarios": ", ".join(f"`{name}`" for name in SCENARIOS),
        "outcomes": ", ".join(f"`{name}`" for name in OUTCOMES),
        "countries": table(
            ("country", "taken out: moves most", "decides nothing: moves most"),
            ((COUNTRY_NAMES[code], shown(out), shown(still)) for code, out, still in countries),
        ),
        "levers": table(
            ("whose", "parameter", "from, to", "moves most"),
            (
                (COUNTRY_NAMES.get(o, "the scenario"), f"`{key}`", span, shown(effect))
                for o, key, span, effect in levers
            ),
        ),
        "said": bullets(sentences(countries, levers)),
    }
    return fill("who_matters", parts)


def values(scenario: Scenario) -> Values:
    """Return the outcomes of a scenario by name, (world)."""
    measures = {name: outcome(name) for name in OUTCOMES}

    def reduce(ds: xr.Dataset) -> Values:
        return {name: np.asarray(measure.values(ds), dtype=float) for name, measure in measures.items()}

    return run_reduced(scenario, reduce)


def effects(scenario: str, before: Values, after: Values, spread: Mapping[str, float]) -> list[Effect]:
    """Return what differs in each outcome, world by world, in units of its `spread`."""
    found = []
    for name, unit in spread.items():
        step = (after[name] - before[name]) / max(unit, 1e-9)
        found.append(Effect(scenario, name, float(step.mean()), float(step.std() / np.sqrt(step.size))))
    return found


def silent(scenario: Scenario, code: str) -> Scenario:
    """Return the scenario in which a country decides nothing."""
    return at(scenario, {f"{code}.decides": 0.0})


def without(scenario: Scenario, code: str) -> Scenario:
    """Return the scenario without a country: no trade, no acts, no power, no response; its aid to Ukraine goes too."""
    gone = {f"pairs.{pair_key(a, b)}.openness": 0.0 for a, b in PAIRS if code in (a, b)}
    gone |= {f"{code}.{name}": 0.0 for name in ("decides", "threat_response", "capability")}
    gone |= {"USA": {"war.usa_aid": 0.0}, "CHN": {"aid.pipeline": 0.0}}.get(code, {})
    return replace(at(scenario, gone), events=tuple(e for e in scenario.events if getattr(e, "key", "") not in gone))


def shown(effect: Effect) -> str:
    """Return an effect as words, bold from the smallest effect of interest on."""
    text = f"{effect.size:+.2f} ± {effect.error:.2f} s.d."
    return f"{f'**{text}**' if abs(effect.size) >= LEAST else text}, `{effect.outcome}` in `{effect.scenario}`"


def sentences(
    countries: Iterable[tuple[str, Effect, Effect]], levers: Iterable[tuple[str, str, str, Effect]]
) -> list[str]:
    """Return who and what moves no outcome by the smallest effect of interest."""
    small = [
        *(f"{COUNTRY_NAMES[code]} taken out" for code, out, _ in countries if abs(out.size) < LEAST),
        *(f"{COUNTRY_NAMES[code]} without decisions" for code, _, still in countries if abs(still.size) < LEAST),
        *(f"`{key}`" for _, key, _, effect in levers if abs(effect.size) < LEAST),
    ]
    if not small:
        return [f"Everything in the two tables moves some outcome by {LEAST:g} standard deviations or more."]
    return [f"Moves no outcome here by {LEAST:g} standard deviations: {', '.join(small)}."]
