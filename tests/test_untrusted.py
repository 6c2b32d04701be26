"""Files of others: altered by structure and by bytes, replaced by pipes, devices, links and folders."""

import json
import os
import random
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import xarray as xr

import sim
from sim.analysis.origin import origin_of
from sim.experiment.design import sample
from sim.files import open_regular, read_json, read_text
from sim.present.atomic import recorded
from sim.results import ResultsError
from sim.results.blocks import layout
from sim.results.calibrated import FORMAT, attach, digest, vectors
from sim.results.checked import check_file
from sim.results.opened import open_any
from sim.results.store import load, save
from sim.results.studied import COMPARISON, HISTORY, TEXTS, data_problems
from sim.scenario import Scenario, ScenarioError
from sim.scenario.schema import checked_scenario

pytestmark = pytest.mark.usefixtures("short_rest")

SEED, TRIES = 20240630, 25
STRANGE: tuple[Any, ...] = (None, True, -1, 2**70, 1e308, "", "x" * 3000, "\x1b[31m", [], {}, [[[]]], {"a": {}})
"""What a value may be replaced by."""
REFUSED = (ResultsError, ScenarioError)
"""What readers may raise; anything else would reach the user as a traceback."""


def altered(value: Any, rng: random.Random) -> Any:
    """A copy of plain values in which one place, at any depth, is lost, replaced, doubled or renamed."""
    copy = deepcopy(value)
    places: list[tuple[Any, Any]] = []
    left = [copy]
    while left:
        one = left.pop()
        for key in list(one) if isinstance(one, dict) else range(len(one)):
            places.append((one, key))
            if isinstance(one[key], dict | list):
                left.append(one[key])
    holder, key = rng.choice(places)
    change = rng.randrange(4)
    if change == 0:
        del holder[key]
    elif change == 1 and isinstance(holder, dict):
        holder[f"{key}?"] = holder.pop(key)
    elif change == 2 and isinstance(holder, list):
        holder.append(holder[key])
    else:
        holder[key] = rng.choice(STRANGE)
    return copy


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return sim.load("as_it_happened", worlds=2, months=2)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A calibrated set that was made without a run."""
    scenario = sim.load("article", worlds=8)
    keys, drawn = scenario.uncertain, sample(scenario, 0, 8)
    data = {"vectors": (("key", "vector"), np.stack([drawn[key] for key in keys])), "weight": ("vector", np.ones(8))}
    attrs = origin_of([scenario], "a set", FORMAT) | {"until": "2023-12-31", "observed": "none", "about": "a test"}
    path = tmp_path_factory.mktemp("set") / "set.nc"
    xr.Dataset(data, coords={"key": keys}, attrs=attrs).to_netcdf(path, engine="netcdf4")
    return path


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save(sim.run(sim.load("article", worlds=2, months=1)), tmp_path_factory.mktemp("run") / "results.nc")


# ---- Altered by structure -----------------------------------------------------------------------------------------


def test_an_altered_stored_scenario_is_refused_or_the_same_kind_of_thing(scenario: Scenario) -> None:
    rng, stored = random.Random(SEED), json.loads(json.dumps(scenario.to_dict()))
    assert checked_scenario(stored).hash == scenario.hash
    said = []
    for _ in range(TRIES):
        try:
            found = checked_scenario(altered(stored, rng))
        except ScenarioError as error:
            said.append(str(error))
            continue
        assert isinstance(found.hash, str)
        assert len(found.dates) == found.months
    assert all(text.isprintable() for text in said)
    assert len(said) > TRIES / 3


RULING = {"month": 1, "what": "refused", "act": "summit", "by": ["CHN"], "partners": ["RUS"], "add": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"what": "wished"},
        {"act": "summt"},
        {"by": ["XXX"]},
        {"partners": ["CHN"]},
        {"what": "willing"},
        {"add": 0.5},
    ],
    ids=str,
)
def test_what_a_stored_scenario_says_of_decisions_is_checked(scenario: Scenario, wrong: dict[str, Any]) -> None:
    """Without a fault it is taken, the control; each fault is refused, for it would silently do nothing."""
    stored = json.loads(json.dumps(scenario.to_dict()))
    stored["events"] = [RULING | {"duration": None, "why": "a test", "origin": "here:1"} | wrong]
    if not wrong:
        assert len(checked_scenario(stored).events) == 1
        return
    with pytest.raises(ScenarioError, match=r"decision|no act of these countries"):
        checked_scenario(stored)


@pytest.mark.parametrize("key", ["RUS.ammunition.production", "routes.khasan.capacity", "structure.exchange"])
@pytest.mark.parametrize("value", [-50.0, 1e300, 0.5 + 1e9])
def test_bounds_hold_for_stored_values(scenario: Scenario, key: str, value: float) -> None:
    stored = json.loads(json.dumps(scenario.to_dict()))
    stored["settings"][key] |= {"value": value, "low": None, "high": None, "distribution": "fixed"}
    with pytest.raises(ScenarioError, match=key):
        checked_scenario(stored)


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    def copied(source: Path) -> Path:
        target = tmp_path / source.name
        target.write_bytes(source.read_bytes())
        return target

    return copied


def test_altered_attributes_and_arrays_are_refused(results: Path, made: Path, copy_of: Callable[[Path], Path]) -> None:
    rng = random.Random(SEED)
    article = sim.load("article")
    readers: tuple[tuple[Path, Callable[[Path], object]], ...] = (
        (results, load),
        (made, lambda path: attach(article, path)),
    )
    for source, reader in readers:
        said = []
        for _ in range(5):
            path = copy_of(source)
            _alter_file(path, rng)
            try:
                reader(path)
            except REFUSED as error:
                said.append(str(error))
        assert all(source.name in text for text in said)
        assert len(said) > 1


def _alter_file(path: Path, rng: random.Random) -> None:
    with netCDF4.Dataset(path, "a") as file:
        name = rng.choice(file.ncattrs())
        change = rng.randrange(5)
        if change == 0:
            file.delncattr(name)
        elif change == 1:
            file.setncattr(name, rng.choice([np.int64(-3), np.float64(0.5), "{", "\x1b[2J", "[" * 5000]))
        elif change == 2 and str(file.getncattr(name))[:1] in "[{":
            file.setncattr(name, json.dumps(altered(json.loads(file.getncattr(name)), rng)))
        elif change == 3:
            file.renameVariable(rng.choice(list(file.variables)), "other")
        else:
            numbers = [one for one in file.variables.values() if getattr(one.dtype, "kind", "") == "f"]
            rng.choice(numbers)[...] = rng.choice([-1e30, np.nan, np.inf])


def test_a_set_with_a_negative_production_is_refused(made: Path, copy_of: Callable[[Path], Path]) -> None:
    path = copy_of(made)
    with netCDF4.Dataset(path, "a") as file:
        row = [str(key) for key in file["key"][:]].index("RUS.ammunition.production")
        file["vectors"][row, :] = -50.0
    with pytest.raises(ResultsError, match=r"RUS\.ammunition\.production must lie in"):
        vectors(str(path), digest(path))


def test_a_set_that_names_what_is_no_parameter_is_refused(
    made: Path, copy_of: Callable[[Path], Path], scenario: Scenario
) -> None:
    path = copy_of(made)
    with netCDF4.Dataset(path, "a") as file:
        file["key"][1] = "../../etc"
    with pytest.raises(ScenarioError, match=r"no parameter: \.\./\.\./etc"):
        attach(scenario, path)


def test_bytes_at_random_places(results: Path, copy_of: Callable[[Path], Path]) -> None:
    rng, content = random.Random(SEED), results.read_bytes()
    path = copy_of(results)
    for _ in range(12):
        wrong = bytearray(content)
        for _ in range(40):
            wrong[rng.randrange(min(len(wrong), 20_000))] = rng.randrange(256)
        path.write_bytes(wrong[: rng.choice([len(wrong), len(wrong) // 2])])
        try:
            load(path)
        except ResultsError:
            continue


# ---- Sizes and kinds of files ---------------------------------------------------------------------------------------


def test_a_small_file_that_declares_much_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "results.nc"
    with netCDF4.Dataset(path, "w") as file:
        file.createDimension("a", 100_000)
        file.createDimension("b", 100_000)
        file.createVariable("x", "f8", ("a", "b"), zlib=True, chunksizes=(1000, 1000))
    for reader in (check_file, load, open_any, layout):
        with pytest.raises(ResultsError, match=r"declares 80\.0 GB, which its [\d,]+ bytes cannot hold"):
            reader(path)


@pytest.fixture(params=["pipe", "device", "folder", "broken link"])
def no_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "file"
    if request.param == "pipe":
        if not hasattr(os, "mkfifo"):
            pytest.skip("no pipes with names on this system")
        os.mkfifo(path)
    elif request.param == "device":
        path.symlink_to("/dev/zero")
    elif request.param == "folder":
        path.mkdir()
    else:
        path.symlink_to("nowhere")
    return path


@pytest.mark.parametrize("reader", [open_regular, read_text, read_json, digest, check_file, layout])
def test_what_is_no_regular_file_is_refused_at_once(no_file: Path, reader: Callable[[Path], object]) -> None:
    with pytest.raises((OSError, ResultsError)):
        reader(no_file)


def test_links_are_not_followed_where_that_is_asked(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    (tmp_path / "b").symlink_to("a")
    assert read_json(tmp_path / "b") == 1
    with pytest.raises(OSError, match="is a link that is not followed"):
        read_json(tmp_path / "b", follow=False)


@pytest.mark.parametrize("name", ["../other", "/etc/hosts", "a/../../b", "a\x1b[31m"])
def test_names_in_a_manifest_do_not_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    files = [{"path": name, "sha256": "0"}]
    (tmp_path / "manifest.json").write_text(json.dumps({"kind": "sim-run 1", "files": files}))
    assert recorded(tmp_path) is None


# ---- Data of studies ----------------------------------------------------------------------------------------------


RAIL = "routes.khasan.capacity"


def study(name: str) -> xr.Dataset:
    """A small Dataset as a study writes it."""
    if name == "sweep":
        key = RAIL
        data = {"oil": ((key, "world"), np.ones((2, 2))), "binding": ((key, "constraint"), np.ones((2, 1)))}
        labels: dict[str, Any] = {key: [10.0, 20.0], "constraint": ["rail"], "world": [0, 1]}
        return xr.Dataset(
            data,
            coords=labels,
            attrs={"format": "sim-sweep 1", "vary": json.dumps({key: [10.0, 20.0]}), "outcome": "oil"},
        )
    schema = {"comparison": COMPARISON, "history": HISTORY}[name]
    sizes = {"level": 5, "bound": 3}
    found: dict[str, Any] = {}
    for one, (dims, kinds) in schema.items():
        axes = tuple(dims.split())
        shape = [sizes.get(axis, 2) for axis in axes]
        count = np.arange(int(np.prod(shape))).reshape(shape)
        values = {"f": count.astype(float), "U": count.astype(str), "M": count.astype("M8[M]").astype("M8[ns]")}
        found[one] = (axes, values["U" if kinds == TEXTS else kinds[0]])
    return xr.Dataset(found, attrs={"format": f"sim-{name} 1"})


@pytest.mark.parametrize("name", ["comparison", "history", "sweep"])
def test_data_of_a_study_with_one_variable_altered_are_refused(name: str) -> None:
    ds = study(name)
    assert data_problems(ds) == [], "the control"
    for one in map(str, ds.variables):
        texts = xr.DataArray(np.full(ds[one].shape, "\x1b[31m", dtype=object), dims=ds[one].dims)
        wrong = [ds.drop_vars(one), ds.rename({one: f"{one}_x"})]
        if one in ds.data_vars:
            wrong += [ds.assign({one: ds[one].isel({ds[one].dims[0]: 0}, drop=True)})]
            wrong += [ds.assign({one: texts})] * (ds[one].dtype.kind not in "UO")  # a text may be any
        if name == "sweep" and one == "oil":
            del wrong[:2]  # the outcome that was asked for is the matter of who draws the table
        for other in wrong:
            faults = data_problems(other)
            assert faults, one
            assert all(fault.isprintable() for fault in faults)
    for axis in map(str, ds.dims):
        double = ds.isel({axis: [0] * ds.sizes[axis]})
        assert data_problems(double) or axis not in ds.coords or ds.sizes[axis] == 1, axis
        assert data_problems(ds.isel({axis: slice(0, 0)})) or axis in ("other", "figure"), axis


@pytest.mark.parametrize(
    "vary",
    [
        "[",
        "[1]",
        '[null, "a"]',
        '{"x": [1]}',
        '[["a"]]',
        "5",
        f'["{RAIL}", {{}}]',
        f'{{"{RAIL}": 2}}',
        f'{{"{RAIL}": []}}',
        None,
        3.0,
    ],
)
def test_a_sweep_names_what_it_varies(vary: Any) -> None:
    assert data_problems(study("sweep").assign_attrs(outcome=3)) == ["attribute outcome is damaged"]
    (fault,) = data_problems(study("sweep").assign_attrs(vary=vary))
    assert "attribute vary must name one or two parameters with their values" in fault
