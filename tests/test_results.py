"""Results: built with checks, saved byte for byte alike, loaded with clear errors."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from synthetic import Origin, arrays, coords, dataset

import sim
from sim.analysis.quantiles import band, mean, quantiles
from sim.results import VARIABLES, ResultsError, build, load, save, unit_of

pytestmark = pytest.mark.usefixtures("short_rest")


@pytest.fixture(scope="module")
def one_year() -> xr.Dataset:
    """A year of the main pair with railway and ships."""
    return sim.run(sim.load("sea_route", worlds=8, months=12))


def test_every_variable_has_unit_and_long_name() -> None:
    ds = dataset(months=2, worlds=3)
    assert set(ds.data_vars) == set(VARIABLES)
    for name, array in ds.data_vars.items():
        assert all((array.attrs["units"], array.attrs["long_name"])), name
        assert array.dims == VARIABLES[str(name)].dims


def test_unit_depends_on_the_good() -> None:
    named = (("delivered", "ammunition"), ("delivered", "food"), ("price", "energy"), ("fire_ratio",))
    assert [unit_of(*name) for name in named] == ["krounds/month", "kt/month", "MUSD/kt", "1"]


def test_goods_by_route_add_up_to_the_lanes_of_their_ends(one_year: xr.Dataset) -> None:
    """By the ends that the coordinates name, to what single precision keeps; several routes join the same pair."""
    for of_lane, of_route in (("shipped", "route_shipped"), ("delivered", "route_delivered")):
        lane, route = one_year[of_lane], one_year[of_route].astype(float)
        for sender in one_year["country"].values:
            for receiver in one_year["partner"].values:
                mine = (one_year["from"] == sender) & (one_year["to"] == receiver)
                total = route.where(mine, 0.0).sum(("route", "direction"))
                wanted = lane.sel(country=sender, partner=receiver)
                np.testing.assert_allclose(total.values, wanted.values, rtol=1e-6, atol=1e-6)
    used = [int(one_year["route_shipped"].sel(route=name).max() > 0.0) for name in ("khasan", "rajin")]
    assert used == [1, 1], "two routes share the pair, so that the split says something"


def test_empties_are_told_apart_from_the_load(one_year: xr.Dataset) -> None:
    """What is in use is load and empties; the empties one way are a share of the load the other way (C8)."""
    load, empties = one_year["route_load"], one_year["route_empties"]
    room = one_year["route_use"] * one_year["route_capacity"]
    np.testing.assert_allclose(room, load + empties, atol=1e-9)
    share = one_year["parameters"].sel(key="routes.khasan.empty_return")
    way = {end: load.sel(route="khasan", direction=end) for end in ("forward", "back")}
    forth = empties.sel(route="khasan", direction="forward")
    np.testing.assert_allclose(forth, (share * way["back"]).transpose(*forth.dims), atol=1e-9)
    assert float(forth.max()) > 1.0


def test_coordinates_say_what_they_are(one_year: xr.Dataset) -> None:
    assert one_year["country"].attrs["names"].startswith("RUS: Russia; PRK: North Korea")
    khasan = one_year["route_load"].sel(route="khasan")
    assert list(zip(khasan["from"].values, khasan["to"].values, strict=True)) == [("RUS", "PRK"), ("PRK", "RUS")]
    assert str(one_year["stock"].sel(good="energy")["good_unit"].values) == "kt"
    assert str(one_year["parameters"].sel(key="routes.khasan.capacity")["key_unit"].values) == "kt/month"


def test_build_reports_all_problems_at_once() -> None:
    origin = Origin(months=2, worlds=3)
    wrong = arrays(origin)
    wrong["surprise"] = wrong.pop("stock")
    wrong["fire"] = wrong["fire"][:, :2]
    with pytest.raises(ResultsError) as caught:
        build(wrong, origin, coords(origin))
    text = str(caught.value)
    assert "surprise: not a variable" in text
    assert "stock: missing" in text
    assert "fire: shape (2, 2), expected (2, 3)" in text


def test_partial_results_hold_what_is_given() -> None:
    origin = Origin(months=2, worlds=3)
    ds = build({"fire": np.ones((2, 3))}, origin, coords(origin), partial=True)
    assert list(ds.data_vars) == ["fire"]
    assert set(ds.coords) == {"month", "world"}


def test_what_is_saved_comes_back_with_its_origin(tmp_path: Path) -> None:
    ds = dataset(months=3, worlds=4)
    back = load(save(ds, tmp_path / "results.nc"))
    assert back.attrs == ds.attrs
    assert {"scenario_hash", "seed", "code_version", "versions", "changed"} <= back.attrs.keys()
    for name, spec in VARIABLES.items():
        if spec.disk == "f4":
            np.testing.assert_array_equal(back[name].values, ds[name].values.astype("f4"))
        else:
            np.testing.assert_array_equal(back[name].values, ds[name].values)
            assert back[name].dtype == ds[name].dtype
    for name in ds.coords:
        np.testing.assert_array_equal(back[name].values, ds[name].values, err_msg=str(name))
        assert back[name].attrs == ds[name].attrs, name
        assert back[name].attrs["long_name"], name


@pytest.mark.parametrize("worlds", [1, 40])
def test_same_data_same_bytes(tmp_path: Path, worlds: int) -> None:
    ds = dataset(months=4, worlds=worlds)
    first = save(ds, tmp_path / "one.nc").read_bytes()
    for again in (dataset(months=4, worlds=worlds), load(tmp_path / "one.nc")):
        assert save(again, tmp_path / "two.nc").read_bytes() == first
    ds["fire"].values[1, 0] += 1e-9
    assert save(ds, tmp_path / "two.nc").read_bytes() != first


def test_a_failed_save_leaves_the_old_file(tmp_path: Path) -> None:
    path = save(dataset(months=1, worlds=1), tmp_path / "results.nc")
    before = path.read_bytes()
    broken = dataset(months=1, worlds=1).rename({"fire": "unknown"})
    with pytest.raises(KeyError):
        save(broken, path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["results.nc"]


def test_load_refuses_what_is_no_result(tmp_path: Path) -> None:
    whole = save(dataset(months=4, worlds=20), tmp_path / "whole.nc").read_bytes()
    for name, content in {"empty": b"", "text": b"no", "head": b"\x89HDF\r\n\x1a\n" + bytes(100)}.items():
        (tmp_path / f"{name}.nc").write_bytes(content)
    (tmp_path / "cut.nc").write_bytes(whole[: len(whole) // 2])
    xr.Dataset({"rain": ("day", np.arange(3.0))}).to_netcdf(tmp_path / "rain.nc", engine="netcdf4")
    unit = dataset(months=1, worlds=1)
    unit["fire"].attrs["unit"] = "rounds/day"
    save(unit, tmp_path / "unit.nc")
    for name, said in (
        *((name, "cannot be read") for name in ("empty", "text", "head")),
        *(("cut", "damaged"), ("absent", "no such file"), ("rain", "not results of this program")),
        ("unit", "fire: unit 'rounds/day'"),
    ):
        with pytest.raises(ResultsError, match=said):
            load(tmp_path / f"{name}.nc")


def test_quantiles_agree_with_numpy_and_leave_out_missing_values() -> None:
    values = np.random.default_rng(3).normal(size=(4, 5, 101))
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    np.testing.assert_allclose(quantiles(values, levels), np.quantile(values, levels, axis=-1), rtol=1e-12)
    values[1, 2, :40] = np.nan
    values[0, 0] = np.nan
    found = quantiles(values, levels)
    np.testing.assert_allclose(found[:, 1, 2], np.quantile(values[1, 2, 40:], levels), rtol=1e-12)
    assert np.isnan(found[:, 0, 0]).all()
    assert np.isnan(mean(values)[0, 0])
    np.testing.assert_allclose(mean(values)[1, 2], values[1, 2, 40:].mean())


def test_band_of_one_world_is_that_world() -> None:
    assert band(np.array([2.5])) == (2.5, 2.5, 2.5)


def test_the_front_door_says_what_it_needs() -> None:
    with pytest.raises(TypeError, match="not by int"):
        sim.run(3)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="no figure is called 'x'; the figures are cooperation"):
        sim.draw(dataset(months=1, worlds=1), "x")
