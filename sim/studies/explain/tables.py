"""Tables of an explanation: Markdown, rows of a spreadsheet, data."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import xarray as xr

from sim.analysis.ledger import LEAST, PRODUCT, SUM, Explanation, Ledger
from sim.analysis.origin import labelled, origin_of
from sim.present.text import bullets, closing, document, markdown_table, origin_sentence
from sim.present.words import cell, plain_number, significant
from sim.scenario import Scenario
from sim.studies.explain.words import few_digits, month_cell, tell, unit_sign

FORMAT = "sim-explanation 1"
_MONTH = re.compile(r"\d{4}-\d\d")
MINUS = ("-", "\N{MINUS SIGN}")
_FOR_READERS = re.compile(r"([<>])?([-+\N{MINUS SIGN}]?)(\d[\d,]*(?:\.\d+)?)([ \N{NO-BREAK SPACE}]%)?")


def explained(scenario: Scenario, made: Explanation, title: str) -> xr.Dataset:
    """Return the ledgers as data, with their origin: one row a part."""
    rows = [(ledger, part) for ledger in made.ledgers for part in ledger.parts]

    def words(values: list[str], meaning: str) -> Any:
        return labelled("part", np.array(values, dtype=object), meaning)

    data = {
        "ledger": words([ledger.name for ledger, _ in rows], "number that is explained"),
        "name": words([part.name for _, part in rows], "part"),
        "unit": words([ledger.unit for ledger, _ in rows], "unit of the number"),
        "rule": words([ledger.rule for ledger, _ in rows], "how the parts give the number"),
        "total": labelled("part", [ledger.value for ledger, _ in rows], "the number"),
        "value": labelled("part", [part.value for _, part in rows], "the part"),
    }
    attrs = origin_of([scenario], title, FORMAT)
    return xr.Dataset(data, attrs=attrs | {"place": made.place, "sentences": "\n".join(made.sentences)})


def ledger_rows(made: Explanation) -> Iterator[tuple[object, ...]]:
    """Yield the ledgers for a spreadsheet."""
    yield "number", "unit", "rule", "total", "part", "value", "meaning"
    for ledger in made.ledgers:
        for part in ledger.parts:
            total, value = (cell(ledger.shown(one)) for one in (ledger.value, part.value))
            yield ledger.name, ledger.unit, ledger.rule, total, part.name, value, part.words


def table_rows(made: Explanation, number: int) -> Iterator[tuple[object, ...]]:
    """Yield a table beside the ledgers for a spreadsheet: numbers as programs read them, shares from 0 to 1."""
    table = made.tables[number]
    yield table.heads
    for row in table.rows:
        yield tuple(map(_read_by_programs, row))


def _read_by_programs(text: object) -> object:
    """Return a cell for readers as a number: `1,977.6`, `0.65` of `65 %`; of `<1 %` and `>99 %` the middle."""
    found = _FOR_READERS.fullmatch(str(text))
    if not found:
        return text
    bound, sign, digits, percent = found.groups()
    number = f"{'-' * (sign in MINUS)}{digits.replace(',', '')}"
    if not percent:
        return number
    return {"<": "0.005", ">": "0.995"}.get(bound or "", f"{float(number) / 100.0:g}")


def heading(ledger: Ledger) -> str:
    """Return what a ledger explains, its amount and its rule."""
    value = ledger.shown(ledger.value)
    unit = f" {sign}" if (sign := unit_sign(ledger.unit, value)) else ""
    amount = f"{few_digits(value, 4)}{unit}"
    return tell(f"ledger.{ledger.rule}", name=ledger.name, amount=amount)


def heads() -> tuple[str, str, str]:
    """Return the heads of the parts of a ledger."""
    return tell("head.part"), tell("head.amount"), ""


def rows(ledger: Ledger) -> list[tuple[str, str, str]]:
    """Return the parts for a reader, without those that change nothing; of limits the one that binds comes first."""
    order = ledger.in_order if ledger.rule == LEAST else ledger.parts
    notes = [tell("ledger.binds"), tell("ledger.next")] if ledger.rule == LEAST else []
    idle = {SUM: 0.0, PRODUCT: 1.0}.get(ledger.rule)
    found = []
    for k, part in enumerate(order):
        value = ledger.shown(part.value)
        if k and value == idle:
            continue
        number = f"× {significant(value)}" if ledger.rule == PRODUCT and k else plain_number(value)
        number = tell("ledger.no_limit") if not np.isfinite(part.value) else number
        found.append((part.words or part.name, number, notes[k] if k < len(notes) else ""))
    return found


def told(row: Sequence[str]) -> list[str]:
    """Return a row of a table for a reader: months as the language writes them, `2023-12` in English."""
    return [month_cell(one) if _MONTH.fullmatch(one) else one for one in row]


def summary(made: Explanation, ds: xr.Dataset) -> str:
    """Return the explanation as a document."""
    parts = [f"# {made.question}", made.place, bullets(made.sentences), *made.turning]
    for ledger in made.ledgers:
        parts += [f"**{heading(ledger)}**", markdown_table(heads(), rows(ledger))]
    for table in made.tables:
        parts += [f"## {table.title}", markdown_table(table.heads, map(told, table.rows))]
    return document(*parts, *closing(tell("reading"), origin_sentence(ds), tell("files")))
