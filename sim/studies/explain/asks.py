"""What can be asked: names of questions, and the path over time by which a world is found typical for one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from sim.scenario import nearest
from sim.scenario.names import ACTS, COUNTRIES, GOODS, ROUTES, SOLO_ACTS, TRIOS
from sim.scenario.options import GROUPS, OPTIONS, group_of
from sim.scenario.problems import few
from sim.texts.spoken import said

TECHNOLOGY, FLOW, SHORTAGE, AID, ACT, ROUTE = "technology", "flow", "shortage", "aid", "act", "route"
NAMED = {
    "technology": (TECHNOLOGY, ("RUS", "PRK")),
    "shells": (FLOW, ("PRK", "RUS", "ammunition")),
    "oil": (FLOW, ("RUS", "PRK", "energy")),
    "food": (SHORTAGE, ("PRK", "food")),
    "fuel": (SHORTAGE, ("PRK", "energy")),
    "aid": (AID, ()),
    "railway": (ROUTE, ("khasan",)),
    "port": (ROUTE, ("rajin",)),
}
"""Questions with a name of their own."""
USUAL = dict.fromkeys(("visit", "summit", "treaty", "exercise"), ("RUS", "PRK")) | {"trilateral_exercise": TRIOS[1]}
"""Countries meant where an act is asked for without any."""
EVERYDAY = {"shells": "ammunition", "oil": "energy", "fuel": "energy"}
"""What goods are called, and their names."""


class AskError(ValueError):
    """A question that cannot be asked; the text gives the rule and the nearest name."""


@dataclass(frozen=True)
class Ask:
    """A question."""

    kind: str
    of: tuple[str, ...]
    "Giver and receiver, seller, buyer and good, country and good, route, or act and its countries."
    name: str
    "As a user writes it."

    @property
    def rows(self) -> tuple[int, ...]:
        """Return the rows of an act; of aid those of China's, the only one who decides on it."""
        if self.kind == AID:
            return group_of("aid", "CHN")
        return group_of(self.of[0], *self.of[1:])

    def path(self, ds: xr.Dataset) -> np.ndarray:
        """Return what a typical world is typical in, (month, world)."""
        return np.asarray(PATHS[self.kind](self, ds), dtype=float)

    @property
    def path_words(self) -> str:
        """Return what that is."""
        return said(f"explain.path.{self.kind}")


def _so_far(values: xr.DataArray) -> np.ndarray:
    return np.cumsum(values.transpose("month", "world").values.astype(float), axis=0)


def _technology(ask: Ask, ds: xr.Dataset) -> np.ndarray:
    return _so_far(ds["transfer"].sel(country=ask.of[0], partner=ask.of[1]).sum("tier"))


def _flow(ask: Ask, ds: xr.Dataset) -> np.ndarray:
    return _so_far(ds["delivered"].sel(country=ask.of[0], partner=ask.of[1], good=ask.of[2]))


def _store(ask: Ask, ds: xr.Dataset) -> np.ndarray:
    return np.asarray(ds["stock"].sel(country=ask.of[0], good=ask.of[1]).transpose("month", "world").values)


def _act(ask: Ask, ds: xr.Dataset) -> np.ndarray:
    return _so_far(ds["outcome"].isel(option=ask.rows[0]))


def _route(ask: Ask, ds: xr.Dataset) -> np.ndarray:
    return _so_far(ds["route_load"].sel(route=ask.of[0]).sum("direction"))


PATHS = {TECHNOLOGY: _technology, FLOW: _flow, SHORTAGE: _store, AID: _act, ACT: _act, ROUTE: _route}


def read_ask(text: str) -> Ask:
    """Return the question of a text such as `technology`, `summit RUS-PRK`, `chn_prk.food`. Raises AskError."""
    words = text.strip().lower().replace("-", " ").replace("_", " ").replace(".", " ").split()
    if not words:
        raise AskError(f"is empty; {known()}")
    name = " ".join(words)
    joined = name.replace(" ", "_")
    if joined in NAMED:
        return Ask(*NAMED[joined], joined)
    if joined in ROUTES:
        return Ask(ROUTE, (joined,), joined)
    act = next(
        (act for act in sorted(ACTS, key=len, reverse=True) if joined == act or joined.startswith(f"{act}_")), ""
    )
    if act:
        return _act_of(act, name.removeprefix(act.replace("_", " ")).upper().split(), text)
    codes = [word.upper() for word in words if word.upper() in COUNTRIES]
    last = EVERYDAY.get(words[-1], words[-1])
    of_goods = bool(codes) and len(codes) == len(words) - 1 and len(set(codes)) == len(codes)
    if of_goods and last in (*GOODS, "technology"):
        return _goods_of(codes, last, text)
    names = [*NAMED, *ACTS, *ROUTES]
    good = nearest(last, (*GOODS, *EVERYDAY)) if of_goods else None
    near = nearest(joined, names) or nearest(words[0], names)  # actors may stand behind an act
    near = f"{'_'.join(codes).lower()}.{good}" if good else near
    raise AskError(f"{text!r} is no question{f' (did you mean {near}?)' if near else ''}; {known()}")


def _goods_of(codes: list[str], good: str, text: str) -> Ask:
    if len(codes) == 2:
        name = f"{'_'.join(codes).lower()}.{good}"
        return Ask(TECHNOLOGY, tuple(codes), name) if good == "technology" else Ask(FLOW, (*codes, good), name)
    if len(codes) == 1 and good != "technology":
        return Ask(SHORTAGE, (codes[0], good), f"{codes[0].lower()}.{good}")
    raise AskError(
        f"{text!r}: write FROM_TO.GOOD such as chn_prk.food, or COUNTRY.GOOD such as rus.shells for a shortage"
    )


def _act_of(act: str, codes: list[str], text: str) -> Ask:
    strange = [code for code in codes if code not in COUNTRIES]
    if strange:
        near = nearest(strange[0], COUNTRIES)
        raise AskError(f"{text!r}: {strange[0]} is no country{f' (did you mean {near}?)' if near else ''}")
    if act == "aid" and codes in ([], ["CHN"], ["CHN", "PRK"]):
        return Ask(AID, (), "aid")
    actors = tuple(codes) or USUAL.get(act) or SOLO_ACTS[act][:1]
    if act in SOLO_ACTS:
        actors = actors[:1]
    possible = [rows for rows in GROUPS if OPTIONS[rows[0]].act == act]
    members = [{OPTIONS[row].actor for row in rows} for rows in possible]
    if set(actors) not in members:
        nearest_first = sorted(members, key=lambda one: -len(one & set(actors)))
        some = few([" ".join(sorted(one, key=COUNTRIES.index)) for one in nearest_first], 5)
        raise AskError(f"{text!r}: there is no {act.replace('_', ' ')} of {' '.join(actors)}; there is one of {some}")
    return Ask(ACT, (act, *actors), " ".join((act, *actors)))


def known() -> str:
    """Return all that can be asked, in one line."""
    acts = ", ".join(act for act in ACTS if act != "aid")
    return (
        f"ask for one of {', '.join(NAMED)}, a flow FROM_TO.GOOD such as chn_prk.food, a shortage COUNTRY.GOOD such as "
        f"rus.shells, a route such as khasan, or an act with its countries such as 'summit RUS PRK': {acts}"
    )
