"""Rival theories in summary.md: outcomes by theory, and the share of the spread that lies between them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

import numpy as np
import xarray as xr

from sim.analysis.measures import HEADLINE, is_whole
from sim.analysis.quantiles import band
from sim.analysis.theories import by_outcome, followers, share_between
from sim.present.naming import measure_words, tell, with_unit
from sim.present.text import markdown_table
from sim.present.words import choice_name, percent, sensible_band
from sim.scenario.library import SUFFIX, shipped
from sim.texts.spoken import counted


def theory_section(ds: xr.Dataset, name: str) -> str:
    """Return what summary.md says of rival theories; empty if all worlds of the scenario `name` follow one."""
    choices = followers(ds)
    if not choices:
        return ""
    outcomes = by_outcome(ds)
    tables = [_table(key, groups, outcomes) for key, groups in choices.items()]
    return "\n\n".join([tell("theories.intro", odds=_odds(ds, choices), name=_called(name)), *tables])


def _called(name: str) -> str:
    """Return how a command calls a scenario: a shipped one by its name, another by its file, changes behind it."""
    own, plus, changes = name.partition("+")
    return name if own in shipped() else f"{own}{SUFFIX}{plus}{changes}"


def _odds(ds: xr.Dataset, choices: Collection[str]) -> str:
    """Return how the theories of a run were drawn."""
    drawn = (json.loads(ds.attrs["scenario"]).get("calibrated") or {}).get("keys", ())
    if all(key in drawn for key in choices):
        return tell("theories.weights")
    return tell("theories.partly" if any(key in drawn for key in choices) else "theories.equal")


def _share(share: float) -> str:
    """Return a share as text; an estimate of nothing is no proof of nothing, so it is `<1 %` as well."""
    return percent(0.005 if share == 0.0 else share)


def _table(key: str, groups: Mapping[str, np.ndarray], outcomes: Mapping[str, np.ndarray]) -> str:
    """Return medians and 90 % bands of the outcomes by theory of one choice."""
    followed = [
        tell("theories.follows", theory=choice_name(theory), worlds=counted("world", int(mine.sum())))
        for theory, mine in groups.items()
    ]
    rows = []
    for outcome, values in outcomes.items():
        bands = (sensible_band(band(values[mine], whole=is_whole(outcome))) for mine in groups.values())
        words = with_unit(measure_words(outcome, HEADLINE[outcome].words), HEADLINE[outcome].unit)
        rows.append((words, *bands, _share(share_between(values, groups))))
    return markdown_table((f"`{key}`", *followed, tell("theories.share")), rows)
