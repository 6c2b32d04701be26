"""The scoreboard: how far each country meets its own goals at the end, and without the opening."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.analysis.calendar import months
from sim.analysis.headline import main_pair, opening_changes
from sim.analysis.quantiles import quantiles
from sim.present.naming import codes_note, date_words, shows
from sim.present.page import page
from sim.present.style import heat_map, panels
from sim.present.words import number, signed
from sim.texts.spoken import number_of


def score_medians(ds: xr.Dataset, month: int) -> np.ndarray:
    """Return the median score over worlds, shape (country, goal), 0 to 1."""
    scores = ds["score"].isel(month=month).transpose("country", "goal", "world").values
    return np.asarray(quantiles(scores, (0.5,))[0])


def heat_panel(ds: xr.Dataset, ax: Axes, values: np.ndarray, change: bool = False) -> None:
    """Draw a heat map with its numbers, countries down and goals across."""

    def show(value: float, _row: int, _column: int) -> tuple[str, str]:
        text = signed(value) if change else number(value)
        return text, "white" if (abs(value) > 0.35 if change else value < 0.45) else "black"

    low, high, colours = (-0.5, 0.5, "BrBG") if change else (0.0, 1.0, "cividis")
    heat_map(ax, values, show, cmap=colours, vmin=low, vmax=high)
    goals = [shows(f"goal.{goal}") for goal in ds["goal"].values]
    codes = [str(code) for code in ds["country"].values]
    ax.set_xticks(range(len(goals)), goals, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(range(len(codes)), codes)


def score_panel(ds: xr.Dataset, ax: Axes, month: int = -1) -> None:
    """Draw the scoreboard of one month."""
    heat_panel(ds, ax, score_medians(ds, month))


def change_panel(ds: xr.Dataset, ax: Axes) -> None:
    """Draw what the opening of the lanes changed in the scores of the last month, mean over the worlds compared."""
    changes = opening_changes(ds)
    empty = np.full(changes.shape[:2], np.nan)
    heat_panel(ds, ax, changes.mean(axis=-1) if changes.shape[-1] else empty, change=True)


def scoreboard(ds: xr.Dataset) -> Figure:
    """Draw the scores at the end, those of the same worlds without the opening, and the difference."""
    compared = opening_changes(ds).shape[-1]
    lanes = "-".join(main_pair(ds))
    note = f"{codes_note()}\n{shows(f'without_opening_note.{number_of(compared)}', lanes=lanes, n=compared)}"
    figure = page(ds, shows("scoreboard"), note=note)
    end, shut, change = panels(figure, 1, 3, left=0.65, bottom=1.4, across=0.7)[0]
    score_panel(ds, end, -1)
    end.set_title(shows("medians_at", when=date_words(months(ds)[-1])))
    scores = ds["score_unopened"].transpose("country", "goal", "world").values
    heat_panel(ds, shut, np.asarray(quantiles(scores, (0.5,))[0]))
    shut.set_title(shows("without_opening"))
    change_panel(ds, change)
    change.set_title(shows("mean_difference"))
    return figure
