"""Claims about constraints: C5 pressure and isolation, C6 embargo and monitoring, C8 the railway, C18 two indices."""

from __future__ import annotations

import numpy as np

from sim.scenario.names import COUNTRIES
from sim.scenario.parameters import PARAMETERS

from .ensemble import SEA, Array, Changes, ensemble, first_month, lane, mutual_trade, once, pair, shells
from .evidence import Evidence, claim, evidence

GRID = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
EVEN, ODD = slice(0, None, 2), slice(1, None, 2)
WIDE_SEA = SEA | {"routes.rajin.capacity": 1000.0}


@claim
def test_c05_pressure_on_both_first_binds_them_then_starves_them() -> list[Evidence]:
    """C5: ties of two isolated states deepen.

    Rule: sanctions.market_access (outside options), sanctions.friction_of_pressure, routes.interdiction. Parameters:
    sanctions.pressure, .access_loss, .enforcement, .bite, .risk.
    Expected: mutual trade rises with pressure on both, until interdiction and friction bite. The peak of the grid is
    found in the even worlds, rise and fall are measured in the odd ones.
    Controls: pressure that takes no market access away binds nobody; pressure that neither seizes nor costs starves
    nobody.
    """

    def trade(pressure: float, changes: Changes) -> Array:
        return mutual_trade(ensemble(SEA | {"sanctions.pressure": pressure} | changes))

    def rise_and_fall(changes: Changes) -> tuple[Array, Array]:
        curve = np.stack([trade(pressure, changes) for pressure in GRID])
        peak = int(curve[:, EVEN].mean(axis=1).argmax())
        return (curve[peak] - curve[0])[ODD], (curve[peak] - curve[-1])[ODD]

    rise, fall = rise_and_fall({})
    no_isolation = {"sanctions.access_loss": 0.0}
    no_bite = {"sanctions.enforcement": 0.0, "sanctions.bite": 0.0, "sanctions.risk": 0.0}
    return [
        evidence(
            "mutual trade rises from no pressure to the peak",
            rise,
            off="pressure takes no market access",
            control=rise_and_fall(no_isolation)[0],
            expected="smaller",
            unit="MUSD/month",
        ),
        evidence(
            "mutual trade falls from the peak to full pressure",
            fall,
            off="pressure neither seizes nor costs",
            control=rise_and_fall(no_bite)[1],
            expected="smaller",
            unit="MUSD/month",
        ),
    ]


@claim
def test_c06_norm_and_monitoring() -> list[Evidence]:
    """C6: buying arms breaks UN resolutions that Russia backed.

    Rule: sanctions.embargo_norm, diplomacy._policy (veto), routes.interdiction, sanctions.secondary_risk. Parameters:
    norm.weight, RUS.norm, monitoring.after_veto, monitoring.coalition, sanctions.enforcement, sanctions.risk.
    Expected: a lower norm cost brings earlier and larger flows; the end of monitoring lowers seizures and the risk
    premium, so that China sells more. Controls: no norm to weigh; no enforcement; no price on risk.
    """
    heavy, light = {"norm.weight": PARAMETERS["norm.weight"].high or 0.0}, {"norm.weight": 0.0}
    no_norm = {f"{country}.norm": 0.0 for country in COUNTRIES}

    def larger(changes: Changes) -> Array:
        return shells(ensemble(SEA | light | changes)) - shells(ensemble(SEA | heavy | changes))

    def earlier(changes: Changes) -> Array:
        months = [first_month(ensemble(SEA | c | changes)["shells_delivered"].values, 1500.0) for c in (heavy, light)]
        return months[0] - months[1]

    kept = {"monitoring.after_veto": 1.0, "monitoring.coalition": 1.0}
    ended = {"monitoring.after_veto": 0.0, "monitoring.coalition": 0.0}
    veto = once("veto", "RUS", month=6)

    def seizures(changes: Changes) -> Array:
        share = []
        for regime in (kept, ended):
            ds = ensemble(SEA | regime | changes, events=veto)
            seized, sent = (lane(ds, v, "PRK", "RUS", "ammunition")[8:].sum(axis=0) for v in ("seized", "shipped"))
            share.append(seized / np.maximum(sent, 1e-9))
        return share[0] - share[1]

    def chinese_sales(changes: Changes) -> Array:
        sold = []
        for regime in (kept, ended):
            ds = ensemble(SEA | regime | changes, events=veto)
            sold.append(sum(lane(ds, "ordered", "CHN", "PRK", good)[8:].mean(axis=0) for good in ("food", "energy")))
        return sold[1] - sold[0]

    return [
        evidence(
            "no norm cost against the most that the table allows brings more shells",
            larger({}),
            off="no norm",
            control=larger(no_norm),
            expected="gone",
            unit="krounds",
        ),
        evidence(
            "no norm cost against the most that the table allows brings the first 1500 krounds earlier",
            earlier({}),
            off="no norm",
            control=earlier(no_norm),
            expected="gone",
            unit="months",
        ),
        evidence(
            "the end of monitoring lowers the share of shells seized",
            seizures({}),
            off="no enforcement",
            control=seizures({"sanctions.enforcement": 0.0}),
            expected="gone",
            unit="share",
        ),
        evidence(
            "the end of monitoring lowers the risk premium: China sells more food and energy",
            chinese_sales({}),
            off="no price on risk",
            control=chinese_sales({"sanctions.risk": 0.0}),
            expected="smaller",
            unit="kt/month",
        ),
    ]


@claim
def test_c08_the_narrow_railway() -> list[Evidence]:
    """C8: the narrow rail link limits the volume.

    Rule: routes.split, routes.ship, routes.fill_by_merit, routes.shadow_value. Parameters: routes.khasan.capacity,
    routes.choice.
    Expected: deliveries rise with rail capacity, then saturate; queue and shadow value fall to nothing.
    Control: with a wide sea route beside it the railway limits nothing.
    """

    def delivered(capacity: float, changes: Changes) -> Array:
        return shells(ensemble({"routes.khasan.capacity": capacity} | changes))

    def rise(changes: Changes) -> Array:
        return delivered(40.0, changes) - delivered(10.0, changes)

    def shadow_falls(changes: Changes) -> Array:
        worth = [
            ensemble({"routes.khasan.capacity": c} | changes)["route_shadow"].sel(route="khasan").values.mean(axis=0)
            for c in (10.0, 640.0)
        ]
        return worth[0] - worth[1]

    def queue_falls(changes: Changes) -> Array:
        waiting = [
            lane(ensemble({"routes.khasan.capacity": c} | changes), "queue", "PRK", "RUS", "ammunition").mean(axis=0)
            for c in (10.0, 640.0)
        ]
        return waiting[0] - waiting[1]

    narrow, wide = (
        ensemble({"routes.khasan.capacity": c})["route_shadow"].sel(route="khasan").values.mean() for c in (10.0, 640.0)
    )
    assert wide < 0.05 * narrow, f"value of one more kt: {narrow} on a narrow railway, {wide} on a wide one"
    return [
        evidence(
            "rail capacity 40 against 10 kt a month raises shells delivered",
            rise({}),
            off="wide sea route",
            control=rise(WIDE_SEA),
            expected="smaller",
            unit="krounds",
        ),
        evidence(
            "deliveries saturate: 10 to 40 kt a month adds more than 160 to 640",
            rise({}),
            off="160 to 640 kt a month",
            control=delivered(640.0, {}) - delivered(160.0, {}),
            expected="smaller",
            unit="krounds",
        ),
        evidence(
            "the value of one more kt falls",
            shadow_falls({}),
            off="wide sea route",
            control=shadow_falls(WIDE_SEA),
            expected="smaller",
            unit="MUSD/kt",
        ),
        evidence(
            "the queue falls",
            queue_falls({}),
            off="wide sea route",
            control=queue_falls(WIDE_SEA),
            expected="smaller",
            unit="krounds",
        ),
    ]


@claim
def test_c18_practice_and_display_part() -> list[Evidence]:
    """C18: practical cooperation and symbolic display are different things.

    Rule: indices.practical_index, indices.symbolic_index. Parameters: routes.khasan.capacity.
    Expected: a cut of rail capacity lowers the practical index of Russia and North Korea by a larger share than the
    symbolic one. Control: with a wide sea route beside it the cut lowers neither.
    """

    def parting(changes: Changes) -> Array:
        left = {}
        for name in ("practical", "symbolic"):
            cut, base = (
                pair(ensemble({"routes.khasan.capacity": c} | changes), name, "RUS", "PRK")[12:].mean(axis=0)
                for c in (8.0, 40.0)
            )
            left[name] = cut / np.maximum(base, 1e-9)
        return left["symbolic"] - left["practical"]

    return [
        evidence(
            "rail capacity 8 against 40 kt a month: share lost of the practical less that of the symbolic index",
            parting({}),
            off="wide sea route",
            control=parting(WIDE_SEA),
            expected="smaller",
            unit="share",
        )
    ]
