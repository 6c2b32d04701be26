"""Which world is asked about: a number, the median one, the lowest or highest in an outcome, or one of a condition."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import xarray as xr

from sim.analysis.calendar import months
from sim.analysis.condition import Condition, ConditionError, measures_of, read_condition
from sim.analysis.measures import Measure
from sim.analysis.outcome import OutcomeError, outcome
from sim.analysis.typical import nearest_median
from sim.present.words import quantity
from sim.studies.explain.asks import ACT, AID, AskError, read_ask
from sim.studies.explain.words import tell
from sim.texts.spoken import written

MEDIAN = "median"
EXTREME = re.compile(r"(lowest|highest)\s+(\S+)")
ACT_IN = re.compile(r"([^<>=@]+)\s+in\s+(\d{4}-\d{2})")
HAPPENED = "took place"
TIER = re.compile(r"tier\s*([2-4])\s+(passed|kept(?:\s+back)?)")
SHORT = {"shells": "shells_delivered", "ammunition": "shells_delivered"}
"""Everyday words for outcomes."""
FORMS = (
    "write a number from 0, median, lowest or highest with an outcome such as 'lowest shells_delivered', "
    "'tier 3 passed', 'aid in 2024-04', or a condition such as 'technology > 20 and tests < 60'"
)


class PlaceError(ValueError):
    """A world that cannot be found; the text gives the rule."""


@dataclass(frozen=True)
class Place:
    """A description of a world."""

    text: str
    number: int | None = None
    extreme: tuple[str, str] | None = None
    "`lowest` or `highest`, and the outcome."
    condition: Condition | None = None
    act: tuple[int, str] | None = None
    "A row of the act that took place in a month, and the month."

    @property
    def measures(self) -> dict[str, Measure]:
        """Return the outcomes that are needed to find the world."""
        if self.extreme:
            return {self.extreme[1]: outcome(self.extreme[1])}
        if self.act:
            return {HAPPENED: Measure("1", self.text, partial(_happened, *self.act))}
        return measures_of(self.condition) if self.condition else {}

    def find(self, paths: np.ndarray, values: Mapping[str, np.ndarray], path_words: str) -> tuple[int, str]:
        """Return the column of the world among `paths`, (month, world), and how it was found. Raises PlaceError."""
        count = paths.shape[1]
        if self.extreme:
            return self._extreme(values[self.extreme[1]])
        if self.act:
            among = values[HAPPENED] > 0.0
        else:
            among = self.condition.holds(values) if self.condition else np.ones(count, dtype=bool)
        if not among.any():
            spans = [f"; {name} runs from {one.min():.4g} to {one.max():.4g}" for name, one in values.items()]
            raise PlaceError(f"no world of {count:,} meets {self.text!r}{''.join(spans) if self.condition else ''}")
        column, chosen, worlds = nearest_median(paths, among), int(among.sum()), written(f"{count:,}")
        of = tell("place.worlds", worlds=worlds)
        if self.condition or self.act:
            if chosen == 1:
                return column, tell("place.only_of", worlds=worlds, text=self.text)
            of = tell("place.worlds_with", n=written(f"{chosen:,}"), worlds=worlds, text=self.text)
        equals = alike(paths[:, among], paths[:, column])
        return column, _how(of, chosen, equals, path_words)

    def _extreme(self, values: np.ndarray) -> tuple[int, str]:
        """Return the column of the world that is lowest or highest in an outcome, and how it was found."""
        way, name = self.extreme or ("", "")
        known = np.where(np.isfinite(values), values, np.inf if way == "lowest" else -np.inf)
        column = int(np.argmin(known) if way == "lowest" else np.argmax(known))
        equals, worlds = int((known == known[column]).sum()), written(f"{values.size:,}")
        much = quantity(float(values[column]), self.measures[name].unit)
        fills = {"n": written(f"{equals:,}"), "name": name, "worlds": worlds, "amount": much}
        return column, tell(f"place.{way}" if equals == 1 else f"place.{way}_first", **fills)


def alike(paths: np.ndarray, path: np.ndarray) -> int:
    """Return how many of some paths, (month, world), are a path, (month)."""
    return int((paths == path[:, None]).all(axis=0).sum())


def _how(of: str, count: int, equals: int, path_words: str) -> str:
    """Return how a typical world was chosen; `equals` worlds of `count` have its path."""
    if count == 1:
        return tell("place.only")
    if equals == count:
        return tell("place.all_equal", of=of, path=path_words)
    if equals == 1:
        return tell("place.nearest", of=of, path=path_words)
    return tell("place.nearest_equal", n=written(f"{equals:,}"), of=of, path=path_words)


def _happened(row: int, month: str, ds: xr.Dataset) -> np.ndarray:
    covered = months(ds)
    if month not in covered:
        raise PlaceError(f"{month}: the run covers {covered[0]} to {covered[-1]}")
    return np.asarray(ds["outcome"].isel(option=row, month=covered.index(month)).values, dtype=float)


def _act_in(text: str, act: str, month: str) -> Place:
    try:
        asked = read_ask(act)
    except AskError as error:
        raise PlaceError(f"{error}\n    {FORMS}") from None
    if asked.kind not in (ACT, AID):
        raise PlaceError(f"{text!r}: {act} is no act that takes place in a month\n    {FORMS}")
    return Place(text, act=(asked.rows[0], month))


def read_place(text: str) -> Place:
    """Return the description in a text. Raises PlaceError."""
    clean = " ".join(text.split())
    if clean == MEDIAN:
        return Place(clean)
    if re.fullmatch(r"[+-]?\d+", clean):
        if int(clean) < 0:
            raise PlaceError(f"worlds are numbered from 0, found {clean}")
        return Place(clean, number=int(clean))
    if match := EXTREME.fullmatch(clean):
        name = SHORT.get(match[2], match[2])
        try:
            outcome(name)
        except OutcomeError as error:
            raise PlaceError(str(error)) from None
        return Place(clean, extreme=(match[1], name))
    if match := TIER.fullmatch(clean):
        sign = ">=" if match[2] == "passed" else "<"
        return Place(clean, condition=read_condition(f"tier{match[1]} {sign} 1"))
    if match := ACT_IN.fullmatch(clean):
        return _act_in(clean, match[1], match[2])
    try:
        return Place(clean, condition=read_condition(clean))
    except ConditionError as error:
        raise PlaceError(f"{error}\n    {FORMS}") from None
