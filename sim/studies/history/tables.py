"""A comparison with observations in spreadsheets, in summary.md and in the terminal."""

from collections.abc import Iterator, Sequence

import xarray as xr
from rich.table import Table

from sim.analysis import quantiles
from sim.present.record_names import series_title
from sim.present.text import bullets, closing, code, document, markdown_table, origin_sentence, terminal_table
from sim.present.words import cell, percent, sensible, signed, unit_words
from sim.studies.history import act_tables, joint_tables
from sim.studies.history.analysis import ALL, EARLY, LATER, Evaluation, Total, by_series, over_all
from sim.studies.history.baselines import NAMES, REDUCED, RIVALS
from sim.studies.history.joint import Joint
from sim.studies.history.words import bias, last_early_day, leaning, say, title_of, verdict


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
    source = say("observed", file=code(ds.attrs["observed"]), digest=ds.attrs["observed_sha256"])
    reading = (
        say(f"reading.{part}", **act_tables.months()) for part in ("scores", "rates", "at_once", "vectors", "acts")
    )
    return document(
        f"# {title_of(ds)}",
        say("about", worlds=ds.attrs["worlds"], day=last_early_day(found)),
        f"## {say('shows')}",
        bullets(verdict(found)),
        f"## {say('score.heading')}",
        *(score_table(found, part) for part in (LATER, EARLY) if found.of(part)),
        joint_tables.joint_sections(joint),
        act_tables.act_section(found.acts),
        *closing("\n\n".join(reading), f"{origin_sentence(ds)} {source}", say("files", **act_tables.months())),
    )


COLUMNS = ("observations", "in50", "in90", "bias", "crps")
"Heads of the table of scores, before those of the skills."


def rows_of(found: Evaluation, part: str) -> list[list[str]]:
    """Return the cells of the table of one part: series, COLUMNS, skills; the last row is over all series."""
    names = _names(part)
    rows = [
        [series_title(n, found.known[n]), *_cells(total, unit_words(found.known[n].unit, total.crps), names)]
        for n, total in by_series(found, part).items()
    ]
    total = over_all(found, part)
    of = f" {say('score.of_observation')}"
    return [*rows, [say("all"), *_cells(total, of, names, share=True)]] if total else rows


def _names(part: str) -> tuple[str, ...]:
    """Return the rivals of a part: baselines are fitted to the early one, the reduced model to neither."""
    return RIVALS if part == LATER else (REDUCED,)


def _cells(total: Total, unit: str, names: Sequence[str], share: bool = False) -> list[str]:
    """Return the scores with a unit that begins with its blank."""
    crps = percent(total.crps) if share else sensible(total.crps)
    skills = [signed(total.skills[name]) if name in total.skills else "-" for name in names]
    words = leaning(total.place, total.offset)
    if share:  # sides would cancel out
        words = say("leaning.sides", low=total.too_low, high=total.too_high)
    return [str(total.count), str(total.in50), str(total.in90), words, f"{crps}{unit}", *skills]


def score_table(found: Evaluation, part: str) -> str:
    """Return the scores of one part in Markdown."""
    skills = (say("score.skill", rival=say(f"short.{name}")) for name in _names(part))
    heads = (_days(found, part), *(say(f"score.{column}") for column in COLUMNS), *skills)
    return markdown_table(heads, rows_of(found, part), "---")


def _days(found: Evaluation, part: str) -> str:
    return say(f"day.{part}", day=last_early_day(found))


def scores_in_terminal(found: Evaluation, part: str) -> Table:
    """Return the scores of one part as a Rich table."""
    left = say("score.series"), say("score.bias")
    skills = (say(f"short.{name}") for name in _names(part))
    heads = (left[0], *(say(f"score.{column}") for column in COLUMNS), *skills)
    title = say("score.terminal", part=_days(found, part))
    table = terminal_table(title, heads, rows_of(found, part), right={*heads} - {*left})
    table.rows[-1].style = "bold"
    return table
