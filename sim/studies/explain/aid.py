"""Who gave North Korea aid, how much, and why."""

import numpy as np

from sim.analysis.ledger import NOTHING, SUM, Explanation, Ledger, Part, Table
from sim.results.witness import Witness
from sim.scenario.names import GOODS
from sim.scenario.options import group_of
from sim.studies.explain import acts
from sim.studies.explain.flows import goods_cell
from sim.studies.explain.words import GOODS as GOOD_WORDS
from sim.studies.explain.words import goods, listed, month_name, name

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
        pipeline = passes["CHN"] * p["aid.pipeline"] if good == "energy" else 0.0
        bids = {giver: passes[giver] * float(seen["policy.bids_of"][row, g]) for row, giver in enumerate(GIVERS)}
        parts = (
            Part("decision", decided, "China decided to send aid"),
            Part("pipeline", pipeline, "China's pipeline, which runs every month"),
            *(Part(f"bid {giver}", bid, f"{name(giver)} bids to stay a patron") for giver, bid in bids.items()),
        )
        total = sum(self.given(month, giver, good) for giver in GIVERS)
        return Ledger(f"{GOOD_WORDS[good]} given to North Korea", "kt/month", total, SUM, parts)


def month_of(w: Witness) -> tuple[int, str]:
    """Return the month of China's decision to send aid, and why it is chosen."""
    return acts.month_of(acts.Act(w, ROWS))


def explain(w: Witness, month: int) -> Explanation:
    """Explain who gave aid in a month, and why."""
    gifts, act = Gifts(w), acts.Act(w, ROWS)
    did = "Why did China send" if act.happened[month] else "Why did China not send"
    ledgers = (act.ledger(ROWS[0], month), *(gifts.ledger(month, good) for good in GIVEN))
    return Explanation(
        f"{did} North Korea aid?",
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
        told += [f"{goods(part.value, good)} of {GOOD_WORDS[good]} ({part.words})" for part in parts]
    if not told:
        return f"In {when} nobody gave North Korea anything."
    return f"In {when} North Korea was given {listed(told)}."


def months_table(gifts: Gifts) -> Table:
    """Return what each gave in every month."""
    heads = [f"{name(giver)}, {GOOD_WORDS[good]}" for giver in GIVERS for good in GIVEN]
    rows = []
    for month, when in enumerate(gifts.w.months):
        values = [gifts.given(month, giver, good) for giver in GIVERS for good in GIVEN]
        rows.append((when, *(goods_cell(value) for value in values)))
    lacking = np.stack([gifts.w.ds["shortage"].sel(country="PRK", good=good).values[:, 0] for good in GIVEN])
    rows = [(*row, *(goods_cell(float(short)) for short in lacking[:, k])) for k, row in enumerate(rows)]
    return Table(
        "Given in each month, and lacking in North Korea, kt",
        ("month", *heads, "lacking food", "lacking fuel"),
        tuple(rows),
    )
