"""Diplomatic and policy acts by kind and group of actors, not by single decision."""

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.analysis.calendar import slices

WEIGHTY = (
    "lethal_aid", "red_line", "treaty", "veto", "oil_beyond_cap", "trilateral_exercise", "exercise", "missile_test",
    "summit",
)  # fmt: skip
"""Rare acts of consequence, the most important first; all others are everyday."""


@dataclass(frozen=True)
class Act:
    """One kind of act by one group of actors, over all months and worlds."""

    act: str
    actors: tuple[str, ...]
    "Countries that decide it, in the order of the results."
    targets: tuple[str, ...]
    "Countries that it concerns without deciding."
    bits: np.ndarray
    "(month, worlds / 8): where it took place, eight worlds a byte; an ensemble has many worlds, and many acts."
    worlds: int
    scheduled: np.ndarray
    "(month), true where the scenario set it."

    @property
    def happened(self) -> np.ndarray:
        """Where it took place, (month, world) booleans."""
        return np.unpackbits(self.bits, axis=-1, count=self.worlds).astype(bool)

    @property
    def share(self) -> np.ndarray:
        """Share of worlds per month in which it took place, shape (month)."""
        return np.asarray(self.happened.mean(axis=-1))

    @property
    def ever(self) -> float:
        """Share of worlds in which it took place at least once."""
        return float(self.happened.any(axis=0).mean())

    @property
    def first(self) -> int | None:
        """Median first month among the worlds where it took place, or None."""
        happened = self.happened
        done = happened.any(axis=0)
        if not done.any():
            return None
        return int(np.median(happened.argmax(axis=0)[done]))

    @property
    def label(self) -> str:
        """`summit RUS-PRK`, `designation USA to PRK`, `missile test PRK`."""
        target = f" to {'-'.join(self.targets)}" if self.targets else ""
        return f"{self.act.replace('_', ' ')} {'-'.join(self.actors)}{target}"


def acts(ds: xr.Dataset) -> list[Act]:
    """Return every act of the decision table; decisions of the same kind by the same countries become one act."""
    order = [str(code) for code in ds["country"].values]
    scheduled = ds["scheduled"].transpose("month", "option").values.astype(bool)
    groups: dict[tuple[str, frozenset[str]], list[int]] = {}
    actors = [str(code) for code in ds["actor"].values]
    kinds = [str(kind) for kind in ds["act"].values]
    partners = [str(codes).split() for codes in ds["partner_of"].values]
    for index, (actor, kind) in enumerate(zip(actors, kinds, strict=True)):
        groups.setdefault((kind, frozenset({actor, *partners[index]})), []).append(index)
    taken = _taken(ds["outcome"].transpose("month", "option", "world"), list(groups.values()))
    found = []
    for ((kind, members), rows), bits in zip(groups.items(), taken, strict=True):
        deciding = {actors[row] for row in rows}
        found.append(
            Act(
                kind,
                tuple(sorted(deciding, key=order.index)),
                tuple(sorted(members - deciding, key=order.index)),
                bits,
                ds.sizes["world"],
                np.asarray(scheduled[:, rows].any(axis=1)),
            )
        )
    return found


def _taken(outcome: xr.DataArray, groups: list[list[int]]) -> list[np.ndarray]:
    """Return where any decision of a group led to its act, (month, worlds / 8) for each group; read month by month."""

    def packed(values: np.ndarray) -> np.ndarray:
        return np.stack([np.packbits(values[rows].any(axis=0)) for rows in groups])

    return list(np.stack([packed(values) for values in slices(outcome)], axis=1))


def notable(ds: xr.Dataset, share: float = 0.5) -> list[Act]:
    """Return the acts worth a line: scheduled, or done in at least `share` of the worlds.

    Scheduled ones first, then rare and weighty acts before everyday ones (`WEIGHTY`), then the most frequent.
    """
    chosen = [act for act in acts(ds) if act.scheduled.any() or act.ever >= share]

    def rank(act: Act) -> tuple[int, int, float, str]:
        weight = WEIGHTY.index(act.act) if act.act in WEIGHTY else len(WEIGHTY)
        return -int(act.scheduled.any()), weight, -float(act.share.sum()), act.label

    return sorted(chosen, key=rank)
