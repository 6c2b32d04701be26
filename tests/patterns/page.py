"""The page docs/patterns.md: the claims by verdict in words, the rules, and the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from sim.present.words import significant

from .ensemble import WORLDS
from .not_shown import NOT_SHOWN
from .rules import DOSES, PLACEBO, SEEDS, SIGMAS, SMALLEST, VARIANTS, VERDICTS, Change, Evidence

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "patterns.md"
FIGURES = DOCS / "claims_1.png", DOCS / "claims_2.png"
HEAD = f"""# The claims as patterns

Made by `python -m tests.patterns` (some minutes). Every claim of the seed article has patterns that an ensemble must show. They say
whether the mechanisms are in the model, how strong they are and why; they do **not** say that the world works so.

{{count}}

{{pictures}}

## The rules

They were fixed in `tests/patterns/rules.py` before the table was first made, and no rule was bent for a row. {WORLDS} paired worlds, 24 or 36
months, seeds {SEEDS[0]} and {SEEDS[1]}.

- **Shown**: with either seed the effect has the stated direction, exceeds {SIGMAS:g} standard errors of the paired difference and is at least
  {SMALLEST:g} standard deviations of the outcome over worlds (pooled over both arms); with either seed the control is as expected; no step along
  the doses goes against the direction by more than {SIGMAS:g} standard errors; the placebo moves nothing.
- **Weak**: real, but below {SMALLEST:g} standard deviations with some seed, or a step along the doses goes against the direction.
- **Not shown**: all else, with the reason.

**Lever**: what moves the pattern, over the range of the table of parameters where it has one there; else over ends that the pattern names. In rows
marked † something is set outside the table's range. Where the pattern is a *level* and no effect (what comes first, how much worlds differ), the lever
is the mechanism itself, from off to as drawn, and the size is the level by its standard deviation. **Per cent** is of the mean without the lever; a dash where that mean
cannot be told from nothing, or the pattern is a level. **Doses**: {DOSES} along the lever, and how many of the {DOSES - 1} steps go with the direction
(+) or against it (−) by more than {SIGMAS:g} standard errors; a hump (C5) is followed from either end to its peak, which is found in the other half of the worlds. **Control**: the same with the mechanism switched off; the effect should be *gone* or
clearly *smaller*. **Placebo**: `{PLACEBO[0]}` at {PLACEBO[1]:g}, half of what it is: the right shock in the wrong country. No claim gives it a part; it fails a
row if it moves the outcome by more than {SIGMAS:g} standard errors and {SMALLEST:g} standard deviations. {{placebo}} **Rivals**: in how many
of the rival structures ({", ".join(VARIANTS)}) the effect keeps its direction, {SIGMAS:g} standard errors and {SMALLEST:g} standard
deviations; it does not enter the verdict. A row that sets the theory of threat itself has fewer rivals.

## The table

All numbers of it, with standard errors, are in `tests/patterns/claims.csv`; the tests make effect and control of the first seed anew and compare.

| claim | pattern | effect (s.e.) | s.d. | per cent | seed {SEEDS[1]}: s.d. | lever | doses | mechanism off | control (s.e.) | placebo, s.d. | rivals | verdict |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
"""


def page(rows: Sequence[Evidence]) -> str:
    """Return the page."""
    pictures = "\n\n".join(
        f"![Size of the patterns in standard deviations, by verdict]({path.name})" for path in FIGURES
    )
    head = HEAD.format(count=count_in_words(rows), pictures=pictures, placebo=_placebo(rows))
    return head + "\n".join(map(_line, rows)) + "\n"


def count_in_words(rows: Sequence[Evidence]) -> str:
    """Return how many patterns are shown, weak and not shown, and which claims have what."""
    kinds = Counter(row.verdict for row in rows)
    of_claim = {
        claim: {row.verdict for row in rows if row.claim == claim} for claim in dict.fromkeys(r.claim for r in rows)
    }
    groups = {
        "shown in every pattern": [claim for claim, kinds in of_claim.items() if kinds == {"shown"}],
        "with weak patterns, none that is not shown": [
            claim for claim, kinds in of_claim.items() if "weak" in kinds and "not shown" not in kinds
        ],
        "with patterns that are not shown": [claim for claim, kinds in of_claim.items() if "not shown" in kinds],
    }
    tried = [row for row in rows if len(row.variants) == len(VARIANTS)]
    robust = sum(row.survived == len(VARIANTS) for row in tried if row.verdict == "shown")
    shown = sum(row.verdict == "shown" for row in tried)
    counted = ", ".join(f"{kinds[verdict]}{' are' * (verdict == VERDICTS[0])} {verdict}" for verdict in VERDICTS)
    parts = "; ".join(f"{words}: {', '.join(found)}" for words, found in groups.items() if found)
    return (
        f"**Of {len(rows)} patterns {counted}.** By claim: {parts}. Of the {shown} patterns shown that are tried under all rival "
        f"structures, {robust} survive every one."
    )


def missed(rows: Sequence[Evidence]) -> list[str]:
    """Return a sentence for each pattern that is not shown."""
    return [
        f"{row.claim}, {row.pattern} ({number(row.seeds[0].effect)} {row.unit}; fails: {'; '.join(row.failed)}): {reason(row)}"
        for row in rows
        if row.verdict == "not shown"
    ]


def reason(row: Evidence) -> str:
    """Return why a row is not shown."""
    return NOT_SHOWN.get((row.claim, row.pattern), "no reason known")


def number(change: Change) -> str:
    """Return a mean with its standard error."""
    return f"{_digits(change.mean)} ± {_digits(change.error, 2)}"


def _line(row: Evidence) -> str:
    first, second = row.seeds
    why = f" ({'; '.join(row.failed)}): {reason(row)}" if row.failed else ""
    why = f" ({'; '.join(row.weakened)})" if row.verdict == "weak" else why
    cells = (
        row.claim,
        row.pattern,
        f"{number(first.effect)} {row.unit}",
        _digits(first.effect.size, 2),
        f"{first.percent:+.0f} %" if isfinite(first.percent) else "—",
        _digits(second.effect.size, 2),
        row.lever,
        row.response.words,
        row.off,
        f"{number(first.control)}, {row.expected}",
        _digits(row.placebo.size, 1) if abs(row.placebo.size) >= 1e-3 else "0",
        f"{row.survived} of {len(row.variants)}",
        f"{'**not shown**' if row.failed else row.verdict}{why}",
    )
    return f"| {' | '.join(cells)} |"


def _placebo(rows: Sequence[Evidence]) -> str:
    """Return how hard a trial the placebo was."""
    most = max(abs(row.placebo.size) for row in rows)
    return (
        f"It moves none of the outcomes by more than {most:.1g} standard deviations: paired worlds make no effects of their own, and "
        "little more is learnt from it."
    )


def _digits(value: float, places: int = 3) -> str:
    """Written out, but what is next to nothing."""
    return significant(value, places) if abs(value) >= 1e-3 else "0" if abs(value) < 1e-9 else f"{value:.{places}g}"
