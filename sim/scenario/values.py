"""Parameter values of a block of worlds, month by month, as arrays with the worlds last."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from sim.arrays import Array
from sim.scenario.event import Event
from sim.scenario.happenings import Change, Happenings
from sim.scenario.names import ALL_GOODS, COUNTRIES, EVERY, GOODS, PAIRS, ROUTES, SENDERS, TIERS, pair_key
from sim.scenario.units import a_month

OCEAN_SHARED = ("capacity", "lead", "cost", "exposure", "winter", "empty_return", "ammunition_share", "unit_load")
"""Fields that all ocean routes share under `routes.ocean`."""


class Parameters:
    """Parameter values of a block of worlds.

    ``parameters["war.intensity"]`` is an array ``(worlds,)``. The methods `by_…` gather many keys into one array.
    Gathered arrays are kept until an event changes a value.
    """

    def __init__(self, start: Mapping[str, Array], events: Sequence[Event] | Happenings = ()) -> None:
        self.start = dict(start)
        self.worlds = len(next(iter(self.start.values())))
        self.happenings = events if isinstance(events, Happenings) else Happenings(events)
        self._changes: list[Change] = []
        self._now = dict(self.start)
        self._gathered: dict[tuple[str, str], Array] = {}
        self._earlier = self._changes, self._now
        self.changes = 0
        "number of times that values have changed"

    def __getitem__(self, key: str) -> Array:
        return self._now[key]

    def replace(self, values: Mapping[str, Array]) -> None:
        """Replace the current values; those of the start remain."""
        self._now = dict(values)
        self._gathered.clear()
        self.changes += 1

    def move_to(self, month: int) -> bool:
        """Apply the events that hold in `month` (0 is the start); return whether any value may have changed.

        Of two events on one key the later in the file wins while both hold; `factor` multiplies the value without it.
        """
        changes = self.happenings.changes(month)
        if len(changes) == len(self._changes) and all(map(Change.same_as, changes, self._changes)):
            return False
        now = dict(self.start)
        for change in changes:
            now[change.event.key] = change.of(now[change.event.key])
        self._earlier = self._changes, self._now
        self._changes = changes
        self.replace(now)
        return True

    def move_back(self) -> None:
        """Undo the latest `move_to` that changed values."""
        self._changes, now = self._earlier
        self.replace(now)

    def _gather(self, kind: str, field: str, build: Callable[[], Array]) -> Array:
        key = (kind, field)
        if key not in self._gathered:
            self._gathered[key] = build()
        return self._gathered[key]

    def once(self, name: str, build: Callable[[], Array]) -> Array:
        """Return what `build` makes of parameters alone; build it again only after an event changed a value."""
        return self._gather("once", name, build)

    def by_country(self, field: str) -> Array:
        """Return ``RUS.gdp, PRK.gdp, …`` as (country, worlds)."""
        return self._gather("country", field, lambda: np.stack([self[f"{c}.{field}"] for c in COUNTRIES]))

    def by_good(self, field: str) -> Array:
        """Return ``goods.ammunition.value, …`` as (good, worlds)."""
        return self._gather("good", field, lambda: np.stack([self[f"goods.{g}.{field}"] for g in GOODS]))

    def by_country_good(self, field: str) -> Array:
        """Return ``RUS.food.target, …`` as (country, good, worlds)."""
        return self._gather(
            "country good",
            field,
            lambda: np.stack([np.stack([self[f"{c}.{g}.{field}"] for g in GOODS]) for c in COUNTRIES]),
        )

    def by_tier(self, field: str) -> Array:
        """Return ``technology.guard1 …`` as (tier, worlds)."""
        return self._gather("tier", field, lambda: np.stack([self[f"technology.{field}{k}"] for k in TIERS]))

    def by_country_tier(self, field: str) -> Array:
        """Return ``RUS.ambition.tier1 …`` as (country, tier, worlds)."""
        return self._gather(
            "country tier",
            field,
            lambda: np.stack([np.stack([self[f"{c}.{field}.tier{k}"] for k in TIERS]) for c in COUNTRIES]),
        )

    def by_pair(self, field: str) -> Array:
        """Return ``pairs.RUS-PRK.trust …`` as (country, country, worlds), symmetric, zero on the diagonal."""

        def build() -> Array:
            out = np.zeros((len(COUNTRIES), len(COUNTRIES), self.worlds), like=self["war.intensity"])
            for a, b in PAIRS:
                i, j = COUNTRIES.index(a), COUNTRIES.index(b)
                out[i, j] = out[j, i] = self[f"pairs.{pair_key(a, b)}.{field}"]
            return out

        return self._gather("pair", field, build)

    def other_imports(self) -> Array:
        """Return usual purchases beside the modelled goods, MUSD a month, (receiver, supplier, worlds).

        The last supplier is the rest of the world: the total less the sum over partners, at least 0.
        """

        def build() -> Array:
            none = np.zeros_like(self["RUS.imports.total"])
            of = [[self[f"{c}.imports.{d}"] if c != d else none for d in COUNTRIES] for c in COUNTRIES]
            by_partner = np.stack([np.stack(row) for row in of])
            rest = np.maximum(self.by_country("imports.total") - by_partner.sum(axis=1), 0.0)
            return a_month(np.concatenate([by_partner, rest[:, None]], axis=1))

        return self._gather("other imports", "by supplier", build)

    def restrictions(self) -> Array:
        """Return the restrictions beyond those in force, (sender, target, good, worlds) -1 to 1.

        -1 lifts all, 1 stops all. The last sender is the UN, the last good is technology. Those of one sender and of
        all senders, on one good and on all goods, add up.
        """

        def build() -> Array:
            none = np.zeros_like(self["sanctions.pressure"])
            each = [
                [[self._now.get(restriction_key(s, t, g), none) for g in (*ALL_GOODS, EVERY)] for t in COUNTRIES]
                for s in (*SENDERS, EVERY)
            ]
            found = np.stack([np.stack([np.stack(row) for row in table]) for table in each])
            both = found[:, :, :-1] + found[:, :, -1:]
            return np.clip(both[:-1] + both[-1:], -1.0, 1.0)

        return self._gather("restrictions", "by sender", build)

    def by_route(self, field: str) -> Array:
        """Return ``routes.khasan.capacity …`` as (route, worlds)."""
        return self._gather("route", field, lambda: np.stack([self[route_key(r, field)] for r in ROUTES]))


def restriction_key(sender: str, target: str, good: str) -> str:
    """Return the parameter key of the restrictions of a sender against a target on a good."""
    return f"restrictions.{sender}.{target}.{good}"


def route_key(route: str, field: str) -> str:
    """Return the parameter key of a field of a route; ocean routes share all fields but `open`."""
    if route.startswith("ocean_") and field in OCEAN_SHARED:
        return f"routes.ocean.{field}"
    return f"routes.{route}.{field}"
