"""The weights of rival theories in theories.csv, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from sim.present.text import bullets, markdown_table
from sim.present.words import cell, percent, significant
from sim.studies.calibrate.theories import evidence_ratio

BARE_MENTION = 3.0
"""Ratio of evidence below which it is not worth more than a bare mention (Kass and Raftery 1995)."""
FEW = 50.0
"""Effective worlds of a theory below which its weights are rough."""
COLUMNS = {
    "prior": "drawn",
    "posterior": "posterior",
    "posterior_error": "±",
    "stacking": "by stacking",
    "stacking_low": "from",
    "stacking_high": "to",
    "best": "best mixture",
    "weight": "in this set",
}
"""Variables of the theories (with `theory_` before them) and their heads in summary.md."""
BY = {"posterior": "their posterior", "stacking": "stacking", "equal": "the odds with which they were drawn"}
READING = (
    "Posterior: the share of all weight on the worlds of a theory, with its standard error; it speaks of the theories "
    "if one of them and the error model are right. Stacking: the mean weight in mixtures that predict each series from "
    "the others, with the middle 90 % of these mixtures (Yao et al. 2018, 2022); it takes no theory as true. The best "
    "mixture is that of the best score: where theories predict nearly alike it turns on noise, and no set is weighted "
    "by it. Theories are drawn with the weights in the last column (`--theories`)."
)


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
    found.append(f"The set draws theories by {BY[str(ds.attrs['theories'])]}.")
    if rough := int((ds["theory_effective"].values < FEW).sum()):
        found.append(f"{rough} rows of theories.csv rest on fewer than {FEW:.0f} effective worlds; take more --worlds.")
    return found


def _finding(ds: xr.Dataset, choice: str, mine: np.ndarray) -> str:
    part = ds.isel(theory=np.flatnonzero(mine))
    each = ", ".join(
        f"{name} {percent(float(weight))} (by stacking {percent(float(stacked))}, {percent(float(low))} to "
        f"{percent(float(high))})"
        for name, weight, stacked, low, high in zip(
            part["theory"].values,
            *(part[f"theory_{kind}"].values for kind in ("posterior", "stacking", "stacking_low", "stacking_high")),
            strict=True,
        )
    )
    ratio = evidence_ratio(part["theory_posterior"].values, part["theory_prior"].values)
    worth = "not worth more than a bare mention" if ratio < BARE_MENTION else "more than a bare mention"
    return (
        f"Weights of rival theories, `{choice}`: {each}. The largest ratio of evidence between two is "
        f"{significant(ratio, 2)}, {worth} (limit {BARE_MENTION:g})."
    )


def section(ds: xr.Dataset) -> str:
    """Return the section of summary.md on rival theories; empty where all worlds follow one."""
    if not has_rivals(ds):
        return ""
    cells = [
        [str(name), *(percent(float(ds[f"theory_{kind}"].values[r])) for kind in COLUMNS)]
        for r, name in enumerate(ds["theory"].values)
    ]
    table = markdown_table(("theory", *COLUMNS.values()), cells)
    return "\n\n".join(["## Rival theories", bullets(findings(ds)), table, READING])
