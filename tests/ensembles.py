"""Small ensembles through the store, for tests of blocks and stores."""

from dataclasses import replace
from pathlib import Path

import sim
from sim.analysis.levels import SUMMARY
from sim.experiment.ensemble import Ensemble, run_ensemble
from sim.experiment.store import open_store
from sim.experiment.workers import Workers, in_this_process
from sim.results.keep import Keep
from sim.scenario import Scenario

SMALL = Keep("everything in small blocks", None, worlds=8)
BRIEF = replace(SUMMARY, name="summary in small blocks", worlds=8)


def article(worlds: int = 20, months: int = 2) -> Scenario:
    return sim.load("article", worlds=worlds, months=months)


def nobody() -> None:
    """No interrupt."""


def ensemble(root: Path, scenario: Scenario, keep: Keep, by: Workers | None = None) -> Ensemble:
    """Run an ensemble with a store in `root`."""
    store = open_store(root, scenario, keep)
    if by is not None:
        return run_ensemble(scenario, keep, store, by, lambda done, total: None, nobody)
    with in_this_process() as here:
        return run_ensemble(scenario, keep, store, here, lambda done, total: None, nobody)


def names(one: Ensemble) -> list[str]:
    """Names of the blocks: they hold the digest of the bytes."""
    return [path.name for path in one.paths]
