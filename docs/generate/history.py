"""The model against public observations: chosen by those to December 2023, scored on those of 2024."""

import math

from docs.generate.history_paid import by_change, by_month
from docs.generate.markdown import bullets, fill, save, table
from sim.analysis.record.known import KNOWN, NOT_IN_MODEL
from sim.commands.options import TUNED_TO
from sim.present.words import signed
from sim.studies.history.act_tables import act_findings
from sim.studies.history.analysis import EARLY, LATER, Evaluation, against, geometric_mean, left_out, over_all
from sim.studies.history.baselines import RIVALS
from sim.studies.history.command import Prepared, evaluated, load_history
from sim.studies.history.figures import pages
from sim.studies.history.joint import Joint, joint
from sim.studies.history.joint_tables import joint_sections
from sim.studies.history.rate_figure import rate_pages
from sim.studies.history.tables import score_table
from sim.studies.history.words import added, findings, verdict

WIDE_RAIL = 'routes.khasan.capacity={ value = 80, low = 30, high = 260, distribution = "loguniform" }'
WIDE_PORT = 'routes.rajin.capacity={ value = 64, low = 42, high = 96, distribution = "triangular" }'
VARIANTS = (
    ("article", "article", (), "the railway alone"),
    ("ships", "article", ("routes.rajin.open=true",), "the port of Rajin is open, nothing else changes"),
    ("sea_route", "sea_route", (), "the port, its pause of February 2024, and less US aid to Ukraine"),
    ("more ships", "article", ("routes.rajin.open=true", WIDE_PORT), "the port, with twice the room"),
    ("wide rail", "article", (WIDE_RAIL,), "no port, and a railway with twice the room"),
    ("monitoring_ends", "monitoring_ends", (), "as sea_route, and the UN panel ends in October 2023"),
)
"""Name, scenario, what is set, in words. The first is the reference."""
REFERENCE = VARIANTS[0][0]
SHOWN = ("article", "sea_route")
"""Variants whose scores are shown in full."""
RATES = "![sea_route: rates between observations](history_rates.png)"
KINDS = {
    "flow": "value of the month of the date",
    "level": "between month ends",
    "count": "total since September 2023, between month ends",
    "year": "sum of the year to the date",
}
Found = dict[str, Evaluation]


def page() -> str:
    """Return the page; draw its pictures."""
    found: Found = {}
    together: dict[str, Joint] = {}
    for name, scenario, sets, _ in VARIANTS:
        asked: Prepared = load_history(scenario, None, (None, None, TUNED_TO), {"set": sets})
        found[name], ds = evaluated(asked)
        if name in SHOWN:
            together[name] = joint(found[name], ds["model"].values)
        if name == "sea_route":
            for file, draw in pages(found[name], asked.observed.rows).items():
                save(ds, file, draw)
            for file, draw in rate_pages(together[name]).items():
                save(ds, f"history_{file}", draw)
    best, after = preferred(found, EARLY), preferred(found, LATER)
    same = "the same one that the later observations favour"
    article = found["article"]
    parts = {
        **{"worlds": asked.scenario.worlds, "seed": asked.scenario.seed, "tuned_to": TUNED_TO},
        "series": series_table(),
        "not_in_model": bullets(f"{name}: {reason}." for name, reason in NOT_IN_MODEL.items()),
        "variants": variant_table(found),
        "preferred": best,
        "later": same if best == after else f"while the later observations favour **{after}**",
        "moved": bullets(moved(found)),
        "added": bullets(
            f"{name}: {said}" for name in SHOWN for part in (LATER, EARLY) for said in added(found[name], part)
        ),
        "acts": "\n\n".join(f"{name}:\n\n{bullets(act_findings(found[name].acts))}" for name in SHOWN),
        "scores": "\n\n".join(scores(name, found[name]) for name in SHOWN),
        "joint": "\n\n".join([*(joint_part(name, together[name]) for name in SHOWN), RATES]),
        "by_month": by_month(),
        "by_change": by_change(),
        "cautions": bullets(verdict(article)[len(findings(article)) :]),
    }
    return fill("history", parts)


def series_table() -> str:
    """Return the public series that are compared, and how."""
    heads = ("series", "unit", "how the model is read", "parameters set from it", "differs even if all is right")
    rows = []
    for name, known in KNOWN.items():
        given = ", ".join(f"`{key}`" for key in known.given)
        rows.append((name, known.unit, KINDS[known.reading.kind], given, known.limit))
    return table(heads, rows)


def ratio(found: Found, name: str, part: str) -> str:
    """Return CRPS against the reference: geometric mean over series, and its range when one is left out."""
    ratios = list(against(found[REFERENCE], found[name], part).values())
    low, high = left_out(ratios)
    span = f" ({low:.2f} to {high:.2f})" if math.isfinite(low) else ""
    return f"{geometric_mean(ratios):.2f}{span}"


def variant_table(found: Found) -> str:
    """Return every variant on the early part, by which one chooses, and on the later, which says how well one chose."""
    skills = [f"skill, {name}" for name in RIVALS]
    heads = ("variant", "what it is", f"CRPS to {TUNED_TO}", "in 90 %", "CRPS after", "in 90 %", *skills)
    rows = []
    for name, _, _, words in VARIANTS:
        early, later = over_all(found[name], EARLY), over_all(found[name], LATER)
        assert early
        assert later
        before = ratio(found, name, EARLY), f"{early.in90} of {early.count}"
        after = ratio(found, name, LATER), f"{later.in90} of {later.count}"
        rows.append((name, words, *before, *after, *(signed(later.skills[baseline]) for baseline in RIVALS)))
    return table(heads, rows)


def moved(found: Found) -> list[str]:
    """Return which series tell the variants apart."""
    reference, lines = found[REFERENCE], []
    for part, words in ((EARLY, "to"), (LATER, "after")):
        names = [
            KNOWN[name].words
            for name in reference.series(part)
            if any(abs(against(reference, other, part)[name] - 1.0) > 0.1 for other in found.values())
        ]
        lines.append(f"{words} {TUNED_TO}: {'; '.join(names)}")
    return lines


def preferred(found: Found, part: str) -> str:
    """Return the variant with the lowest CRPS of a part."""
    return min(found, key=lambda name: geometric_mean(list(against(found[REFERENCE], found[name], part).values())))


def scores(name: str, found: Evaluation) -> str:
    """Return the section of one scenario."""
    return "\n\n".join((f"## {name}", bullets(findings(found)), *(score_table(found, part) for part in (LATER, EARLY))))


def joint_part(name: str, found: Joint) -> str:
    """Return what the observations say together of one scenario, under headings that name it."""
    return joint_sections(found).replace("## ", f"### {name}: ")
