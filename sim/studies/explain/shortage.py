"""Why a country was short of a good, who could have supplied it, and what stopped each."""

import numpy as np
import xarray as xr

from sim.analysis.ledger import NOTHING, SUM, Explanation, Ledger, Part, Table
from sim.present.words import capital
from sim.results.witness import Witness
from sim.scenario.names import COUNTRIES, GOODS
from sim.studies.explain.flows import Flow, goods_cell
from sim.studies.explain.words import GOOD_UNITS, count, goods, listed, month_name, name, share
from sim.studies.explain.words import GOODS as GOOD_WORDS

LEAST_TOLD = 0.01
"""Thousand rounds or tonnes below which a delivery is not told."""


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
            Part("required", self.series("requirement")[month], "required"),
            Part("in store", -self.before(month), "was in store"),
            Part("made", -self.series("production")[month], "was made"),
            Part("kept", self.after_use(month), "was kept in store"),
        )
        return Ledger("lacking", self.unit, self.series("shortage")[month], SUM, parts)

    def balance(self, month: int) -> Ledger:
        """Return what came into the store in the month and what left it."""
        i, g = COUNTRIES.index(self.country), GOODS.index(self.good)
        came = self.w.inner[month]["ship.delivered"][:, i, g]
        parts = [Part("in store before", self.before(month), "was in store")]
        parts += [
            Part(code, float(amount), f"came from {name(code)}")
            for code, amount in zip(COUNTRIES, came, strict=True)
            if amount
        ]
        market = "came from outside the six" if self.good == "ammunition" else "was bought on the world market"
        rows = (
            ("production", 1.0, "was made"),
            ("world_imports", 1.0, market),
            ("consumption", -1.0, "was used"),
            ("exports", -1.0, "was sent to others"),
            ("world_exports", -1.0, "was sold on the world market"),
            ("lost", -1.0, "did not work"),
        )
        parts += [Part(key, sign * self.series(key)[month], words) for key, sign, words in rows]
        kept = tuple(part for part in parts if part.value)
        return Ledger("in store after the month", GOOD_UNITS[self.good], self.series("stock")[month], SUM, kept)


def lacks(ds: xr.Dataset, country: str, good: str, month: int) -> np.ndarray:
    """Return whether a good is lacking in a month in each world of some results, (world)."""
    return np.asarray(ds["shortage"].sel(country=country, good=good).isel(month=month).values > NOTHING)


def month_of(store: Store) -> tuple[int, str]:
    """Return the month of the largest shortage, or of the emptiest store, and why it is chosen."""
    lacking = store.series("shortage")
    if lacking.max() > NOTHING:
        return int(np.argmax(lacking)), "the month of the largest shortage"
    return int(np.argmin(store.series("cover"))), "the month in which the store was emptiest; nothing was ever lacking"


def explain(w: Witness, country: str, good: str, month: int) -> Explanation:
    """Explain a shortage of a month."""
    store = Store(w, country, good)
    what, who = GOOD_WORDS[good], name(country)
    short = store.series("shortage")[month] > NOTHING
    question = (
        f"Why was {who} {'' if short else 'not '}short of {what}{', and who could have helped' if short else ''}?"
    )
    ledgers = (store.shortage(month).checked(), store.balance(month).checked())
    return Explanation(
        question, "", tuple(sentences(store, month)), ledgers, (suppliers(store, month), months_table(store))
    )


def sentences(store: Store, month: int) -> list[str]:
    """Return the answer: what lacked and why, who supplied, what stopped the others, how often."""
    return [_lacked(store, month), _came(store, month), _stopped(store, month), _market(store, month), _often(store)]


def _lacked(store: Store, month: int) -> str:
    ledger, what = store.shortage(month), GOOD_WORDS[store.good]
    lacking, required = ledger.value, ledger.part("required")
    there = -ledger.part("in store") - ledger.part("made")
    when = month_name(store.w.months[month])
    made, kept = goods(-ledger.part("made"), store.good), ledger.part("kept")
    if lacking <= NOTHING:
        return (
            f"In {when} {name(store.country)} used all it required of {what}, {goods(required, store.good)}; "
            f"{goods(ledger.part('kept'), store.good)} were left in store."
        )
    return (
        f"In {when} {name(store.country)} required {goods(required, store.good)} of {what} and had "
        f"{goods(there, store.good)}, of which {made} were made in that month: {goods(lacking, store.good)} were "
        f"lacking, {share(lacking / required)} of what it required."
        + (f" {capital(goods(kept, store.good))} were kept for the months to come." if kept > NOTHING else "")
    )


def _came(store: Store, month: int) -> str:
    ledger = store.balance(month)
    came = [part for part in ledger.by_size if part.name in COUNTRIES and part.value > LEAST_TOLD]
    if not came:
        return f"No {GOOD_WORDS[store.good]} came from the five other countries in this month."
    told = listed([f"{goods(part.value, store.good)} from {name(part.name)}" for part in came])
    return f"In the same month came {told}; they go into the store, to be used from the next month on."


def _stopped(store: Store, month: int) -> str:
    told = []
    for code in COUNTRIES:
        if code != store.country:
            told.append(f"{name(code)}: {obstacle(Flow(store.w, (code, store.country, store.good)), month)}")
    return f"What kept each from supplying more: {'; '.join(told)}."


def obstacle(flow: Flow, month: int) -> str:
    """Return what kept a supplier from supplying more."""
    if shut := flow.is_shut(month):
        return "no open route" if shut == "route" else "an embargo"
    code = flow.code(month)
    if code == "none":
        gain = flow.gain(month)
        most = gain.in_order[0]
        return f"no gain in it, most of all for {most.words}" if gain.value <= 0.0 else flow.words("demand")
    return flow.words(code)


def _market(store: Store, month: int) -> str:
    if store.good == "ammunition":
        bought = store.series("world_imports")[month]
        came = f"; {goods(bought, store.good)} came from suppliers outside the six" if bought > NOTHING else ""
        return f"There is no open world market for shells{came}."
    gap = max(store.at(month, "trade_with_rest_of_world.gap"), 0.0)
    access = float(store.w.inner[month]["trade_with_rest_of_world.access"][COUNTRIES.index(store.country), 0])
    bought = store.series("world_imports")[month]
    if gap <= NOTHING:
        return "It bought nothing on the world market, since its store was as full as it wants."
    paid = bought / (gap * access) if gap * access > NOTHING else 1.0
    purse = f", and its money paid for {share(paid)} of that" if paid < 0.995 else ""
    return (
        f"To fill its store to the wanted level {goods(gap, store.good)} were missing. Sanctions and borders left it "
        f"{share(access)} of the world market{purse}: it bought {goods(bought, store.good)} there."
    )


def _often(store: Store) -> str:
    lacking = store.series("shortage")
    short = int((lacking > NOTHING).sum())
    part = float(np.sum(lacking)) / max(float(np.sum(store.series("requirement"))), 1e-9)
    if not short:
        return f"Over the {count(len(lacking), 'month')} of this world it was never short of {GOOD_WORDS[store.good]}."
    return (
        f"Over the {count(len(lacking), 'month')} of this world {name(store.country)} was short of "
        f"{GOOD_WORDS[store.good]} in {short}; in all {share(part)} of what it required was lacking."
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
    heads = ("supplier", f"ordered, {store.unit}", "arrived", "what kept it from more", "the next limit")
    return Table("Who could have supplied, and what stopped each", heads, tuple(rows))


def months_table(store: Store) -> Table:
    """Return every month of the store."""
    columns = ("requirement", "production", "consumption", "shortage", "imports", "world_imports", "stock")
    series = [store.series(name) for name in columns]
    rows = tuple((when, *(f"{one[k]:,.1f}" for one in series)) for k, when in enumerate(store.w.months))
    return Table(f"Every month, {store.unit}", ("month", *(name.replace("_", " ") for name in columns)), rows)
