"""Figures that said more than is known, or could not be read: mended, and held to it."""

import numpy as np
import pytest
import xarray as xr
from matplotlib.figure import Figure
from synthetic import dataset

from sim.analysis.headline import rail_cargo, rail_use
from sim.present import network
from sim.present.acts import SMALLEST, acts_panel
from sim.present.logistics import cargo_share, use_panel
from sim.studies.discover.analysis import Discovery
from sim.studies.discover.figures import _look_of_bar
from sim.studies.discover.prim import Box, Fit
from sim.studies.sensitivity.figures import share_bars
from sim.studies.sweep.knee import shape
from sim.studies.sweep.map import LIGHT, edges


@pytest.fixture(scope="module")
def ds() -> xr.Dataset:
    made = dataset(months=6, worlds=8)
    half = 0.25 * made["route_capacity"].values[:, :, None]
    return made.assign(
        route_load=(made["route_load"].dims, np.broadcast_to(half, made["route_load"].shape)),
        route_use=(made["route_use"].dims, np.full(made["route_use"].shape, 0.75)),
    )


def axis() -> tuple[Figure, object]:
    figure = Figure()
    return figure, figure.add_subplot()


def test_cells_of_a_map_end_where_the_range_ends() -> None:
    assert edges(np.array([10.0, 20.0, 30.0])).tolist() == [10.0, 15.0, 25.0, 30.0]


def test_the_scale_of_a_map_grows_darker_from_end_to_end() -> None:
    grey = LIGHT(np.linspace(0.0, 1.0, 50))[:, :3] @ (0.2126, 0.7152, 0.0722)
    assert (np.diff(grey) < 0.0).all()


def test_a_knee_is_known_no_better_than_half_a_step_of_the_grid() -> None:
    x = np.linspace(0.0, 10.0, 6)
    exact = np.repeat(np.minimum(x, 5.0)[:, None], 50, axis=1)  # no spread at all: the bootstrap alone gives a point
    knee = shape(x, exact).knee
    assert knee.low <= knee.at - 1.0 + 1e-9
    assert knee.high >= knee.at + 1.0 - 1e-9


def test_a_share_below_zero_is_no_bar() -> None:
    _, ax = axis()
    share_bars(ax, np.arange(2.0), np.array([-0.04, 0.3]), np.array([0.05, 0.05]), "blue", "first order")
    assert sorted(bar.get_width() for bar in ax.patches) == [0.0, 0.3]
    assert [line.get_xdata().tolist() for line in ax.lines if line.get_marker() == "o"] == [[-0.04]]


@pytest.mark.parametrize(("p_value", "filled"), [(0.0001, True), (0.4, False)])
def test_only_a_box_that_is_a_finding_is_filled(p_value: float, filled: bool) -> None:
    box = Box({"routes.khasan.capacity": (10.0, 20.0)})
    fit = Fit(0.5, 0.5, 0.5, 0.5)
    look = _look_of_bar(Discovery(box, {}, fit, fit, p_value, [], {}, {}, np.arange(4)))
    assert (look.get("facecolor") != "none") == filled


def test_every_dot_can_be_seen(ds: xr.Dataset) -> None:
    _, ax = axis()
    acts_panel(ds, ax)
    areas = np.concatenate([dots.get_sizes() for dots in ax.collections])
    assert areas.size
    assert areas.min() >= SMALLEST


def test_empties_are_no_cargo(ds: xr.Dataset) -> None:
    assert rail_cargo(ds)["back"].mid == pytest.approx(0.25)
    assert rail_use(ds)["back"].mid == pytest.approx(0.75)
    assert cargo_share(ds, "rajin", out=True) == pytest.approx(0.25)
    _, ax = axis()
    use_panel(ds, ax)
    assert {round(float(line.get_ydata()[-1])) for line in ax.lines if len(line.get_ydata())} == {25, 75}


def test_a_network_shows_what_changes(ds: xr.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pair that delivers as before is a dotted line, whatever it delivers."""
    monkeypatch.setattr(network, "parameter", lambda *_: np.ones(8))  # the price of each good
    same = ds.assign(delivered=(ds["delivered"].dims, np.full(ds["delivered"].shape, 50.0, dtype="f4")))
    _, ax = axis()
    network.change_panel(same, ax)
    assert {line.get_linewidth() for line in ax.lines if line.get_marker() in ("", "None")} == {1.0}
    more = same["delivered"].values.copy()
    more[-1, 0, 1] = 5000.0
    _, ax = axis()
    network.change_panel(same.assign(delivered=(ds["delivered"].dims, more)), ax)
    assert sum(line.get_linewidth() > 3.0 for line in ax.lines if line.get_marker() in ("", "None")) == 1
