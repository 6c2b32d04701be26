"""A setting: value and range of one parameter in a scenario, where it was set, and the set that worlds draw from."""

from dataclasses import dataclass
from functools import cache

from sim.scenario.parameters import PARAMETERS, TABLE, Parameter


@dataclass(frozen=True)
class Setting:
    """Value and range of one parameter, in the unit of its row of the table."""

    value: float
    """Central value."""
    low: float | None
    """Lower end of the range from which worlds draw it; None if it is the same in all worlds."""
    high: float | None
    """Upper end of that range."""
    distribution: str
    """`fixed`, `uniform`, `loguniform` or `triangular`; `choice` where worlds draw among names."""
    origin: str
    """Where it was set: `parameters.csv:12`, `ceasefire.toml:7` or `--set`."""
    among: tuple[float, ...] = ()
    """Numbers of the names that worlds draw from, with equal odds; empty but for a choice of several."""

    @property
    def content(self) -> tuple[object, ...]:
        """All that changes results."""
        return (self.value, self.low, self.high, self.distribution, *self.among)

    @property
    def uncertain(self) -> bool:
        """Whether worlds draw it, from a range or among names."""
        return bool(self.among) or (self.distribution != "fixed" and self.low is not None and self.low != self.high)


@cache
def default_setting(key: str) -> Setting:
    """Return the setting of a parameter in the table."""
    row: Parameter = PARAMETERS[key]
    return Setting(row.value, row.low, row.high, row.distribution, f"{TABLE}:{row.line}")


@dataclass(frozen=True)
class Calibrated:
    """A set of parameter vectors that agree with public figures; worlds draw them from it instead of from ranges."""

    path: str
    """File of `sim calibrate`, as the user wrote it."""
    digest: str
    """SHA-256 of that file: results depend on its content, not on its path."""
    keys: tuple[str, ...]
    """Parameters that worlds draw from the set, all of one world from one vector."""
    about: str
    """What the set was made for and from, in words."""
