"""Why a tier of technology was passed on or kept back: value, guard, sanctions and embargo, means, lead, luck."""

import math

import numpy as np
import xarray as xr

from sim.analysis.ledger import PRODUCT, SUM, Explanation, Ledger, Part, Table
from sim.results.witness import Witness
from sim.scenario.names import COUNTRIES, TIER_NAMES, TIERS
from sim.studies.explain.words import change, count, few_digits, listed, luck, money, month_name, name, odds, share

PASSED = 0.05
"""Points from which a tier counts as passed on, as in `indices.POINTS_RELEASED`."""


class Tier:
    """One tier between a giver and a receiver in a world."""

    def __init__(self, w: Witness, giver: str, receiver: str, tier: int) -> None:
        self.w, self.giver, self.receiver, self.tier = w, giver, receiver, tier
        self.pair = giver, receiver

    def at(self, month: int, name: str) -> float:
        """Return a value of the tier in a month, or of the pair where it has no tiers."""
        if self.w.inner[month][name].shape == (len(COUNTRIES), len(COUNTRIES)):
            return self.w.pair(month, name, *self.pair)
        return self.w.tier(month, name, *self.pair, self.tier)

    def series(self, name: str) -> np.ndarray:
        """Return a value of the tier in all months."""
        return np.array([self.at(month, name) for month in range(len(self.w.inner))])

    @property
    def passed(self) -> float:
        """Return the points passed on in the whole run."""
        return float(self.w.ds["transfer"].sel(country=self.giver, partner=self.receiver, tier=self.tier).sum())

    @property
    def starts(self) -> list[int]:
        """Return the months in which a project started."""
        return np.flatnonzero(self.series("start_projects.points") > 0.0).tolist()

    @property
    def starting(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the chance that a project starts, and whether one did, both (month)."""
        return self.series("start_projects.chance"), self.series("start_projects.points") > 0.0

    def guard(self, month: int) -> Ledger:
        """Return what makes the guard of a point, and what softens it."""
        full = float(self.w.inner[month]["started.full"][TIERS.index(self.tier)])
        owed = 1.0 - self.at(month, "started.gives_up")
        plain, final = self.at(month, "guard_cost.return"), self.at(month, "start_projects.guard")
        warned = self.at(month, "started.guard") / plain if plain > 0.0 else 1.0
        allied = self.w.pair(month, "offers.committed", *self.pair) > 0.0
        parts = [
            Part("guard", full, "what a point is guarded at"),
            Part("trust", self.at(month, "guard_cost.by_trust"), f"trust in {name(self.receiver)}"),
            Part("need", self.at(month, "guard_cost.by_need"), f"lack of shells in {name(self.giver)}"),
            Part("hostility", self.at(month, "guard_cost.by_hostility"), "hostility between the two"),
            Part(
                "warning and alliance",
                warned,
                "the safety that an ally shares" if allied else "the warning of South Korea",
            ),
            Part("debt", owed, f"the debt of {name(self.giver)}, which it can settle so"),
        ]
        return Ledger("guard of a point", "MUSD", final, PRODUCT, tuple(parts))

    def worth(self, month: int) -> Ledger:
        """Return what makes a point worth so much to the receiver."""
        calm, plain = self.at(month, "technology_value.calm"), self.at(month, "technology_value.return")
        final = self.at(month, "start_projects.worth")
        parts = (
            Part("gap", calm, f"the gap to what {name(self.receiver)} wants"),
            Part("threat", plain / calm if calm > 0.0 else 1.0, f"the threat that {name(self.receiver)} feels"),
            Part("patron", final / plain if plain > 0.0 else 1.0, "what the other patron asks"),
        )
        return Ledger("value of a point", "MUSD", final, PRODUCT, parts)

    def left(self, month: int) -> Ledger:
        """Return what is left of the value of a point when guard, sanctions and embargo are taken off."""
        worth, guard, cost = (self.at(month, f"start_projects.{name}") for name in ("worth", "guard", "cost"))
        norm = worth * self.w.pair(month, "started.norm", *self.pair)
        parts = (
            Part("value", worth, f"value of a point to {name(self.receiver)}"),
            Part("guard", -guard, f"guard of {name(self.giver)}, softened"),
            Part("sanctions", norm - cost, "risk and cost by sanctions"),
            Part("norm", -norm, "breaking the UN embargo"),
        )
        return Ledger("what is left of the value of a point", "MUSD", worth - guard - cost, SUM, parts)

    def means(self, month: int) -> Ledger:
        """Return with what the receiver could pay."""
        at, seen = self.at, self.w.inner[month]
        i, j = (COUNTRIES.index(code) for code in self.pair)
        balance, ordered = at(month, "agree.state.balance"), at(month, "agree.ordered")
        under_way = ordered * (1.0 - at(month, "agree.in_money"))
        projects = float(seen["started.state.project_price"][i, j].sum() + seen["started.ended"][i, j].sum())
        claims = at(month, "agree.state.claims_left")
        parts = (
            Part("debt", -balance, f"what {name(self.giver)} owed it, less what it owed"),
            Part("credit", claims + balance + under_way, "credit for technology"),
            Part("goods", -under_way, f"goods of {name(self.giver)} ordered or under way"),
            Part("projects", -projects, "projects not yet paid for"),
            Part("bank", at(month, "started.by_bank"), "money by banks"),
        )
        return Ledger("means to pay", "MUSD", at(month, "started.claims"), SUM, parts)

    def bill(self, month: int) -> float:
        """Return the price of a project, MUSD."""
        return self.at(month, "start_projects.price") * self.at(month, "start_projects.size")


def passed(ds: xr.Dataset, giver: str, receiver: str, tier: int) -> np.ndarray:
    """Return whether a tier is passed on in each world of some results, (world)."""
    points = ds["transfer"].sel(country=giver, partner=receiver, tier=tier).sum("month")
    return np.asarray(points.values >= PASSED)


def chosen_tier(w: Witness, giver: str, receiver: str) -> tuple[int, str]:
    """Return the lowest tier that was kept back, or the highest, and why it is chosen."""
    kept = [tier for tier in TIERS if Tier(w, giver, receiver, tier).passed < PASSED]
    return (kept[0], "the lowest tier kept back") if kept else (TIERS[-1], "the highest tier; all were passed on")


def month_of(tier: Tier) -> tuple[int, str]:
    """Return the month of the first project, or that in which one was likeliest to start, and why it is chosen."""
    if tier.starts:
        return tier.starts[0], "the month in which its first project started"
    chance = tier.series("start_projects.chance")
    if chance.max() > 0.0:
        return int(np.argmax(chance)), "the month in which a project was likeliest to start"
    ratio = tier.series("start_projects.worth") / np.maximum(
        tier.series("start_projects.guard") + tier.series("start_projects.cost"), 1e-9
    )
    return int(np.argmax(ratio)), "the month in which a project was nearest to worth while; in none could one start"


def explain(w: Witness, giver: str, receiver: str, tier: int, month: int) -> Explanation:
    """Explain why a tier was passed on or kept back."""
    one = Tier(w, giver, receiver, tier)
    ledgers = tuple(of(month).checked() for of in (one.left, one.guard, one.worth, one.means))
    if one.passed >= PASSED:
        verb = f"pass tier {tier} on"
    else:
        verb = f"not pass tier {tier} on before the end" if one.starts else f"keep tier {tier} back"
    question = f"Why did {name(giver)} {verb}{'' if receiver == 'PRK' else f' ({name(receiver)})'}?"
    return Explanation(
        question, "", tuple(sentences(one, month)), ledgers, (tiers_table(w, giver, receiver), months_table(one))
    )


def sentences(tier: Tier, month: int) -> list[str]:
    """Return the answer: worth against guard, what softened the guard, means, luck over all months."""
    return [_weighed(tier, month), _softened(tier, month), _paid(tier, month), _lucky(tier)]


def _weighed(tier: Tier, month: int) -> str:
    left = tier.left(month)
    when, giver, receiver = month_name(tier.w.months[month]), name(tier.giver), name(tier.receiver)
    value, guard = left.part("value"), -left.part("guard")
    costs = [f"{part.words} {money(-part.value)}" for part in left.parts[2:] if -part.value > 0.005 * max(value, 1e-9)]
    chance = tier.at(month, "start_projects.chance")
    text = (
        f"In {when} one point of tier {tier.tier} ({TIER_NAMES[tier.tier]}) was worth {money(value)} to {receiver}. "
        f"Against it stood what {giver} would lose by it, its guard, {money(guard)}"
        f"{f', and {listed(costs)}' if costs else ''}."
    )
    if value <= 0.0 or tier.at(month, "start_projects.size") <= 0.0:
        return f"{text} {_no_project(tier, month)}"
    if not tier.at(month, "start_projects.possible"):
        return f"{text} No project could start in this month, for the reason given below."
    most = tier.w.settings[month]["technology.hazard"]
    return (
        f"{text} So the chance that a project started in this month was {share(chance)}, {odds(chance)}; "
        f"it is never above {share(most)} a month, however good the bargain."
    )


def _no_project(tier: Tier, month: int) -> str:
    i, j, k = COUNTRIES.index(tier.giver), COUNTRIES.index(tier.receiver), TIERS.index(tier.tier)
    seen = tier.w.inner[month]
    if seen["started.state.projects"][i, j, k] > 0.0:
        return "A project of this tier was under way already, and the next one has to wait for its end."
    if seen["started.ambition"][j, k] - seen["started.coming"][j, k] <= 0.0:
        return f"{name(tier.receiver).capitalize()} had all of this tier that it wanted."
    return f"{name(tier.giver).capitalize()} had no lead in this tier to pass on."


def _softened(tier: Tier, month: int) -> str:
    guard = tier.guard(month)
    told = [f"{part.words} ({change(part.value)})" for part in guard.parts[1:] if abs(part.value - 1.0) >= 0.005]
    if not told:
        return f"Nothing softened the guard of {money(guard.part('guard'))} a point."
    return f"The guard began at {money(guard.part('guard'))} a point and was changed by {listed(told)}."


def _paid(tier: Tier, month: int) -> str:
    size, bill, means = tier.at(month, "start_projects.size"), tier.bill(month), tier.at(month, "started.claims")
    receiver, ledger = name(tier.receiver), tier.means(month)
    debt, goods = ledger.part("debt"), -ledger.part("goods")
    could, gains = (
        tier.series("start_projects.possible") > 0.0,
        tier.series("start_projects.worth") > tier.series("start_projects.cost"),
    )
    short = int(((tier.series("start_projects.size") > 0.0) & gains & ~could).sum())
    if size <= 0.0:
        text = ""
    else:
        enough = "which was enough" if bill <= max(means, 0.0) else "which was too little"
        owed = f"{name(tier.giver)} owed it {money(debt)}" if debt > 0.0 else f"{name(tier.giver)} owed it nothing"
        coming = (
            f", and {money(goods)} of that were spoken for by goods on their way" if goods > 0.5 and debt > 0.0 else ""
        )
        text = (
            f"A project of {size:.3g} points would have cost {receiver} {money(bill)}. It could pay with "
            f"{money(max(means, 0.0))}, {enough}: {owed}{coming}. "
        )
    lead = tier.w.settings[month]["technology.lead"] * tier.tier
    return (
        f"{text}In {count(short, 'month')} of {len(could)} it could not have paid for a project. "
        f"A project takes {max(1, math.ceil(lead - 1e-9))} months from start to end."
    )


def _lucky(tier: Tier) -> str:
    chance, starts = tier.series("start_projects.chance"), tier.starts
    so_far = chance[: starts[0] + 1] if starts else chance
    ever = 1.0 - float(np.prod(1.0 - so_far))
    months = f"the {count(len(so_far), 'month')} to its first start" if starts else f"all {count(len(chance), 'month')}"
    when = listed([month_name(tier.w.months[month]) for month in starts[:3]])
    more = f" ({len(starts)} times in all)" if len(starts) > 3 else ""
    came = f"started in {when}{more}" if starts else "did not start"
    late = " It came too late to end before the run did." if starts and tier.passed < PASSED else ""
    return (
        f"Taken together, the chances of {months} made it {odds(ever)} that a project of this tier starts; it {came}. "
        f"{luck(bool(starts), ever)}{late}"
    )


def tiers_table(w: Witness, giver: str, receiver: str) -> Table:
    """Return all tiers over the whole run."""
    rows = []
    for tier in TIERS:
        one = Tier(w, giver, receiver, tier)
        chance = one.series("start_projects.chance")
        worth, guard = (one.series(f"start_projects.{name}").mean() for name in ("worth", "guard"))
        ever = 1.0 - float(np.prod(1.0 - chance))
        rows.append(
            (
                str(tier),
                TIER_NAMES[tier],
                f"{one.passed:.1f}",
                str(len(one.starts)),
                few_digits(worth),
                few_digits(guard),
                share(ever),
            )
        )
    heads = ("tier", "what", "points passed", "projects", "value, MUSD", "guard, MUSD", "chance that one starts")
    return Table("All tiers over the whole run; value and guard of a point are means over months", heads, tuple(rows))


def months_table(tier: Tier) -> Table:
    """Return every month of the tier."""
    rows = []
    for month, when in enumerate(tier.w.months):
        left = tier.left(month)
        values = (few_digits(part.value) for part in left.parts)
        means, bill = tier.at(month, "started.claims"), tier.bill(month)
        rows.append(
            (when, *values, few_digits(bill), few_digits(means), share(tier.at(month, "start_projects.chance")))
        )
    heads = ("month", "value", "guard", "sanctions", "embargo", "price of a project", "means", "chance")
    return Table(f"Tier {tier.tier}, month by month, MUSD", heads, tuple(rows))
