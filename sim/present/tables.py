"""The table that a run prints in the terminal."""

import xarray as xr
from rich.table import Table

from sim.analysis.calendar import months
from sim.analysis.headline import (
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
from sim.present.naming import binding_name, code_name, date_words, good_of, pair_name, tell, title_of
from sim.present.words import percent, percent_band, sensible_band, unit_words, with_band
from sim.results.held import check_held, check_run
from sim.scenario.case import LANE
from sim.scenario.names import UNITS
from sim.texts.spoken import counted, said


def check_headline(ds: xr.Dataset) -> None:
    """Raise ResultsError unless a run holds what its headline tells of."""
    check_run(ds, "the headline")
    lane = main_lane(ds)
    what = "shells_delivered" if lane == LANE else "delivered"
    names = what, "practical", "symbolic", "tier_released", "route_use", "route_load", "route_capacity", "binding"
    countries = main_pair(ds)
    lanes = {"country": countries, "partner": countries, "good": lane[2:]}
    check_held(ds, "the headline", names, {**lanes, "route": ["khasan"], "direction": ["forward", "back"]})


def headline_rows(ds: xr.Dataset) -> list[tuple[str, str]]:
    """Return the headline results: pairs of a description and a value with its 90 % band."""
    end, pair = date_words(months(ds)[-1]), main_pair(ds)
    names = pair_name(*pair)
    return [
        delivered_row(ds),
        (tell("row.practical", pair=names, when=end), with_band(index_at_end(ds, "practical", *pair))),
        (tell("row.symbolic", pair=names, when=end), with_band(index_at_end(ds, "symbolic", *pair))),
        (tell("row.highest"), highest(ds)),
        *(
            (tell("row.tier", tier=one.tier), reached_words(one, ds.sizes["world"]))
            for one in tiers_reached(ds)
            if one.share > 0.0
        ),
        *rail_rows(ds),
        (tell("row.bound", what=good_of(main_lane(ds)[2])), binding_words(ds)),
    ]


def rail_rows(ds: xr.Dataset) -> list[tuple[str, str]]:
    """Return what cargo takes of the railway at Khasan in each direction, and what it takes with its empties."""
    cargo, use = rail_cargo(ds), rail_use(ds)
    return [
        (
            tell(f"row.rail_{words}"),
            tell("row.with_empties", cargo=percent_band(cargo[way]), use=percent_band(use[way])),
        )
        for way, words in (("back", "out"), ("forward", "into"))
    ]


def delivered_row(ds: xr.Dataset) -> tuple[str, str]:
    """Return what was delivered on the main lane; shells to Russia with those that do not work."""
    seller, buyer, good = lane = main_lane(ds)
    if lane == LANE:
        return tell("row.shells"), with_band(shells(ds))
    fills = {"seller": code_name(seller), "buyer": code_name(buyer), "unit": unit_words(UNITS[good]).strip()}
    return tell("row.delivered", what=good_of(good), **fills), sensible_band(delivered(ds))


def reached_words(one: TierReached, worlds: int) -> str:
    """Return `62 % of worlds, first in 2024-02 (median)`; for a rare tier `1 of 200 worlds, in 2026-04`."""
    when = date_words(one.month) if one.month else ""
    if one.share >= 0.01:
        return tell("row.reached", share=percent(one.share), when=when)
    return tell("row.reached_once" if one.count == 1 else "row.reached_by", n=one.count, worlds=worlds, when=when)


def highest(ds: xr.Dataset) -> str:
    """Return the highest tier passed on: median and 90 % band over worlds."""
    band = highest_tier(ds)
    return with_band(band, 0) if band.high > 0.0 else said("printed.number.none")


def binding_words(ds: xr.Dataset) -> str:
    """Return `route capacity 61 %, demand 22 %, ...`, largest first."""
    shares = sorted(bound_by(ds, *main_lane(ds)).items(), key=lambda item: -item[1])
    return ", ".join(f"{binding_name(name)} {percent(share)}" for name, share in shares if share > 0.0)


def terminal_table(ds: xr.Dataset) -> Table:
    """Return the headline rows as a Rich table."""
    heads = (tell("head.outcome"), tell("head.median_of", worlds=counted("world", ds.sizes["world"])))
    return text.terminal_table(title_of(ds), heads, headline_rows(ds))
