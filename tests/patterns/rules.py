"""When a pattern counts as shown, weak or not shown. Fixed before the table was first made; no rule is bent for a row.

*Shown*: with either seed the effect has the stated direction, exceeds three standard errors and is at least 0.2
standard deviations of the outcome over worlds; with either seed the control is as expected; no step along the doses
goes against the direction by more than three standard errors; the placebo moves nothing.
*Weak*: real, but below 0.2 standard deviations with some seed, or a step along the doses goes against the direction.
*Not shown*: all else.
In how many rival structures a pattern survives is told beside the verdict and does not enter it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

Array = np.ndarray
Gone = Literal["gone", "smaller"]
Verdict = Literal["shown", "weak", "not shown"]
VERDICTS: tuple[Verdict, ...] = ("shown", "weak", "not shown")
SIGMAS = 3.0
"""Standard errors of the paired difference that an effect must exceed."""
SMALLEST = 0.2
"""Smallest effect of interest, in standard deviations of the outcome over worlds (Cohen 1988: a small effect)."""
SEEDS = (2023, 2024)
DOSES = 8
"""Doses of the lever: its two ends and six between them."""
PLACEBO = "JPN.food.production", 375.0
"""The right shock in the wrong country: half of Japan's own food, as half a harvest hits North Korea in C9. No claim of
the article gives it a part."""
VARIANTS: dict[str, dict[str, float]] = {
    "exchange: alliance": {"structure.exchange": 1.0},
    "exchange: patronage": {"structure.exchange": 2.0},
    "threat: spiral": {"structure.threat": 1.0},
    "threat: deterrence": {"structure.threat": 2.0},
}
"""Rival structures of the model by name, as changes of parameters; the reference is transaction, both."""


@dataclass(frozen=True)
class Change:
    """A paired difference over worlds; the sign of the pattern is plus."""

    mean: float
    error: float
    """Standard error of the mean."""
    size: float
    """In standard deviations of the outcome."""

    @property
    def real(self) -> bool:
        """It has the stated direction and exceeds three standard errors."""
        return self.mean > SIGMAS * self.error and self.mean > 0.0

    @property
    def moved(self) -> bool:
        """It is beyond three standard errors and the smallest size, whatever its direction."""
        return abs(self.mean) > SIGMAS * self.error and abs(self.size) >= SMALLEST

    @property
    def survives(self) -> bool:
        """It is real and not below the smallest size."""
        return self.real and self.size >= SMALLEST


@dataclass(frozen=True)
class Found:
    """What one seed shows of a pattern."""

    effect: Change
    percent: float
    """Of the mean without the lever; not a number where that is not told from nothing, or the pattern is a level."""
    control: Change
    surplus: Change
    """Effect less control, world by world."""

    def vanishes(self, expected: Gone) -> bool:
        """The control is as expected: within three standard errors of zero and under half the effect, or smaller."""
        if expected == "gone":
            near = abs(self.control.mean) <= SIGMAS * self.control.error + 1e-9
            return near and abs(self.control.mean) < 0.5 * self.effect.mean
        return self.surplus.real


@dataclass(frozen=True)
class Response:
    """The outcome along the doses: means, and steps between neighbours beyond three standard errors."""

    means: tuple[float, ...]
    rising: int
    """Steps in the stated direction."""
    against: int
    """Steps against it."""

    @property
    def words(self) -> str:
        """In short."""
        if len(self.means) < 2:
            return "-"
        shape = "turning" if self.against else "rising" if self.rising else "no step told"
        return f"{shape}, {self.rising}+ {self.against}\N{MINUS SIGN} of {len(self.means) - 1}"


@dataclass(frozen=True)
class Evidence:
    """One row of the table of claims."""

    claim: str
    pattern: str
    unit: str
    lever: str
    off: str
    """How the mechanism was switched off."""
    expected: Gone
    """What is expected of the control."""
    seeds: tuple[Found, ...]
    """One for each of `SEEDS`; a quick look has the first alone."""
    response: Response
    placebo: Change
    variants: Mapping[str, Change]

    @property
    def failed(self) -> list[str]:
        """What keeps it from being real."""
        named = list(zip(SEEDS, self.seeds, strict=False))
        effect = [f"effect, seed {seed}" for seed, found in named if not found.effect.real]
        control = [f"control, seed {seed}" for seed, found in named if not found.vanishes(self.expected)]
        return effect + control + ["placebo"] * self.placebo.moved

    @property
    def weakened(self) -> list[str]:
        """What makes it weak though it is real."""
        sizes = zip(SEEDS, self.seeds, strict=False)
        small = [f"below {SMALLEST:g} s.d., seed {seed}" for seed, found in sizes if found.effect.size < SMALLEST]
        return small + ["doses turn"] * (self.response.against > 0)

    @property
    def verdict(self) -> Verdict:
        """By the rules above."""
        return "not shown" if self.failed else "weak" if self.weakened else "shown"

    @property
    def survived(self) -> int:
        """Number of rival structures in which it survives."""
        return sum(change.survives for change in self.variants.values())


def change(values: Array, deviation: float) -> Change:
    """Mean over worlds, its standard error, and its size by the standard deviation of the outcome."""
    mean, error = float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values)))
    if deviation > 0.0:
        return Change(mean, error, mean / deviation)
    return Change(mean, error, float(np.copysign(np.inf, mean)) if mean else 0.0)


def pooled(*outcomes: Array) -> float:
    """Standard deviation over worlds of an outcome, pooled over arms."""
    return float(np.sqrt(np.mean([values.var(ddof=1) for values in outcomes])))
