"""The module of a page and what is known of it: made in many seconds, then kept in the user's cache folder."""

import json
import logging
from dataclasses import dataclass
from functools import lru_cache

from sim.compile.cache import MADE_ONCE, TRACED, cache_folder, name_of, put, read
from sim.compile.month import Month
from sim.experiment.rest import openings
from sim.page.before import unread_before
from sim.page.lasting import stored
from sim.page.programs import Programs, programs

PACKAGES = (*TRACED, "sim.experiment", "sim.page")
"""Packages on which it depends."""
Routes = tuple[str, ...]
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Module:
    """What depends on no number of a scenario."""

    wasm: bytes
    layout: Month
    "with what the pieces of the module need"
    sets: dict[str, list[list[int]]]
    "rows of the state that each program sets in a page"
    unread: dict[Routes, list[str]]
    "parameters that the months before the first do not read, by the routes that are shut in them"


@lru_cache(maxsize=4)
def module(targets: tuple[str, ...], shut: tuple[Routes, ...]) -> Module:
    """Return the module with a program for shocks to each of `targets`, and what is unread for each of `shut`.

    It is read where it is kept, or else made and kept.
    """
    path = cache_folder() / name_of("page", PACKAGES, json.dumps([targets, shut]))
    if found := read(path):
        plain, wasm = found
        unread = dict(zip(shut, plain["unread"], strict=True))
        return Module(wasm, Month.from_plain(plain["layout"]), plain["sets"], unread)
    _LOG.info(MADE_ONCE, "the module of this page")
    made = made_for(targets)
    short = made.short()
    wasm, layout = short.module()
    sets = {name: stored(operations) for name, operations in short.operations.items()}
    unread = {routes: unread_before(made, openings(routes)) for routes in shut}
    put(path, {"layout": layout.to_plain(), "sets": sets, "unread": list(unread.values())}, wasm)
    return Module(wasm, layout, sets, unread)


@lru_cache(maxsize=2)
def made_for(targets: tuple[str, ...]) -> Programs:
    """Return the programs of a run with these targets."""
    return programs(targets)
