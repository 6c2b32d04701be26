"""A comparison with observations in spreadsheets, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis import quantiles
from sim.present.text import bullets, closing, code, document, markdown_table, origin_sentence, terminal_table
from sim.present.words import cell, percent, sensible
from sim.studies.history import act_tables, joint_tables, joint_words
from sim.studies.history.analysis import ALL, EARLY, LATER, Evaluation, Total, by_series, over_all
from sim.studies.history.baselines import NAMES, REDUCED, RIVALS
from sim.studies.history.joint import Joint
from sim.studies.history.words import bias, leaning, verdict

READING = (
    "An observation is a claim with a band. The claim is taken to miss the truth as in a triangular distribution over "
    "its band with the peak at the central value; the same error is added to the predictions of model and rivals "
    "before they are scored. CRPS is the continuous ranked probability score (fair for a finite ensemble), in the "
    "unit of the series: 0 is perfect. Skill is 1 - CRPS / CRPS of a rival: 1 perfect, 0 no better, below 0 worse. "
    "Baselines know only observations up to the end of the early part; `reduced` knows none: it is one buyer's need, "
    "one seller's stock and the room of the routes with the same parameters and the same war, and no countries. Over "
    "all series the ratios of CRPS are joined by their geometric mean. `too low`: the median observation lies above "
    "95 % of the predictions, `rather low`: above 75 %. Observations of one series are not independent, so a few "
    "prove little. This is a thinking tool, not a forecast."
)
FILES = (
    "Files: `history.csv` (every observation), `scores.csv` (by series and over all), `not_compared.csv` (the rest, "
    f"and why), {joint_tables.FILES}, {act_tables.FILES}, `history.nc` (each world), `figures/`, `manifest.json`."
)


def observations(found: Evaluation) -> Iterator[Sequence[str]]:
    """Yield the rows of history.csv: every observation compared, with the model's prediction."""
    yield (
        *("series", "date", "part", "low", "central", "high", "unit", "source", "line"),
        *("model_q05", "model_q50", "model_q95", *(f"claim_{name}" for name in quantiles.COLUMNS)),
        *("worlds_with_value", "place", "in_50", "in_90", "crps", *(f"crps_{name}" for name in RIVALS)),
    )
    for one in found.scored:
        row, score = one.row, one.score
        claim = (row.low, row.central, row.high)
        yield (
            *(row.series, str(row.date), one.part, *map(cell, claim), row.unit, row.source, str(row.line)),
            *map(cell, (*one.model, *score.levels)),
            *(str(one.worlds), cell(score.place), str(int(score.in50)), str(int(score.in90)), cell(score.crps)),
            *(cell(one.rivals[name]) if name in one.rivals else "" for name in RIVALS),
        )


def scores(found: Evaluation) -> Iterator[Sequence[str]]:
    """Yield the rows of scores.csv: every series and all of them, early and later part."""
    yield (
        *("part", "series", "unit", "figures", "in_50", "in_90", "too_low", "too_high", "crps", "crps_over_figure"),
        *("place", "offset", "bias", *(f"skill_{name}" for name in RIVALS)),
        *(f"skill_{name}_{end}" for name in RIVALS for end in ("lowest", "highest")),
        *(f"skill_{REDUCED}_error", "rivals_note"),
    )
    for part in (LATER, EARLY):
        for name, total in by_series(found, part).items():
            yield [part, name, found.known[name].unit, *_score(total), _note(found, name, part)]
        if total_all := over_all(found, part):
            yield [part, ALL, "share of the observation", *_score(total_all), ""]


def _score(total: Total) -> list[str]:
    return [
        *map(str, (total.count, total.in50, total.in90, total.too_low, total.too_high)),
        *(cell(total.crps), cell(total.relative)),
        *(cell(total.place), cell(total.offset), bias(total.place)),
        *(cell(total.skills[name]) if name in total.skills else "" for name in RIVALS),
        *(cell(end) for name in RIVALS for end in total.ranges.get(name, (float("nan"),) * 2)),
        cell(total.error),
    ]


def _note(found: Evaluation, series: str, part: str) -> str:
    if part == EARLY:
        return "baselines are fitted to this part"
    known = found.baselines[series]
    notes = [f"{name}: {known[name].note}" for name in NAMES if name in known and known[name].note]
    return "; ".join(notes) if known else "no early observation to fit a baseline to"


def not_compared(found: Evaluation) -> Iterator[Sequence[str]]:
    """Yield the rows of not_compared.csv."""
    yield "series", "date", "low", "central", "high", "unit", "line", "reason"
    for one in found.left:
        row = one.row
        numbers = map(cell, (row.low, row.central, row.high))
        yield row.series, str(row.date), *numbers, row.unit, str(row.line), one.reason


def summary(found: Evaluation, joint: Joint, ds: xr.Dataset) -> str:
    """Return summary.md of the comparison."""
    source = f"Observations from {code(ds.attrs['observed'])}, SHA-256 `{ds.attrs['observed_sha256']}`."
    origin = f"{origin_sentence(ds)} {source}"
    return document(
        f"# {ds.attrs['title']}",
        f"{ds.attrs['worlds']} worlds; early part to {found.window.tuned_to}, which baselines know; the later part is "
        "the test.",
        "## What it shows",
        bullets(verdict(found)),
        "## Scores",
        *(score_table(found, part) for part in (LATER, EARLY) if found.of(part)),
        joint_tables.joint_sections(joint),
        act_tables.act_section(found.acts),
        *closing("\n\n".join((READING, *joint_words.READING, act_tables.READING)), origin, FILES),
    )


COLUMNS = ("observations", "in 50 %", "in 90 %", "bias", "CRPS")
"Heads of the table of scores, before those of the skills."


def rows_of(found: Evaluation, part: str) -> list[list[str]]:
    """Return the cells of the table of one part: series, COLUMNS, skills; the last row is over all series."""
    names = _names(part)
    rows = [
        [found.known[n].words, *_cells(total, found.known[n].unit, names)]
        for n, total in by_series(found, part).items()
    ]
    total = over_all(found, part)
    return [*rows, ["all series", *_cells(total, "of the observation", names, share=True)]] if total else rows


def _names(part: str) -> tuple[str, ...]:
    """Return the rivals of a part: baselines are fitted to the early one, the reduced model to neither."""
    return RIVALS if part == LATER else (REDUCED,)


def _cells(total: Total, unit: str, names: Sequence[str], share: bool = False) -> list[str]:
    crps = percent(total.crps) if share else sensible(total.crps)
    skills = [f"{total.skills[name]:+.2f}" if name in total.skills else "-" for name in names]
    words = leaning(total.place, total.offset)
    if share:  # sides would cancel out
        words = f"{total.too_low} too low, {total.too_high} too high"
    return [str(total.count), str(total.in50), str(total.in90), words, f"{crps} {unit}", *skills]


def score_table(found: Evaluation, part: str) -> str:
    """Return the scores of one part in Markdown."""
    heads = (_title(found, part), *COLUMNS, *(f"skill against {name}" for name in _names(part)))
    return markdown_table(heads, rows_of(found, part), "---")


def _title(found: Evaluation, part: str) -> str:
    return f"{'after' if part == LATER else 'to'} {found.window.tuned_to}"


def scores_in_terminal(found: Evaluation, part: str) -> Table:
    """Return the scores of one part as a Rich table."""
    heads, right = ("series", *COLUMNS, *_names(part)), "; right: skill against each rival"
    table = terminal_table(
        f"Scores {_title(found, part)}{right}", heads, rows_of(found, part), right={*heads} - {"series", "bias"}
    )
    table.rows[-1].style = "bold"
    return table
