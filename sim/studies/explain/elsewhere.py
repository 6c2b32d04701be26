"""In how many worlds and months an act took place, and the command that asks about one of them."""

import shlex

import numpy as np

from sim.analysis.ledger import Table
from sim.present.words import percent
from sim.studies.explain.words import listed, month_name, say, tell
from sim.texts.spoken import said, written

NAMED = 3
"""Months that are named, the most frequent first."""


def happened(path: np.ndarray) -> np.ndarray:
    """Return whether an act took place, (month, world), from how often it had by then, (month, world)."""
    return np.diff(path, axis=0, prepend=0.0) > 0.0


def sentences(
    took: np.ndarray,
    months: list[str],
    asked: tuple[int, bool] | None,
    typed: str,
    ask: str,
    answered: int | None = None,
) -> list[str]:
    """Return how often an act took place in all worlds, and how to ask about such a world.

    `took` is (month, world), `months` are YYYY-MM. `asked` is the number of a month that the user named, and whether a
    world was asked for in which the act took place then. `typed` is the command as it was given, without question,
    world and month; empty in Python. `answered` is the number of the month about which the answer is, if the act took
    place then.
    """
    worlds = took.shape[1]
    if worlds == 1:
        return []
    ever, share = int(took.any(axis=0).sum()), took.mean(axis=1)
    if not ever:
        return [tell("elsewhere.none", worlds=written(f"{worlds:,}"))]
    often = [month for month in np.argsort(-share, kind="stable")[:NAMED].tolist() if share[month] > 0.0]
    most = [say("tech.part", words=month_name(months[month]), change=percent(float(share[month]))) for month in often]
    once, all_worlds = written(f"{ever:,}"), written(f"{worlds:,}")
    told = tell(
        "elsewhere.all" if ever == worlds else "elsewhere.some",
        ever=once,
        worlds=all_worlds,
        mean=percent(float(share.mean())),
        most=listed(most),
    )
    month, known = asked or (often[0], False)
    if asked is not None and not known:
        then = int(took[month].sum())
        fills = {"when": month_name(months[month]), "n": written(f"{then:,}"), "worlds": all_worlds}
        which = "then_all" if then == worlds else "then" if then else "then_none"
        told += f" {tell(f'elsewhere.{which}', **fills)}"
        month = month if took[month].any() else often[0]
    if known or month == answered:
        return [told]
    return [f"{told} {tell('elsewhere.again', when=month_name(months[month]))} `{command(typed, ask, months[month])}`."]


def command(typed: str, ask: str, month: str) -> str:
    """Return the command, or in Python the argument, that asks about a world with an act in a month."""
    place = f"{ask} in {month}"
    if not typed:
        return f'world="{place}"'
    return f"{typed} --ask {shlex.quote(ask)} --world {shlex.quote(place)}"


def table(took: np.ndarray, months: list[str]) -> Table:
    """Return in how many worlds an act took place in each month."""
    rows = tuple(
        (month, written(f"{int(one.sum()):,}"), percent(float(one.mean())))
        for month, one in zip(months, took, strict=True)
    )
    heads = (said("printed.figure.month"), tell("head.worlds"), said("printed.figure.share"))
    return Table(tell("table.elsewhere", worlds=written(f"{took.shape[1]:,}")), heads, rows)
