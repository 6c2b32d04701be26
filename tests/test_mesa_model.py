"""The plain Mesa model of one world against the engine: every headline outcome of every month, world by world."""

import multiprocessing
from collections.abc import Iterator
from dataclasses import replace

import mesa
import numpy as np
import pytest
from engine_reports import reports_of
from oracle.mesa_model import REPORTERS, PlainWorld
from small_worlds import SEA, act_in, from_month, scenario, theories, watch

import sim
from sim.experiment.design import sample
from sim.scenario.scenario import ParameterEvent, Scenario, Setting

Array = np.ndarray
WORLDS = (0, 5)
SETTLED = {f"score_{code}_prestige" for code in ("USA", "KOR", "JPN")}
"""Outcomes that stand at their start: who is not isolated gains nothing by being seen."""
EVENTFUL = (
    act_in(0, "summit", "RUS", "PRK"),
    from_month(0, "sanctions.embargoes", 0.0),
    from_month(1, "routes.khasan.capacity", 40.0),
    act_in(2, "exercise", "USA", "KOR"),
    act_in(3, "missile_test", "PRK"),
    act_in(4, "visit", "PRK", "CHN"),
    act_in(5, "trilateral_exercise", "KOR", "USA", "JPN"),
    *(act_in(6, "designation", code) for code in ("USA", "KOR", "JPN")),
    ParameterEvent(6, "PRK.food.harvest", None, 0.5, 8, "test", "test"),
    act_in(7, "veto", "CHN"),
    act_in(8, "red_line", "KOR"),
    act_in(9, "treaty", "RUS", "PRK"),
    act_in(10, "aid", "CHN"),
    act_in(11, "exercise", "RUS", "PRK"),
    from_month(12, "war.lethal_aid", 60.0),
    act_in(12, "lethal_aid", "KOR"),
    act_in(14, "trilateral_exercise", "RUS", "PRK", "CHN"),
    from_month(15, "sanctions.secondary", 0.8),
    act_in(16, "monitoring", "KOR"),
    from_month(17, "sanctions.embargoes", 1.0),
    from_month(18, "sanctions.pressure", 0.9),
    ParameterEvent(20, "sanctions.pressure", None, 0.5, 4, "test", "test"),
    from_month(22, "border.target", 0.3),
    from_month(24, "USA.imports.CHN", 200.0),
    from_month(24, "KOR.imports.CHN", 80.0),
    from_month(24, "CHN.imports.total", 1500.0),
    from_month(24, "JPN.imports.CHN", 80.0),
    from_month(26, "routes.rajin.open", 0.0),
    from_month(28, "JPN.access", 0.3),
    from_month(28, "KOR.access", 0.5),
    from_month(30, "war.intensity", 0.0),
)
SCENARIOS = {
    "article": sim.load("article", worlds=8, months=18),
    "sea_route": sim.load("sea_route", worlds=8, months=18),
    "eventful": scenario(SEA, months=36, worlds=8, events=EVENTFUL),
    "theories": theories(
        {"patronage.restraint": 0.37, "RUS.patronage": 0.43, "CHN.patronage": 0.87},
        months=36,
        events=(
            act_in(7, "treaty", "RUS", "PRK"),
            act_in(11, "oil_beyond_cap", "RUS"),
            from_month(14, "war.intensity", 0.4),
            from_month(20, "sanctions.pressure", 0.9),
            from_month(24, "routes.khasan.open", 0.0),
        ),
    ),
}
CHECKED = {"article": (0,), "sea_route": (5,), "eventful": WORLDS, "theories": (0, 1)}
"""Worlds worked out by the plain model; of the theories: allies held back by deterrence, and patrons in a spiral."""


class Restless(PlainWorld):
    """The same world without the two years before the first month."""

    def come_to_rest(self) -> None:
        """Begin with empty memories."""


def of_engine(spec: Scenario, *, rested: bool = True) -> dict[str, Array]:
    """What the plain model reports and the chance of yes of every option, name -> (month, ..., world)."""
    recorded = watch(spec, rested=rested)
    return {**reports_of(recorded), "probability": recorded["probability"]}


@pytest.fixture(scope="module")
def engine() -> dict[str, dict[str, Array]]:
    return {name: of_engine(spec) for name, spec in SCENARIOS.items()}


@pytest.fixture(scope="module")
def restless() -> dict[str, dict[str, Array]]:
    """Half a year of two scenarios without the two years before."""
    return {name: of_engine(half_a_year(name), rested=False) for name in ("article", "theories")}


def half_a_year(name: str) -> Scenario:
    return replace(SCENARIOS[name], months=6)


def by_hand(spec: Scenario, world: int, kind: type[PlainWorld] = PlainWorld) -> dict[str, Array]:
    """The plain model's reports, name -> (month, ...), and the chance of yes of every option."""
    model, chances = kind(spec, world), []
    while model.running:
        model.step()
        chances.append(model.chances)
    months = model.datacollector.get_model_vars_dataframe()
    return {name: months[name].to_numpy(dtype=float) for name in months} | {"probability": np.array(chances)}


def differing(expected: dict[str, Array], world: int, plain: dict[str, Array]) -> list[str]:
    """Outcomes that differ in any month by more than 1e-9 of their value (or of one thousandth, if that is more)."""
    mine = {name: values[..., world] for name, values in expected.items()}
    return [name for name in mine if not np.allclose(plain[name], mine[name], rtol=1e-9, atol=1e-12)]


@pytest.mark.parametrize("name", SCENARIOS)
def test_outcomes_agree_in_every_month(name: str, engine: dict[str, dict[str, Array]]) -> None:
    assert engine[name].keys() == {*REPORTERS, "probability"}
    for world in CHECKED[name]:
        plain = by_hand(SCENARIOS[name], world)
        assert all(len(months) == SCENARIOS[name].months for months in plain.values())
        assert not differing(engine[name], world, plain)


def test_every_outcome_moves_in_some_scenario(engine: dict[str, dict[str, Array]]) -> None:
    """Agreement says something only of outcomes that are not the same number all the time."""
    for name in REPORTERS.keys() - SETTLED:
        assert any(np.ptp(outcomes[name][:, list(WORLDS)], axis=0).max() > 1e-3 for outcomes in engine.values()), name


NOTICED = {
    **dict.fromkeys(("trust.prior", "acts.memory", "threat.speed"), ("article", 0)),
    **dict.fromkeys(("alliance.security", "alliance.gift", "alliance.entrapment"), ("theories", 0)),
    **dict.fromkeys(("patronage.aid", "patronage.restraint", "patronage.condition"), ("theories", 1)),
}
"""A parameter, and a scenario and world in which it counts."""


@pytest.mark.parametrize("key", NOTICED)
def test_a_slightly_different_world_is_noticed(key: str, restless: dict[str, dict[str, Array]]) -> None:
    """The control: one parameter off by a millionth, in half a year."""
    name, world = NOTICED[key]
    spec = half_a_year(name)
    value = float(sample(spec, world, 1)[key][0])
    settings = {**spec.settings, key: Setting(value * 1.000001, None, None, "fixed", "test")}
    assert differing(restless[name], world, by_hand(replace(spec, settings=settings), world, Restless))


@pytest.mark.parametrize(("name", "world"), sorted(set(NOTICED.values())))
def test_the_same_world_shows_no_difference(name: str, world: int, restless: dict[str, dict[str, Array]]) -> None:
    """Else the control would notice anything."""
    assert not differing(restless[name], world, by_hand(half_a_year(name), world, Restless))


@pytest.fixture
def usual_processes() -> Iterator[None]:
    """Mesa sets how processes start for good; put that back."""
    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


@pytest.mark.usefixtures("usual_processes")
def test_runs_in_batches(restless: dict[str, dict[str, Array]]) -> None:
    """`mesa.batch_run` with the world as parameter stops after the last month and returns its outcomes."""
    spec = replace(SCENARIOS["article"], months=3)
    asked = {"setting": spec, "world": list(WORLDS)}
    rows = mesa.batch_run(Restless, asked, max_steps=spec.months, display_progress=False)
    assert [row["world"] for row in rows] == list(WORLDS)
    for row in rows:
        expected = {name: restless["article"][name][2, row["world"]] for name in REPORTERS}
        assert {name: row[name] for name in expected} == pytest.approx(expected, rel=1e-9, abs=1e-12)
