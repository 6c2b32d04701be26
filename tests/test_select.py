"""Selection among rival theories: it finds the theory of worlds that part, none of worlds that do not, and says so."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from command_line import Command, Refused, files, well

from sim.analysis.record.counted import MONTHS, counted
from sim.analysis.record.file import observations, read_observed
from sim.analysis.theories import CHOICES
from sim.scenario import load
from sim.studies.select.analysis import FIT, Selection, discriminants, select
from sim.studies.select.patterns import ALL, ENDS, GOODS, patterns_of
from sim.studies.select.tables import verdict

pytestmark = pytest.mark.usefixtures("short_rest")

Array = np.ndarray
NAMES = ("transaction", "alliance", "patronage")
WORLDS, PATTERNS, SEED = 1200, 12, 2023
JUNE = np.datetime64("2024-06-30")


@cache
def worlds(apart: float) -> tuple[Array, dict[str, Array]]:
    """Made-up patterns, (pattern, world): each theory is `apart` standard deviations up in a pattern of its own."""
    rng = np.random.default_rng(7)
    truth = np.arange(WORLDS) % len(NAMES)
    patterns = rng.normal(size=(PATTERNS, WORLDS))
    patterns[truth, np.arange(WORLDS)] += apart
    patterns = 5.0 + 100.0 * patterns  # units must not matter
    return patterns, {name: truth == k for k, name in enumerate(NAMES)}


def selected(apart: float, record: Array) -> Selection:
    patterns, groups = worlds(apart)
    return select(patterns, 5.0 + 100.0 * record, groups, SEED)


def typical(theory: int, apart: float) -> Array:
    """The middle of the worlds of a theory."""
    record = np.zeros(PATTERNS)
    record[theory] = apart
    return record


def test_a_last_day_after_the_record_is_told() -> None:
    record = read_observed()
    assert record.beyond(np.datetime64("2099-01-01"), ENDS) == [f"--until 2099-01-01: the record ends on {ENDS}"]
    assert not record.beyond(JUNE, ENDS)
    assert record.beyond(JUNE) == [f"--until {JUNE}: the record ends on {max(row.date for row in record.rows)}"]


@pytest.mark.parametrize("theory", range(3))
def test_a_record_of_one_theory_selects_it(theory: int) -> None:
    found = selected(3.0, typical(theory, 3.0))
    assert found.chosen == NAMES[theory] == NAMES[int(found.odds.argmax())]
    assert verdict(found) == f"the record speaks for {NAMES[theory]}"
    assert found.odds.sum() == pytest.approx(1.0)
    assert np.diag(found.confusion).min() > 0.7
    assert found.confusion.sum(axis=1) == pytest.approx(1.0)


def test_a_record_between_two_theories_speaks_against_the_third() -> None:
    found = selected(3.0, (typical(0, 3.0) + typical(1, 3.0)) / 2.0)
    assert found.chosen is None
    assert found.against == ("patronage",)


@pytest.mark.parametrize("theory", range(3))
def test_theories_that_make_the_same_patterns_are_not_told_apart(theory: int) -> None:
    found = selected(0.0, typical(theory, 3.0))
    assert not found.can_tell
    assert (found.chosen, found.against) == (None, ())
    assert found.confusion == pytest.approx(np.full((3, 3), 1.0 / 3.0), abs=0.05)


def test_permuted_patterns_select_nothing() -> None:
    """The control: the same numbers, each pattern shuffled among the worlds."""
    found = selected(3.0, typical(0, 3.0))
    assert found.hits > 0.9
    assert abs(found.shuffled - 1.0 / 3.0) < 0.08


def test_two_theories_that_are_alike_are_not_told_apart_by_a_third_that_is_not() -> None:
    """Only the third parts from the others, so that nothing may be said between the first two."""
    patterns, groups = worlds(0.0)
    patterns = patterns.copy()
    patterns[2, groups["patronage"]] += 400.0
    found = select(patterns, np.full(PATTERNS, 5.0), groups, SEED)
    lucky = replace(found, odds=np.array([0.9, 0.1, 0.0]), errors=np.full(3, 0.01))
    assert found.can_tell
    assert found.pairs[0, 2] > 0.9 > 0.6 > found.pairs[0, 1]
    assert lucky.against == ("patronage",)


def test_a_record_like_no_world_selects_nothing() -> None:
    found = selected(3.0, typical(0, 3.0) + 20.0)
    assert found.fit < FIT
    assert (found.chosen, found.against) == (None, ())
    assert verdict(found) == "no theory fits the record"


def test_a_theory_of_few_worlds_has_the_same_odds_before() -> None:
    patterns, groups = worlds(0.0)
    rare = groups["transaction"] & (np.arange(WORLDS) % 2 == 0)
    kept = rare | ~groups["transaction"]
    found = select(patterns[:, kept], np.full(PATTERNS, 5.0), {name: mine[kept] for name, mine in groups.items()}, 1)
    assert found.confusion.mean(axis=0) == pytest.approx(np.full(3, 1.0 / 3.0), abs=0.06)


def test_a_pattern_that_never_varies_says_nothing() -> None:
    patterns, groups = worlds(3.0)
    more = np.vstack([patterns, np.full(WORLDS, 4.0)])
    record = 5.0 + 100.0 * typical(0, 3.0)
    with_it, without = select(more, np.append(record, 9.0), groups, 1), select(patterns, record, groups, 1)
    assert with_it.odds == pytest.approx(without.odds)
    assert (with_it.leads[-1] == 0.0).all()


def test_discriminants_point_where_theories_part() -> None:
    patterns, groups = worlds(3.0)
    cloud = ((patterns - patterns.mean(axis=1, keepdims=True)) / patterns.std(axis=1, keepdims=True)).T
    axes = discriminants(cloud, np.argmax(np.stack(list(groups.values())), axis=0), 3)
    assert axes.shape == (PATTERNS, 2)
    assert np.abs(axes[:3]).max() > 10.0 * np.abs(axes[3:]).max()


def test_counts_of_acts_are_patterns_where_the_run_covers_their_months() -> None:
    seen, spec = patterns_of(observations(), load("theories"), JUNE)
    assert seen.acts
    assert set(seen.sets()) == {ALL, GOODS}
    assert len(seen.names) == len(seen.record) == len(seen.claims) + len(counted())
    assert spec.months >= MONTHS
    early, _ = patterns_of(observations(), load("theories"), np.datetime64("2023-12-31"))
    assert not early.acts
    assert set(early.sets()) == {GOODS}
    assert len(early.claims) < len(seen.claims)


def test_the_command_writes_what_it_finds(command: Command, tmp_path: Path) -> None:
    said = well(command("select", "theories", "--worlds", "400", "--out", "found"))
    written = files(tmp_path / "found")
    assert {"odds.csv", "confusion.csv", "patterns.csv", "selection.nc", "figures/confusion.png"} <= written.keys()
    assert all(key in said.out and key in written["summary.md"].decode() for key in CHOICES)


def test_mistakes_are_listed_at_once(refused: Refused) -> None:
    said = refused("select", "article", "--worlds", "3", "--until", "soon")
    assert all(part in said for part in ("--until", "--worlds", "all worlds follow the same theories"))
    assert "can be compared" in refused("select", "theories", "--until", "2023-09-02")
