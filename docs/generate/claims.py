"""The page of claims in both languages: where each is in the model, how to see it, and what its test says."""

import csv
from collections import Counter

from docs.generate.markdown import DOCS, PART, template

TABLE = DOCS.parent / "tests" / "patterns" / "claims.csv"
PAGES = {"claims": "{shown} of {all} shown", "claims.fr": "{shown} sur {all}"}
"""Page -> how many of the patterns of a claim are shown."""


def write() -> None:
    """Write both pages; nothing is run."""
    for name in PAGES:
        (DOCS / f"{name}.md").write_text(page(name), encoding="utf-8")


def page(name: str) -> str:
    """Return a page with the verdicts of the table of claims."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [(row["claim"], row["verdict"]) for row in csv.DictReader(file)]
    every, shown = Counter(claim for claim, _ in rows), Counter(claim for claim, said in rows if said == "shown")
    words = {claim: PAGES[name].format(shown=shown[claim], all=every[claim]) for claim in every}
    return PART.sub(lambda match: words[match[1]], template(name))
