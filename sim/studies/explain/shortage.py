"""Why a country was short of a good, who could have supplied it, and what stopped each."""

import numpy as np
import xarray as xr

from sim.analysis.ledger import NOTHING, SUM, Explanation, Ledger, Part, Table
from sim.present.words import capital
from sim.results.witness import Witness
from sim.scenario.names import COUNTRIES, GOODS
from sim.studies.explain.lane import Flow
from sim.studies.explain.words import (
    GOOD_UNITS,
    apart,
    count,
    good_name,
    goods,
    goods_cell,
    listed,
    month_name,
    much_of,
    name,
    of_good,
    share,
    tell,
    unit_sign,
)
from sim.texts.spoken import said

LEAST_TOLD = 0.01
"""Thousand rounds or tonnes below which a delivery is not told."""


AT_SEA = "PRK", "energy"
"""What tankers at sea bring beside the world market."""


class Store:
    """The store of one good in one country of a world."""

    def __init__(self, w: Witness, country: str, good: str) -> None:
        self.w, self.country, self.good = w, country, good
        self.unit = f"{GOOD_UNITS[good]}/month"

    def series(self, name: str) -> np.ndarray:
        """Return a recorded variable, (month)."""
        of = self.w.ds[name].sel(country=self.country, good=self.good).transpose("month", "world")
        return np.asarray(of.values[:, 0], dtype=float)

    def at(self, month: int, name: str) -> float:
        """Return an array (country, good) of a month."""
        return float(self.w.inner[month][name][COUNTRIES.index(self.country), GOODS.index(self.good)])

    def before(self, month: int) -> float:
        """Return what was in store before the month's output."""
        return self.after_use(month) + self.series("consumption")[month] - self.series("production")[month]

    def after_use(self, month: int) -> float:
        """Return what was in store after the month's use."""
        return self.at(month, "offers.state.stock")

    def shortage(self, month: int) -> Ledger:
        """Return why so much was lacking: what was required, less what there was, plus what was kept."""
        parts = (
            Part("required", self.series("requirement")[month], tell("store.required")),
            Part("in store", -self.before(month), tell("store.in_store")),
            Part("made", -self.series("production")[month], tell("store.made")),
            Part("kept", self.after_use(month), tell("store.kept")),
        )
        return Ledger(tell("store.lacking"), self.unit, self.series("shortage")[month], SUM, parts)

    def balance(self, month: int) -> Ledger:
        """Return what came into the store in the month and what left it."""
        i, g = COUNTRIES.index(self.country), GOODS.index(self.good)
        came = self.w.inner[month]["ship.delivered"][:, i, g]
        parts = [Part("in store before", self.before(month), tell("store.in_store"))]
        parts += [
            Part(code, float(amount), tell("store.came", who=name(code)))
            for code, amount in zip(COUNTRIES, came, strict=True)
            if amount
        ]
        rows = (
            ("production", 1.0, "made"),
            ("world_imports", 1.0, "came_from_outside" if self.good == "ammunition" else "bought"),
            ("consumption", -1.0, "used"),
            ("exports", -1.0, "sent"),
            ("world_exports", -1.0, "sold"),
            ("lost", -1.0, "failed"),
        )
        parts += [Part(key, sign * self.series(key)[month], tell(f"store.{words}")) for key, sign, words in rows]
        kept = tuple(part for part in parts if part.value)
        return Ledger(tell("store.after"), GOOD_UNITS[self.good], self.series("stock")[month], SUM, kept)


def lacks(ds: xr.Dataset, country: str, good: str, month: int) -> np.ndarray:
    """Return whether a good is lacking in a month in each world of some results, (world)."""
    return np.asarray(ds["shortage"].sel(country=country, good=good).isel(month=month).values > NOTHING)


def month_of(store: Store) -> tuple[int, str]:
    """Return the month of the largest shortage, or of the emptiest store, and why it is chosen."""
    lacking = store.series("shortage")
    if lacking.max() > NOTHING:
        return int(np.argmax(lacking)), tell("month.shortage")
    return int(np.argmin(store.series("cover"))), tell("month.emptiest")


def explain(w: Witness, country: str, good: str, month: int) -> Explanation:
    """Explain a shortage of a month."""
    store = Store(w, country, good)
    short = store.series("shortage")[month] > NOTHING
    question = tell(f"question.short.{'yes' if short else 'no'}", who=apart([country]), of=of_good(good))
    ledgers = (store.shortage(month).checked(), store.balance(month).checked())
    return Explanation(
        question, "", tuple(sentences(store, month)), ledgers, (suppliers(store, month), months_table(store))
    )


def sentences(store: Store, month: int) -> list[str]:
    """Return the answer: what lacked and why, who supplied, what stopped the others, how often."""
    return [lacked(store, month), _came(store, month), _stopped(store, month), _market(store, month), _often(store)]


def lacked(store: Store, month: int) -> str:
    """Return what lacked in a month, of what was required, there and made."""
    ledger = store.shortage(month)
    lacking, required, kept = ledger.value, ledger.part("required"), ledger.part("kept")
    made = -ledger.part("made")
    there = made - ledger.part("in store")

    def much(value: float) -> str:
        return goods(value, store.good)

    told = {
        "when": month_name(store.w.months[month]),
        "who": name(store.country),
    }
    if lacking <= NOTHING:
        return tell("store.enough", **told, what=good_name(store.good), required=much(required), kept=much(kept))
    text = tell(
        "store.short",
        **told,
        required=much_of(required, store.good),
        there=much(there),
        of_it=tell("store.of_it", made=much(made)) if made > NOTHING else tell("store.none_of_it"),
        lacking=much(lacking),
        share=share(lacking / required),
    )
    return f"{text} {tell('store.kept_back', kept=capital(much(kept)))}" if kept > NOTHING else text


def _came(store: Store, month: int) -> str:
    ledger = store.balance(month)
    came = [part for part in ledger.by_size if part.name in COUNTRIES and part.value > LEAST_TOLD]
    if not came:
        return tell("store.nothing_came", what=good_name(store.good))
    told = [tell("store.from", much=goods(part.value, store.good), who=name(part.name)) for part in came]
    return tell("store.what_came", told=listed(told))


def _stopped(store: Store, month: int) -> str:
    told = []
    for code in COUNTRIES:
        if code != store.country:
            why = obstacle(Flow(store.w, (code, store.country, store.good)), month)
            told.append(tell("store.each", who=name(code), why=why))
    return tell("store.stopped", told=said("printed.next").join(told))


def obstacle(flow: Flow, month: int) -> str:
    """Return what kept a supplier from supplying more."""
    if shut := flow.is_shut(month):
        return tell("store.no_route") if shut == "route" else tell("bound.embargo")
    code = flow.code(month)
    if code == "none":
        gain = flow.gain(month)
        most = gain.in_order[0]
        return tell("store.no_gain", most=most.words) if gain.value <= 0.0 else _wanted(flow, month)
    return _wanted(flow, month) if code == "demand" else flow.words(code)


def _wanted(flow: Flow, month: int) -> str:
    """Return that demand bound, and which share of it the two trade where that is not all."""
    words, (opened, lawful) = flow.words("demand"), flow.opened(month)
    return tell("store.opened", words=words, share=share(opened * lawful)) if opened * lawful < 1.0 else words


def _market(store: Store, month: int) -> str:
    bought = store.series("world_imports")[month]
    if store.good == "ammunition":
        came = tell("store.outside", much=goods(bought, store.good)) if bought > NOTHING else ""
        return tell("store.no_market", came=came)
    gap = max(store.at(month, "trade_with_rest_of_world.gap"), 0.0)
    access = store.at(month, "trade_with_rest_of_world.access")
    if gap <= NOTHING:
        return tell("store.full")
    paid = bought / (gap * access) if gap * access > NOTHING else 1.0
    return tell(
        "store.at_sea" if (store.country, store.good) == AT_SEA else "store.market",
        gap=goods(gap, store.good),
        access=share(access),
        purse=tell("store.purse", share=share(paid)) if paid < 0.995 else "",
        bought=goods(bought, store.good),
    )


def _often(store: Store) -> str:
    lacking = store.series("shortage")
    short = int((lacking > NOTHING).sum())
    part = float(np.sum(lacking)) / max(float(np.sum(store.series("requirement"))), 1e-9)
    return tell(
        "store.often" if short else "store.never",
        months=count(len(lacking), "month"),
        who=apart([store.country]),
        of=of_good(store.good),
        n=short,
        share=share(part),
    )


def suppliers(store: Store, month: int) -> Table:
    """Return each possible supplier, what it sent, and what kept it from more."""
    rows = []
    for code in COUNTRIES:
        if code != store.country:
            flow = Flow(store.w, (code, store.country, store.good))
            ordered, wished = flow.at(month, "bargain.volume"), flow.wished(month)
            rows.append(
                (
                    capital(name(code)),
                    goods_cell(ordered),
                    goods_cell(flow.at(month, "ship.delivered")),
                    obstacle(flow, month),
                    goods_cell(wished.in_order[1].value),
                )
            )
    heads = (
        tell("head.supplier"),
        tell("head.ordered", unit=unit_sign(store.unit)),
        *(tell(f"head.{head}") for head in ("arrived", "kept_from", "next_limit")),
    )
    return Table(tell("table.suppliers"), heads, tuple(rows))


def months_table(store: Store) -> Table:
    """Return every month of the store."""
    columns = ("requirement", "production", "consumption", "shortage", "imports", "world_imports", "stock")
    series = [store.series(name) for name in columns]
    rows = tuple((when, *(goods_cell(float(one[k])) for one in series)) for k, when in enumerate(store.w.months))
    heads = (said("printed.figure.month"), *(tell(f"head.{name}") for name in columns))
    return Table(tell("table.store", unit=unit_sign(store.unit)), heads, rows)
