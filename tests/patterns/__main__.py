"""Make the table of claims: ``python -m tests.patterns``, or some rows anew: ``python -m tests.patterns C5 C8``.

Writes `claims.csv` beside this file, and of it docs/patterns.md with its two figures; with ``--page`` only these,
at once. A row that is not shown and has no reason in `not_shown.py` yet is named at the end.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from time import monotonic

from .figure import draw
from .page import FIGURES, PAGE, page
from .register import gather, problems, rows_of
from .rules import Evidence
from .table import read, write


def made_anew(numbers: Iterable[str]) -> list[Evidence]:
    """The table with the rows of these claims made anew, in the order of the claims; says how far it is."""
    rows = {number: [row for row in read() if row.claim == number] for number in gather()}
    begun = monotonic()
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        jobs = {pool.submit(rows_of, number): number for number in numbers}
        for done, job in enumerate(as_completed(jobs), 1):
            rows[jobs[job]] = job.result()
            print(f"{done} of {len(jobs)}: {jobs[job]} ({monotonic() - begun:.0f} s)", file=sys.stderr, flush=True)
    return [row for of_claim in rows.values() for row in of_claim]


def main(*words: str) -> None:
    """Make rows, the page and the figure."""
    if words != ("--page",):
        known = gather()
        if strangers := set(words) - known.keys():
            sys.exit(f"no such claim: {', '.join(sorted(strangers))}; there are {', '.join(known)}")
        write(made_anew(words or known))
    table = read()
    draw(table, FIGURES)
    PAGE.write_text(page(table), encoding="utf-8")
    for said in problems([], table):
        if not said.startswith("only in the table"):
            print(said, file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:])
