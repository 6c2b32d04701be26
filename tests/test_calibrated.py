"""Worlds drawn from a calibrated set in every study: pairing, what wins over a vector, theories, refusals."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from calibrated_sets import write_set
from command_line import Command, Refused, well

import sim
from sim.commands.options import NOT_CALIBRATED
from sim.experiment.batch import at
from sim.experiment.design import sample
from sim.results.calibrated import remarks, vectors
from sim.scenario import Scenario
from sim.scenario.policies import read_study
from sim.studies.influence.design import Change
from sim.studies.sweep import axes

pytestmark = pytest.mark.usefixtures("short_rest")

WORLDS = 24
SCALE, STOCK = "war.fire_scale", "RUS.ammunition.stock"
LEVERS = """
title = "A stock"
question = "What if it were larger?"

[RUS.stock.as_it_is]
[RUS.stock.large]
RUS.ammunition.stock = 4500
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("set") / "set.nc")


def drawn_from(made: Path, name: str, **settings: str) -> Scenario:
    return sim.load(name, worlds=WORLDS, set=settings, calibrated=made)


# ---- Pairing, and what wins -------------------------------------------------------------------------------------


def test_world_k_has_one_vector_in_every_scenario_of_a_comparison(made: Path) -> None:
    one, other = (drawn_from(made, name) for name in ("theories", "rail_upgrade"))
    a, b = (sample(scenario, 0, WORLDS) for scenario in (one, other))
    assert one.calibrated
    assert other.calibrated
    shared = set(one.calibrated.keys) & set(other.calibrated.keys)
    assert len(shared) > 100
    assert all(np.array_equal(a[key], b[key]) for key in shared)
    # A vector stays whole: the values of a world are a column of the set.
    found = vectors(one.calibrated.path, one.calibrated.digest)
    columns = np.array([a[key] for key in found.keys]).T
    assert (columns[:, None] == found.values.T).all(axis=2).any(axis=1).all()


def test_what_a_scenario_states_wins(made: Path) -> None:
    plain, drawn = sim.load("alliance", worlds=WORLDS), drawn_from(made, "alliance", **{SCALE: "3"})
    values = sample(drawn, 0, WORLDS)
    assert (values[SCALE] == 3.0).all()
    assert (values["structure.exchange"] == float(plain.settings["structure.exchange"].value)).all()
    said = " ".join(remarks(drawn))
    assert "structure.exchange" in said
    assert f"set by {drawn.name} or --set" in said
    assert "all theories of structure.exchange and structure.threat" in said


def test_a_swept_parameter_is_not_drawn(made: Path) -> None:
    drawn = drawn_from(made, "theories")
    before, after = sample(drawn, 0, WORLDS), sample(at(drawn, {SCALE: 2.5}), 0, WORLDS)
    assert np.ptp(before[SCALE]) > 0.0
    assert (after[SCALE] == 2.5).all()
    assert [key for key in before if not np.array_equal(before[key], after[key])] == [SCALE]
    assert at(drawn, {SCALE: 2.5}).hash != at(drawn, {SCALE: 2.0}).hash
    assert "not drawn from the calibrated set" in axes.remarks(drawn, {SCALE: (1.0, 2.0)})[0]
    assert not axes.remarks(replace(drawn, calibrated=None), {SCALE: (1.0, 2.0)})


def test_an_option_of_a_lever_wins_and_the_other_policies_keep_the_vector(made: Path, tmp_path: Path) -> None:
    file = tmp_path / "stock.toml"
    file.write_text(LEVERS, encoding="utf-8")
    study = read_study(str(file), drawn_from(made, "theories"))
    usual, large = (sample(policy.scenario, 0, WORLDS) for policy in study.policies)
    assert [key for key in usual if not np.array_equal(usual[key], large[key])] == [STOCK]
    assert (large[STOCK] == 4500.0).all()
    assert np.array_equal(usual[STOCK], sample(study.scenario, 0, WORLDS)[STOCK])
    assert "calibrated set" in study.remarks[0]
    assert not read_study(str(file), sim.load("theories", worlds=WORLDS)).remarks


def test_a_change_of_an_influence_wins(made: Path) -> None:
    drawn = drawn_from(made, "sea_route")
    ends = Change("lever", "RUS", STOCK, 3000.0, 5000.0).apart(drawn)
    low, high = (sample(scenario, 0, WORLDS) for scenario in ends if scenario)
    assert [key for key in low if not np.array_equal(low[key], high[key])] == [STOCK]
    assert (low[STOCK] == 3000.0).all()
    assert (high[STOCK] == 5000.0).all()


# ---- The commands -----------------------------------------------------------------------------------------------


def test_studies_draw_from_the_set_and_say_so(made: Path, command: Command) -> None:
    few = ("--calibrated", str(made), "--worlds", "8", "--months", "1", "--no-figures")
    assert "takes over its parameters" in well(command("compare", "theories", "sea_route", *few)).err
    well(command("sweep", "theories", "--vary", f"{SCALE}=2:4:2", *few))
    Path("stock.toml").write_text(LEVERS, encoding="utf-8")
    well(command("policy", "theories", "--levers", "stock.toml", "--minimise", "tests", *few))
    names = {"compare_theories_sea_route", f"sweep_theories_{SCALE}", "policy_theories_stock"}
    assert {path.name for path in Path("outputs").iterdir()} == {f"{name}_calibrated" for name in names}
    for path in Path("outputs").iterdir():
        assert "Calibrated worlds: each takes" in (path / "summary.md").read_text(encoding="utf-8")


def test_a_run_over_theories_replays_without_the_set(made: Path, command: Command) -> None:
    shutil.copy(made, "set.nc")
    few = ("--calibrated", "set.nc", "--worlds", "8", "--months", "1", "--no-figures", "--out", "made")
    well(command("run", "theories", *few))
    assert well(command("replay", "made")).out == "made: the data are the same\n"
    Path("set.nc").unlink()
    vectors.cache_clear()
    assert "calibrated set" in well(command("replay", "made")).out


@pytest.mark.parametrize("name", NOT_CALIBRATED)
def test_studies_of_the_record_refuse(refused: Refused, made: Path, name: str) -> None:
    said = refused(name, "sea_route", "--calibrated", str(made))
    assert f"sim {name} draws from the ranges: {NOT_CALIBRATED[name]}" in said


WORDS = {
    "compare": ("compare", "sea_route", "article"),
    "sweep": ("sweep", "sea_route", "--vary", f"{SCALE}=2:4:2"),
    "policy": ("policy", "sea_route", "--levers", "usa", "--minimise", "technology"),
    "influence": ("influence", "sea_route"),
}


MISTAKES = {
    "run": ("run", "no_such_scenario"),
    "compare": ("compare", "theories", "no_such_scenario"),
    "sweep": ("sweep", "theories", "--vary", "no_such_key=2:4:2"),
    "policy": ("policy", "theories", "--levers", "no_such_file", "--minimise", "technology"),
    "influence": ("influence", "theories", "--outcome", "no_such_outcome"),
    "history": ("history", "theories", "--worlds", "1"),
    "sensitivity": ("sensitivity", "theories", "--samples", "63"),
    "information": ("information", "theories", "--outcome", "no_such_outcome"),
    "discover": ("discover", "theories", "--where", "no_such_outcome > 1"),
    "page": ("page", "theories", "--levers", "no_such_lever"),
}


@pytest.mark.parametrize("words", MISTAKES.values(), ids=MISTAKES)
def test_a_bad_set_is_told_with_all_other_mistakes(refused: Refused, words: tuple[str, ...]) -> None:
    Path("set.nc").write_bytes(b"nothing")
    said = refused(*words, "--calibrated", "set.nc")
    assert "set.nc: cannot be read as NetCDF4" in said
    assert "no_such" in said or "--worlds: must" in said or "--samples: must" in said


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def other_table(path: Path) -> None:
    with xr.load_dataset(path, engine="netcdf4") as ds:
        stored = json.loads(ds.attrs["scenarios"])
        stored[0]["settings"]["war.fire_scale_of_old"] = stored[0]["settings"].pop(SCALE)
        ds.attrs["scenarios"] = json.dumps(stored)
    path.unlink()
    ds.to_netcdf(path, engine="netcdf4")


SPOILT: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (Path.unlink, "cannot be read: no such file"),
    "damaged": (cut, "cannot be read as NetCDF4"),
    "other table": (other_table, "of a version with other parameters: war.fire_scale"),
}


@pytest.mark.parametrize(("spoil", "rule"), SPOILT.values(), ids=SPOILT)
@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_bad_sets_are_told(
    refused: Refused, made: Path, words: tuple[str, ...], spoil: Callable[[Path], None], rule: str
) -> None:
    path = Path(shutil.copy(made, "set.nc"))
    spoil(path)
    said = refused(*words, "--calibrated", "set.nc")
    assert said.startswith("--calibrated: set.nc: ")
    assert rule in said


def test_a_device_is_no_set(refused: Refused) -> None:
    assert "/dev/null: is no regular file" in refused("run", "article", "--calibrated", "/dev/null")
