"""The difference of two scenarios, split among all in which they differ, from Python: `sim.attribute`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from sim.commands.terminal import in_code
from sim.plain import listed
from sim.scenario import Scenario

if TYPE_CHECKING:
    import xarray as xr


def attribute(
    reference: Scenario | str,
    scenario: Scenario | str,
    *,
    outcomes: str | Sequence[str] = (),
    groups: str | Sequence[str] = (),
    worlds: int = 64,
) -> xr.Dataset:
    """Split the difference of two scenarios among all in which they differ, as `sim compare --attribute` does.

    Parameters
    ----------
    reference, scenario
        Scenarios, or names such as `article+routes.khasan.capacity=15`. They share seed, start and months.
    outcomes
        Names of outcomes beside the usual ones.
    groups
        Changes that count as one, each group a text such as `routes,war`: these changes, or all below. Without it each
        counts alone, and of more than eight those of one kind together.
    worlds
        Number of worlds in both; every combination of the changes is run, 2 to the power of their number.

    Returns
    -------
    xarray.Dataset
        Shapley values of every change and outcome with standard errors, and what changes do alone and in pairs.

    Raises
    ------
    ValueError
        With every problem, such as that the two differ in nothing.
    """
    from sim.analysis.concerned import concerned_by
    from sim.analysis.levels import compared_by
    from sim.commands.loading import load_pairable
    from sim.commands.naming import compared_outcomes
    from sim.experiment.block import Task, compute
    from sim.studies.compare.analysis import comparison
    from sim.studies.compare.command import parts_among
    from sim.studies.compare.options import faults, groups_of

    named = [groups] if isinstance(groups, str) and groups else list(groups)
    with in_code():
        also = partial(faults, named=named, wanted=True, operands=2)
        loaded = load_pairable((reference, scenario), {"worlds": worlds}, None, listed(outcomes), also=also)
        asked = tuple(compared_outcomes(listed(outcomes), loaded[0], []))
        parts = groups_of(loaded, named)
    concerned = concerned_by(loaded)
    keep = compared_by((*asked, *concerned))
    runs = [compute(Task(one, 0, one.worlds, keep)) for one in loaded]
    title = f"{loaded[0].name} compared with {loaded[1].name}"
    return parts_among(loaded, parts, keep, runs, comparison(loaded, runs, title, asked, concerned))
