"""Sanctions and relief by sender, target and good: a ban stops its flow and no other, relief frees.

The numbers of a month stand beside the equations in `tests/oracle`; here are the laws that hold whatever the numbers.
"""

from functools import cache

import numpy as np
import pytest
from small_worlds import SEA, act_in, from_month, scenario, watch

from sim.model import sanctions
from sim.scenario.embargoes import EAST, barred
from sim.scenario.names import AMMUNITION, CHN, COUNTRIES, ENERGY, FOOD, GOODS, JPN, PRK, RUS, USA
from sim.scenario.parameters import PARAMETERS
from sim.scenario.values import Parameters

Array = np.ndarray
FIRST = 2
"""Month in which restrictions begin."""
SIZE = {"months": 8, "worlds": 8}
TECHNOLOGY = len(GOODS)


@cache
def flows(*given: tuple[str, float]) -> dict[str, Array]:
    """What is recorded with ships and Chinese aid, by machine code where there is any; restrictions begin in FIRST."""
    events = tuple(from_month(FIRST, f"restrictions.{key}", value) for key, value in given)
    aid = tuple(act_in(month, "aid", "CHN") for month in range(SIZE["months"]))
    return watch(scenario(SEA, **SIZE, events=events + aid), compiled=True)


def parameters(**changes: float) -> Parameters:
    rows = {key: np.array([row.value]) for key, row in PARAMETERS.items()}
    return Parameters(rows | {key: np.array([value]) for key, value in changes.items()})


def sum_of(found: dict[str, Array], name: str, lane: tuple[int, int, int]) -> Array:
    """(worlds) of a lane from the first month of the restrictions on."""
    return found[name][(slice(FIRST, None), *lane)].sum(axis=0)


def test_without_restrictions_all_is_as_in_the_list() -> None:
    plain = parameters()
    assert not plain.restrictions().any()
    np.testing.assert_array_equal(sanctions.passes(plain)[:, :, :TECHNOLOGY, 0], 1.0 - barred())
    east = np.isin(np.arange(len(COUNTRIES)), EAST)
    within = east[:, None] == east  # technology passes within each bloc, as guards and hostility will have it
    np.testing.assert_array_equal(sanctions.passes(plain)[:, :, TECHNOLOGY, 0], within)


BANS = {
    "China's food for North Korea": ("CHN.PRK.food", (CHN, PRK, FOOD)),
    "Russia's rounds from North Korea": ("RUS.PRK.ammunition", (PRK, RUS, AMMUNITION)),
    "China's oil from Russia": ("CHN.RUS.energy", (RUS, CHN, ENERGY)),
}


@pytest.mark.parametrize("name", BANS)
def test_a_ban_stops_its_flow_from_its_month_on_and_no_other(name: str) -> None:
    """Nothing of the good leaves between the two; months before are the same to the last bit; other lanes go on."""
    key, (i, j, g) = BANS[name]
    free, held = flows(), flows((key, 1.0))
    for variable in ("shipped", "threat", "money"):
        np.testing.assert_array_equal(free[variable][:FIRST], held[variable][:FIRST])
    assert (sum_of(free, "shipped", (i, j, g)) > 0.0).any()
    for way in ((i, j, g), (j, i, g)):
        assert not held["shipped"][(slice(FIRST, None), *way)].any()
        assert not held["ordered"][(slice(FIRST, None), *way)].any()
    ran, runs = ((found["shipped"][FIRST:] > 0.0).any(axis=(0, -1)) for found in (free, held))
    ran[i, j, g] = ran[j, i, g] = False
    assert (runs | ~ran).all()


def test_no_technology_starts_that_its_giver_bars() -> None:
    """Barred from the first month, in which no project is under way, no tier passes."""
    barred_all = watch(scenario(SEA | {"restrictions.RUS.PRK.technology": 1.0}, **SIZE), compiled=True)
    assert flows()["transfer"][:, RUS, PRK].any()
    assert not barred_all["transfer"][:, RUS, PRK].any()


RELIEF = {
    "food for North Korea": ("all.PRK.food", (CHN, PRK, FOOD)),
    "Russian oil for China": ("all.RUS.energy", (RUS, CHN, ENERGY)),
    "Russian oil for Japan": ("JPN.RUS.energy", (RUS, JPN, ENERGY)),
}


@pytest.mark.parametrize("name", RELIEF)
def test_relief_never_lowers_the_flow_that_it_frees(name: str) -> None:
    """In paired worlds on average, and the more the more is lifted."""
    key, lane = RELIEF[name]
    none, half, full = (sum_of(flows(*given), "ordered", lane).mean() for given in ((), ((key, -0.5),), ((key, -1.0),)))
    assert none <= half <= full


def test_a_listed_embargo_is_lifted_by_whose_law_it_is() -> None:
    """Oil of Russia for the United States: Washington can free it, Moscow cannot."""
    lane = RUS, USA, ENERGY
    assert not flows()["shipped"][(slice(None), *lane)].any()
    assert sanctions.passes(parameters(**{"restrictions.USA.RUS.energy": -1.0}))[lane] == 1.0
    assert sanctions.passes(parameters(**{"restrictions.USA.RUS.energy": -0.25}))[lane] == 0.25
    assert sanctions.passes(parameters(**{"restrictions.RUS.USA.energy": -1.0}))[lane] == 0.0
    assert sanctions.passes(parameters(**{"sanctions.embargoes": 0.0, "restrictions.RUS.USA.energy": 0.3}))[lane] == 0.7


def test_restrictions_of_one_and_of_all_add_up() -> None:
    """All lift six tenths on food, China three tenths on everything: nine tenths; with five tenths more it is one."""
    given = {"restrictions.all.PRK.food": -0.6, "restrictions.CHN.PRK.all": -0.3}
    found = parameters(**given).restrictions()[..., 0]
    assert found[CHN, PRK] == pytest.approx([-0.3, -0.9, -0.3, -0.3])
    assert found[RUS, PRK] == pytest.approx([0.0, -0.6, 0.0, 0.0])
    assert found[-1, PRK, FOOD] == -0.6
    assert parameters(**given | {"restrictions.CHN.PRK.food": -0.5}).restrictions()[CHN, PRK, FOOD, 0] == -1.0


def test_relief_takes_off_what_its_sender_has_to_fear_and_no_more() -> None:
    """China (ties 0.6) lifts all on food for North Korea (pressure 0.8), itself under pressure 0.1 (risk 1, bite 1).

    Food: max(0, 0 x 0.1) + (0.1^3 + 0)/2 = 0.0005; others 0.48 + (0.1^3 + 0.8^3)/2 = 0.7365.
    """
    pressure, ties, one = np.zeros((len(COUNTRIES), 1)), np.zeros((len(COUNTRIES), 1)), np.ones(1)
    pressure[PRK], pressure[CHN], ties[CHN] = 0.8, 0.1, 0.6
    left = np.ones((len(COUNTRIES), len(COUNTRIES), 2, 1))
    left[CHN, PRK, 0] = 0.0
    risk = sanctions.secondary_risk(pressure, 0.0 * one, ties, one, one, one, left)
    bite = sanctions.friction_of_pressure(pressure, one, left)
    for pair in ((CHN, PRK), (PRK, CHN)):
        assert (risk + bite)[(*pair, slice(None), 0)] == pytest.approx([0.0005, 0.7365])


def test_the_un_may_ban_food_and_free_oil() -> None:
    """What North Korea buys: food is not under the embargo, energy by three tenths."""
    free = sanctions.banned(parameters())[CHN, 0, :, 0]
    assert list(free) == [1.0, 0.0, 0.3, 1.0]
    given = {"food": 0.4, "energy": -0.1, "technology": -1.0}
    un = parameters(**{f"restrictions.UN.PRK.{good}": value for good, value in given.items()})
    assert sanctions.banned(un)[CHN, 0, :, 0] == pytest.approx([1.0, 0.4, 0.2, 0.0])
    more = flows(("UN.PRK.energy", -1.0))
    oil = RUS, PRK, ENERGY
    assert sum_of(flows(), "ordered", oil).mean() < sum_of(more, "ordered", oil).mean()


def test_who_rations_sells_none() -> None:
    """Freed of the embargo on what it sells, North Korea sells food in a year of plenty, and none while it is short."""
    free = tuple((f"restrictions.{by}.PRK.food", -1.0) for by in ("UN", "CHN"))
    sold = {}
    for harvest in (0.7, 1.4):
        given = dict((*SEA.items(), *free, ("PRK.food.harvest", harvest)))
        found = watch(scenario(given, months=16, worlds=16), compiled=True)
        short = found["shortage"][:, PRK, FOOD] > 1e-9
        sold[harvest] = (found["ordered"][:, PRK, :, FOOD].sum(axis=1) + found["world_exports"][:, PRK, FOOD], short)
    amounts, short = sold[0.7]
    assert short.mean() > 0.3
    assert not amounts[short].any()
    assert sold[1.4][0].sum() > 0.0, "the control"


def test_numpy_and_machine_code_agree() -> None:
    """To the last bit, with restrictions that come in by half, with all of a sender and all senders."""
    events = (
        from_month(1, "restrictions.all.PRK.food", -0.6),
        from_month(2, "restrictions.CHN.PRK.all", 0.5),
        from_month(2, "restrictions.UN.PRK.energy", -0.5),
        from_month(3, "restrictions.RUS.PRK.technology", 1.0),
        from_month(4, "restrictions.USA.RUS.all", -1.0),
    )
    spec = scenario(SEA, months=6, worlds=8, events=events)
    one, other = watch(spec), watch(spec, compiled=True)
    for name, array in one.items():
        np.testing.assert_array_equal(array, other[name], err_msg=name)
