"""Value of information: exact values of toys, a null parameter, permutations, decisions, the command as typed."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from command_line import Command, Refused, files, rows, well
from drawings import of_a_study

import sim
from sim.analysis.outcome import outcome
from sim.experiment.design import points
from sim.scenario import PARAMETERS
from sim.studies.information import decision, figures, tables, variance, words
from sim.studies.information.analysis import of_outcomes, usual_groups
from sim.studies.information.regression import Drawn, curve, fewest_worlds, floors, permutations, smooth

pytestmark = pytest.mark.usefixtures("short_rest")

Array = np.ndarray
WORLDS, BLOCK, REPEATS = 1024, 8, 40
SLOPES = {"strong": 2.0, "weak": 1.0, "bent": 1.0, "none": 0.0}
EXACT = np.array([4.0, 1.0, 1.0, 0.0]) / 7.0
"""Shares of the variance of the toy below, whose noise has variance one."""


@pytest.fixture
def command(command: Command, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command with a short probe of its time."""
    monkeypatch.setattr("sim.commands.workflow.PROBE", (8, 1))
    return command


def drawn(seed: int) -> dict[str, Array]:
    """Uniform parameters of variance one, in Latin hypercubes as worlds draw them."""
    return {key: np.sqrt(12.0) * (points(seed, key, 0, WORLDS) - 0.5) for key in SLOPES}


def toy(x: dict[str, Array], seed: int) -> Array:
    """A line, a weaker line, a parabola without slope, and noise; a fourth parameter does nothing."""
    bent = (x["bent"] ** 2 - 1.0) / np.sqrt(0.8)
    return 2.0 * x["strong"] + x["weak"] + bent + np.random.default_rng(seed).normal(size=WORLDS)


def found(seed: int) -> variance.Worth:
    x = drawn(seed)
    smooths = [smooth({key: column}) for key, column in x.items()]
    return variance.removed(smooths, toy(x, seed), permutations(WORLDS, BLOCK, 100), Drawn(BLOCK))[0]


@pytest.fixture(scope="module")
def repeated() -> tuple[Array, Array, Array]:
    """Values, errors and floors of the toy in repeated ensembles, each (repeat, name)."""
    every = [found(seed) for seed in range(REPEATS)]
    return tuple(np.array([getattr(one, kind) for one in every]) for kind in ("value", "error", "floor"))  # type: ignore[return-value]


# ---- Variance of an outcome -----------------------------------------------------------------------------------


def test_shares_are_the_exact_ones_on_average(repeated: tuple[Array, Array, Array]) -> None:
    """Within four standard errors of the mean of the repeats: no bias, neither of chance nor of the curve."""
    values, _, _ = repeated
    error = values.std(axis=0, ddof=1) / np.sqrt(REPEATS)
    assert np.all(np.abs(values.mean(axis=0) - EXACT) < 4.0 * error)
    assert np.all(error < 0.01)


def test_standard_errors_are_those_of_repeated_ensembles(repeated: tuple[Array, Array, Array]) -> None:
    """Never smaller than the real scatter by more than its own uncertainty; hypercubes make them a little large."""
    values, errors, _ = repeated
    real, told = values.std(axis=0, ddof=1), errors.mean(axis=0)
    assert np.all(told > real * (1.0 - 3.0 / np.sqrt(2.0 * REPEATS)))
    assert np.all(told < 2.0 * real)


def test_a_null_parameter_keeps_below_the_floor(repeated: tuple[Array, Array, Array]) -> None:
    """Four names share one chance of 5 %, so the null alone exceeds it in fewer; the others always do."""
    values, _, floor = repeated
    exceeding = (values > floor).mean(axis=0)
    assert exceeding[3] <= 0.05 + 3.0 * np.sqrt(0.05 * 0.95 / REPEATS)
    assert np.all(exceeding[:3] == 1.0)


def test_a_permuted_outcome_is_worth_nothing_to_know() -> None:
    x = drawn(1)
    smooths = [smooth({key: column}) for key, column in x.items()]
    y = toy(x, 1)[np.random.default_rng(4).permutation(WORLDS)]
    one, total = variance.removed(smooths, y, permutations(WORLDS, BLOCK, 200), Drawn(BLOCK))
    assert np.all(np.abs(one.value) < 4.0 * one.error)
    assert np.all(one.value < EXACT.max() / 10.0)
    assert abs(total.value[0]) < 4.0 * total.error[0]


def test_uncorrected_the_null_would_be_worth_something() -> None:
    """The control of the correction: R squared of noise is the number of its columns over that of the worlds."""
    x = drawn(1)
    one = smooth({"none": x["none"]})
    y = np.random.default_rng(5).normal(size=(200, WORLDS))
    raw = variance._r_squared([one], y).mean()
    assert raw == pytest.approx(one.columns.shape[1] / (WORLDS - 1), rel=0.15)


def test_the_sum_over_all_is_what_they_make_one_by_one() -> None:
    """Among sixty more parameters that do nothing, whose regressions take up a quarter of the variance by chance."""
    x = drawn(2) | {f"idle{k}": points(2, f"idle{k}", 0, WORLDS) for k in range(60)}
    smooths = [smooth({key: column}) for key, column in x.items()]
    _, total = variance.removed(smooths, toy(x, 2), permutations(WORLDS, BLOCK, 100), Drawn(BLOCK))
    assert abs(total.value[0] - EXACT.sum()) < 4.0 * total.error[0]
    assert total.error[0] < 0.1
    idle = variance._r_squared(smooths[4:], toy(x, 2)[None]).sum()
    assert idle > 0.5 * 60 * 4 / WORLDS, "the control: it is about the number of columns over that of the worlds"


def test_a_group_knows_what_its_parameters_do_only_together() -> None:
    """A product of two: alone each is worth nothing, together they are worth half of the variance."""
    x = drawn(3)
    y = x["strong"] * x["weak"] + np.random.default_rng(3).normal(size=WORLDS)
    pair = smooth({key: x[key] for key in ("strong", "weak")})
    shuffles = permutations(WORLDS, BLOCK, 100)
    alone = variance.removed([smooth({key: x[key]}) for key in ("strong", "weak")], y, shuffles, Drawn(BLOCK))[0]
    both = variance.removed([pair, smooth({"none": x["none"]})], y, shuffles, Drawn(BLOCK))[0]
    assert np.all(alone.value < alone.floor + 4.0 * alone.error)
    assert abs(both.value[0] - 0.5) < 4.0 * both.error[0]
    few = {key: column[:40] for key, column in x.items()}
    assert smooth(few).columns.shape[1] == 16, "with few worlds a group is the sum of its curves"


# ---- Curves, permutations, floors -----------------------------------------------------------------------------


def test_a_curve_holds_lines_and_its_columns_are_orthonormal() -> None:
    x = np.exp(np.random.default_rng(1).normal(size=500))
    one = smooth({"x": x}).columns
    np.testing.assert_allclose(one.T @ one, np.eye(one.shape[1]), atol=1e-12)
    np.testing.assert_allclose(one.sum(axis=0), 0.0, atol=1e-9)
    line = x - x.mean()
    np.testing.assert_allclose(one @ (one.T @ line), line, atol=1e-9)


def test_a_parameter_of_few_values_gets_a_step_for_each() -> None:
    """A choice among theories has no order: means of the three are fitted exactly."""
    choice = np.random.default_rng(2).integers(3, size=300).astype(float)
    one = smooth({"choice": choice}).columns
    assert curve(choice).shape[1] == one.shape[1] == 2
    y = np.array([5.0, -3.0, 4.0])[choice.astype(int)]
    np.testing.assert_allclose(one @ (one.T @ (y - y.mean())), y - y.mean(), atol=1e-9)
    both = smooth({"choice": choice, "same": choice})
    assert both.columns.shape[1] == 2, "a copy adds nothing"
    other = np.random.default_rng(3).integers(3, size=300).astype(float)
    together = smooth({"choice": choice, "other": other})
    assert (together.columns.shape[1], together.products) == (8, True), "two choices of three have nine means"


def test_permutations_move_whole_hypercubes() -> None:
    some = permutations(32, 8, 50)
    assert some.shape == (50, 32)
    assert np.all(np.sort(some, axis=1) == np.arange(32))
    cubes = (some // 8).reshape(50, 4, 8)
    assert np.all(cubes == cubes[:, :, :1])
    assert len({tuple(one) for one in cubes[:, :, 0].tolist()}) > 10
    assert len({tuple(one) for one in some.tolist()}) == 50
    assert np.all(np.sort(permutations(30, 8, 3), axis=1) == np.arange(30)), "the last hypercube may be a part"


def test_floors_hold_for_all_names_at_once() -> None:
    null = np.random.default_rng(3).normal(size=(2000, 30)) * np.linspace(0.0, 3.0, 30)
    again = np.random.default_rng(4).normal(size=(2000, 30)) * np.linspace(0.0, 3.0, 30)
    any_above = (again[:, 1:] > floors(null)[1:]).any(axis=1).mean()
    assert any_above == pytest.approx(0.05, abs=3.0 * np.sqrt(2.0 * 0.05 * 0.95 / 2000))


# ---- A decision -----------------------------------------------------------------------------------------------


def exact_gain(mean: float) -> float:
    """E max(0, mean + X) - max(0, mean), X uniform with variance one."""
    end = np.sqrt(3.0)
    return float((mean + end) ** 2 / (4.0 * end) - max(0.0, mean))


@pytest.mark.parametrize("mean", [0.3, -0.3, 1.2])
def test_the_value_to_a_choice_of_two_is_the_exact_one(mean: float) -> None:
    """Two options in the same worlds: nothing, or `mean` more by X; noise that nobody can learn is worth nothing."""
    x = drawn(6)
    noise = np.random.default_rng(6).normal(size=WORLDS)
    benefit = np.array([noise, noise + mean + x["strong"] + 0.5 * np.random.default_rng(7).normal(size=WORLDS)])
    smooths = [smooth({key: x[key]}) for key in ("strong", "none")]
    one = decision.partial(smooths, benefit, permutations(WORLDS, BLOCK, 40), Drawn(BLOCK))
    assert abs(one.value[0] - exact_gain(mean)) < 4.0 * one.error[0]
    assert one.value[0] > one.floor[0]
    assert one.value[1] <= max(one.floor[1], 0.0)
    everything, error = decision.perfect(benefit, Drawn(BLOCK))
    assert everything > one.value[0] - 4.0 * error


def test_what_cannot_turn_the_choice_is_worth_nothing() -> None:
    """X moves both options a lot, and the first stays the better: its value is zero, not its share of the variance."""
    x = drawn(8)
    benefit = np.array([2.0 + 5.0 * x["strong"], 5.0 * x["strong"]])
    one = decision.partial([smooth({"strong": x["strong"]})], benefit, permutations(WORLDS, BLOCK, 10), Drawn(BLOCK))
    assert one.value[0] == 0.0
    assert decision.perfect(benefit, Drawn(BLOCK))[0] == 0.0


# ---- Words, figures, the command ------------------------------------------------------------------------------


THREE = ("technology.lead", "technology.hazard", "routes.khasan.capacity")


@pytest.fixture(scope="module")
def made() -> xr.Dataset:
    """What a small made-up ensemble of the article's parameters says: three of them make a third each."""
    scenario = sim.load("article", worlds=320)
    keys = [key for key in scenario.uncertain if key.partition(".")[0] in ("routes", "technology")]
    x = {key: points(1, key, 0, 320) for key in keys}
    y = np.sum([x[key] for key in THREE], axis=0)
    groups, _ = usual_groups(keys, 320)
    measures = {name: outcome(name) for name in ("oil", "technology")}
    results = {"oil": y, "technology": np.where(np.arange(320) < 9, np.nan, points(1, "luck", 0, 320))}
    return of_outcomes(scenario, "what to learn first", measures, results, x, groups, Drawn(BLOCK))


def test_the_first_is_named_with_meaning_range_and_grounds(made: xr.Dataset) -> None:
    first = words.ranked(made, "oil")[0]
    assert first in THREE
    assert set(THREE) <= set(words.above(made, "oil"))
    told = " ".join(words.findings(made, "oil"))
    assert f"Learn `{first}` ({PARAMETERS[first].meaning}; " in told
    assert "of the variance, so that the standard deviation falls from" in told
    assert set(words.rivals(made, "oil", words.above(made, "oil"))) >= set(THREE) - {first}, "all three make as much"
    assert "Not distinguished from it: `" in told
    nothing = " ".join(words.findings(made, "technology"))
    assert "9 worlds without a number are left out" in nothing
    assert f"None of {made.sizes['parameter']} unknowns exceed the noise" in nothing
    assert "no claim" in tables.summary(made) or "; C" in tables.summary(made)


def test_a_value_above_its_own_floor_lies_under_none_that_is_told(made: xr.Dataset) -> None:
    """Each parameter has its floor: the largest, which a sentence tells, is that of another."""
    first, last = (words.ranked(made, "oil")[k] for k in (0, -1))
    floor = xr.where(made["parameter"] == last, float(made["worth"].max()) + 0.1, made["worth_floor"])
    told = " ".join(words.findings(made.assign(worth_floor=floor), "oil"))
    assert first in words.above(made.assign(worth_floor=floor), "oil")
    assert re.search(r"noise alone lifts any of them above its floor, which is \d\d % at most", told)


def test_parameters_that_are_no_keys_are_told_where_the_rest_of_the_variance_is(made: xr.Dataset) -> None:
    others = len(sim.load("article").uncertain) - made.sizes["parameter"]
    told = " ".join(words.findings(made, "oil"))
    assert f"the rest is chance, {others} parameters that are not among the keys and are drawn too, and" in told
    assert f"One by one, these {made.sizes['parameter']} make" in told
    alone = words.findings(made.isel(parameter=[0]), "oil")[-1]
    assert alone.startswith("Alone it makes")
    every = words.findings(made.assign_attrs(others=0), "oil")[-1]
    assert every.startswith("One by one, all")
    assert every.endswith("the rest is chance, and what parameters do only together.")


def test_a_range_that_the_scenario_sets_has_no_source(made: xr.Dataset) -> None:
    """The table of parameters says where its own ranges are from, not those of a file or of `--set`."""
    (scenario,) = json.loads(made.attrs["scenarios"])
    for key, origin in ((THREE[2], "--set"), (THREE[0], "mine.toml:3")):
        scenario["settings"][key]["origin"] = origin
    ds = made.assign_attrs(scenarios=json.dumps([scenario]))
    assert [words.grounds(ds, key) for key in THREE] == ["set", "assumed", "set"]
    assert "set by the scenario" in words.described(ds, THREE[2])
    assert "2 have ranges that the scenario sets." in " ".join(words.findings(ds, "oil"))
    head, *table = tables.parameters(ds)
    told = {row[2]: dict(zip(head, row, strict=True)) for row in table if row[0] == "oil"}
    assert (told[THREE[2]]["grounds"], told[THREE[2]]["source"]) == ("set", "--set")
    assert not of_a_study(figures.worth, "oil", ds)


def test_figures_can_be_read(made: xr.Dataset) -> None:
    for name in ("oil", "technology"):
        assert not of_a_study(figures.worth, name, made)


def test_groups_too_large_for_the_worlds_are_left_out() -> None:
    keys = [f"a.{k}" for k in range(3)] + [f"b.{k}" for k in range(30)] + ["c.alone"]
    groups, large = usual_groups(keys, fewest_worlds(3))
    assert (list(groups), large) == (["a"], ["b"])


def test_theories_can_be_learnt(command: Command, tmp_path: Path) -> None:
    words_ = ("--worlds", "160", "--months", "3", "--keys", "structure", "--keys", "routes", "--no-figures")
    well(command("information", "theories", "--outcome", "kor.threat", *words_))
    told = {row["parameter"]: row for row in rows(tmp_path / "outputs" / "information_theories" / "information.csv")}
    assert told["structure.threat"]["grounds"] == "theory"
    assert told["structure.exchange"]["range"] == "transaction or alliance or patronage"
    assert told["structure.exchange"]["drawn_low"] == ""


SMALL = ("--worlds", "160", "--months", "3", "--keys", "routes", "--keys", "PRK.ammunition")


def test_the_command_ranks_and_repeats_itself(command: Command, tmp_path: Path) -> None:
    words_ = ("information", "article", "--outcome", "shells_delivered", *SMALL)
    _, out, err = well(command(*words_))
    assert "of the variance" in out
    assert "160 runs for the ensemble" in err
    folder = tmp_path / "outputs" / "information_article"
    before = files(folder)
    pictures = {f"figures/information.{kind}" for kind in ("png", "svg")}
    tables_ = {"information.nc", "information.csv", "groups.csv", "summary.md"}
    assert before.keys() == tables_ | pictures | {"manifest.json"}
    first, *rest = rows(folder / "information.csv")
    assert {first["grounds"], rest[-1]["grounds"]} <= {"assumed", "sourced"}
    assert float(first["value"]) >= float(rest[-1]["value"])
    assert {row["group"] for row in rows(folder / "groups.csv")} == {"routes", "PRK"}
    well(command(*words_, "--no-figures", "--out", "again"))
    again = files(tmp_path / "again")
    assert [name for name in tables_ if again[name] != before[name]] == []


LEVERS = """title = "T"
question = "Q?"
[USA.pressure.as_is]
[USA.pressure.fuller]
why = "assumed"
sanctions.pressure = 0.95
"""


def test_the_command_for_a_decision(command: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(LEVERS, encoding="utf-8")
    given = ("--levers", "mine.toml", "--maximise", "technology", "--keys", "routes", "--keys", "sanctions")
    _, out, _ = well(command("information", "article", "--worlds", "160", "--months", "6", "--no-figures", *given))
    assert "to be maximised on average over the worlds" in out
    assert "Knowing everything, chance included, would be worth" in out
    folder = tmp_path / "outputs" / "information_article_mine"
    told = rows(folder / "information.csv")
    assert {row["value_unit"] for row in told} == {"points"}
    keys = {row["parameter"] for row in told}
    assert "routes.khasan.capacity" in keys
    assert "sanctions.pressure" not in keys, "what is decided is no unknown"
    assert "expected value of partial perfect information" in (folder / "summary.md").read_text(encoding="utf-8")


MISTAKES = {
    "unknown outcome": (("--outcome", "tecnology"), "did you mean technology?"),
    "few worlds": (("--worlds", "100"), "--worlds: must be at least 160, found 100"),
    "fixed parameter": (
        ("--set", "routes.khasan.capacity=80", "--keys", "routes.khasan.capacity"),
        "is the same in all",
    ),
    "fixed group": (("--set", "routes.khasan.capacity=80", "--group", "routes.khasan.capacity"), "is the same in all"),
    "empty key": (("--keys", " "), "--keys: is empty; name a parameter"),
    "unknown group": (("--group", "routs"), "did you mean routes"),
    "large group": (("--worlds", "160", "--group", "PRK"), "worlds are needed, found 160"),
    "aim without levers": (("--minimise", "oil"), "--levers: is missing"),
    "levers without aim": (("--levers", "usa"), "a decision needs one outcome"),
    "two aims": (("--levers", "usa", "--minimise", "oil", "--maximise", "technology"), "a decision needs one outcome"),
    "outcome and levers": (("--levers", "usa", "--minimise", "oil", "--outcome", "oil"), "a decision takes --minimise"),
    "unknown levers": (("--levers", "us", "--minimise", "oil"), "did you mean usa?"),
    "constant": (("--outcome", "tests@2023-09", "--outcome", "tier4", *SMALL), "tier4: is 0 in all worlds"),
}


@pytest.mark.parametrize(("given", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_and_leave_nothing(refused: Refused, given: tuple[str, ...], said: str) -> None:
    assert said in refused("information", "article", *given)


def test_an_unknown_key_is_told_alone_and_with_a_way_on(refused: Refused) -> None:
    err = refused("information", "article", "--keys", "xyzzy", "--keys", "war", "--worlds", "160")
    assert err == "--keys: xyzzy: unknown key; sim params lists all, such as routes, war or PRK.ammunition.stock\n"


def test_several_mistakes_are_told_at_once(refused: Refused) -> None:
    err = refused("information", "artcle", "--outcome", "x", "--worlds", "8")
    assert "artcle" in err
    assert "unknown outcome" in err
    assert "--worlds" in err


def test_one_parameter_has_no_groups(command: Command, tmp_path: Path) -> None:
    """All keys share their first part, so that a group would say what the parameter says."""
    only = ("--keys", "war.attack", "--outcome", "technology", "--worlds", "160", "--months", "12", "--no-figures")
    well(command("information", "sea_route", *only, "--out", "found"))
    assert len(rows(tmp_path / "found" / "information.csv")) == 1
    assert rows(tmp_path / "found" / "groups.csv") == []
