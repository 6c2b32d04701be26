"""Attribution: exact parts by known games, what differs between two scenarios, and the split of real runs."""

import re
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, Refused, rows, well
from drawings import of_a_study
from small_worlds import act_in, from_month

import sim
from sim.analysis.levels import compared_by
from sim.experiment.run import run
from sim.present.publish import with_origin
from sim.scenario import ScenarioError
from sim.scenario.difference import combined, differences, grouped
from sim.scenario.event import ShockEvent
from sim.studies.compare import shapley
from sim.studies.compare.attribution import attribution, large_pairs
from sim.studies.compare.attribution_figure import attribution as draw
from sim.studies.compare.attribution_tables import (
    can_be_split,
    cells,
    section,
    sentence,
    shown_parts,
    unsplit,
    with_error,
)
from sim.studies.compare.attribution_tables import (
    pair_rows as pairs_of,
)
from sim.studies.compare.attribution_tables import (
    rows as parts_of,
)
from sim.studies.compare.change_words import change_words
from sim.studies.compare.design import run_combinations
from sim.texts.spoken import said

pytestmark = pytest.mark.usefixtures("short_rest")

RAIL = "routes.khasan.capacity"
KEEP = compared_by()
Array = np.ndarray


def game(count: int, seed: int = 1) -> Array:
    """Any values of all combinations, (combination, world)."""
    return np.random.default_rng(seed).normal(size=(1 << count, 5))


# ---- The values ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
def test_parts_add_up(count: int) -> None:
    values = game(count)
    np.testing.assert_allclose(shapley.parts(values).sum(axis=0), values[-1] - values[0], rtol=0, atol=1e-12)


def test_a_part_is_the_mean_over_all_orders() -> None:
    values, count = game(4), 4
    expected = np.zeros((count, 5))
    for order in permutations(range(count)):
        made = 0
        for change in order:
            expected[change] += values[made | 1 << change] - values[made]
            made |= 1 << change
    np.testing.assert_allclose(shapley.parts(values), expected / 24.0, atol=1e-12)


def test_a_change_that_does_nothing_has_no_part_at_all() -> None:
    values = game(4)
    values = values[[s & ~(1 << 2) for s in range(16)]]
    assert (shapley.parts(values)[2] == 0.0).all()
    assert (shapley.pairs(values)[2] == 0.0).all()


def test_interchangeable_changes_have_equal_parts() -> None:
    """Changes 1 and 3: only how many of the two are made matters."""
    values = game(4)
    values[[s for s in range(16) if s & 8 and not s & 2]] = values[[s ^ 10 for s in range(16) if s & 8 and not s & 2]]
    parts = shapley.parts(values)
    np.testing.assert_allclose(parts[1], parts[3], rtol=1e-12)
    assert not np.allclose(parts[0], parts[2])


def test_interaction_of_two_is_what_both_do_beyond_the_sum() -> None:
    values = np.array([[1.0], [4.0], [3.0], [10.0]])
    assert shapley.pairs(values)[0, 1] == shapley.pairs(values)[1, 0] == 10.0 - 4.0 - 3.0 + 1.0
    apart = np.array([[bin(s).count("1") * 2.0] for s in range(8)])
    assert (shapley.pairs(apart) == 0.0).all(), "effects that add up do not interact"


def test_a_game_with_a_value_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="power of two"):
        shapley.parts(np.zeros((6, 2)))


# ---- What differs ----------------------------------------------------------------------------------------------


def test_every_setting_and_event_is_a_change() -> None:
    found = differences(sim.load("article"), sim.load("sea_route"))
    assert [change.key for change in found] == [
        *("routes.rajin.open", "war.usa_aid", "sanctions.secondary", "routes.rajin.capacity")
    ]
    said = [change_words(change, "2023-09") for change in found]
    assert said[0].endswith("is open: open, before shut")
    assert said[1].endswith("times 0.3 from 2023-12 for 5 months")
    back = differences(sim.load("sea_route"), sim.load("article"))
    assert change_words(back[1], "2023-09").endswith("no longer times 0.3 from 2023-12 for 5 months")


def test_an_event_moved_is_one_change_and_one_given_twice_counts() -> None:
    plain = sim.load("article")
    one = replace(plain, events=(*plain.events, from_month(3, "war.intensity", 0.5), act_in(4, "veto", "RUS")))
    other = replace(plain, events=(*plain.events, from_month(5, "war.intensity", 0.4), *[act_in(4, "veto", "RUS")] * 2))
    found = differences(one, other)
    assert [(change.key, len(change.gained), len(change.lost)) for change in found] == [
        *(("war.intensity", 1, 1), ("acts.veto", 1, 0))
    ]
    assert "0.4 from 2024-02, before 0.5 from 2023-12" in change_words(found[0], "2023-09")
    assert change_words(found[1], "2023-09") == "Veto of Russia: in 2024-01"


def test_combinations_lead_from_one_scenario_to_the_other() -> None:
    one, other = sim.load("sea_route"), sim.load("article+ceasefire+war.intensity=1.2")
    every = differences(one, other)
    assert combined(one, other, [], every).hash == one.hash
    assert combined(one, other, every, every).hash == other.hash
    for change in every:
        alone = combined(one, other, [change], every)
        assert len(differences(one, alone)) == 1
        assert len(differences(alone, other)) == len(every) - 1
    assert len({combined(one, other, [change], every).hash for change in every}) == len(every)


def test_more_than_eight_changes_are_grouped() -> None:
    keys = ("routes.khasan.winter", RAIL, "war.intensity", "war.base_fire", "PRK.norm", "RUS.norm", "CHN.norm")
    changes = differences(sim.load("article"), sim.load("sea_route", set=dict.fromkeys(keys, 0.37)))
    assert len(changes) == 11
    assert [(group.name, len(group.changes)) for group in grouped(changes, [], 8)] == [
        *(("war", 3), ("RUS.norm", 1), ("PRK.norm", 1), ("CHN.norm", 1), ("routes", 4), ("secondary sanctions", 1))
    ]
    few = grouped(changes, [], 3)
    assert [len(group.changes) for group in few] == [3, 4, 4]
    named = grouped(changes, ["routes.khasan,war", "PRK"], 8)
    assert [(group.name, len(group.changes)) for group in named[:2]] == [("routes.khasan,war", 5), ("PRK", 1)]
    assert len(named) == 7
    with pytest.raises(ScenarioError, match="begins with food"):
        grouped(changes, ["food"], 8)
    with pytest.raises(ScenarioError, match="10 groups and single changes remain, at most 8"):
        grouped(changes, ["war.intensity,war.base_fire"], 8)


@pytest.mark.parametrize("field", [{"start": "2023-10"}, {"months": 12}, {"seed": 5}])
def test_what_cannot_be_changed_by_steps_is_told(field: dict[str, object]) -> None:
    one = sim.load("article")
    with pytest.raises(ScenarioError, match="cannot be changed by steps"):
        differences(one, replace(one, **field))  # type: ignore[arg-type]


# ---- Real runs -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    """Ships, a narrow railway and what changes nothing: gifts of allies where nobody follows that theory."""
    one = sim.load("article", worlds=16, months=4)
    other = sim.load(f"article+routes.rajin.open=true+{RAIL}=15+alliance.gift=0.9", worlds=16, months=4)
    groups = grouped(differences(one, other), [], 8)
    between = run_combinations(one, other, groups, KEEP, lambda *_: None)
    runs = [KEEP.reduce(run(scenario)) for scenario in (one, other) if KEEP.reduce]
    names = [group.name for group in groups]
    return attribution(
        [one, other], runs, between, names, {"en": names, "fr": names}, ["shells_delivered", "oil", "food_rus"]
    )


def test_the_parts_of_every_outcome_add_up(ds: xr.Dataset) -> None:
    total = ds["total"].values
    np.testing.assert_allclose(ds["part"].sum("change"), total, rtol=0, atol=1e-9 * np.nanmax(np.abs(total)))
    assert abs(float(ds["total"].sel(measure="shells_delivered"))) > 0.01


def test_what_changes_nothing_has_no_part(ds: xr.Dataset) -> None:
    """The control in the same table: the railway has one."""
    assert (ds["part"].sel(change="alliance.gift").values == 0.0).all()
    assert (ds["error"].sel(change="alliance.gift").values == 0.0).all()
    assert abs(float(ds["part"].sel(change=RAIL, measure="shells_delivered"))) > 0.01


def test_ships_and_railway_partly_replace_each_other(ds: xr.Dataset) -> None:
    pairs = large_pairs(ds, "shells_delivered")
    assert {pairs[0][0], pairs[0][1]} == {"routes.rajin.open", RAIL}
    assert f"`{RAIL}`" in sentence(ds, "shells_delivered")
    told = sentence(ds, "shells_delivered")
    assert re.search(
        r"both together add [+-]\d+\.\d\d+ ± \d+\.\d+ million rounds to the sum of what each does alone", told
    )


def test_every_column_has_a_name_of_its_own(ds: xr.Dataset) -> None:
    """Those at the end of every table, on its origin, too."""
    for table in (parts_of, pairs_of):
        head = next(with_origin(ds, table(ds)))
        assert len(set(head)) == len(head)


def test_words_table_and_figure_are_readable(ds: xr.Dataset) -> None:
    text = section(ds, ["shells_delivered", "practical"])
    assert text.index("in all. Of that") < text.index("| outcome |") < text.index("How to read it")
    assert [row[-1] for row in cells(ds, ["shells_delivered"])] == ["none"]
    assert not of_a_study(draw, ds)


def test_the_command_splits_the_difference(command: Command) -> None:
    size = ("--worlds", "4", "--months", "2", "--no-figures")
    said = well(command("compare", "article", f"article+{RAIL}=15", "--attribute", *size, "--out", "x"))
    assert "Of that" in said.out
    table = [row for row in rows(Path("x/attribution.csv")) if row["outcome"] == "oil"]
    assert [row["change"] for row in table] == [RAIL, "all"]
    assert table[0]["part"] == table[1]["part"]
    assert "What the difference is due to" in Path("x/summary.md").read_text(encoding="utf-8")
    well(command("report", "x", "--out", "r.html"))
    assert "Figure <code>attribution</code>" in Path("r.html").read_text(encoding="utf-8")


def test_python_splits_as_the_command_does() -> None:
    base, changed = (sim.load(name, worlds=4, months=2) for name in ("article", f"article+{RAIL}=15"))
    made = sim.attribute(base, changed, worlds=4)
    assert made["change"].values.tolist() == [RAIL]
    np.testing.assert_allclose(made["part"].sum("change"), made["total"])
    assert sim.attribute(base, changed, groups="routes", worlds=4)["change"].values.tolist() == ["routes"]
    with pytest.raises(ValueError, match="differs in nothing"):
        sim.attribute("article", "article", worlds=4)
    with pytest.raises(ValueError, match="nothing that differs begins with nonsense"):
        sim.attribute(base, changed, groups="nonsense", worlds=4)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("article", "sea_route", "ceasefire", "--attribute"), "name just two"),
        (("article", "article+months=3", "--attribute"), "did you mean --months"),
        (("article", "sea_route", "--group", "routes"), "--group: makes groups of an attribution; add --attribute"),
        (("article", "sea_route", "--attribute", "--group", "rail"), "nothing that differs begins with rail"),
        (("article", "sea_route", "--attribute", "--group", "routs"), "did you mean routes?"),
    ],
)
def test_mistakes_are_told(refused: Refused, words: tuple[str, ...], said: str) -> None:
    assert said in refused("compare", *words)


def test_a_shock_is_a_change() -> None:
    plain = sim.load("article")
    shock = ShockEvent(3, "prk.ammunition.stock", 0.8, None, "test", "test")
    found = differences(plain, replace(plain, events=(*plain.events, shock)))
    assert [change.key for change in found] == ["shocks.prk.ammunition.stock"]
    assert change_words(found[0], "2023-09") == "Shock: prk.ammunition.stock x 0.8 in 2023-12"
    named = replace(found[0], gained=(replace(shock, name="depot fire"),))
    assert change_words(named, "2023-09") == "Depot fire: prk.ammunition.stock x 0.8 in 2023-12"


def test_parts_are_written_so_that_they_add_up() -> None:
    """Rounded one by one 0.4 + 0.4 + 0.4 would be 0 + 0 + 0 beside a whole of 1; nothing stays nothing."""
    for parts in ([0.4, 0.4, 0.4], [1.04, -0.33, 0.0], [0.55, 0.55], [2.449, -1.449, 0.0001]):
        one = xr.Dataset({"total": sum(parts), "part": ("change", parts)})
        for places in (0, 1, 2):
            told = shown_parts(one, places)
            assert sum(told) == pytest.approx(round(sum(parts), places), abs=1e-9)
            assert all(abs(a - b) <= 10.0**-places for a, b in zip(told, parts, strict=True))
            assert all(a == 0.0 for a, b in zip(told, parts, strict=True) if b == 0.0)


def test_one_world_and_one_change_are_told_as_such() -> None:
    assert with_error(-0.15, float("nan"), 2) == "-0.15"
    assert with_error(-0.15, 0.05, 2) == "-0.15 ± 0.05"
    assert "without and with the change" in said("compare.part.combined.one")


def test_a_group_is_named_after_what_differs() -> None:
    changes = differences(
        sim.load("article"), sim.load("article", set=["routes.khasan.capacity=15", "war.intensity=0.5"])
    )
    assert [group.name for group in grouped(changes, ["routes,sanctions", "war"], 8)] == ["routes", "war"]


def whole(parts: list[float], error: float, level: float) -> xr.Dataset:
    """One outcome with these parts, each with a small error, and this error of the whole."""
    numbers = {"total": sum(parts), "total_error": error, "level": level, "meaning": "oil", "unit": "kt"}
    each = {"part": parts, "error": [0.01] * len(parts)}
    one = xr.Dataset(
        {**numbers, **{name: ("change", values) for name, values in each.items()}},
        coords={"change": [f"c{k}" for k in range(len(parts))]},
    )
    return one.expand_dims(measure=["oil"])


def test_what_does_not_differ_is_not_split() -> None:
    plain = whole([3.0, 1.0], 0.5, 100.0)
    assert can_be_split(plain, "oil")
    assert not unsplit(plain.sel(measure="oil"))
    chance, slight = whole([0.02, 0.01], 0.5, 100.0), whole([0.05, 0.02], 0.01, 100.0)
    assert "does not differ beyond chance, so it is not split" in sentence(chance, "oil")
    assert "differs by less than 0.1 %, so it is not split" in sentence(slight, "oil")
    assert [row[2:] for row in cells(slight, ["oil"])] == [("-", "-")]
    assert not can_be_split(chance, "oil")
    assert not can_be_split(whole([0.0, 0.0], 0.0, 100.0), "oil")
    assert "`c0` and `c1` work against each other" in sentence(whole([3.0, -2.9], 0.5, 100.0), "oil")


def test_numbers_of_a_figure_have_room(ds: xr.Dataset) -> None:
    figure = draw(ds)
    figure.canvas.draw()
    for ax in figure.axes:
        box = ax.get_window_extent()
        for text in (one.get_window_extent() for one in ax.texts):
            assert box.x0 <= text.x0 < text.x1 <= box.x1
