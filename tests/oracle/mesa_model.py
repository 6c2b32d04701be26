"""The model as a Mesa user would ordinarily write it: one world, six agents with plain numbers, Python loops.

It does all eight steps of `docs/model.md` for the same parameters and the same uniform numbers as world k of an
ensemble, so that its outcomes must be those of that world (`test_mesa_model.py`). It is also the yardstick of
`benchmarks/yardsticks.py`. The equations are those of the other files of this folder; here they become agents, a model
and a month.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from copy import deepcopy
from functools import lru_cache
from typing import Any

import mesa

import sim
from oracle import acts, trade
from oracle import rest_of_month as rest
from oracle.equations import COUNTRIES, ROUTES
from oracle.trade import ALL, PRK, RUS, State
from sim.experiment.chance import BEFORE, SHOCKS, STREAM, draw_all
from sim.experiment.design import sample
from sim.scenario.options import OPTIONS
from sim.scenario.scenario import ActEvent, ParameterEvent, Scenario

# fmt: off
OWN = (
    "stock", "rate", "converted", "ration", "hardship", "want", "foreign_orders", "requirement", "target_stock",
    "production", "consumption", "shortage", "seen", "cover", "value", "access", "isolation",
    "pressure", "threat", "prestige", "norm", "technology", "supplied", "dependence", "imports", "lost",
    "world_imports", "world_exports", "score", "money", "dollar", "other_stock", "other_met", "other_imports",
)
# fmt: on
"""What an agent knows of itself; all else belongs to the world."""


MONTHS_BEFORE = 24


class Country(mesa.Agent):
    """One of the six. It makes and uses goods, and decides on each of its options."""

    def __init__(self, model: PlainWorld, number: int) -> None:
        super().__init__(model)
        self.number, self.code = number, COUNTRIES[number]
        self.options = [k for k, option in enumerate(OPTIONS) if option.actor == self.code]

    def learn(self, values: dict[str, Any]) -> None:
        """Take over new values of the attributes of that name."""
        for name, value in values.items():
            setattr(self, name, value)

    def produce_and_consume(self, seen: State) -> None:
        """Output, harvest, firing and rations of the month."""
        asked = trade.asked_by_war(seen, self.model.value_of)[self.number]
        self.learn(vars(trade.used_by(self.number, asked, seen, self.model.value_of)))

    def decide(self, seen: State, draws: list[float], yes: list[bool]) -> None:
        """Say yes or no to each option, where the scenario has not already."""
        for k in self.options:
            chance = 1.0 if yes[k] else acts.chance_of_yes(k, seen, self.model.value_of)
            yes[k] = yes[k] or draws[k] < chance
            self.model.chances[k] = chance


class PlainWorld(mesa.Model):
    """World number `world` of a scenario (its name, or itself), stepped until its last month."""

    def __init__(self, setting: Scenario | str, world: int, rng: Any = None) -> None:
        super().__init__(rng=rng)
        self.spec = _named(setting) if isinstance(setting, str) else setting
        self.number, self.month = world, 0
        self.calendar = [int(date[5:7]) for date in self.spec.dates]
        self.start_values = {key: float(v[0]) for key, v in sample(self.spec, world, 1).items()}
        self.draws = _draws(self.spec, world)
        self._parameters()
        self.countries = [Country(self, number) for number in ALL]
        first = vars(rest.start(self.value_of))
        self.names = dict.fromkeys(name for name in first if name not in OWN)
        self.take(State(**first))
        self.datacollector = mesa.DataCollector(model_reporters=REPORTERS)
        self.come_to_rest()

    def come_to_rest(self) -> None:
        """The two years before the first month, in which no route between Russia and North Korea is open."""
        own, first, drills = self.draws, deepcopy(self.view()), 0
        self.draws = _draws(self.spec, self.number, BEFORE)
        for self.month in range(-MONTHS_BEFORE, 0):
            self.do_a_month()
            of_last_year = self.month + 1 + MONTHS_BEFORE // 2
            if of_last_year > 0:
                self.take(rest.usual_relations(self.view(), first, of_last_year, self.value_of))
            else:
                threat = [country.threat for country in self.countries]
                drills += ("trilateral_exercise", acts.WEST) in self.done
                each_month = drills / (of_last_year + MONTHS_BEFORE // 2)
                self.take(State(coordination=rest.resting_coordination(threat, each_month, self.value_of)))
            self.take(rest.back_to_the_record(self.view(), first))
        self.take(rest.full_memories(self.view(), first, self.value_of, MONTHS_BEFORE))
        self.month, self.draws = 0, own

    # ---- State ----

    def view(self) -> State:
        """All that is known now, as the pieces of the month want to see it."""
        state = State(**{name: getattr(self, name) for name in self.names})
        for name in vars(self.countries[0]).keys() & set(OWN):
            setattr(state, name, [getattr(country, name) for country in self.countries])
        state.month, state.calendar_month = self.month, (self.calendar[0] - 1 + self.month) % 12 + 1
        return state

    def take(self, new: State) -> None:
        """Take over new values, each country its own."""
        for name, value in vars(new).items():
            if name in OWN:
                for country, own in zip(self.countries, value, strict=True):
                    setattr(country, name, own)
            else:
                setattr(self, name, value)
                self.names[name] = None

    def after(self, new: State) -> State:
        """The view once new values are taken over."""
        self.take(new)
        return self.view()

    def _parameters(self) -> None:
        """Parameters of this month: the values of the start and the events that hold."""
        values = dict(self.start_values)
        if self.month < 0:
            values |= {"routes.khasan.open": 0.0, "routes.rajin.open": 0.0}
        for event in self.spec.events:
            if isinstance(event, ParameterEvent) and 0 <= self.month - event.month < (event.duration or math.inf):
                old = values[event.key]
                values[event.key] = event.value if event.value is not None else old * (event.factor or 0.0)
        self.value_of = values.__getitem__

    # ---- One month ----

    def step(self) -> None:
        """A month, and what is kept of it."""
        self.do_a_month()
        self.datacollector.collect(self)
        self.month += 1
        self.running = self.month < self.spec.months

    def do_a_month(self) -> None:
        """The eight steps of the description."""
        self._parameters()
        p = self.value_of
        outside = (self.draws[cause][self.month] for cause in ("war", "regime", "harvest"))
        luck = self.draws["interdiction"][self.month]
        seen = self.after(rest.drive(self.view(), p, *outside))  # 1 drivers
        self.agents.do("produce_and_consume", seen)  # 2 produce and consume
        self.take(trade.use_other_imports(self.view(), p))
        seen = self.after(rest.fight(self.view(), p))
        seen, offers = self._appraise(seen)  # 3 appraise
        seen, done = self._act(seen, offers)  # 4 act
        self.done = done
        seen, gifts = self._bargain(seen, offers)  # 5 bargain
        flows = trade.ship(seen, offers, p, [luck] * len(ROUTES))  # 6 ship
        old = rest.faulty_rounds(seen, offers, flows, p, luck)
        seen = self._arrive(seen, flows, old)  # 7 settle
        seen = self.after(trade.settle(seen, flows, gifts, p))
        self.take(rest.observe(seen, offers, flows, gifts, done, p))  # 8 record

    def _appraise(self, seen: State) -> tuple[State, State]:
        """Cover, values, threat, prestige; what each pair could trade."""
        p = self.value_of
        new = trade.appraise(seen, p)
        new.seen_by_west = trade.seen_by_west(seen, p)
        new.isolation = [1.0 - access for access in new.access]
        back = p("prestige.decay")
        fades = [p("prestige.hunger") * want for want in seen.want]
        new.prestige = [
            max(x + back * (p(f"{COUNTRIES[i]}.prestige") - x) - fades[i] * x, 0.0) for i, x in enumerate(seen.prestige)
        ]
        new.memory = [fresh * (1.0 - p("acts.memory")) for fresh in seen.memory]
        seen = self.after(new)
        offers = trade.offers(seen, p)
        seen.need = acts.needs(seen, offers, p)
        return seen, offers

    def _act(self, seen: State, offers: State) -> tuple[State, list[acts.Act]]:
        """Every country decides; acts to which all say yes happen and take effect."""
        p = self.value_of
        yes, self.chances = [False] * len(OPTIONS), [0.0] * len(OPTIONS)
        for event in self.spec.events:
            if isinstance(event, ActEvent) and event.month == self.month:
                for k in acts.rows_of(event.act, event.actors):
                    yes[k] = True
        self.agents.do("decide", seen, self.draws["acts"][self.month], yes)
        done = acts.done(yes)
        after = self.after(acts.effects(seen, done, self.draws["tests"][self.month], p))
        return self.after(trade.give(seen, offers, p, ("aid", (acts.CHN,)) in done, after)), done

    def _bargain(self, seen: State, offers: State) -> tuple[State, list[list[list[Any]]]]:
        """Deals and technology of all pairs, then the world market."""
        p = self.value_of
        agreed = trade.bargain(seen, offers, p, self.draws["projects"][self.month])
        market = trade.rest_of_world(seen, p)
        self.take(
            State(
                cash_share=agreed.cash_share,
                channel=agreed.channel,
                in_kind_most=agreed.in_kind_most,
            )
        )
        released = [
            [[x + gift.points for x, gift in zip(*cell, strict=True)] for cell in zip(*rows, strict=True)]
            for rows in zip(seen.released, agreed.gifts, strict=True)
        ]
        guarded = released[RUS][PRK][2] + released[RUS][PRK][3]
        names = (
            "contract",
            "broken",
            "price",
            "gain",
            "queue",
            "foreign_orders",
            "technology",
            "projects",
            "project_price",
            "project_due",
        )
        self.take(State(**{name: getattr(agreed, name) for name in names}))
        self.take(market)
        return self.after(State(released=released, guarded=guarded)), agreed.gifts

    def _arrive(self, seen: State, flows: State, old: State) -> State:
        """What was sent leaves the stock, what arrives joins it but for the rounds that do not work."""
        stock, imports = [], []
        for i in ALL:
            sent = [sum(flows.shipped[i][j][g] for j in ALL) for g in range(3)]
            imports.append([sum(flows.delivered[j][i][g] for j in ALL) for g in range(3)])
            left = [have - min(out, have) for have, out in zip(seen.stock[i], sent, strict=True)]
            stock.append([a + b for a, b in zip(left, imports[i], strict=True)])
            stock[i][0] -= old.faulty_from_prk[i]
        self.take(old)
        self.take(State(lost=[[duds, 0.0, 0.0] for duds in old.faulty_from_prk]))
        self.take(State(built=flows.built))
        return self.after(State(stock=stock, imports=imports, transit=flows.transit, queue=flows.queue))


SYSTEM = ("shells_delivered", "oil_delivered", "tier_released", "received", "coordination", "tests")
SYSTEM += ("fire_ratio", "import_share", "polarisation")
REPORTERS: dict[str, str | Callable[[PlainWorld], Any]] = {
    **{name: name for name in SYSTEM},
    "practical": lambda w: w.practical[RUS][PRK],
    "symbolic": lambda w: w.symbolic[RUS][PRK],
    "rail_in": lambda w: w.rail[0],
    "rail_out": lambda w: w.rail[1],
    **{f"threat_{code}": lambda w, i=i: w.countries[i].threat for i, code in enumerate(COUNTRIES)},
    **{
        f"score_{code}_{goal}": lambda w, i=i, n=n: w.countries[i].score[n]
        for i, code in enumerate(COUNTRIES)
        for n, goal in enumerate(rest.GOALS)
    },
}
"""What the data collector keeps of every month."""


@lru_cache(maxsize=8)
def _named(name: str) -> Scenario:
    return sim.load(name)


@lru_cache(maxsize=2)
def _block(seed: int, months: int, block: int, streams: str) -> dict[str, Any]:
    """The uniform numbers of a block of worlds: drawn once, since they cost as much for one world as for all."""
    return draw_all(seed, months, block * STREAM, STREAM, streams=streams)


def _draws(spec: Scenario, world: int, streams: str = "") -> dict[str, Any]:
    """The uniform numbers of one world: cause -> [month], for acts and projects [month][row]."""
    months = MONTHS_BEFORE if streams else spec.months
    drawn, column = _block(spec.seed, months, world // STREAM, streams), world % STREAM
    return {
        cause: values[:, 0, column].tolist() if cause in SHOCKS else values[..., column].tolist()
        for cause, values in drawn.items()
    }
