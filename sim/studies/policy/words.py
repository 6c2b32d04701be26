"""Findings of a study of policies in sentences: which one is robust, whether the rules agree, when it fails."""

import json
import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import xarray as xr

from sim.present.naming import measure_words, option_name, policy_name, translation_in
from sim.present.text import literal
from sim.present.what_differs import dated_event, setting_words
from sim.present.words import number, percent, quantity, setting, significant, unit_words
from sim.studies.policy.analysis import Finding, from_reference, policies_of
from sim.studies.policy.objectives import THRESHOLDS
from sim.studies.policy.regret import FEWEST_WORLDS, Choice
from sim.studies.policy.vulnerability import Vulnerability
from sim.texts.spoken import few, joined, number_of, said, written

MOST_NAMED = 4
"""Policies named one by one in a sentence."""


def say(key: str, /, **fills: object) -> str:
    """Return a text of studies of policies, with its placeholders filled in."""
    return said(f"policy.{key}", **fills)


def title_of(ds: xr.Dataset) -> str:
    """Return the title of a study in the language that is spoken."""
    (scenario,) = json.loads(ds.attrs["scenario_names"])
    return title(scenario, ds.attrs["levers"], zip(ds["direction"].values, ds["objective"].values, strict=True))


def title(scenario: str, levers: str, aims: Iterable[tuple[str, str]]) -> str:
    """Return the title of a study: its aims are pairs of direction and outcome."""
    told = [
        say(f"title.{direction}", outcomes=", ".join(str(outcome) for _, outcome in some))
        for direction, some in groupby(aims, itemgetter(0))
    ]
    return say("title.whole", scenario=scenario, levers=levers, aims=", ".join(told))


def outcome_words(found: Finding) -> str:
    """Return what an outcome is, in the language that is spoken."""
    return measure_words(found.name, found.words)


def measured_words(value: float, error: float, unit: str = "1") -> str:
    """Return `3.20 ± 0.41 points`: the error with two digits, the value to the same place; `0` if always zero.

    Of one world, which has no error, it is the value alone.
    """
    if value == error == 0.0:
        return f"0{unit_words(unit)}"
    words = f"{significant(value)} ± {significant(error, 2)}" if math.isfinite(error) else significant(value)
    if math.isfinite(value) and math.isfinite(error) and error > 0.0 and value != 0.0:
        places = max(0, 1 - math.floor(math.log10(error)))
        words = written(f"{round(value, places) + 0.0:,.{places}f} ± {error:,.{places}f}")
    return f"{words}{unit_words(unit)}"


def share_words(share: float, error: float) -> str:
    """Return `62 ± 3 %`; without the error when it is unknown, as of none or all of the worlds."""
    known = f" ± {number(100.0 * error, 0)}" if math.isfinite(error) and 0.0 < share < 1.0 else ""
    return said("printed.number.percent", number=f"{100.0 * share:.0f}{known}")


def names_of(ds: xr.Dataset) -> list[str]:
    """Return what the policies are called in the language that is spoken; the first is the reference."""
    return [policy_name(ds.attrs["levers"], name) for name in policies_of(ds)]


def lever_text(text: str) -> str:
    """Return, in Markdown, a text of a lever file; of a shipped one in the language that is spoken."""
    return translation_in("levers.said", text) or literal(text)


def quoted(name: str) -> str:
    """Return the name of a policy in quotation marks."""
    return say("quoted", name=name)


def named(numbers: Sequence[int], names: Sequence[str]) -> str:
    """Return `"a", "b" and 3 more`."""
    return few([quoted(names[k]) for k in numbers], MOST_NAMED)


def threshold_words(found: Finding) -> str:
    """Return what is good enough, in words."""
    side = "at_most" if found.minimise else "at_least"
    where = "" if found.threshold_given else "_median"
    return say(f"good.{side}{where}", value=quantity(found.threshold, found.unit))


def findings(found: Sequence[Finding], ds: xr.Dataset) -> list[str]:
    """Return all findings, the most important first; of policies that change nothing none is the robust choice."""
    first = found[0]
    if first.unchanged:
        others = (line for number, one in enumerate(found[1:], 1) for line in _instead(one, number, ds))
        return [*_left_out(first, ds), *_sames(first, ds), *others]
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
    return [say(f"left_out.{number_of(missing)}", n=missing, every=every)] if missing else []


def _robust(found: Finding, ds: xr.Dataset) -> list[str]:
    """Return the choice by each rule, and whether the two agree."""
    names, seen = names_of(ds), found.table
    regret, satisfied = seen.by_regret, seen.by_satisficing
    fills = {"threshold": threshold_words(found), "met": _met(found, satisfied.best)}
    if satisfied.parts_nothing:
        option = THRESHOLDS["minimise" if found.minimise else "maximise"]
        by_threshold = [say("robust.parts_nothing", option=option, **fills)]
    else:
        by_threshold = [say("robust.satisfied", standing=_standing(satisfied, names, fills["met"]), **fills)]
        by_threshold += [] if regret.parts_nothing else [_agreement(regret, satisfied, names)]
    return [
        say("robust.regret", standing=_by_regret(found, names)),
        *by_threshold,
        *([say("robust.few", n=FEWEST_WORLDS)] * (seen.worlds < FEWEST_WORLDS)),
    ]


def _met(found: Finding, k: int) -> str:
    """Return in which share of the worlds a policy meets the threshold; of all or none of them how many there are."""
    share, error = float(found.table.satisfied[k]), float(found.table.errors["satisfied"][k])
    if share in (0.0, 1.0):
        return say("value.met_all" if share else "value.met_none", n=found.table.worlds)
    return say("value.met", share=share_words(share, error))


def _by_regret(found: Finding, names: Sequence[str]) -> str:
    """Return which policy is robust by regret."""
    choice, value = found.table.by_regret, say("value.no_regret")
    if found.table.largest[choice.best]:
        value = say("value.regret", tail=_tail(found, choice.best))
    return _standing(choice, names, value)


def _instead(found: Finding, number: int, ds: xr.Dataset) -> list[str]:
    """Return what policies that do not change the first outcome do to another one."""
    if found.unchanged:
        return _sames(found, ds)
    names, steps = names_of(ds), {k: from_reference(ds, number, k) for k in range(1, ds.sizes["policy"])}
    clear = [
        say("instead.step", policy=quoted(names[k]), step=measured_words(step.mean, step.error, found.unit))
        for k, step in sorted(steps.items(), key=lambda one: -abs(one[1].mean))
        if step.clear and step.mean
    ]
    told = say("instead.steps", told=few(clear, MOST_NAMED)) if clear else say("instead.unclear")
    return [f"{say('instead.regret', outcome=outcome_words(found), standing=_by_regret(found, names))} {told}"]


def _tail(found: Finding, k: int) -> str:
    return measured_words(float(found.table.q95[k]), float(found.table.errors["q95"][k]), found.unit)


def _standing(choice: Choice, names: Sequence[str], value: str) -> str:
    best, others = named(choice.first, names), [k for k in choice.rivals if k not in choice.ties]
    if choice.parts_nothing:
        return say("standing.same", value=value)
    if choice.stands_out:
        return say("standing.alone", best=best, value=value)
    tied = "_tied" if choice.ties else ""
    if choice.says_nothing:
        return say(f"standing.nothing{tied}", best=best, value=value)
    if not others:
        return say("standing.tied", best=best, value=value)
    fills = {"best": best, "value": value, "rivals": named(others, names)}
    return say(f"standing.rivals{tied}", often=percent(choice.often), **fills)


def _agreement(regret: Choice, satisfied: Choice, names: Sequence[str]) -> str:
    first, second = quoted(names[regret.best]), quoted(names[satisfied.best])
    if both := [k for k in regret.first if k in satisfied.first]:
        return say("rules.agree", first=named(both, names))
    noise = satisfied.best in regret.rivals or regret.best in satisfied.rivals
    return say("rules.noise" if noise else "rules.differ", first=first, second=second)


def _sames(found: Finding, ds: xr.Dataset) -> list[str]:
    names, outcome = names_of(ds), outcome_words(found)
    if found.unchanged:
        return [say("same.every", outcome=outcome)]
    return [
        say("same.pair", policy=quoted(names[k]), other=quoted(names[other]), outcome=outcome)
        for k, other in found.same[:MOST_NAMED]
    ]


def _cost(first: Finding, other: Finding, ds: xr.Dataset) -> str:
    """Return what the policy that is robust for the first outcome means for another one."""
    if other.unchanged:
        return say("same.every", outcome=outcome_words(other))
    names, best = names_of(ds), first.table.by_regret.best
    theirs = other.table.by_regret
    fills = {"outcome": outcome_words(other), "policy": quoted(names[best]), "value": _tail(other, best)}
    if best == theirs.best:
        return say("cost.first", **fills)
    way = "rivals" if best in theirs.rivals else "apart"
    return say(f"cost.{way}", other=quoted(names[theirs.best]), least=_tail(other, theirs.best), **fills)


def _failing(found: Finding, ds: xr.Dataset) -> list[str]:
    """Return the conditions under which the robust choice does badly: beside other policies, and in itself."""
    best = quoted(names_of(ds)[found.table.by_regret.best])
    lines = []
    for what, every in (("regret", found.regret_conditions), ("outcome", found.outcome_conditions)):
        told = say("where.join").join(condition_words(one, found) for one in every if one.sure)
        lines.append(say(f"where.{what}" if told else f"where.no_{what}", policy=best, conditions=told))
    return lines


def _by_theory(found: Finding, ds: xr.Dataset) -> list[str]:
    """Return which policy has the least mean regret under each rival theory."""
    names = names_of(ds)
    told = [
        say(
            "theory.one",
            theory=setting(one.number, one.key),
            policy=quoted(names[one.policy]),
            ahead=measured_words(one.ahead, one.error, found.unit),
        )
        for one in found.least
    ]
    return [say("theory.whole", told=joined(*told))] if told else []


def condition_words(one: Vulnerability, found: Finding) -> str:
    """Return `war.intensity is high (from 1.05: 3.1 ± 0.4 points, up to 0.95: 1.2 ± 0.2 points)`."""
    return say(
        f"where.{'high' if one.correlation > 0.0 else 'low'}",
        key=one.key,
        high=setting(one.high, one.key),
        at_high=measured_words(one.at_high, one.error_high, found.unit),
        low=setting(one.low, one.key),
        at_low=measured_words(one.at_low, one.error_low, found.unit),
        chance=percent(one.chance),
    )


def changes(ds: xr.Dataset) -> list[str]:
    """Return, in Markdown, every option with its reason, what it changes, and its line."""
    lines, start, levers = [], json.loads(ds.attrs["scenarios"])[0]["start"], ds.attrs["levers"]
    for option in json.loads(ds.attrs["options"]):
        what = [
            say("option.set", key=key, value=setting_words(key, new), origin=literal(new["origin"]))
            for key, new in option["settings"].items()
        ]
        what += [f"{dated_event(event, start)} ({literal(event['origin'])})" for event in option["events"]]
        fills = {
            "name": option_name(levers, option["lever"], option["option"]),
            "told": joined(*what) or say("option.nothing"),
        }
        why = option["why"]
        lines.append(say("option.why", why=lever_text(why), **fills) if why else say("option.line", **fills))
    return lines
