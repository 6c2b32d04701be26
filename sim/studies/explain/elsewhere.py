"""In how many worlds and months an act took place, and the command that asks about one of them."""

import shlex

import numpy as np

from sim.analysis.ledger import Table
from sim.present.words import percent
from sim.studies.explain.words import listed, month_name

NAMED = 3
"""Months that are named, the most frequent first."""


def happened(path: np.ndarray) -> np.ndarray:
    """Return whether an act took place, (month, world), from how often it had by then, (month, world)."""
    return np.diff(path, axis=0, prepend=0.0) > 0.0


def sentences(took: np.ndarray, months: list[str], asked: tuple[int, bool] | None, typed: str, ask: str) -> list[str]:
    """Return how often an act took place in all worlds, and how to ask about such a world.

    `took` is (month, world), `months` are YYYY-MM. `asked` is the number of a month that the user named, and whether a
    world was asked for in which the act took place then. `typed` is the command as it was given, without question,
    world and month; empty in Python.
    """
    worlds = took.shape[1]
    if worlds == 1:
        return []
    ever, share = int(took.any(axis=0).sum()), took.mean(axis=1)
    if not ever:
        return [f"It took place in none of {worlds:,} worlds, in no month."]
    often = [month for month in np.argsort(-share, kind="stable")[:NAMED].tolist() if share[month] > 0.0]
    most = listed([f"{month_name(months[month])} ({percent(float(share[month]))})" for month in often])
    once = f"in all {worlds:,} worlds" if ever == worlds else f"in {ever:,} of {worlds:,} worlds"
    told = (
        f"It took place at least once {once}; in an average month in {percent(float(share.mean()))} of them, and most "
        f"often in {most}."
    )
    month, known = asked or (often[0], False)
    if asked is not None and not known:
        told += f" In {month_name(months[month])} it did so in {int(took[month].sum()):,} of {worlds:,}."
        month = month if took[month].any() else often[0]
    again = f"To ask about a world in which it took place in {month_name(months[month])}"
    return [told if known else f"{told} {again}: `{command(typed, ask, months[month])}`."]


def command(typed: str, ask: str, month: str) -> str:
    """Return the command, or in Python the argument, that asks about a world with an act in a month."""
    place = f"{ask} in {month}"
    if not typed:
        return f'world="{place}"'
    return f"{typed} --ask {shlex.quote(ask)} --world {shlex.quote(place)}"


def table(took: np.ndarray, months: list[str]) -> Table:
    """Return in how many worlds an act took place in each month."""
    worlds = took.shape[1]
    rows = tuple(
        (month, f"{int(one.sum()):,}", percent(float(one.mean()))) for month, one in zip(months, took, strict=True)
    )
    return Table(f"In how many of {worlds:,} worlds it took place", ("month", "worlds", "share"), rows)
