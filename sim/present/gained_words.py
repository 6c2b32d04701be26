"""Who gained and who lost, for summary.md: the goals of each country without the opening beside them, and trade."""

import xarray as xr

from sim.analysis.calendar import months
from sim.analysis.headline import Change, country_name, gains, main_pair, opening_changes, score_changes
from sim.present.naming import code_name, date_words, of_country, pair_name, tell
from sim.present.text import bullets, document, table_of
from sim.present.words import sensible_band, with_error
from sim.texts.spoken import number_of, several, written

NOTABLE = 0.05
"""Least change of a score, or practical index, that is worth a line."""


def gained_section(ds: xr.Dataset) -> str:
    """Return what the opening changed for each country by its own goals, and the largest gains from trade."""
    return document(_scores(ds), _gains(ds))


def _scores(ds: xr.Dataset) -> str:
    two = several([of_country(code) for code in main_pair(ds)])
    changes = score_changes(ds)
    if not changes:
        return tell("scores.not_run", two=two)
    if not any(one.mean for one in changes):
        return tell("scores.nobody", two=two)
    lines = bullets(
        tell(
            "scores.line",
            who=country_name(country),
            told=_changes([one for one in changes if one.country == country]),
        )
        for country in dict.fromkeys(change.country for change in changes)
    )
    when, number = date_words(months(ds)[-1]), opening_changes(ds).shape[-1]
    worlds = tell(f"scores.first.{number_of(number)}", n=number)
    return f"{tell('scores.intro', when=when, two=two, worlds=worlds, least=written(str(NOTABLE)))}\n\n{lines}"


def _changes(changes: list[Change]) -> str:
    """Return `gains prestige (+0.12 ± 0.01), bears higher costs (-0.08 ± 0.01)`, or that little changed."""
    words = []
    for one in changes:
        if abs(one.mean) >= NOTABLE:
            told = tell(f"goal.{one.goal}.{'better' if one.mean > 0.0 else 'worse'}")
            words.append(f"{told} ({with_error(one.mean, one.error)})")
    return ", ".join(words) or tell("scores.same")


def _gains(ds: xr.Dataset) -> str:
    rows = [
        (
            pair_name(gain.first, gain.second),
            tell("gains.to", who=code_name(gain.first), much=sensible_band(gain.gain_first)),
            tell("gains.to", who=code_name(gain.second), much=sensible_band(gain.gain_second)),
        )
        for gain in gains(ds)[:5]
        if gain.gain_first.high > 0.0 or gain.gain_second.high > 0.0
    ]
    if not rows:
        return tell("gains.none")
    heads = [tell(f"head.{head}") for head in ("pair", "to_first", "to_second")]
    span = months(ds)
    told = tell(f"gains.intro.{number_of(len(span))}", first=date_words(span[0]), last=date_words(span[-1]))
    return f"{told}\n\n{table_of(heads, rows)}"
