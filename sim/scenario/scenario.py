"""The scenario: one frozen value with everything that a run depends on, and the origin of each part."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from types import MappingProxyType
from typing import Any

from sim.plain import plain
from sim.scenario.case import LANE, SHUT_BEFORE, Record, in_order
from sim.scenario.event import (
    ActEvent,
    DecisionEvent,
    Event,
    ParameterEvent,
    ShockEvent,
    event_from_dict,
    event_to_dict,
    month_number,
    month_text,
)
from sim.scenario.made import check_made
from sim.scenario.parameters import PARAMETERS
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.setting import Calibrated, Setting, default_setting

__all__ = [
    "ActEvent",
    "Calibrated",
    "DecisionEvent",
    "Event",
    "ParameterEvent",
    "Scenario",
    "Setting",
    "ShockEvent",
    "default_setting",
    "month_number",
    "month_text",
]

START = "2023-09"
MONTHS = 36
WORLDS = 200
SEED = 2023


@dataclass(frozen=True)
class Scenario:
    """Everything that a run depends on."""

    name: str
    """Name of the file without its ending."""
    title: str
    question: str
    """The question that the scenario answers."""
    look_for: str
    """What to watch in the figures."""
    outcome: str
    """What differs from the scenario that it extends, and why."""
    start: str
    """First month, YYYY-MM."""
    months: int
    """Number of months."""
    worlds: int
    """Number of worlds of the ensemble."""
    seed: int
    settings: Mapping[str, Setting]
    """Every parameter of the table by key, in the order of the table."""
    events: tuple[Event, ...]
    """Sorted by month; events of one month in the order of the file."""
    files: tuple[str, ...]
    """Files read, from the one that extends nothing to the scenario itself."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Where start, months, worlds and seed were set."""
    calibrated: Calibrated | None = None
    """The calibrated set that worlds draw from, if any."""
    changes: tuple[str, ...] = ()
    """What was changed by hand, as typed: `routes.khasan.capacity=15`, `mine.toml`."""
    lane: tuple[str, ...] = LANE
    """Seller, buyer and good that are asked about: figures show them first, and twins of worlds lack the routes of the
    two."""
    shut_before: tuple[str, ...] = SHUT_BEFORE
    """Routes shut in the months before the first."""
    record: Record = field(default_factory=Record)
    """The public record that it is held against."""
    left_out: tuple[Event, ...] = field(default=(), compare=False)
    """Events after the last month, which no run reaches; for remarks only, not stored."""

    def __post_init__(self) -> None:
        given = {name: plain(getattr(self, name)) for name in _PLAIN_FIELDS}
        given |= {name: tuple(one) if isinstance(one := getattr(self, name), list) else one for name in _SEVERAL}
        check_made({**vars(self), **given})
        for name in ("settings", "origins"):
            given[name] = MappingProxyType(dict(getattr(self, name)))
        for name, value in given.items():
            object.__setattr__(self, name, value)

    @property
    def dates(self) -> list[str]:
        """First day of every month, YYYY-MM-DD."""
        first = month_number(self.start)
        return [f"{month_text(first + i)}-01" for i in range(self.months)]

    @property
    def pair(self) -> tuple[str, str]:
        """The two countries that are asked about."""
        return in_order(*self.lane[:2])

    @property
    def hash(self) -> str:
        """SHA-256 of all that changes results: two scenarios of one hash give the same data."""
        content: dict[str, Any] = {
            "start": self.start,
            "months": self.months,
            "worlds": self.worlds,
            "seed": self.seed,
            "settings": {key: self.settings[key].content for key in sorted(self.settings)},
            "events": [event.content for event in self.events],
        }
        if self.calibrated:
            content["calibrated"] = [self.calibrated.digest, *self.calibrated.keys]
        content |= {name: sorted(value) for name, value in self._own_case().items() if name != "record"}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def changed(self) -> dict[str, Setting]:
        """Settings that differ from the table."""
        return {key: s for key, s in self.settings.items() if s.content != default_setting(key).content}

    @property
    def uncertain(self) -> list[str]:
        """Parameters that worlds draw from a range, in the order of the table."""
        return [key for key in PARAMETERS if self.settings[key].uncertain]

    def with_settings(self, settings: Mapping[str, Setting], **others: Any) -> "Scenario":
        """Return the scenario with these settings in place of its own, and `others` of its fields replaced.

        What is set is no longer drawn from a calibrated set: a sweep, a lever or a change wins over the vectors.
        """
        drawn = self.calibrated
        if drawn is not None:
            drawn = replace(drawn, keys=tuple(key for key in drawn.keys if key not in settings))
        return replace(self, settings={**self.settings, **settings}, calibrated=drawn, **others)

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as plain values for JSON."""
        fields = {name: getattr(self, name) for name in _PLAIN_FIELDS}
        return fields | {
            "settings": {key: dict(vars(setting)) for key, setting in self.settings.items()},
            "events": [event_to_dict(event) for event in self.events],
            "files": list(self.files),
            "origins": dict(self.origins),
            **({"calibrated": asdict(self.calibrated)} if self.calibrated else {}),
            **({"changes": list(self.changes)} if self.changes else {}),
            **self._own_case(),
        }

    def _own_case(self) -> dict[str, Any]:
        """Return, as plain values, what differs from the main case; so what is stored of that case never changes."""
        usual = {"lane": list(LANE), "shut_before": list(SHUT_BEFORE), "record": asdict(Record())}
        mine = {"lane": list(self.lane), "shut_before": list(self.shut_before), "record": asdict(self.record)}
        return {name: value for name, value in mine.items() if value != usual[name]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Scenario":
        """Return the scenario that `to_dict` wrote.

        Raises ScenarioError if `stored` is none, or has other parameters than this version.
        """
        try:
            strange = sorted(PARAMETERS.keys() ^ stored["settings"].keys())
            if strange:
                rule = f"the stored scenario is of a version with other parameters: {', '.join(strange[:5])}"
                raise ScenarioError([Problem("scenario", 0, "", rule)])
            return cls(
                **{name: stored[name] for name in _PLAIN_FIELDS},
                settings={key: _setting_from_dict(setting) for key, setting in stored["settings"].items()},
                events=tuple(event_from_dict(event) for event in stored["events"]),
                files=tuple(stored["files"]),
                origins=stored.get("origins", {}),
                calibrated=_calibrated(stored.get("calibrated")),
                changes=tuple(stored.get("changes", ())),
                lane=tuple(stored.get("lane", LANE)),
                shut_before=tuple(stored.get("shut_before", SHUT_BEFORE)),
                record=Record(**stored.get("record", {})),
            )
        except (KeyError, TypeError, AttributeError, ValueError) as error:
            rule = f"the stored scenario cannot be read: {type(error).__name__}: {error}"
            raise ScenarioError([Problem("scenario", 0, "", rule)]) from error

    def __repr__(self) -> str:
        from sim.scenario.card import line

        return line(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows of the scenario."""
        from sim.scenario.card import card

        return card(self)

    def __hash__(self) -> int:
        return hash(self.hash)

    def __reduce__(self) -> tuple[Callable[[dict[str, Any]], "Scenario"], tuple[dict[str, Any]]]:
        """Travel to other processes as plain values: read-only mappings cannot be pickled."""
        return Scenario.from_dict, (self.to_dict(),)


_SEVERAL = ("events", "files", "changes", "lane", "shut_before", "left_out")
"""Fields that are tuples; a list is taken for one."""
_PLAIN_FIELDS = ("name", "title", "question", "look_for", "outcome", "start", "months", "worlds", "seed")


def _setting_from_dict(stored: Mapping[str, Any]) -> Setting:
    return Setting(**{**stored, "among": tuple(stored.get("among", ()))})


def _calibrated(stored: Mapping[str, Any] | None) -> Calibrated | None:
    return Calibrated(**{**stored, "keys": tuple(stored["keys"])}) if stored else None
