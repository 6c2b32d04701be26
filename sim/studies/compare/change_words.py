"""Changes between two scenarios in words, for tables and figures, in the language that is spoken."""

from collections.abc import Sequence
from dataclasses import asdict

from sim.analysis.headline import country_name
from sim.present.by_rule import act_word, parameter_name
from sim.present.naming import date_words
from sim.present.what_differs import setting_words
from sim.present.words import capital, choice_name, unit_words
from sim.scenario.difference import Change, Group
from sim.scenario.event import (
    ActEvent,
    DecisionEvent,
    Event,
    ShockEvent,
    decision_words,
    lasting_words,
    month_of,
    shock_words,
    timing_words,
)
from sim.scenario.parameters import PARAMETERS, SWITCH
from sim.scenario.scenario import Setting
from sim.texts import LANGUAGES
from sim.texts.spoken import foreign, joined, known, said, several, speaking, written


def say(key: str, /, **fills: object) -> str:
    """Return a text of changes, with its placeholders filled in."""
    return said(f"compare.change.{key}", **fills)


def words_by_language(groups: Sequence[Group], start: str) -> dict[str, list[str]]:
    """Return what groups of changes are, by language: files of data have the English words, pages those of any."""
    found = {}
    for language in LANGUAGES:
        with speaking(language):
            found[language] = [group_words(group, start) for group in groups]
    return found


def group_words(group: Group, start: str) -> str:
    """Return what a group of changes is: one change in full, of several the number and the keys they begin with."""
    if len(group.changes) == 1:
        return change_words(group.changes[0], start)
    return say("several", n=len(group.changes), name=group.name)


def change_words(change: Change, start: str) -> str:
    """Return a change in a line: `Whether the sea route … is open: shut, now open`."""
    subject = _subject(change)
    if change.setting and change.was:
        now, was = (_worth(change.key, one) for one in (change.setting, change.was))
        return say("before", subject=say("named", name=subject), now=now, was=was)
    plain = change.name == change.key
    new, old = (_events(events, start) for events in (change.gained, change.lost))
    whole = DecisionEvent | ShockEvent  # whose words name the act, or what is hit
    if any(isinstance(event, whole) for event in (*change.gained, *change.lost)):
        subject = say("named", name=subject if plain else capital(_name(change)))
    elif plain:
        subject = say("named", name=subject)
    else:
        subject = say("of_key", name=capital(_name(change)), key=_key(change.key))
    if new and old:
        return say("before", subject=subject, now=new, was=old)
    return say("now", subject=subject, now=new) if new else say("gone", subject=subject, was=old)


def _name(change: Change) -> str:
    """Return the name of a change's event; of a shipped scenario in the language that is spoken."""
    return said(f"named.{change.name}") if foreign() and known(f"named.{change.name}") else change.name


def _key(key: str) -> str:
    """Return the key of a change; in another language what the parameter is, without a capital."""
    return f"{(words := parameter_name(key))[:1].lower()}{words[1:]}" if foreign() and key in PARAMETERS else key


def _subject(change: Change) -> str:
    event = next(iter((*change.gained, *change.lost)), None)
    if isinstance(event, ShockEvent):
        return say("shock")
    if isinstance(event, DecisionEvent):
        return say("decisions", act=_act(event.act))
    if not isinstance(event, ActEvent):
        return parameter_name(change.key)
    return capital(say("act", act=_act(event.act), who=several([country_name(one) for one in event.actors])))


def _act(act: str) -> str:
    return act_word(act) if foreign() else act.replace("_", " ")


def _events(events: Sequence[Event], start: str) -> str:
    return joined(*(_event(event, start) for event in events)) if events else ""


def _event(event: Event, start: str) -> str:
    """Return `times 0.3 from 2023-12 for 5 months`, or of an act its month."""
    month, timing = date_words(month_of(event, start)), timing_words(event, start)
    if isinstance(event, ActEvent):
        return say("in", month=month, timing=timing)
    if isinstance(event, DecisionEvent):
        told = decision_words(event, country_name, act_word) if foreign() else decision_words(event)
        return say("from", what=told, month=month, lasting="", timing=timing)
    if isinstance(event, ShockEvent):
        return say("shock_in", what=shock_words(event), month=month, timing=timing)
    times = say("times", factor=written(f"{event.factor:g}")) if event.value is None else ""
    worth = times or _number(event.key, float(event.value or 0.0))
    return say("from", what=worth, month=month, lasting=lasting_words(event), timing=timing)


def _worth(key: str, setting: Setting) -> str:
    if setting.distribution == "fixed" and not setting.among:
        return _number(key, setting.value)
    return f"{setting_words(key, asdict(setting))}{unit_words(PARAMETERS[key].unit)}"


def _number(key: str, value: float) -> str:
    row = PARAMETERS[key]
    if row.choices:
        return choice_name(row.choices[int(value)])
    if row.unit == SWITCH:
        return say(f"{'open' if key.endswith('.open') else 'on'}.{int(value)}")
    return f"{written(f'{value:g}')}{unit_words(row.unit)}"
