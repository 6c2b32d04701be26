"""Chance by name: world k is the same world alone or among many, and scenarios differ by their difference only.

"Equal" means to the last bit, for every variable that is recorded.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
import xarray as xr
from scipy.stats import kstest
from small_worlds import SEA, act_in, from_month, scenario

from sim.experiment import run as running
from sim.experiment.chance import SHOCKS, STREAM, draw_all, uniforms
from sim.experiment.design import sample
from sim.experiment.run import run
from sim.model.block import Block
from sim.model.record import Keep
from sim.results.variables import VARIABLES
from sim.scenario.names import COUNTRIES, GOODS
from sim.scenario.options import OPTIONS, PARTNERSHIPS
from sim.scenario.parameters import PARAMETERS
from sim.scenario.scenario import Scenario
from sim.scenario.values import Parameters

Array = np.ndarray
SPEC = scenario(SEA, months=12, worlds=200, events=(from_month(8, "war.intensity", 0.5),))


@pytest.fixture(scope="module")
def many() -> xr.Dataset:
    """200 worlds of a year, ships from Rajin, half a war from the ninth month on."""
    return run(SPEC)


def differing(a: xr.Dataset, b: xr.Dataset, *, months: slice = slice(None), worlds: slice = slice(None)) -> set[str]:
    """Names of variables that differ in `months`, comparing all of `a` with these `worlds` of `b`."""
    assert set(a.data_vars) == set(b.data_vars) == set(VARIABLES)
    found = set()
    for name in VARIABLES.keys() - {"score_unopened"}:  # of the end of the run alone
        mine, theirs = a[name], b[name]
        if "world" in theirs.dims:
            theirs = theirs.isel(world=worlds)
        if "month" in theirs.dims:
            mine, theirs = mine.isel(month=months), theirs.isel(month=months)
        if not np.array_equal(mine.values, theirs.values, equal_nan=mine.dtype.kind == "f"):
            found.add(name)
    return found


# ---- A world does not know how many others there are ----------------------------------------------------------


@pytest.mark.parametrize("k", [0, 17, 63, 64, 199])
def test_a_world_alone_is_the_same_as_among_200(many: xr.Dataset, k: int) -> None:
    alone = run(replace(SPEC, worlds=1), first=k)
    assert alone["world"].values.tolist() == [k]
    assert not differing(alone, many, worlds=slice(k, k + 1))


def test_worlds_differ_from_each_other(many: xr.Dataset) -> None:
    """The control: its neighbour is another world."""
    alone = run(replace(SPEC, worlds=1), first=17)
    assert {"stock", "probability", "war_intensity", "parameters"} <= differing(alone, many, worlds=slice(18, 19))


@pytest.mark.parametrize("size", [64, 100, 512])
def test_the_size_of_blocks_changes_nothing(many: xr.Dataset, size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", size)
    assert not differing(run(SPEC), many)


def test_the_first_256_worlds_are_compared_with_their_twins() -> None:
    ds = run(replace(SPEC, worlds=264, months=1), variables={"score_unopened"})
    assert np.isnan(ds["score_unopened"]).all(("country", "goal")).values.tolist() == [False] * 256 + [True] * 8


def test_worlds_at_the_edge_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Worlds 505 to 520, across the edges of blocks and of groups of eight, in one go and one by one."""
    spec = replace(SPEC, months=4)
    monkeypatch.setattr(running, "BATCH", 512)
    together = run(replace(spec, worlds=16), first=505)
    monkeypatch.setattr(running, "BATCH", 64)
    assert not differing(run(replace(spec, worlds=16), first=505), together)
    for k in (505, 511, 512, 520):
        alone = run(replace(spec, worlds=1), first=k)
        assert not differing(alone, together, worlds=slice(k - 505, k - 504)), k


def test_a_longer_run_begins_like_a_shorter_one(many: xr.Dataset) -> None:
    """12 months are the first 12 of 36."""
    long = run(replace(SPEC, worlds=16, months=36))
    short = run(replace(SPEC, worlds=16))
    assert not differing(short, many, worlds=slice(0, 16))
    assert not differing(short, long.isel(month=slice(0, 12)))


# ---- Two scenarios differ by their difference only ------------------------------------------------------------


class Watched(Block):
    """A block that remembers what it was given, and whether anything touched it."""

    seen: ClassVar[list[tuple[Mapping[str, Array], Mapping[str, Array]]]] = []
    """(draws as they are now, draws as they were given) of every world since the list was cleared."""

    def __init__(self, scenario: Scenario, parameters: Parameters, draws: Mapping[str, Array], keep: Keep) -> None:
        Watched.seen.append((draws, {cause: u.copy() for cause, u in draws.items()}))
        super().__init__(scenario, parameters, draws, keep)


def test_one_more_event_changes_nothing_before_it() -> None:
    """War, route, sanctions, acts: from month 7 on the worlds may part; before it every number is the same."""
    spec = scenario(SEA, months=12, worlds=16)
    base = run(spec)
    for event in (
        from_month(7, "war.intensity", 0.0),
        from_month(7, "routes.khasan.open", 0.0),
        from_month(7, "sanctions.pressure", 0.9),
        act_in(7, "summit", "RUS", "PRK"),
        act_in(7, "veto", "RUS"),
        act_in(7, "trilateral_exercise", "USA", "KOR", "JPN"),
    ):
        changed = run(replace(spec, events=(event,)))
        assert not differing(base, changed, months=slice(0, 7)), event
        assert differing(base, changed, months=slice(7, 12)), event


def test_one_more_event_moves_no_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    """The draws of every cause, month and world are the same with and without it, before it and after it, and nothing
    that happens in a run writes to them.
    """
    monkeypatch.setattr(running, "Block", Watched)
    spec = scenario(SEA, months=12, worlds=16)
    Watched.seen.clear()
    for events in ((), (from_month(7, "war.intensity", 0.0), act_in(7, "summit", "RUS", "PRK"))):
        run(replace(spec, events=events))
    (after, before), (after_changed, before_changed) = Watched.seen
    assert set(before) == {*SHOCKS, "acts", "projects"}
    for cause in before:
        for other in (after, after_changed, before_changed):
            np.testing.assert_array_equal(before[cause], other[cause], err_msg=cause)


def test_an_event_leaves_alone_what_it_has_nothing_to_do_with() -> None:
    """A summit moves neither the war, nor the weather of the harvest, nor what others are asked; a change of how trade
    is counted in the practical index moves this index and nothing else.
    """
    spec = scenario(SEA, months=12, worlds=16)
    base = run(spec)
    summit = run(replace(spec, events=(act_in(7, "summit", "RUS", "PRK"),)))
    assert differing(base, summit) >= {"outcome", "symbolic", "trust"}
    assert not differing(base, summit) & {"war_intensity", "parameters"}
    food = [ds["production"].sel(country="PRK", good="food").values for ds in (base, summit)]
    np.testing.assert_array_equal(*food)
    counted = run(replace(spec, events=(from_month(7, "indices.value_half", 50.0),)))
    assert differing(base, counted) == {"practical"}


def test_a_pair_of_runs_shares_its_shocks() -> None:
    """Under another parameter the war is as noisy, world by world: what differs is the change."""
    spec = scenario(SEA, months=12, worlds=16)
    base, changed = run(spec), run(scenario({**SEA, "routes.khasan.capacity": 10.0}, months=12, worlds=16))
    np.testing.assert_array_equal(base["war_intensity"], changed["war_intensity"])
    assert not np.array_equal(base["route_load"], changed["route_load"])


# ---- Draws ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("chance", [None, np.array([5, 5, 300])], ids=["own", "of others"])
def test_worlds_drawn_once_more_get_the_same_arrays_which_nobody_can_change(chance: Array | None) -> None:
    one, again = (draw_all(2023, 1, 0, 3, chance=chance)["acts"] for _ in range(2))
    assert one is again
    with pytest.raises(ValueError, match="read-only"):
        one[...] = 0.0


def test_draws_are_uniform_and_distinct() -> None:
    """By cause, month and world. Kolmogorov-Smirnov on the fixed seed 2023: none of the causes below one in a thousand
    after a correction for their number.
    """
    months, worlds = 24, 520
    draws = draw_all(2023, months, 0, worlds)
    by_cause = {cause: draws[cause][:, 0] for cause in SHOCKS}
    by_cause |= {option.label: draws["acts"][:, row] for row, option in enumerate(OPTIONS)}
    by_cause |= {f"project {row}": draws["projects"][:, row] for row in range(PARTNERSHIPS)}
    assert len(by_cause) == len(SHOCKS) + len(OPTIONS) + PARTNERSHIPS, "no two causes have one name"
    worst = min(kstest(u.ravel(), "uniform").pvalue for u in by_cause.values())
    assert worst > 0.001 / len(by_cause)
    everything = np.stack(list(by_cause.values()))
    assert everything.min() > 0.0
    assert everything.max() < 1.0
    assert len(np.unique(everything)) == everything.size, "no number is drawn twice"


def test_draws_of_different_causes_months_and_worlds_are_unrelated() -> None:
    """Correlations of neighbours within four standard errors."""
    u = draw_all(2023, 48, 0, 512)["acts"]
    for a, b in ((u[1:], u[:-1]), (u[:, 1:], u[:, :-1]), (u[..., 1:], u[..., :-1])):
        r = np.corrcoef(a.ravel(), b.ravel())[0, 1]
        assert abs(r) < 4.0 / np.sqrt(a.size)


def test_a_draw_depends_on_nothing_but_its_name() -> None:
    """Any window of worlds and months shows the same numbers; another seed or cause shows others."""
    whole = uniforms(7, "war", 10, 0, 3 * STREAM)
    for first, worlds in ((0, 1), (17, 1), (STREAM - 1, 2), (STREAM, STREAM), (STREAM - 3, STREAM + 9)):
        np.testing.assert_array_equal(uniforms(7, "war", 10, first, worlds), whole[:, first : first + worlds])
    np.testing.assert_array_equal(uniforms(7, "war", 4, 0, STREAM), whole[:4, :STREAM])
    for other in (uniforms(8, "war", 10, 0, 8), uniforms(7, "harvest", 10, 0, 8)):
        assert not np.isin(other, whole).any()


# ---- Design ---------------------------------------------------------------------------------------------------


def test_the_first_points_of_the_design_stay_when_more_are_added() -> None:
    spec = scenario()
    few, lots, window = sample(spec, 0, 8), sample(spec, 0, 200), sample(spec, 40, 8)
    for key in PARAMETERS:
        np.testing.assert_array_equal(few[key], lots[key][:8])
        np.testing.assert_array_equal(window[key], lots[key][40:48])


def test_fixing_one_parameter_moves_no_other() -> None:
    free, fixed = sample(scenario(), 0, 64), sample(scenario({"PRK.ammunition.stock": 6000.0}), 0, 64)
    moved = {key for key in PARAMETERS if not np.array_equal(free[key], fixed[key])}
    assert moved == {"PRK.ammunition.stock"}
    assert (fixed["PRK.ammunition.stock"] == 6000.0).all()


def test_the_design_fills_every_range() -> None:
    """256 points: values within the range of the table, in all its quarters."""
    values = sample(scenario(), 0, 256)
    ranges = {key: row for key, row in PARAMETERS.items() if row.low is not None}
    assert len(ranges) > 100
    for key, row in ranges.items():
        assert row.low <= values[key].min() < values[key].max() <= row.high, key
    for key in PARAMETERS.keys() - ranges.keys():
        assert (values[key] == PARAMETERS[key].value).all(), key
    level = values["accounts.credit_line"]
    low, high = PARAMETERS["accounts.credit_line"].low, PARAMETERS["accounts.credit_line"].high
    share = np.log(level / low) / np.log(high / low)
    assert np.histogram(share, bins=4, range=(0.0, 1.0))[0].tolist() == [64] * 4


def test_parameters_are_drawn_apart() -> None:
    """No two uncertain parameters go together: correlations over 512 worlds stay small."""
    values = sample(scenario(), 0, 512)
    keys = [f"{c}.{g}.target" for c in COUNTRIES for g in GOODS if PARAMETERS[f"{c}.{g}.target"].low is not None]
    r = np.corrcoef(np.stack([values[key] for key in keys]))
    assert np.abs(r - np.eye(len(keys))).max() < 0.25
