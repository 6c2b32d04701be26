"""What the containers that the model misses hang on: what North Korea is paid with, and how much it lends."""

from collections.abc import Iterator, Sequence

import numpy as np
import xarray as xr

from docs.generate.markdown import table
from sim import load, run
from sim.commands.options import TUNED_TO
from sim.present.words import month_words, number, percent, signed
from sim.scenario.names import BINDING
from sim.studies.history.analysis import LATER
from sim.studies.history.baselines import RIVALS
from sim.studies.history.command import evaluated, load_history
from sim.studies.history.joint import Joint, joint

CONTAINERS = "containers_prk_rus_cumulative"
SCENARIO, MONTHS = "sea_route", 10
LENDS = ("accounts.credit_line=12000", "accounts.debt_share=0.045")
KIND, MONEY = "money.in_kind=58", "money.channel=125"
CHANGES = (
    ("as shipped", ()),
    ("North Korea lends as much as it may", LENDS),
    ("it takes as many other goods as it may", (KIND,)),
    ("couriers bring as much money as they may", (MONEY,)),
    ("all three", (*LENDS, KIND, MONEY)),
    ("need moves no price", ("bargain.need_effect=0",)),
    ("the fewest rounds in a container", ("goods.ammunition.per_container=265",)),
    ("contracts as long as they may be", ("goods.ammunition.contract=4",)),
    ("as much agreed before the start as may be", ("PRK.ammunition.agreed=600",)),
)
"""In words, and what is set: an end of its range in the table; of `bargain.need_effect`, which has none, its least."""
BOUND = ("handling", "credit", "demand")


def by_month() -> str:
    """Return the table of months: what passes, what binds what is agreed on, its price, and the debt."""
    ds = run(load(SCENARIO, months=MONTHS))
    lane = ds[["binding", "price", "balance", "credit_line"]].sel(country="PRK", partner="RUS")
    count = ds["containers"].diff("month", label="upper").reindex(month=ds["month"])
    count[0] = ds["containers"][0]
    bound, price = (lane[name].sel(good="ammunition") for name in ("binding", "price"))
    owed = lane["balance"] / lane["credit_line"]
    binding = (f"bound by {name}" for name in BOUND)
    heads = ("month", "containers", *binding, "price, thousand USD a round", "debt, share of the line")
    rows = [
        (
            month_words(at),
            number(float(count.sel(month=at).median()), 0),
            *(percent(float((bound.sel(month=at) == BINDING.index(name)).mean())) for name in BOUND),
            f"{float(price.sel(month=at).mean()):.2f}",
            percent(float(owed.sel(month=at).mean())),
        )
        for at in ds["month"].values
    ]
    return table(heads, rows)


def by_change() -> str:
    """Return the table of changes: containers on two days, and the scores of January to June 2024."""
    skills = [f"skill, {name}" for name in RIVALS]
    heads = ("change", "set", "29 December 2023", "14 June 2024", *skills, "worlds inside all 6")
    return table(heads, (tuple(_row(words, sets)) for words, sets in CHANGES))


def _row(words: str, sets: Sequence[str]) -> Iterator[str]:
    asked = load_history(SCENARIO, None, (None, None, TUNED_TO), {"set": tuple(sets)})
    found, ds = evaluated(asked)
    together = joint(found, ds["model"].values)
    yield words
    yield ", ".join(f"`{one}`" for one in sets) or "-"
    for day in ("2023-12-29", "2024-06-14"):
        yield number(float(np.median(_on(ds, day))), 0)
    vector = next(one for one in together.vectors if (one.series, one.part) == (CONTAINERS, LATER))
    yield from (signed(vector.skills(name).energy) for name in RIVALS)
    yield _inside(together)


def _on(ds: xr.Dataset, day: str) -> np.ndarray:
    """Return the containers of each world on a day of the record."""
    here = (ds["figure_series"] == CONTAINERS) & (ds["figure_date"] == day)
    return np.asarray(ds["model"].values[np.flatnonzero(here.values)[0]])


def _inside(together: Joint) -> str:
    one = next(one for one in together.at_once if one.series == CONTAINERS)
    return f"{one.inside} of {one.worlds}"
