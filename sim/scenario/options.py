"""Options: one row for each act, deciding country and partners; the `option` axis of results."""

from collections.abc import Collection
from dataclasses import dataclass

from sim.scenario.names import ACTS, COUNTRIES, PAIR_ACTS, SOLO_ACTS, TERMS, TRIOS


@dataclass(frozen=True)
class Option:
    """A yes-or-no decision that a country takes every month."""

    act: str
    actor: str
    partners: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return act, actor and partners as one text."""
        return " ".join((self.act, self.actor, *self.partners))


TARGETS: dict[str, tuple[str, ...]] = {
    **{"designation": ("RUS", "PRK"), "missile_test": (), "aid": ("PRK",), "red_line": ("RUS",)},
    "oil_beyond_cap": ("PRK",),
}
"""Countries at which solo acts are directed."""


def _options() -> tuple[Option, ...]:
    rows = [Option(act, a, (b,)) for act in PAIR_ACTS for a in COUNTRIES for b in COUNTRIES if a != b]
    rows += [Option("trilateral_exercise", a, tuple(c for c in trio if c != a)) for trio in TRIOS for a in trio]
    rows += [Option(act, a, TARGETS.get(act, ())) for act, actors in SOLO_ACTS.items() for a in actors]
    return tuple(rows)


OPTIONS = _options()
PARTNERSHIPS = len(COUNTRIES) ** 2
"""Rows (giver, receiver), for each giver all receivers, of the draws of technology."""
TERM = {name: k for k, name in enumerate(TERMS)}


def rows_of(act: str) -> slice:
    """Return the rows of an act, which are contiguous."""
    numbers = [k for k, o in enumerate(OPTIONS) if o.act == act]
    return slice(numbers[0], numbers[-1] + 1)


ROWS = {act: rows_of(act) for act in ACTS}


def _groups() -> tuple[tuple[int, ...], ...]:
    """Return the rows of each joint act, of which all must say yes; a solo act is a group of one."""
    groups: dict[tuple[str, frozenset[str]], list[int]] = {}
    for k, o in enumerate(OPTIONS):
        together = frozenset((o.actor, *o.partners)) if o.act not in SOLO_ACTS else frozenset((o.actor,))
        groups.setdefault((o.act, together), []).append(k)
    return tuple(tuple(g) for g in groups.values())


GROUPS = _groups()


def group_of(act: str, *actors: str) -> tuple[int, ...]:
    """Return the rows of the joint act of these countries, or of the solo act of one.

    Raises KeyError if there is no such act.
    """
    for rows in GROUPS:
        option = OPTIONS[rows[0]]
        members = {option.actor} if option.act in SOLO_ACTS else {option.actor, *option.partners}
        if option.act == act and members <= set(actors):
            return rows
    raise KeyError(f"no act {act!r} of {' '.join(actors)}")


def chosen(act: str, by: Collection[str] = (), partners: Collection[str] = ()) -> list[int]:
    """Return the rows of an act in which one of `by` decides, with one of `partners`; empty is all of them."""
    return [
        k
        for k, o in enumerate(OPTIONS)
        if o.act == act and (not by or o.actor in by) and (not partners or not set(partners).isdisjoint(o.partners))
    ]


_TRIO_ROWS = list(range(ROWS["trilateral_exercise"].start, ROWS["trilateral_exercise"].stop))
EAST_TRIO, WEST_TRIO = _TRIO_ROWS[:3], _TRIO_ROWS[3:]
