"""A setting: value and range of one parameter in a scenario, and where it was set."""

from dataclasses import dataclass


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
