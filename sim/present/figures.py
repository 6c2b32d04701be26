"""All figures of a run by name, and their panels for drawing on axes of one's own."""

from collections.abc import Callable, Mapping

import xarray as xr
from matplotlib.figure import Figure

from sim.present.accounts import accounts, balance_panel, released_panel, technology_panel
from sim.present.acts import acts_panel
from sim.present.cooperation import cooperation, index_panel, pairs_panel
from sim.present.dilemma import coordination_panel, dilemma, tests_panel, threat_panel
from sim.present.flows import flow_panel, flows, total_panel
from sim.present.logistics import binding_panel, logistics, queue_panel, use_panel, value_panel
from sim.present.network import network, network_panel
from sim.present.room.pages import page_of_one
from sim.present.room.pictures import PICTURES
from sim.present.scoreboard import change_panel, score_panel, scoreboard
from sim.present.style import styled
from sim.present.theories import theories
from sim.present.war import deliveries, ratio_panel, series_panel, share_panel, supply_panel, war
from sim.results.held import lacking_told

FIGURES: Mapping[str, Callable[[xr.Dataset], Figure]] = {
    draw.__name__: draw
    for draw in (cooperation, flows, logistics, accounts, dilemma, network, scoreboard, war, deliveries, theories)
}
ROOM: Mapping[str, Callable[[xr.Dataset], Figure]] = {f"room_{name}": page_of_one(name) for name in PICTURES}
"""The pictures for a room, one idea each, as figures of a run; `sim slides` sets runs side by side."""
PANELS: Mapping[str, Callable[..., None]] = {
    panel.__name__.removesuffix("_panel"): panel
    for panel in (
        *(balance_panel, released_panel, technology_panel),
        *(acts_panel, index_panel, pairs_panel, network_panel),
        *(coordination_panel, tests_panel, threat_panel),
        *(flow_panel, total_panel),
        *(binding_panel, queue_panel, use_panel, value_panel),
        *(change_panel, score_panel),
        *(ratio_panel, series_panel, share_panel, supply_panel),
    )
}
"Panels take (ds, ax) and, some, a choice of pair, good or route."


def draw(ds: xr.Dataset, name: str) -> Figure:
    """Draw one figure in the project's style. Raises ValueError if `ds` lacks what the figure shows."""
    with lacking_told(ds, f"figure {name}"), styled():
        return {**FIGURES, **ROOM}[name](ds)
