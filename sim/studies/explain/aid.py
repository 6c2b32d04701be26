"""Who gave North Korea aid, how much, and why."""

import numpy as np

from sim.analysis.ledger import NOTHING, SUM, Explanation, Ledger, Part, Table
from sim.results.witness import Witness
from sim.scenario.names import GOODS
from sim.scenario.options import group_of
from sim.studies.explain import acts
from sim.studies.explain.words import good_name, goods_cell, listed, month_name, much_of, name, tell
from sim.texts.spoken import said

GIVERS = ("RUS", "CHN")
GIVEN = ("food", "energy")
ROWS = group_of("aid", "CHN")


class Gifts:
    """What North Korea is given in a world."""

    def __init__(self, w: Witness) -> None:
        self.w = w

    def given(self, month: int, giver: str, good: str) -> float:
        """Return what a country gave in a month, units."""
        lane = giver, "PRK", good
        return self.w.lane(month, "take_effect.state.queue", *lane) - self.w.lane(month, "offers.state.queue", *lane)

    def ledger(self, month: int, good: str) -> Ledger:
        """Return what was given of one good, by reason."""
        p, seen, g = self.w.settings[month], self.w.inner[month], GOODS.index(good)
        passes = {giver: float(seen["policy.passes_of"][row, g]) for row, giver in enumerate(GIVERS)}
        decided = passes["CHN"] * float(seen["policy.aid"]) * p[f"aid.{good}"]
        pipeline = float(seen["policy.lent"]) if good == "energy" else 0.0
        bids = {giver: passes[giver] * float(seen["policy.bids_of"][row, g]) for row, giver in enumerate(GIVERS)}
        parts = (
            Part("decision", decided, tell("aid.decision")),
            Part("pipeline", pipeline, tell("aid.pipeline")),
            *(Part(f"bid {giver}", bid, tell("aid.bid", who=name(giver))) for giver, bid in bids.items()),
        )
        total = sum(self.given(month, giver, good) for giver in GIVERS)
        return Ledger(tell("aid.given", what=good_name(good)), "kt/month", total, SUM, parts)


def month_of(w: Witness) -> tuple[int, str]:
    """Return the month of China's decision to send aid, and why it is chosen."""
    return acts.month_of(acts.Act(w, ROWS))


def explain(w: Witness, month: int) -> Explanation:
    """Explain who gave aid in a month, and why."""
    gifts, act = Gifts(w), acts.Act(w, ROWS)
    ledgers = (act.ledger(ROWS[0], month), *(gifts.ledger(month, good) for good in GIVEN))
    return Explanation(
        acts.question(act, bool(act.happened[month])),
        "",
        (who_gave(gifts, month), *acts.sentences(act, month)),
        tuple(ledger.checked() for ledger in ledgers),
        (acts.months_table(act), months_table(gifts)),
        drawn=1,
    )


def who_gave(gifts: Gifts, month: int) -> str:
    """Return who gave what, and for which reason."""
    when = month_name(gifts.w.months[month])
    told = []
    for good in GIVEN:
        parts = [part for part in gifts.ledger(month, good).parts if part.value > NOTHING]
        told += [tell("aid.part", much=much_of(part.value, good), why=part.words) for part in parts]
    return tell("aid.was_given", when=when, told=listed(told)) if told else tell("aid.nothing", when=when)


def months_table(gifts: Gifts) -> Table:
    """Return what each gave in every month."""
    heads = [tell("aid.head", who=name(giver), what=good_name(good)) for giver in GIVERS for good in GIVEN]
    rows = []
    for month, when in enumerate(gifts.w.months):
        values = [gifts.given(month, giver, good) for giver in GIVERS for good in GIVEN]
        rows.append((when, *(goods_cell(value) for value in values)))
    lacking = np.stack([gifts.w.ds["shortage"].sel(country="PRK", good=good).values[:, 0] for good in GIVEN])
    rows = [(*row, *(goods_cell(float(short)) for short in lacking[:, k])) for k, row in enumerate(rows)]
    lacks = (tell("aid.lacking", what=good_name(good)) for good in GIVEN)
    return Table(tell("table.aid"), (said("printed.figure.month"), *heads, *lacks), tuple(rows))
