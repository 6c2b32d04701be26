"""What pairing worlds is worth when scenarios are compared: `python benchmarks/pairing.py [WORLDS [SEEDS]]`.

How many times more worlds would give the same standard error of the mean difference of two scenarios,

same data      by the formula that `sim compare` prints, (var A + var B) / var(B - A) over the worlds of one run;
other seeds    by really running B with another seed: variance of the difference of world k of A and world k of B;
of the mean    by the spread, over many seeds, of the difference of the means, other seeds against the same seed
               (worlds of one run are points of a Sobol sequence, which helps both sides, so this may differ);
one stream     with the same seed and the same parameters, but with one stream of chance for each world from which
               draws are taken one after the other as the program comes to need them, as ordinary code does:
               a partner is asked only once the other has said yes, the number of missiles is drawn only in a month
               with tests. A decision that goes differently then shifts every later draw of its world.

Prints a Markdown table.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np

import sim
from sim.analysis.measures import HEADLINE, measured
from sim.analysis.paired import times_fewer
from sim.elementary import BODIES
from sim.experiment import run as engine
from sim.experiment.run import run
from sim.model import decisions
from sim.scenario import Scenario
from sim.scenario.options import GROUPS, ROWS

Array = np.ndarray
Runs = dict[str, Array]
PAIRS = (("article", "sea_route"), ("article", "max_pressure"), ("article", "ceasefire"))
SHOWN = ("shells_delivered", "oil", "practical", "symbolic", "technology", "threat_KOR", "tests", "fire_ratio")
LENGTH = 20_000
"""Draws that a world has in store; a run of 36 months needs about a third."""


class OneStream(Mapping[str, "Asked"]):
    """Draws of each world from one generator in the order in which they are asked for."""

    def __init__(self, seed: int, first: int, worlds: int) -> None:
        generators = (np.random.default_rng((seed, world)) for world in range(first, first + worlds))
        self.store = np.array([np.clip(one.random(LENGTH), 1e-12, 1.0 - 1e-12) for one in generators])
        self.next = np.zeros(worlds, dtype=int)
        self.testing = np.ones(worlds, dtype=bool)
        "Worlds with tests this month: only they draw how many."

    def take(self, who: Array) -> Array:
        """Return one number (worlds) for each world of `who`; the others get a 1, which says no, and stay."""
        drawn = self.store[np.arange(len(self.next)), self.next]
        self.next += who
        return np.where(who, drawn, 1.0)

    def __getitem__(self, cause: str) -> Asked:
        return Asked(self, cause)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Asked:
    """The draws of one cause: taken from the stream at the moment when they are looked at."""

    def __init__(self, stream: OneStream, cause: str, function: Callable[..., Array] | None = None) -> None:
        self.stream, self.cause, self.function = stream, cause, function

    def __elementary__(self, name: str, *_: object) -> Asked:
        """Apply an elementary function, such as the normal quantile, once the numbers are looked at."""
        return Asked(self.stream, self.cause, BODIES[name])

    def __getitem__(self, _: object) -> Array | Asked:
        if self.cause == "acts":
            return self
        who = self.stream.testing if self.cause == "tests" else np.ones_like(self.stream.testing)
        numbers = np.minimum(self.stream.take(who), 1.0 - 1e-12)
        return self.function(numbers) if self.function else numbers


def choose_in_turn(
    terms: Array, is_open: Array, precision: Array, draws: Asked, scheduled: Array
) -> tuple[Array, Array, Array]:
    """Choose as `decisions.choose`, but ask each partner only where all before it have said yes."""
    stream, choose = draws.stream, ORIGINAL
    probability = choose(terms, is_open, precision, np.ones_like(terms[:, 0]), scheduled)[0]
    numbers = np.ones_like(probability)
    for rows in GROUPS:
        asked = np.ones(probability.shape[1], dtype=bool)
        for row in rows:
            who = asked & (probability[row] > 0.0) & ~scheduled[row]
            numbers[row] = stream.take(who)
            asked = asked & ((numbers[row] < probability[row]) | scheduled[row])
    found = choose(terms, is_open, precision, numbers, scheduled)
    stream.testing = found[2][TESTS]
    return found


ORIGINAL = decisions.choose
TESTS = ROWS["missile_test"].start


@contextmanager
def one_stream() -> Iterator[None]:
    """Run worlds with one stream each instead of named ones."""
    with (
        patch.object(engine, "draw_all", lambda seed, months, first, worlds, **_: OneStream(seed, first, worlds)),
        patch.object(decisions, "choose", choose_in_turn),
        patch.dict(os.environ, SIM_COMPILED="0"),  # machine code would not see that a function has been changed
    ):
        yield


def outcomes(scenario: Scenario) -> Runs:
    """Return the headline outcomes of every world."""
    return measured(run(scenario), HEADLINE)


def over_seeds(name: str, worlds: int, seeds: int) -> list[Runs]:
    """Return the outcomes of one scenario under many seeds."""
    scenario = sim.load(name, worlds=worlds)
    return [outcomes(replace(scenario, seed=1000 + k)) for k in range(seeds)]


def table(a: list[Runs], b: list[Runs], one_a: list[Runs], one_b: list[Runs]) -> Iterator[tuple[str, list[float]]]:
    """Yield for each outcome the four ratios, as above."""
    shifted = b[1:] + b[:1]
    for name in SHOWN:
        same = np.mean([(y[name] - x[name]).var(ddof=1) for x, y in zip(a, b, strict=True)])
        other = np.mean([(y[name] - x[name]).var(ddof=1) for x, y in zip(a, shifted, strict=True)])
        stream = np.mean([(y[name] - x[name]).var(ddof=1) for x, y in zip(one_a, one_b, strict=True)])
        means = [
            np.var([y[name].mean() - x[name].mean() for x, y in zip(a, to, strict=True)], ddof=1) for to in (b, shifted)
        ]
        formula = np.median([times_fewer(x[name], y[name], y[name] - x[name]) for x, y in zip(a, b, strict=True)])
        yield name, [float(formula), other / same, means[1] / means[0], stream / same]


def main() -> None:
    """Measure and print."""
    worlds, seeds = (int(text) for text in (sys.argv[1:] + ["64", "24"][len(sys.argv) - 1 :]))
    names = list(dict.fromkeys(name for pair in PAIRS for name in pair))
    named = {name: over_seeds(name, worlds, seeds) for name in names}
    with one_stream():
        one = {name: over_seeds(name, worlds, seeds) for name in names}
    print(f"{worlds} worlds, 36 months, {seeds} seeds: how many times fewer worlds the pairing needs\n")
    print("| scenarios | outcome | same data | other seeds | of the mean | one stream |\n|---|---|---|---|---|---|")
    for a, b in PAIRS:
        for name, ratios in table(named[a], named[b], one[a], one[b]):
            print(f"| {b} less {a} | {name} | {' | '.join(f'{ratio:.1f}' for ratio in ratios)} |")


if __name__ == "__main__":
    main()
