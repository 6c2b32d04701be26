"""The weights of rival theories in theories.csv, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.present.naming import tell
from sim.present.text import bullets, markdown_table
from sim.present.words import cell, choice_name, percent, significant
from sim.studies.calibrate.theories import evidence_ratio
from sim.studies.calibrate.words import say
from sim.texts.spoken import number_of

BARE_MENTION = 3.0
"""Ratio of evidence below which it is not worth more than a bare mention (Kass and Raftery 1995)."""
FEW = 50.0
"""Effective worlds of a theory below which its weights are rough."""
COLUMNS = ("prior", "posterior", "posterior_error", "stacking", "stacking_low", "stacking_high", "best", "weight")
"""Variables of the theories, with `theory_` before them."""


def has_rivals(ds: xr.Dataset) -> bool:
    """Return whether the worlds of a calibration follow different theories."""
    return "theory" in ds.coords


def rows(ds: xr.Dataset) -> Iterator[Sequence[str]]:
    """Yield the rows of theories.csv: every name of every choice, then their combinations."""
    yield "choice", "theory", *COLUMNS, "effective"
    for r, name in enumerate(ds["theory"].values):
        numbers = [cell(float(ds[f"theory_{kind}"].values[r])) for kind in (*COLUMNS, "effective")]
        yield [str(ds["choice"].values[r]), str(name), *numbers]


def findings(ds: xr.Dataset) -> list[str]:
    """Return what the observations say of the theories, in sentences; empty where all worlds follow one."""
    if not has_rivals(ds):
        return []
    choices = ds["choice"].values.astype(str)
    single = [choice for choice in dict.fromkeys(choices.tolist()) if "×" not in choice]
    found = [_finding(ds, choice, choices == choice) for choice in single]
    found.append(say(f"rivals.by.{ds.attrs['theories']}"))
    if rough := int((ds["theory_effective"].values < FEW).sum()):
        found.append(say(f"rivals.rough.{number_of(rough)}", n=rough, least=f"{FEW:.0f}"))
    return found


def _finding(ds: xr.Dataset, choice: str, mine: np.ndarray) -> str:
    part = ds.isel(theory=np.flatnonzero(mine))
    told = ", ".join(
        say(
            "rivals.each",
            theory=_theory(str(name)),
            weight=percent(float(weight)),
            stacked=percent(float(stacked)),
            low=percent(float(low)),
            high=percent(float(high)),
        )
        for name, weight, stacked, low, high in zip(
            part["theory"].values,
            *(part[f"theory_{kind}"].values for kind in ("posterior", "stacking", "stacking_low", "stacking_high")),
            strict=True,
        )
    )
    ratio = evidence_ratio(part["theory_posterior"].values, part["theory_prior"].values)
    worth = "slight" if ratio < BARE_MENTION else "clear"
    return say(f"rivals.{worth}", choice=choice, told=told, ratio=significant(ratio, 2), limit=f"{BARE_MENTION:g}")


def _theory(names: str) -> str:
    """Return what a theory is called, or several that go together."""
    return ", ".join(map(choice_name, names.split(", ")))


def section(ds: xr.Dataset) -> str:
    """Return the section of summary.md on rival theories; empty where all worlds follow one."""
    if not has_rivals(ds):
        return ""
    cells = [
        [_theory(str(name)), *(percent(float(ds[f"theory_{kind}"].values[r])) for kind in COLUMNS)]
        for r, name in enumerate(ds["theory"].values)
    ]
    table = markdown_table([say(f"rivals.head.{name}") for name in ("theory", *COLUMNS)], cells)
    return "\n\n".join([f"## {tell('heading.theories')}", bullets(findings(ds)), table, say("rivals.reading")])
