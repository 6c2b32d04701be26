"""The table that a run prints in the terminal."""

import xarray as xr
from rich.table import Table

from sim.analysis.calendar import months
from sim.analysis.headline import (
    GOOD_WORDS,
    TierReached,
    bound_by,
    delivered,
    highest_tier,
    index_at_end,
    main_lane,
    main_pair,
    rail_cargo,
    rail_use,
    shells,
    tiers_reached,
)
from sim.present import text
from sim.present.palette import BINDING_WORDS
from sim.present.words import number, percent, percent_band, with_band
from sim.scenario.case import LANE
from sim.scenario.names import UNITS
from sim.scenario.problems import counted


def headline_rows(ds: xr.Dataset) -> list[tuple[str, str]]:
    """Return the headline results: pairs of a description and a value with its 90 % band."""
    end, pair = months(ds)[-1], main_pair(ds)
    names = "-".join(pair)
    return [
        delivered_row(ds),
        (f"practical index {names}, {end}", with_band(index_at_end(ds, "practical", *pair))),
        (f"symbolic index {names}, {end}", with_band(index_at_end(ds, "symbolic", *pair))),
        ("highest technology tier, RUS to PRK", highest(ds)),
        *(
            (f"  tier {one.tier} passed on", reached_words(one, ds.sizes["world"]))
            for one in tiers_reached(ds)
            if one.share > 0.0
        ),
        *rail_rows(ds),
        (f"binding constraint on {GOOD_WORDS[main_lane(ds)[2]]}, share of world-months", binding_words(ds)),
    ]


def rail_rows(ds: xr.Dataset) -> list[tuple[str, str]]:
    """Return what cargo takes of the railway at Khasan in each direction, and what it takes with its empties."""
    cargo, use = rail_cargo(ds), rail_use(ds)
    return [
        (
            f"rail Khasan, cargo {words} PRK, share of capacity (mean)",
            f"{percent_band(cargo[way])}; with empties {percent_band(use[way])}",
        )
        for way, words in (("back", "out of"), ("forward", "into"))
    ]


def delivered_row(ds: xr.Dataset) -> tuple[str, str]:
    """Return what was delivered on the main lane; shells to Russia with those that do not work."""
    seller, buyer, good = lane = main_lane(ds)
    if lane == LANE:
        return "shells delivered PRK to RUS, faulty included, million rounds", with_band(shells(ds))
    return f"{GOOD_WORDS[good]} delivered {seller} to {buyer}, {UNITS[good]}", with_band(delivered(ds))


def reached_words(one: TierReached, worlds: int) -> str:
    """Return `62 % of worlds, first in 2024-02 (median)`; for a rare tier `1 of 200 worlds, in 2026-04`."""
    if one.share >= 0.01:
        return f"{percent(one.share)} of worlds, first in {one.month} (median)"
    when = f"in {one.month}" if one.count == 1 else f"first in {one.month} (median)"
    return f"{one.count} of {worlds} worlds, {when}"


def highest(ds: xr.Dataset) -> str:
    """Return the highest tier passed on: median and 90 % band over worlds."""
    band = highest_tier(ds)
    if not band.high > 0.0:
        return "none"
    return f"{number(band.mid, 0)} ({number(band.low, 0)} to {number(band.high, 0)})"


def binding_words(ds: xr.Dataset) -> str:
    """Return `route capacity 61 %, demand 22 %, ...`, largest first."""
    shares = sorted(bound_by(ds, *main_lane(ds)).items(), key=lambda item: -item[1])
    return ", ".join(f"{BINDING_WORDS[name]} {percent(share)}" for name, share in shares if share > 0.0)


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the headline rows as a Rich table."""
    heads = ("outcome", f"median (90 % band of {counted(ds.sizes['world'], 'world')})")
    return text.terminal_table(str(ds.attrs["title"]), heads, headline_rows(ds))
