"""Findings of a study of policies in sentences: which one is robust, whether the rules agree, when it fails."""

import json
import math
from collections.abc import Sequence

import xarray as xr

from sim.present.text import literal
from sim.present.what_differs import dated_event, setting_words
from sim.present.words import number, percent, quantity, setting, significant, unit_words
from sim.scenario.problems import few
from sim.studies.policy.analysis import Finding, policies_of
from sim.studies.policy.regret import FEWEST_WORLDS, Choice
from sim.studies.policy.vulnerability import Vulnerability

MOST_NAMED = 4
"""Policies named one by one in a sentence."""


def measured_words(value: float, error: float, unit: str = "1") -> str:
    """Return `3.20 ± 0.41 points`: the error with two digits, the value to the same place; `0` if always zero."""
    if value == error == 0.0:
        return f"0{unit_words(unit)}"
    words = f"{significant(value)} ± {significant(error, 2)}"
    if math.isfinite(value) and math.isfinite(error) and error > 0.0 and value != 0.0:
        places = max(0, 1 - math.floor(math.log10(error)))
        words = f"{round(value, places) + 0.0:,.{places}f} ± {error:,.{places}f}"
    return f"{words}{unit_words(unit)}"


def share_words(share: float, error: float) -> str:
    """Return `62 ± 3 %`; the error `-` when unknown."""
    return f"{100.0 * share:.0f} ± {number(100.0 * error, 0)} %"


def named(numbers: Sequence[int], names: Sequence[str]) -> str:
    """Return `"a", "b" and 3 more`."""
    return few([f'"{names[k]}"' for k in numbers], MOST_NAMED)


def threshold_words(found: Finding) -> str:
    """Return what is good enough, in words."""
    side = "at most" if found.minimise else "at least"
    where = "" if found.threshold_given else ", the median of the reference"
    return f"{side} {quantity(found.threshold, found.unit)}{where}"


def findings(found: Sequence[Finding], ds: xr.Dataset) -> list[str]:
    """Return all findings, the most important first."""
    first = found[0]
    return [
        *_left_out(first, ds),
        *_robust(first, ds),
        *_sames(first, ds),
        *(_cost(first, other, ds) for other in found[1:]),
        *_failing(first, ds),
        *_by_theory(first, ds),
    ]


def _left_out(found: Finding, ds: xr.Dataset) -> list[str]:
    every = ds.sizes["world"]
    missing = every - found.table.worlds
    return [f"{missing} of {every} worlds have no value under some policy and are left out."] if missing else []


def _robust(found: Finding, ds: xr.Dataset) -> list[str]:
    """Return the choice by each rule, and whether the two agree."""
    names, seen = policies_of(ds), found.table
    regret, satisfied = seen.by_regret, seen.by_satisficing
    value = f"regret {_tail(found, regret.best)}" if seen.largest[regret.best] else "no regret in any world"
    share = share_words(float(seen.satisfied[satisfied.best]), float(seen.errors["satisfied"][satisfied.best]))
    by_regret = f"By regret (smallest 95 % quantile) {_standing(regret, names, value)}"
    by_share = f"By satisficing ({threshold_words(found)}) {_standing(satisfied, names, f'met in {share} of worlds')}"
    few = [f"With fewer than {FEWEST_WORLDS} worlds no policies are distinguished; take more with --worlds."]
    return [by_regret, by_share, _agreement(regret, satisfied, names), *(few * (seen.worlds < FEWEST_WORLDS))]


def _tail(found: Finding, k: int) -> str:
    return measured_words(float(found.table.q95[k]), float(found.table.errors["q95"][k]), found.unit)


def _standing(choice: Choice, names: Sequence[str], value: str) -> str:
    best = f'"{names[choice.best]}" ({value})'
    if choice.stands_out:
        return f"{best} is the robust choice; it is distinguished from every other policy."
    if choice.says_nothing:
        return f"the policies are not distinguished: {best} comes first, within the noise."
    return (
        f"{best} comes first, but is not distinguished from {named(choice.rivals, names)} "
        f"(first in {percent(choice.often)} of the resamples)."
    )


def _agreement(regret: Choice, satisfied: Choice, names: Sequence[str]) -> str:
    if regret.best == satisfied.best:
        return f'Both rules put "{names[regret.best]}" first.'
    pair = f'"{names[regret.best]}" by regret, "{names[satisfied.best]}" by satisficing'
    if satisfied.best in regret.rivals or regret.best in satisfied.rivals:
        return f"The rules put different policies first ({pair}), within the noise of at least one of them."
    return f"The rules disagree beyond noise: {pair}."


def _sames(found: Finding, ds: xr.Dataset) -> list[str]:
    names = policies_of(ds)
    if len(found.same) == len(names) - 1:
        return [f"No policy changes {found.words} in any world."]
    return [
        f'"{names[k]}" is equivalent to "{names[other]}": the same {found.words} in every world.'
        for k, other in found.same[:MOST_NAMED]
    ]


def _cost(first: Finding, other: Finding, ds: xr.Dataset) -> str:
    """Return what the policy that is robust for the first outcome means for another one."""
    names, best = policies_of(ds), first.table.by_regret.best
    theirs = other.table.by_regret
    value, least = _tail(other, best), _tail(other, theirs.best)
    if best == theirs.best:
        return f'For {other.words} "{names[best]}" also comes first by regret ({value}).'
    apart = "" if best not in theirs.rivals else ", not distinguished"
    return (
        f'For {other.words} "{names[best]}" has a 95 % regret of {value}; "{names[theirs.best]}" has the least, '
        f"{least}{apart}."
    )


def _failing(found: Finding, ds: xr.Dataset) -> list[str]:
    """Return the conditions under which the robust choice does badly: beside other policies, and in itself."""
    best = policies_of(ds)[found.table.by_regret.best]
    lines = []
    for what, words, every in (
        ("regret", f'The regret of "{best}" is larger where', found.regret_conditions),
        ("outcome", f'Under "{best}" the outcome itself is worse where', found.outcome_conditions),
    ):
        sure = [one for one in every if one.sure]
        if sure:
            lines.append(f"{words} {'; where '.join(condition_words(one, found) for one in sure)}.")
        else:
            lines.append(f'No uncertain condition correlates significantly with the {what} of "{best}".')
    return lines


def _by_theory(found: Finding, ds: xr.Dataset) -> list[str]:
    """Return which policy has the least mean regret under each rival theory."""
    names = policies_of(ds)
    told = [
        f'{setting(one.number, one.key)}: "{names[one.policy]}" (the next has '
        f"{measured_words(one.ahead, one.error, found.unit)} more)"
        for one in found.least
    ]
    return [f"Least mean regret by the theory that a world follows: {'; '.join(told)}."] if told else []


def condition_words(one: Vulnerability, found: Finding) -> str:
    """Return `war.intensity is high (from 1.05: 3.1 ± 0.4 points, up to 0.95: 1.2 ± 0.2 points)`."""
    high = f"from {setting(one.high, one.key)}: {measured_words(one.at_high, one.error_high, found.unit)}"
    low = f"up to {setting(one.low, one.key)}: {measured_words(one.at_low, one.error_low, found.unit)}"
    parts = (high, low) if one.correlation > 0.0 else (low, high)
    chance = f"by chance in {percent(one.chance)} of cases"
    return f"`{one.key}` is {'high' if one.correlation > 0.0 else 'low'} ({', '.join(parts)}; {chance})"


def changes(ds: xr.Dataset) -> list[str]:
    """Return, in Markdown, every option with its reason, what it changes, and its line."""
    lines, start = [], json.loads(ds.attrs["scenarios"])[0]["start"]
    for option in json.loads(ds.attrs["options"]):
        what = [
            f"`{key}`: {setting_words(key, new)} ({literal(new['origin'])})" for key, new in option["settings"].items()
        ]
        what += [f"{dated_event(event, start)} ({literal(event['origin'])})" for event in option["events"]]
        why = f" {literal(option['why'])}" if option["why"] else ""
        name = f"{option['lever']} = {option['option'].replace('_', ' ')}"
        lines.append(f"- **{name}**:{why} {'; '.join(what) or 'Nothing is changed'}.")
    return lines
