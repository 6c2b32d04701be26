"""Why: three questions of a class, asked of the model, with their answers."""

import shlex
from collections.abc import Mapping
from functools import partial

import sim
from docs.generate.markdown import bullets, fill, save, table
from sim.analysis.ledger import Explanation
from sim.studies.explain import tables
from sim.studies.explain.figures import draw

SCENARIO = "sea_route"
COUNTERFACTUAL = "counterfactual"
QUESTIONS: Mapping[str, Mapping[str, str]] = {
    "tier": {"ask": "technology", "tier": "3", "world": "tier 3 kept back", COUNTERFACTUAL: ""},
    "spring": {"ask": "aid", "world": "aid in 2024-04", "month": "2024-04"},
    "rail": {"ask": "railway"},
}
"""The worked questions; world and month are found by description, so that no lucky one is picked by hand."""


def page(worlds: int | None = None) -> str:
    """Return the page; draw its picture. `worlds`, if given, replaces those of the scenario."""
    scenario = sim.load(SCENARIO, worlds=worlds)
    parts: dict[str, object] = {}
    for name, asked in QUESTIONS.items():
        made = sim.explain(scenario, **options(asked))  # type: ignore[arg-type]
        parts[f"{name}.command"] = command(asked)
        parts[name] = answer(made)
        if worlds is None and name == "tier":
            save(tables.explained(scenario, made, made.question), "explain_tier", partial(draw, made))
    return fill("explain", parts)


def options(asked: Mapping[str, str]) -> dict[str, str | int | bool]:
    """Return the arguments of `sim.explain`."""
    found: dict[str, str | int | bool] = dict(asked)
    if "tier" in asked:
        found["tier"] = int(asked["tier"])
    return found | ({COUNTERFACTUAL: True} if COUNTERFACTUAL in asked else {})


def command(asked: Mapping[str, str]) -> str:
    """Return the command that asks the question."""
    words = [part for name, value in asked.items() for part in (f"--{name}", value) if part]
    return shlex.join(["sim", "explain", SCENARIO, *words])


def answer(made: Explanation) -> str:
    """Return an answer with its first two ledgers."""
    parts = [f"**{made.question}** {made.place}", bullets(made.sentences)]
    if made.turning:
        parts.append("\n\n".join(made.turning))
    parts += [f"*{tables.heading(one)}*\n\n{table(tables.heads(), tables.rows(one))}" for one in made.ledgers[:2]]
    return "\n\n".join(parts)
