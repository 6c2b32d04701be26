"""Seats of the page: what is offered bites, and every name has its text."""

import csv

from sim.experiment.run import run
from sim.page.seats import COLUMNS, LEAST, MEASURED, SEATS, acts, alone, changes, effects, seats
from sim.scenario import load
from sim.scenario.names import COUNTRIES
from sim.scenario.options import OPTIONS
from sim.texts import texts

ROUNDING = 1e-9
"""What a number that stands still may seem to move by."""
OFFERED = {one["code"]: one for one in seats()["seats"]}


def test_all_that_a_seat_could_do_is_measured() -> None:
    with MEASURED.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert tuple(lines[0]) == COLUMNS
    found = {tuple(line[name] for name in COLUMNS[:-1]) for line in lines}
    wanted = {
        (code, kind, lever, step, goal.key)
        for code in COUNTRIES
        for kind, lever, step, _ in changes(code, "2023-09", 24)
        for goal in SEATS[code].goals
    }
    assert found == wanted
    assert len(found) == len(lines)


def test_only_what_bites_is_offered() -> None:
    for code, seat in SEATS.items():
        keys = {order["key"] for order in OFFERED[code]["orders"]}
        assert keys == {o.key for o in seat.orders if effects()[code, "order", o.key] >= LEAST}
        chosen = set(OFFERED[code]["acts"])
        assert chosen == {k for k in acts(code) if effects()[code, "act", OPTIONS[k].label] >= LEAST}
        assert {OPTIONS[k].actor for k in chosen} <= {code}
    assert min(effects().values()) < LEAST <= max(effects().values())
    energy = next(one for one in OFFERED["CHN"]["orders"] if one["key"] == "restrictions.CHN.PRK.energy")
    assert [step["name"] for step in energy["steps"]] == ["half_banned", "banned"], "one that was freed moved nothing"


def test_what_a_card_promises_of_one_step_alone_is_what_was_measured() -> None:
    """Japan has one act: asked for (+0.02, 0.00, +0.18 standard deviations) or refused (-0.26, -0.07, -1.83)."""
    assert [round(points, 1) for points in alone("JPN")] == [-10.8, 1.2]
    assert OFFERED["JPN"]["alone"] == [-11, 1]
    assert alone("RUS")[1] > 5  # technology held back


def test_cards_add_up_and_have_their_texts() -> None:
    known = texts("en")
    for code, seat in SEATS.items():
        assert sum(goal.weight for goal in seat.goals) == 100
        keys = {f"goal.{goal.key}" for goal in seat.goals} | {f"own.{key}" for key, _, _ in seat.own}
        keys |= {f"order.{order.key}" for order in seat.orders} | {f"seat.role.{code}"}
        keys |= {f"step.{name}" for order in seat.orders for name, _, _ in order.steps}
        keys |= {f"unit.{unit}" for _, unit, _ in seat.own if unit != "1"} | {f"unit.{g.unit}" for g in seat.goals} - {
            "unit.1"
        }
        assert keys <= set(known), keys - set(known)


def test_no_number_of_its_own_stands_still() -> None:
    """What a seat is shown each quarter must be able to tell it something."""
    ds = run(load("sea_route", worlds=8, months=6))
    for code, seat in SEATS.items():
        for key, _, parts in seat.own:
            (part,) = parts
            axes = [dim for dim in ds[part.name].dims if dim not in ("month", "world")]
            values = ds[part.name].sel(dict(zip(axes, part.labels, strict=True)))
            assert float(values.std("month").max()) > ROUNDING, (code, key)
