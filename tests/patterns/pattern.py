"""A pattern, as a claim states it, and how it is looked at: arms, doses, seeds, control, placebo, rival structures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from xarray import Dataset

from sim.scenario.scenario import Event

from .ensemble import DRAWN, NOTHING, SHORT, Array, Changes, ensemble
from .lever import Lever, Prescribed, beyond
from .rules import DOSES, PLACEBO, SEEDS, SIGMAS, VARIANTS, Change, Evidence, Found, Gone, Response, change, pooled

Run = Callable[..., Dataset]
"""`run(dose, changes)`: the worlds of an arm of the pattern at a dose, with what is changed on top."""
Shape = Literal["monotone", "to the peak", "from the peak"]
EVEN, ODD = slice(0, None, 2), slice(1, None, 2)


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What an ensemble must show of a claim. The sign of the pattern is plus."""

    pattern: str
    unit: str
    lever: Lever | Prescribed
    outcome: Callable[[Dataset], Array] | None = None
    """What is read from the worlds of one arm, one number for each world."""
    measure: Callable[[Run, float], Array] | None = None
    """The same for outcomes that need more than one arm: a function of `run` and the dose."""
    spread: Callable[[Run, float], Array] | None = None
    """The outcome whose standard deviation sizes a measure that is no outcome itself."""
    sign: float = 1.0
    """-1 where the outcome must fall."""
    off: str
    """How the mechanism is switched off, in words."""
    control: Changes = field(default_factory=dict)
    """What switches it off."""
    instead: Lever | None = None
    """The lever of the control where it is another one."""
    expected: Gone = "smaller"
    level: bool = False
    """The pattern is the outcome at full dose and the control that at no dose: the lever is the mechanism."""
    shape: Shape = "monotone"
    base: Changes = field(default_factory=dict)
    """Conditions of all arms."""
    events: tuple[Event, ...] = ()
    months: int = SHORT
    fixes: str = ""
    """Rival structures of this name are not tried, since the pattern sets the theory itself."""

    def values(self, seed: int, over: Changes = NOTHING, under: Changes = NOTHING, lever: Lever | None = None) -> Look:
        """The outcome by dose for one seed. `over` goes before what the pattern sets, `under` behind it."""
        moved = lever or self.lever

        def run(dose: float, changes: Changes = NOTHING) -> Dataset:
            set_by_lever, events = moved.at(dose)
            moved_to = {k: v for k, v in set_by_lever.items() if not (v is DRAWN and k in under)}
            merged = {**under, **self.base, **over, **moved_to, **changes}
            return ensemble(merged, months=self.months, events=(*self.events, *events), seed=seed)

        return Look(self, run)

    def found(self, seed: int, under: Changes = NOTHING) -> Found:
        """Effect and control for one seed, all with what is changed `under` the pattern."""
        here = self.values(seed, under=under)
        if self.level:
            effect, control = here.at(1.0), here.at(0.0)
            return _found(effect, control, here.deviation(1.0), None)
        gone = self.values(seed, over=self.control, under=under, lever=self.instead)
        (start, end), arms = here.ends(), gone.ends()
        some = np.isfinite([start, end, *arms]).all(axis=0)
        return _found((end - start)[some], (arms[1] - arms[0])[some], here.deviation(0.0, 1.0), start[some])

    def evidence(self, claim: str, *, quick: bool = False) -> Evidence:
        """The row of the table; a quick look is that of the first seed alone, without doses, placebo and rivals."""
        rivals = (
            {}
            if quick
            else {name: c for name, c in VARIANTS.items() if not (self.fixes and name.startswith(self.fixes))}
        )
        return Evidence(
            claim,
            self.pattern,
            self.unit,
            f"{self.lever}{self._beyond()}",
            self.off,
            self.expected,
            tuple(self.found(seed) for seed in (SEEDS[:1] if quick else SEEDS)),
            Response((), 0, 0) if quick else self.response(),
            Change(0.0, 0.0, 0.0) if quick else self.placebo(),
            {name: self.found(SEEDS[0], changes).effect for name, changes in rivals.items()},
        )

    def response(self) -> Response:
        """The outcome along the doses, and the steps that are beyond three standard errors."""
        curve = self.values(SEEDS[0]).curve()
        if self.shape != "monotone":
            peak = _peak(curve)
            rise, fall = curve[: peak + 1], curve[: peak - 1 if peak else None : -1]
            curve = (rise if self.shape == "to the peak" else fall)[:, ODD]
        steps = [change(step[np.isfinite(step)], 1.0) for step in np.diff(curve, axis=0)]
        against = sum(-step.mean > SIGMAS * step.error and step.mean < 0.0 for step in steps)
        return Response(tuple(map(float, np.nanmean(curve, axis=1))), sum(step.real for step in steps), against)

    def placebo(self) -> Change:
        """What the placebo moves, mean of both ends of the lever."""
        plain, shocked = self.values(SEEDS[0]), self.values(SEEDS[0], under=dict([PLACEBO]))
        moved = np.mean([shocked.at(dose) - plain.at(dose) for dose in (0.0, 1.0)], axis=0)
        return change(moved[np.isfinite(moved)], plain.deviation(0.0, 1.0))

    def _beyond(self) -> str:
        """A sign for conditions outside the ranges of the table."""
        levered = [value for end in (0.0, 1.0) for value in [self.lever.at(end)[0]]]
        return " †" if any(map(beyond, (self.base, *levered))) else ""


@dataclass(frozen=True)
class Look:
    """A pattern under one seed and set of conditions."""

    pattern: Pattern
    run: Run

    def at(self, dose: float) -> Array:
        """The outcome at a dose, with the sign of the pattern."""
        if self.pattern.measure is not None:
            return self.pattern.sign * self.pattern.measure(self.run, dose)
        assert self.pattern.outcome is not None
        return self.pattern.sign * self.pattern.outcome(self.run(dose))

    def curve(self) -> Array:
        """(dose, world)."""
        return np.stack([self.at(float(dose)) for dose in np.linspace(0.0, 1.0, DOSES)])

    def ends(self) -> tuple[Array, Array]:
        """The outcome at both ends; of a peak, in worlds that had no part in finding it, at the peak and beside it."""
        if self.pattern.shape == "monotone":
            return self.at(0.0), self.at(1.0)
        curve = self.curve()
        return curve[0 if self.pattern.shape == "to the peak" else -1, ODD], curve[_peak(curve), ODD]

    def deviation(self, *doses: float) -> float:
        """Standard deviation of the outcome over worlds, pooled over the arms at these doses."""
        if self.pattern.spread is not None:
            return pooled(*(self.pattern.spread(self.run, dose) for dose in doses))
        arms = self.ends() if self.pattern.shape != "monotone" else [self.at(dose) for dose in doses]
        return pooled(*(values[np.isfinite(values)] for values in arms))


def _peak(curve: Array) -> int:
    """The dose at which half of the worlds have their mean maximum; the other half is left for measuring."""
    return int(curve[:, EVEN].mean(axis=1).argmax())


def _found(effect: Array, control: Array, deviation: float, start: Array | None) -> Found:
    percent = float("nan")
    if start is not None:
        before = change(start, 1.0)
        told = abs(before.mean) > SIGMAS * before.error
        percent = 100.0 * float(effect.mean()) / abs(before.mean) if told else percent
    return Found(change(effect, deviation), percent, *(change(v, deviation) for v in (control, effect - control)))
