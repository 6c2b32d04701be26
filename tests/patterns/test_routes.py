"""Claims about constraints: C5 pressure and isolation, C6 embargo and monitoring, C8 the railway, C18 two indices."""

from __future__ import annotations

from functools import partial

import numpy as np
from xarray import Dataset

from sim.scenario.names import COUNTRIES

from .ensemble import SEA, Array, Changes, ensemble, first_month, lane, mutual_trade, once, pair, shells
from .lever import Lever, table
from .pattern import Pattern, Run
from .register import claim

WIDE_SEA: Changes = SEA | {"routes.rajin.capacity": 1000.0}


@claim
def test_c05_pressure_on_both_first_binds_them_then_starves_them() -> list[Pattern]:
    """C5: ties of two isolated states deepen.

    Rule: sanctions.market_access (outside options), sanctions.friction_of_pressure, routes.interdiction. Parameters:
    sanctions.pressure, .access_loss, .enforcement, .bite, .risk.
    Expected: mutual trade rises with pressure on both, until interdiction and friction bite. The peak is found in the
    even worlds, rise and fall are measured in the odd ones.
    Controls: pressure that takes no market access away binds nobody; pressure that neither seizes nor costs starves
    nobody.
    """
    trade = partial(
        Pattern,
        unit="MUSD/month",
        lever=Lever({"sanctions.pressure": (0.0, 1.0)}),
        outcome=mutual_trade,
        base=SEA,
    )
    return [
        trade(
            pattern="mutual trade rises from no pressure to the peak",
            shape="to the peak",
            off="pressure takes no market access",
            control={"sanctions.access_loss": 0.0},
        ),
        trade(
            pattern="mutual trade falls from the peak to full pressure",
            shape="from the peak",
            off="pressure neither seizes nor costs",
            control={"sanctions.enforcement": 0.0, "sanctions.bite": 0.0, "sanctions.risk": 0.0},
        ),
    ]


@claim
def test_c06_norm_and_monitoring() -> list[Pattern]:
    """C6: buying arms breaks UN resolutions that Russia backed.

    Rule: sanctions.embargo_norm, diplomacy._policy (veto), routes.interdiction, sanctions.secondary_risk,
    market._hold_oil, sanctions.friction_of_pressure, sanctions.passes. Parameters: norm.weight, RUS.norm,
    monitoring.after_veto, monitoring.coalition, sanctions.enforcement, sanctions.risk. Expected: a lower norm cost
    brings earlier and larger flows; the end of monitoring lowers seizures and the risk premium, so that China sells
    more. Controls: no norm to weigh; no enforcement; no price on risk.
    """

    def seized(ds: Dataset) -> Array:
        lost, sent = (lane(ds, v, "PRK", "RUS", "ammunition")[8:].sum(axis=0) for v in ("seized", "shipped"))
        return lost / np.maximum(sent, 1e-9)

    def chinese_sales(ds: Dataset) -> Array:
        return sum(lane(ds, "ordered", "CHN", "PRK", good)[8:].mean(axis=0) for good in ("food", "energy"))

    lighter = partial(
        Pattern,
        lever=table("norm.weight", down=True),
        base=SEA,
        off="no norm",
        control={f"{country}.norm": 0.0 for country in COUNTRIES},
        expected="gone",
    )
    unwatched = partial(
        Pattern,
        lever=Lever({"monitoring.after_veto": (1.0, 0.0), "monitoring.coalition": (1.0, 0.0)}),
        base=SEA,
        events=once("veto", "RUS", month=6),
    )
    return [
        lighter(
            pattern="a lighter norm brings more shells",
            unit="krounds",
            outcome=shells,
        ),
        lighter(
            pattern="a lighter norm brings the first 1500 krounds earlier",
            unit="months",
            outcome=lambda ds: first_month(ds["shells_delivered"].values, 1500.0),
            sign=-1.0,
        ),
        unwatched(
            pattern="the end of monitoring lowers the share of shells seized",
            unit="share",
            outcome=seized,
            sign=-1.0,
            off="no enforcement",
            control={"sanctions.enforcement": 0.0},
            expected="gone",
        ),
        unwatched(
            pattern="the end of monitoring lowers the risk premium: China sells more food and energy",
            unit="kt/month",
            outcome=chinese_sales,
            off="no price on risk",
            control={"sanctions.risk": 0.0},
        ),
    ]


def the_last_kt_is_worth_nothing_on_a_wide_railway() -> None:
    """Raise AssertionError where it keeps 5 % of its worth."""
    narrow, wide = (
        ensemble({"routes.khasan.capacity": c})["route_shadow"].sel(route="khasan").values.mean() for c in (15.0, 640.0)
    )
    assert wide < 0.05 * narrow, f"value of one more kt: {narrow} on a narrow railway, {wide} on a wide one"


@claim
def test_c08_the_narrow_railway() -> list[Pattern]:
    """C8: the narrow rail link limits the volume.

    Rule: routes.split, routes.ship, routes.fill_by_merit, routes.shadow_value. Parameters: routes.khasan.capacity,
    routes.choice.
    Expected: deliveries rise with rail capacity, then saturate; queue and shadow value fall to nothing.
    Control: with a wide sea route beside it the railway limits nothing.
    """
    the_last_kt_is_worth_nothing_on_a_wide_railway()
    wider = partial(Pattern, lever=table("routes.khasan.capacity"))
    at_sea = partial(wider, off="wide sea route", control=WIDE_SEA)
    return [
        at_sea(
            pattern="more rail capacity raises shells delivered",
            unit="krounds",
            outcome=shells,
        ),
        wider(
            pattern="deliveries saturate: the table's range of capacity adds more than 160 to 640 kt a month",
            unit="krounds",
            outcome=shells,
            off="160 to 640 kt a month",
            instead=Lever({"routes.khasan.capacity": (160.0, 640.0)}),
        ),
        at_sea(
            pattern="the value of one more kt falls",
            unit="MUSD/kt",
            outcome=lambda ds: ds["route_shadow"].sel(route="khasan").values.mean(axis=0),
            sign=-1.0,
        ),
        at_sea(
            pattern="the queue falls",
            unit="krounds",
            outcome=lambda ds: lane(ds, "queue", "PRK", "RUS", "ammunition").mean(axis=0),
            sign=-1.0,
        ),
    ]


@claim
def test_c18_practice_and_display_part() -> list[Pattern]:
    """C18: practical cooperation and symbolic display are different things.

    Rule: indices.practical_index, indices.symbolic_index. Parameters: routes.khasan.capacity.
    Expected: a cut of rail capacity lowers the practical index of Russia and North Korea by a larger share than the
    symbolic one. Control: with a wide sea route beside it the cut lowers neither.
    """

    def parting(run: Run, dose: float) -> Array:
        """Symbolic less practical index, each as share of its mean before the cut."""
        now, uncut = (
            [pair(ds, name, "RUS", "PRK")[12:].mean(axis=0) for name in ("symbolic", "practical")]
            for ds in (run(dose), run(0.0))
        )
        shares: Array = now[0] / uncut[0].mean() - now[1] / uncut[1].mean()
        return shares

    return [
        Pattern(
            pattern="a narrower railway: share lost of the practical less that of the symbolic index",
            unit="share",
            lever=table("routes.khasan.capacity", down=True),
            measure=parting,
            off="wide sea route",
            control=WIDE_SEA,
        )
    ]
