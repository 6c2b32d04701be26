"""The seats of the page: missions, and by how much each order and act moves them (`python -m benchmarks.seats`)."""

import csv
from collections import defaultdict

from docs.generate.markdown import fill, table
from sim.page.seats import LEAST, MEASURED, QUARTERS, SEATS, UNFELT, seats
from sim.present.words import signed
from sim.scenario.names import COUNTRY_NAMES
from sim.scenario.options import OPTIONS
from sim.texts import texts

TEXT = texts("en")
Rows = dict[tuple[str, str, str], dict[str, float]]


def page() -> str:
    """Return the page."""
    found: dict[str, Rows] = defaultdict(lambda: defaultdict(dict))
    with MEASURED.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            row = found[line["seat"]][line["kind"], line["lever"], line["step"]]
            row[line["goal"]] = float(line["effect"])
    offered = {one["code"]: one for one in seats()["seats"]}
    parts = {
        "least": f"{LEAST:g}",
        "quarters": QUARTERS,
        "seats": "\n\n".join(_seat(code, found[code], offered[code]["acts"]) for code in SEATS),
    }
    return fill("seats", parts)


def _seat(code: str, rows: Rows, acts: list[int]) -> str:
    """Return the part of one country: its mission, its orders, the acts that are offered, and the others in words."""
    goals = SEATS[code].goals
    signs = {1: "more", -1: "less"}
    mission = ", ".join(f"{TEXT[f'goal.{g.key}']} ({signs[g.better]}, {g.weight})" for g in goals)
    labels = {OPTIONS[number].label for number in acts}
    shown = {key: row for key, row in rows.items() if key[0] == "order" or key[1] in labels}
    best = {key: max(abs(x) for x in row.values()) for key, row in rows.items() if key not in shown}
    heads = ("order or act", "step", *(TEXT[f"goal.{g.key}"] for g in goals), "offered")
    lines = [_line(key, row, [g.key for g in goals], shown) for key, row in shown.items()]
    left = f"Not offered: {len(best) // 2} acts, none of which moves a goal by more than {max(best.values()):.2f}."
    title, role = f"## {COUNTRY_NAMES[code]}", TEXT[f"seat.role.{code}"]
    return "\n\n".join((title, f"{role} Goals: {mission}.", table(heads, lines), left))


def _line(key: tuple[str, str, str], row: dict[str, float], goals: list[str], rows: Rows) -> list[str]:
    """Return the cells of one step; it is offered if any of its order or act bites, and that of an order is felt."""
    kind, lever, step = key
    name = TEXT[f"order.{lever}"] if kind == "order" else lever.replace("_", " ")
    word = TEXT[f"step.{step}"].lower() if kind == "order" else step
    bites = any(abs(x) >= LEAST for other, values in rows.items() if other[:2] == key[:2] for x in values.values())
    bites = bites and (kind == "act" or max(abs(x) for x in row.values()) >= UNFELT)
    code = f" (`{lever}`)" if kind == "order" else ""
    return [name + code, word, *(signed(row[goal]) for goal in goals), "yes" if bites else "no"]
