"""Who may decide what: one row for each actor, act and partner. The rows are the `option` axis of results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.scenario.names import ACTS, COUNTRIES, PAIR_ACTS, SOLO_ACTS, TERMS, TRIOS


@dataclass(frozen=True)
class Option:
    """One decision that comes up every month."""

    act: str
    actor: str
    partners: tuple[str, ...]

    @property
    def label(self) -> str:
        return " ".join((self.act, self.actor, *self.partners))


TARGETS = {"designation": ("RUS", "PRK"), "missile_test": (), "aid": ("PRK",), "red_line": ("RUS",)}
"""Partners of solo acts, where an act is directed at someone."""


def _options() -> tuple[Option, ...]:
    rows = [Option(act, a, (b,)) for act in PAIR_ACTS for a in COUNTRIES for b in COUNTRIES if a != b]
    rows += [Option("trilateral_exercise", a, tuple(c for c in trio if c != a)) for trio in TRIOS for a in trio]
    rows += [Option(act, a, TARGETS.get(act, ())) for act, actors in SOLO_ACTS.items() for a in actors]
    return tuple(rows)


OPTIONS = _options()
TERM = {name: k for k, name in enumerate(TERMS)}
PAIR_I = np.array([i for i in range(len(COUNTRIES)) for j in range(len(COUNTRIES)) if i != j])
PAIR_J = np.array([j for i in range(len(COUNTRIES)) for j in range(len(COUNTRIES)) if i != j])
"""Actor and partner numbers of the 30 rows of each pair act."""


def rows_of(act: str) -> slice:
    """Return the rows of an act, which lie together."""
    numbers = [k for k, o in enumerate(OPTIONS) if o.act == act]
    return slice(numbers[0], numbers[-1] + 1)


ROWS = {act: rows_of(act) for act in ACTS}


def _groups() -> tuple[tuple[int, ...], ...]:
    """Return the rows that make one act together: all must say yes. A solo act is a group of one."""
    groups: dict[tuple[str, frozenset[str]], list[int]] = {}
    for k, o in enumerate(OPTIONS):
        together = frozenset((o.actor, *o.partners)) if o.act not in SOLO_ACTS else frozenset((o.actor,))
        groups.setdefault((o.act, together), []).append(k)
    return tuple(tuple(g) for g in groups.values())


GROUPS = _groups()


def group_of(act: str, *actors: str) -> tuple[int, ...]:
    """Return the rows of the act that these countries do together (or that this country does alone)."""
    for rows in GROUPS:
        option = OPTIONS[rows[0]]
        members = {option.actor} if option.act in SOLO_ACTS else {option.actor, *option.partners}
        if option.act == act and members <= set(actors):
            return rows
    raise KeyError(f"no act {act!r} of {' '.join(actors)}")


def _mate() -> np.ndarray:
    """Return the other rows of each row's group, (option, 2), itself where there are fewer; for consent by all."""
    mates = np.tile(np.arange(len(OPTIONS))[:, None], (1, 2))
    for rows in GROUPS:
        for k in rows:
            others = [r for r in rows if r != k]
            mates[k, : len(others)] = others
    return mates


MATES = _mate()
_TRIO_ROWS = list(range(ROWS["trilateral_exercise"].start, ROWS["trilateral_exercise"].stop))
EAST_TRIO, WEST_TRIO = _TRIO_ROWS[:3], _TRIO_ROWS[3:]
