"""Print the validation table: ``python -m tests.patterns``, or of some claims: ``python -m tests.patterns C5 C8``.

With ``--markdown`` it is the page docs/patterns.md.
"""

from __future__ import annotations

import sys

from sim.present.words import significant

from .ensemble import SEED, WORLDS
from .evidence import SIGMAS, Evidence, validation_table

PAGE = f"""# The claims as patterns

Made by `python -m tests.patterns --markdown > docs/patterns.md` (about a minute). Every claim of the seed article has a pattern that an
ensemble must show, and a control in which the mechanism is switched off by a parameter. {WORLDS} paired worlds, seed {SEED}, 24 or 36
months, all fixed beforehand; an effect counts if it exceeds {SIGMAS:g} standard errors of the paired difference in the stated direction. Of
the control it is expected that the effect is *gone* or clearly *smaller*. Rows that these worlds do not show say so, with the reason. The
same table is a test (`tests/patterns/`): it demands that just these rows fail and all others hold.

| claim | pattern | unit | effect (s.e.) | mechanism off | control (s.e.) | expected | verdict |
|---|---|---|---|---|---|---|---|"""


def row_of(e: Evidence) -> str:
    """One row of the Markdown table."""
    effect, control = _with_error(e.effect, e.effect_se), _with_error(e.control, e.control_se)
    verdict = e.verdict if e.as_expected else f"**{e.verdict}**"
    return f"| {e.claim} | {e.pattern} | {e.unit} | {effect} | {e.off} | {control} | {e.expected} | {verdict} |"


def _with_error(value: float, error: float) -> str:
    return f"{_digits(value, 3)} ({_digits(error, 2)})"


def _digits(value: float, places: int) -> str:
    """Written out, but what is next to nothing."""
    return significant(value, places) if abs(value) >= 1e-4 else f"{value:.{places}g}"


if __name__ == "__main__":
    if "--markdown" in sys.argv:
        print("\n".join([PAGE, *map(row_of, validation_table())]))
    else:
        for row in validation_table(*sys.argv[1:]):
            print(row)
