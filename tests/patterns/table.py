"""The table of claims as a file: `claims.csv` holds every number of every row, and all pages are made of it."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from .rules import SEEDS, Change, Evidence, Found, Response

FILE = Path(__file__).parent / "claims.csv"
TEXTS = ("claim", "pattern", "unit", "lever", "off", "expected")
PARTS = ("effect", "control", "surplus")
NUMBERS = ("mean", "error", "size")


def write(rows: Iterable[Evidence], path: Path = FILE) -> None:
    """Write the table, aside first and then renamed."""
    flat = [dict(_flat(row)) for row in rows]
    aside = path.with_suffix(".part")
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, flat[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(flat)
    os.replace(aside, path)


def read(path: Path = FILE) -> list[Evidence]:
    """Return all rows; none where there is no file yet."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [_row(cells) for cells in csv.DictReader(file)]


def _flat(row: Evidence) -> Iterator[tuple[str, str]]:
    for name in TEXTS:
        yield name, getattr(row, name)
    for seed, found in zip(SEEDS, row.seeds, strict=True):
        for part in PARTS:
            yield from _change(f"{part}_{seed}", getattr(found, part))
        yield f"percent_{seed}", f"{found.percent:.4g}"
    yield "doses", " ".join(f"{mean:.5g}" for mean in row.response.means)
    yield "rising", str(row.response.rising)
    yield "against", str(row.response.against)
    yield from _change("placebo", row.placebo)
    parts = ([name, *(f"{getattr(change, n):.5g}" for n in NUMBERS)] for name, change in row.variants.items())
    yield "variants", "; ".join(" = ".join(part) for part in parts)
    yield "verdict", row.verdict


def _change(name: str, change: Change) -> Iterator[tuple[str, str]]:
    yield from ((f"{name}_{number}", f"{getattr(change, number):.5g}") for number in NUMBERS)


def _row(cells: dict[str, str]) -> Evidence:
    def change(name: str) -> Change:
        return Change(*(float(cells[f"{name}_{number}"]) for number in NUMBERS))

    seeds = tuple(
        Found(change(f"effect_{s}"), float(cells[f"percent_{s}"]), change(f"control_{s}"), change(f"surplus_{s}"))
        for s in SEEDS
    )
    means = tuple(map(float, cells["doses"].split()))
    parts = (part.split(" = ") for part in cells["variants"].split("; ") if part)
    variants = {name: Change(*map(float, numbers)) for name, *numbers in parts}
    texts = [cells[name] for name in TEXTS]
    response = Response(means, int(cells["rising"]), int(cells["against"]))
    return Evidence(*texts, seeds, response, change("placebo"), variants)  # type: ignore[arg-type]
