"""What `sim policy` finds for the shipped lever files; every study is that of the command printed with it."""

from functools import partial

import xarray as xr

import sim
from docs.generate.markdown import bullets, fill, save, table
from sim.analysis.outcome import outcome
from sim.experiment.batch import run_several
from sim.scenario.policies import read_study
from sim.studies.policy import words
from sim.studies.policy.analysis import Finding, Objective, dataset, findings, policies_of, reducer
from sim.studies.policy.command import conditions_of
from sim.studies.policy.figures import regret_figure, trade_off_figure
from sim.studies.policy.tables import heads, ranked, row_of
from sim.studies.policy.words import changes, threshold_words

WORLDS = 256
WORKED = "trilateral"
STUDIES = {
    "usa": ("sea_route", ("minimise", "technology"), ("minimise", "kor.threat")),
    "korea": ("article", ("minimise", "technology"), ("minimise", "kor.threat")),
    "trilateral": ("article", ("minimise", "kor.threat"), ("minimise", "technology")),
    "china": ("article", ("maximise", "score_PRK_need"), ("minimise", "rus_prk.practical")),
    "russia": ("article", ("maximise", "shells_delivered"), ("minimise", "technology")),
    "north_korea": ("article", ("maximise", "technology"), ("maximise", "score_PRK_autonomy")),
}
"""Lever file -> scenario, and what is wanted of which outcome; the first decides."""
Study = tuple[list[Finding], xr.Dataset]


def page() -> str:
    """Return the page; draw its pictures."""
    studies = {name: study(name) for name in STUDIES}
    found, ds = studies.pop(WORKED)
    save(ds, "policy", partial(regret_figure, found[0]))
    save(ds, "policy_tradeoff", partial(trade_off_figure, found))
    first, names = found[0], policies_of(ds)
    parts = {
        **{"names": ", ".join(STUDIES), "command": command(WORKED), "question": ds.attrs["question"]},
        "options": "\n".join(changes(ds)),
        **{"outcome": first.words, "way": "less" if first.minimise else "more", "threshold": threshold_words(first)},
        "table": table(("policy", *heads()), ((names[k], *row_of(first, k)) for k in ranked(first))),
        "findings": bullets(words.findings(found, ds)),
        "studies": "\n\n".join(section(name, *one) for name, one in studies.items()),
    }
    return fill("policy", parts)


def study(name: str) -> Study:
    """Return what `sim policy` finds for a shipped lever file."""
    base, *wanted = STUDIES[name]
    found = read_study(name, sim.load(base, worlds=WORLDS))
    objectives = [Objective(one, outcome(one), way == "minimise") for way, one in wanted]
    runs = run_several([policy.scenario for policy in found.policies], reducer(objectives))
    ds = dataset(found, objectives, runs, f"{base} with {name}")
    return findings(ds, objectives, conditions_of(found)), ds


def command(name: str) -> str:
    """Return the command that does the same."""
    base, *wanted = STUDIES[name]
    return " ".join(["sim", "policy", base, "--levers", name, *(f"--{way} {one}" for way, one in wanted)])


def section(name: str, found: list[Finding], ds: xr.Dataset) -> str:
    """Return the section of one study: its question, its command, what it says."""
    sizes = f"{ds.sizes['policy']} policies, {WORLDS} worlds, seed {ds.attrs['seed']}"
    head = f"### {ds.attrs['levers_title']}\n\n*{ds.attrs['question']}* `{command(name)}`: {sizes}."
    return f"{head}\n\n{bullets(words.findings(found, ds))}"
