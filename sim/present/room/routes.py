"""The map of North Korea's routes: the width of an arrow is the cargo, one arrow for each way."""

from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib as mpl
import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.patches import Polygon

from sim.analysis.quantiles import mean
from sim.present.palette import BLUE, GREY, ORANGE
from sim.present.room.claims import finite, no_numbers
from sim.present.room.geography import ALWAYS, HEIGHT, WIDTH, arrow, in_frame, shapes, smooth
from sim.present.room.hedge import Claim, about_percent, digits, in_worlds
from sim.present.room.slide import LINE, extent_of, wrapped
from sim.present.room.slide import breadth as breadth_of
from sim.present.style import NOTHING
from sim.scenario.names import ROUTES
from sim.texts.spoken import said

NAMES = ("khasan", "rajin", "dandong", "nampo", "pipeline", "ocean_prk_kor", "ocean_prk_jpn", "ocean_prk_usa")
"""North Korea's routes."""
LAND, BORDER, DARK = "#EDEBE4", "#A8A59B", "#595959"
OUT, INTO = BLUE, ORANGE
WIDEST, NARROWEST, GAP = 0.55, 0.06, 0.1
"""Width of the arrow of most cargo, least width, half the gap between the two ways; degrees of latitude."""
ROOMY = 18.0
"""Width of a map, heights of the text, from which the neighbours have their names."""
LEAST = 0.05
"""Less cargo than this, kt a month, is drawn as none."""


@dataclass(frozen=True)
class Cargo:
    """Cargo of a route, kt a month, mean over the months of the run, (world); empties are no cargo."""

    name: str
    out: np.ndarray
    into: np.ndarray

    @property
    def both(self) -> np.ndarray:
        """Cargo of both ways, (world)."""
        return self.out + self.into


def cargoes(ds: xr.Dataset) -> list[Cargo]:
    """Return the cargo of every route of North Korea."""
    found = []
    for name in NAMES:
        load = ds["route_load"].sel(route=name).transpose("direction", "world", "month")
        forth, back = mean(load.values)[[list(ds["direction"].values).index(way) for way in ("forward", "back")]]
        found.append(Cargo(name, *((forth, back) if ROUTES[name][0] == "PRK" else (back, forth))))
    return found


def routes(ds: xr.Dataset) -> Claim:
    """Say which route carries most of North Korea's cargo."""
    every = cargoes(ds)
    loads = finite(np.stack([one.both for one in every]))
    if not loads.size:
        return no_numbers("routes")
    total = loads.sum(axis=0)
    numbers = {one.name: float(np.median(load)) for one, load in zip(every, loads, strict=True)}
    if not total.max() > LEAST:
        return Claim(said("printed.routes.none"), numbers)
    first = int(np.argmax(loads.mean(axis=1)))
    share = np.divide(loads[first], total, out=np.zeros_like(total), where=total > NOTHING)
    half, most = share > 0.5, (loads[first] == loads.max(axis=0)) & (total > NOTHING)
    what, holds = ("half", half) if half.mean() >= 0.5 else ("most", most)
    numbers |= {"share of worlds": float(holds.mean()), "share of cargo": float(np.median(share))}
    much = about_percent(float(np.median(share)))
    text = said(
        "printed.routes.title",
        carries=said(f"printed.routes.carries.{every[first].name}"),
        what=said(f"printed.routes.{what}"),
        worlds=in_worlds(holds),
        share=said("printed.routes.median", share=much) if total.size > 1 else much,
    )
    return Claim(text, numbers)


def reach(ds: xr.Dataset) -> float:
    """Return the most cargo of an arrow, kt a month."""
    return max(LEAST, *(load for one in cargoes(ds) for load in _means(one)))


def map_panel(ds: xr.Dataset, ax: Axes, top: float) -> None:
    """Draw the map; an arrow of `top` kt a month is the widest. Means over worlds."""
    _lands(ax)
    courses = {shape.name: smooth(shape.points) for shape in shapes("route")}
    for one in shown(ds):
        _route(ax, one, courses[one.name], top)
    ax.set(xlim=(0.0, WIDTH), ylim=(0.0, HEIGHT), aspect="equal", anchor="NW", xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=BORDER, linewidth=0.08 * float(mpl.rcParams["font.size"]))


def number(ds: xr.Dataset, ax: Axes) -> None:
    """Write the numbers of the routes of `table` at their outer ends."""
    courses = {shape.name: smooth(shape.points) for shape in shapes("route")}
    for k, one in enumerate(shown(ds), start=1):
        start = next(point for point in courses[one.name] if in_frame(*point))
        ax.plot(start[0], start[1], "o", color=DARK, markersize=1.5 * float(mpl.rcParams["font.size"]), zorder=5)
        ax.text(start[0], start[1], str(k), ha="center", va="center_baseline", color="white", zorder=6)


def _lands(ax: Axes) -> None:
    """Draw lands, borders and the names of countries within the frame."""
    size = float(mpl.rcParams["font.size"])
    for land in shapes("land"):
        ax.add_patch(Polygon(land.points, facecolor=LAND, edgecolor=BORDER, linewidth=0.08 * size, zorder=0))
    for border in shapes("border"):
        ax.plot(*border.points.T, color=BORDER, linewidth=0.12 * size, linestyle=(0, (4, 2)), zorder=1)
    width, height = extent_of(ax)
    roomy = min(width, height * WIDTH / HEIGHT) > ROOMY
    for place in shapes("country"):
        x, y = place.points[0]
        if in_frame(x, y) and (roomy or place.name == "PRK"):
            name = said(f"country.{place.name}")
            words = name if roomy else name.replace(" ", "\n", 1)  # in two lines it lies between the arrows
            ax.text(x, y, words, ha="center", va="center", color=DARK, zorder=4)


def _route(ax: Axes, one: Cargo, course: np.ndarray, top: float) -> None:
    out, into = _means(one)
    if max(into, out) < LEAST:
        size = float(mpl.rcParams["font.size"])
        ax.plot(*course.T, color=GREY, linewidth=0.15 * size, linestyle=(0, (3, 2)), zorder=2)
    for cargo, way, colour in ((into, course, INTO), (out, course[::-1], OUT)):
        if cargo >= LEAST:
            width = breadth(cargo, top)
            ax.add_patch(
                Polygon(
                    arrow(way, width, GAP + width / 2.0), facecolor=colour, edgecolor="white", linewidth=1.0, zorder=3
                )
            )


def breadth(cargo: float, top: float) -> float:
    """Return the width of an arrow, degrees of latitude: in proportion to its cargo, but never too thin to be seen."""
    return max(WIDEST * cargo / top, NARROWEST)


def steps(top: float) -> Sequence[float]:
    """Return the cargoes, kt a month, that the key of widths shows: round numbers up to `top`."""
    first = 10.0 ** np.floor(np.log10(top))
    nice = max(step for step in (first, 2.0 * first, 5.0 * first) if step <= top * (1 + 1e-9))
    return (nice / 5.0, nice)


def shown(ds: xr.Dataset) -> list[Cargo]:
    """Return the routes that the map draws, in the order of their numbers."""
    return [one for one in cargoes(ds) if one.name in ALWAYS or max(_means(one)) >= LEAST]


def some_idle(ds: xr.Dataset) -> bool:
    """Return whether the map draws a route without cargo."""
    return any(max(_means(one)) < LEAST for one in shown(ds))


def table(ds: xr.Dataset) -> list[str]:
    """Return two lines for each route: its name, and its cargo out and in."""
    lines = []
    for number, one in enumerate(shown(ds), start=1):
        out, into = map(digits, _means(one))
        ways = said("printed.routes.ways", out=out, into=into)
        lines += [f"{number}  {said(f'route.{one.name}')}", f"     {ways}"]
    return lines


def set_in(lines: Sequence[str], width: float, room: float) -> str:
    """Return the lines of `table` broken to a width, or cut where they then outgrow the room; in text heights."""
    kept = [line if breadth_of(line) < width else line.replace("  ", "\u00a0 ") for line in lines]
    long = [line for line, old in zip(kept, lines, strict=True) if line != old]
    broken = [wrapped(line, width - 2.5).replace("\n", "\n     ") if line in long else line for line in kept]
    if LINE * sum(line.count("\n") + 1 for line in broken) > room:
        broken = [wrapped(line.replace(" ", "\u00a0"), width - 0.4) if line in long else line for line in kept]
    return "\n".join(broken)


def _means(one: Cargo) -> tuple[float, float]:
    """Return the mean cargo over worlds, out and in; 0 where no world has a number."""
    out, into = (float(np.mean(finite(way))) if finite(way).size else 0.0 for way in (one.out, one.into))
    return out, into
