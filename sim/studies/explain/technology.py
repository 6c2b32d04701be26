"""Why a tier of technology was passed on or kept back: value, guard, sanctions and embargo, means, lead, luck."""

import math

import numpy as np
import xarray as xr

from sim.analysis.ledger import PRODUCT, SUM, Explanation, Ledger, Part, Table
from sim.present.words import capital
from sim.results.witness import Witness
from sim.scenario.names import COUNTRIES, TIERS
from sim.studies.explain.words import (
    beside,
    change,
    count,
    few_digits,
    listed,
    luck,
    money,
    month_name,
    name,
    odds,
    say,
    share,
    tell,
    tier_name,
)
from sim.texts.spoken import said, written

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
        seller, buyer = name(self.giver), name(self.receiver)
        parts = [
            Part("guard", full, say("part.full")),
            Part("trust", self.at(month, "guard_cost.by_trust"), say("part.trust", buyer=buyer)),
            Part("need", self.at(month, "guard_cost.by_need"), say("part.need", seller=seller)),
            Part("hostility", self.at(month, "guard_cost.by_hostility"), say("part.hostility")),
            Part("warning and alliance", warned, say("part.alliance" if allied else "part.warning")),
            Part("debt", owed, say("part.debt", seller=seller)),
        ]
        return Ledger(say("part.guard"), "MUSD", final, PRODUCT, tuple(parts))

    def worth(self, month: int) -> Ledger:
        """Return what makes a point worth so much to the receiver."""
        calm, plain = self.at(month, "technology_value.calm"), self.at(month, "technology_value.return")
        final, buyer = self.at(month, "start_projects.worth"), name(self.receiver)
        parts = (
            Part("gap", calm, say("part.gap", buyer=buyer)),
            Part("threat", plain / calm if calm > 0.0 else 1.0, say("part.threat", buyer=buyer)),
            Part("patron", final / plain if plain > 0.0 else 1.0, say("part.patron")),
        )
        return Ledger(say("part.worth"), "MUSD", final, PRODUCT, parts)

    def left(self, month: int) -> Ledger:
        """Return what is left of the value of a point when guard, sanctions and embargo are taken off."""
        worth, guard, cost = (self.at(month, f"start_projects.{name}") for name in ("worth", "guard", "cost"))
        norm = worth * self.w.pair(month, "started.norm", *self.pair)
        parts = (
            Part("value", worth, say("part.worth_to", buyer=name(self.receiver))),
            Part("guard", -guard, say("part.guarded", seller=name(self.giver))),
            Part("sanctions", norm - cost, say("part.sanctions")),
            Part("norm", -norm, say("part.norm")),
        )
        return Ledger(say("part.left"), "MUSD", worth - guard - cost, SUM, parts)

    def means(self, month: int) -> Ledger:
        """Return with what the receiver could pay."""
        at, seen = self.at, self.w.inner[month]
        i, j = (COUNTRIES.index(code) for code in self.pair)
        balance, ordered = at(month, "agree.state.balance"), at(month, "agree.ordered")
        under_way = ordered * (1.0 - at(month, "agree.in_money"))
        projects = float(seen["started.state.project_price"][i, j].sum() + seen["started.ended"][i, j].sum())
        claims, seller = at(month, "agree.state.claims_left"), name(self.giver)
        parts = (
            Part("debt", -balance, say("part.owed", seller=seller)),
            Part("credit", claims + balance + under_way, say("part.credit")),
            Part("goods", -under_way, say("part.goods", seller=seller)),
            Part("projects", -projects, say("part.projects")),
            Part("bank", at(month, "started.by_bank"), say("part.bank")),
        )
        return Ledger(say("part.means"), "MUSD", at(month, "started.claims"), SUM, parts)

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
    return (kept[0], tell("tier.lowest")) if kept else (TIERS[-1], tell("tier.highest"))


def month_of(tier: Tier) -> tuple[int, str]:
    """Return the month of the first project, or that in which one was likeliest to start, and why it is chosen."""
    if tier.starts:
        return tier.starts[0], tell("month.project")
    chance = tier.series("start_projects.chance")
    if chance.max() > 0.0:
        return int(np.argmax(chance)), tell("month.project_likeliest")
    ratio = tier.series("start_projects.worth") / np.maximum(
        tier.series("start_projects.guard") + tier.series("start_projects.cost"), 1e-9
    )
    return int(np.argmax(ratio)), tell("month.project_nearest")


def explain(w: Witness, giver: str, receiver: str, tier: int, month: int) -> Explanation:
    """Explain why a tier was passed on or kept back."""
    one = Tier(w, giver, receiver, tier)
    ledgers = tuple(of(month).checked() for of in (one.left, one.guard, one.worth, one.means))
    way = "passed" if one.passed >= PASSED else "late" if one.starts else "kept"
    to = "" if receiver == "PRK" else tell("question.tier.to", buyer=name(receiver))
    question = tell(f"question.tier.{way}", seller=name(giver), tier=tier, to=to)
    return Explanation(
        question, "", tuple(sentences(one, month)), ledgers, (tiers_table(w, giver, receiver), months_table(one))
    )


def sentences(tier: Tier, month: int) -> list[str]:
    """Return the answer: worth against guard, what softened the guard, means, luck over all months."""
    return [_weighed(tier, month), _softened(tier, month), _paid(tier, month), _lucky(tier)]


def _weighed(tier: Tier, month: int) -> str:
    left = tier.left(month)
    value, guard = left.part("value"), -left.part("guard")
    costs = [
        say("flow.cost", words=part.words, price=money(-part.value))
        for part in left.parts[2:]
        if -part.value > 0.005 * max(value, 1e-9)
    ]
    chance = tier.at(month, "start_projects.chance")
    text = say(
        "tech.weighed",
        when=month_name(tier.w.months[month]),
        tier=tier.tier,
        name=tier_name(tier.tier),
        value=money(value),
        buyer=name(tier.receiver),
        seller=name(tier.giver),
        guard=money(guard),
        costs=say("tech.costs", told=listed(costs)) if costs else "",
    )
    if value <= 0.0 or tier.at(month, "start_projects.size") <= 0.0:
        return f"{text} {_no_project(tier, month)}"
    if not worthwhile(tier, month):
        return f"{text} {say('tech.costly')}"
    if not tier.at(month, "start_projects.possible"):
        return f"{text} {say('tech.unable')}"
    most = tier.w.settings[month]["technology.hazard"]
    return f"{text} {say('tech.chance', chance=share(chance), beside=beside(chance), most=share(most))}"


def worthwhile(tier: Tier, month: int) -> bool:
    """Return whether a point is worth more than sanctions and embargo cost; else no price could be agreed on."""
    return tier.at(month, "start_projects.worth") > tier.at(month, "start_projects.cost")


def _no_project(tier: Tier, month: int) -> str:
    i, j, k = COUNTRIES.index(tier.giver), COUNTRIES.index(tier.receiver), TIERS.index(tier.tier)
    seen = tier.w.inner[month]
    if seen["started.state.projects"][i, j, k] > 0.0:
        return say("tech.under_way")
    if seen["started.ambition"][j, k] - seen["started.coming"][j, k] <= 0.0:
        return capital(say("tech.all", buyer=name(tier.receiver)))
    return capital(say("tech.no_lead", seller=name(tier.giver)))


def _softened(tier: Tier, month: int) -> str:
    guard = tier.guard(month)
    told = [
        say("tech.part", words=part.words, change=change(part.value))
        for part in guard.parts[1:]
        if abs(part.value - 1.0) >= 0.005
    ]
    return say("tech.softened" if told else "tech.plain", guard=money(guard.part("guard")), told=listed(told))


def _paid(tier: Tier, month: int) -> str:
    size, worth, cost = (tier.series(f"start_projects.{key}") for key in ("size", "worth", "cost"))
    wanted = (size > 0.0) & (worth > cost)
    short = int((wanted & (tier.series("start_projects.possible") == 0.0)).sum())
    lead = tier.w.settings[month]["technology.lead"] * tier.tier
    told = say("tech.never_unpaid") if wanted.any() else say("tech.never_worth", months=count(len(wanted), "month"))
    if short:
        told = say("tech.unpaid", short=count(short, "month"), worth=count(int(wanted.sum()), "month"))
    rest = f"{told} {say('tech.lead', lead=count(max(1, math.ceil(lead - 1e-9)), 'month'))}"
    return f"{_bill(tier, month, size[month])} {rest}" if size[month] > 0.0 and worthwhile(tier, month) else rest


def _bill(tier: Tier, month: int, size: float) -> str:
    """Return what a project of `size` points would have cost, and whether the means were enough."""
    bill, means, ledger = tier.bill(month), tier.at(month, "started.claims"), tier.means(month)
    debt, seller = ledger.part("debt"), name(tier.giver)
    others = {"debt": min(debt, 0.0), **{key: ledger.part(key) for key in ("credit", "bank", "goods", "projects")}}
    told = {
        key: listed([say(f"tech.for.{part}", much=money(abs(x))) for part, x in others.items() if sign * x > 0.5])
        for key, sign in (("more", 1.0), ("less", -1.0))
    }
    return say(
        "tech.paid",
        points=written(f"{size:.3g}"),
        buyer=name(tier.receiver),
        bill=money(bill),
        means=money(max(means, 0.0)),
        enough=say("tech.enough" if bill <= max(means, 0.0) else "tech.short"),
        owed=say("tech.owed", seller=seller, debt=money(debt)) if debt > 0.0 else say("tech.not_owed", seller=seller),
        others="".join(say(f"tech.{key}", told=parts) for key, parts in told.items() if parts),
    )


def _lucky(tier: Tier) -> str:
    chance, starts = tier.series("start_projects.chance"), tier.starts
    so_far = chance[: starts[0] + 1] if starts else chance
    ever = 1.0 - float(np.prod(1.0 - so_far))
    text = say(
        "tech.started" if starts else "tech.never",
        months=count(len(so_far), "month"),
        odds=odds(ever),
        when=listed([month_name(tier.w.months[month]) for month in starts[:3]]),
        more=say("tech.starts", n=len(starts)) if len(starts) > 3 else "",
        luck=luck(bool(starts), ever),
    )
    return f"{text} {say('tech.late')}" if starts and tier.passed < PASSED else text


def tiers_table(w: Witness, giver: str, receiver: str) -> Table:
    """Return all tiers over the whole run."""
    rows = []
    for tier in TIERS:
        one = Tier(w, giver, receiver, tier)
        chance = one.series("start_projects.chance")
        worth, guard = (one.series(f"start_projects.{name}").mean() for name in ("worth", "guard"))
        ever = 1.0 - float(np.prod(1.0 - chance))
        points, starts = written(f"{one.passed:.1f}"), str(len(one.starts))
        rows.append((str(tier), tier_name(tier), points, starts, few_digits(worth), few_digits(guard), share(ever)))
    heads = ("tier", "what", "passed", "projects", "value_unit", "guard_unit", "one_starts")
    return Table(tell("table.tiers"), tuple(tell(f"head.{head}") for head in heads), tuple(rows))


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
    names = ("value", "guard", "sanctions", "embargo", "project_price", "means", "chance_of")
    heads = (said("printed.figure.month"), *(tell(f"head.{head}") for head in names))
    return Table(tell("table.tier", tier=tier.tier), heads, tuple(rows))
