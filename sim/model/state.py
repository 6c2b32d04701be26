"""The state of a block of worlds: every array that one step or month passes to the next, with the worlds last.

Countries hold views of their rows of the arrays over (country, …), so these are changed in place; all others may be
replaced by a new array. No other module can add an array.
"""

from dataclasses import dataclass
from typing import Annotated

from sim.arrays import Array
from sim.scenario.names import COUNTRIES, GOODS, ROUTES, TIERS
from sim.scenario.options import OPTIONS

C, G, K, R, D = len(COUNTRIES), len(GOODS), len(TIERS), len(ROUTES), len(OPTIONS)
MONTHS_LATELY = 6
"""Months that the practical index looks back on, the newest included (definition)."""
ByWorld = Annotated[Array, ()]
ByCountry = Annotated[Array, (C,)]
ByCountryGood = Annotated[Array, (C, G)]
ByPair = Annotated[Array, (C, C)]
ByPairTier = Annotated[Array, (C, C, K)]
BySupplier = Annotated[Array, (C, C + 1)]
"By receiver and supplier; the last supplier is the rest of the world."
ByLane = Annotated[Array, (C, C, G)]
Truth = Annotated[Array, (), bool]
"""Shapes without the last axis, the worlds, and the kind of the elements where they are no numbers."""


@dataclass(slots=True)
class State:
    """Country arrays start with (country, …), pair arrays with (country, country, …), lane arrays with (from, to, …).

    Units of goods are krounds of ammunition and kt of food and energy; money is in MUSD.
    """

    # ---- Goods of a country ----
    stock: ByCountryGood
    "(country, good, worlds) units in store"
    production: ByCountryGood
    "(country, good, worlds) units made this month"
    requirement: ByCountryGood
    "(country, good, worlds) units required this month"
    consumption: ByCountryGood
    "(country, good, worlds) units used this month"
    shortage: ByCountryGood
    "(country, good, worlds) units required and not used"
    target_stock: ByCountryGood
    "(country, good, worlds) units wanted above the reserve"
    cover: ByCountryGood
    "(country, good, worlds) months that the stock above the reserve lasts, at most 999"
    value: ByCountryGood
    "(country, good, worlds) marginal value, MUSD a unit"
    imports: ByCountryGood
    "(country, good, worlds) units arrived from the six this month"
    exports: ByCountryGood
    "(country, good, worlds) units sent to the six this month"
    lost: ByCountryGood
    "(country, good, worlds) units arrived that do not work"
    world_imports: ByCountryGood
    "(country, good, worlds) units bought outside the six this month"
    world_exports: ByCountryGood
    "(country, good, worlds) units sold outside the six this month"

    # ---- Countries ----
    rate: ByCountry
    "(country, worlds) ammunition output that the plants are set up for, krounds a month"
    converted: ByCountry
    "(country, worlds) output that plants converted for export add, krounds a month; in North Korea only"
    ration: ByCountry
    "(country, worlds) share of the energy requirement handed out last month"
    foreign_orders: ByCountry
    "(country, worlds) ammunition ordered by partners, krounds a month"
    war_demand: ByCountry
    "(country, worlds) rounds required for the war, krounds a month"
    hardship: ByCountry
    "(country, worlds) remembered share of the required rounds that were lacking, 0-1"
    want: ByCountry
    "(country, worlds) remembered share of people that lack food, energy or both, 0-1"
    technology: Annotated[Array, (C, K)]
    "(country, tier, worlds) level, 0-100 points"
    threat: ByCountry
    "(country, worlds) perceived threat, 0-1"
    seen: ByCountry
    "(country, worlds) activity of the other bloc and pressure of sanctions on it, as a country sees them, about 0-1.5"
    prestige: ByCountry
    "(country, worlds) 0-1"
    norm: ByCountry
    "(country, worlds) weight of the UN embargo for it, 0-1"
    pressure: ByCountry
    "(country, worlds) pressure of sanctions, 0-1"
    usual_pressure: ByCountry
    "(country, worlds) what designations have to make good: pressure drifts back to its base plus this, at most 0"
    access: ByCountry
    "(country, worlds) access to the market of the rest of the world, 0-1"
    isolation: ByCountry
    "(country, worlds) one less access"

    # ---- Money ----
    money: ByCountry
    "(country, worlds) hard currency, MUSD, at least 0"
    world_money: ByWorld
    "(worlds) MUSD that the rest of the world has gained since the start: with `money` it sums to a constant"
    dollar: ByCountry
    "(country, worlds) marginal value of a dollar, 0-`goods.value_cap`"
    other_stock: ByCountry
    "(country, worlds) other imports in store, MUSD at cost"
    other_met: ByCountry
    "(country, worlds) share of the month's requirement of other imports that was met, 0-1"
    other_imports: BySupplier
    "(receiver, supplier, worlds) other imports bought this month, MUSD"
    channel: ByPair
    "(creditor, debtor, worlds) most that can be paid in money this month, MUSD; infinite where banks serve"
    cash_share: ByPair
    "(creditor, debtor, worlds) share of what is due that is paid in money, 0-1"
    cash: ByPair
    "(creditor, debtor, worlds) paid in money this month, MUSD"
    in_kind_most: ByPair
    "(creditor, debtor, worlds) most that can be paid in other goods this month, MUSD"
    in_kind: ByPair
    "(creditor, debtor, worlds) paid in other goods this month, MUSD"

    # ---- Pairs ----
    trust: ByPair
    "(country, partner, worlds) of the country in the partner, 0-1"
    kept: ByPair
    "(country, partner, worlds) evidence that the partner keeps its promises, months"
    failed: ByPair
    "(country, partner, worlds) evidence that it does not, months"
    alignment: ByPair
    "(country, country, worlds) -1 to 1"
    usual_trust: ByPair
    "(country, partner, worlds) trust before what is remembered of promises, 0-1"
    usual_alignment: ByPair
    "(country, country, worlds) to which alignment drifts back"
    pledge: ByPair
    "(country, country, worlds) treaty or promise to help, 0-1"
    institutions: ByPair
    "(country, country, worlds) acts together a year, visits aside, as remembered over years"
    balance: ByPair
    "(creditor, debtor, worlds) debt, MUSD; antisymmetric"
    line: ByPair
    "(creditor, debtor, worlds) credit line that arrears are shares of, open routes or not, MUSD"
    credit: ByPair
    "(creditor, debtor, worlds) credit line, zero without an open route from the debtor, MUSD"
    claims_left: ByPair
    "(giver, receiver, worlds) claims and credit with which the receiver can pay for technology, MUSD"
    repaid: ByPair
    "(creditor, debtor, worlds) payment of debts last month in goods, technology and money, MUSD"
    continuation: ByPair
    "(creditor, debtor, worlds) chance that the relation lasts, as the creditor sees it before the acts, 0-0.98"
    supplied: BySupplier
    "(receiver, supplier, worlds) all supplies of about a year as MUSD a month"
    food_inflow: ByWorld
    "(worlds) food that comes to North Korea, of about a year, kt a month"
    dependence: ByPair
    "(receiver, supplier, worlds) share of all that it buys, 0-1"
    gain: ByPair
    "(country, partner, worlds) gain by the month's deals, MUSD"
    released: ByPairTier
    "(giver, receiver, tier, worlds) points passed on so far"
    realised: ByPair
    "(country, partner, worlds) gain by deals, smoothed, MUSD a month"
    projects: ByPairTier
    "(giver, receiver, tier, worlds) points in the project under way, 0 without one"
    project_price: ByPairTier
    "(giver, receiver, tier, worlds) MUSD that the receiver is to pay when it ends"
    project_due: ByPairTier
    "(giver, receiver, tier, worlds) months until it ends"
    value_delivered: ByPair
    "(from, to, worlds) value of the goods delivered this month at agreed prices, MUSD"
    paid_for_technology: ByPair
    "(giver, receiver, worlds) MUSD booked for technology this month"

    # ---- Lanes and routes ----
    contract: ByLane
    "(from, to, good, worlds) units a month agreed for months ahead"
    broken: ByPair
    "(from, to, worlds) share of what was agreed that a side no longer wanted to trade this month, 0-1"
    queue: ByLane
    "(from, to, good, worlds) units ordered that have not left"
    in_transit: ByLane
    "(from, to, good, worlds) units under way"
    price_under_way: ByLane
    "(from, to, good, worlds) mean price of goods queued or under way, MUSD a unit"
    transit: Annotated[Array, (R, 2, G)]
    "(route, direction, good, worlds) kt under way"
    built: Annotated[Array, (R,)]
    "(route, worlds) capacity built since the start, as share of that of the start"
    faulty: Annotated[Array, (R, 2)]
    "(route, direction, worlds) kt of ammunition under way that will not work"

    # ---- Politics ----
    monitoring: ByWorld
    "(worlds) monitoring of the embargo on North Korea, 0-1"
    coordination: ByWorld
    "(worlds) coordination of the western three, 0-1"
    border: ByWorld
    "(worlds) share of their capacity that North Korea's borders pass, 0-1"
    taboo: ByWorld
    "(worlds) share left of North Korea's taboo on exercises with foreign states, 0-1"
    memory: Annotated[Array, (D,)]
    "(option, worlds) how fresh the act is, 0-1"
    seen_by_west: ByWorld
    "(worlds) activity of the east as seen by the west, about 0-1"
    west_exercises: ByWorld
    "(worlds) exercises of the west, faded"
    east_exercises: ByWorld
    "(worlds) exercises of the east, faded"
    tests: ByWorld
    "(worlds) missiles that North Korea tests this month"
    test_memory: ByWorld
    "(worlds) missiles tested, faded"
    test_rounds: ByWorld
    "(worlds) output lost to the tests, krounds"
    arms: ByWorld
    "(worlds) ammunition that reached Russia from North Korea, krounds a month, smoothed"
    new_technology: ByWorld
    "(worlds) points that North Korea gained, weighted by tier, faded"
    guarded: ByWorld
    "(worlds) points of tiers 3 and 4 that Russia has released to North Korea"
    vetoed: Truth
    "(worlds) monitoring has been vetoed"
    warned: Truth
    "(worlds) South Korea has drawn its red line"
    lent: ByWorld
    "(worlds) kt of crude that China lends North Korea this month"
    oil_free: Truth
    "(worlds) Russia has decided to send North Korea more oil than the UN cap allows"
    helping: Truth
    "(worlds) South Korea arms Ukraine"

    # ---- Drivers and war ----
    month_of_year: ByWorld
    "(worlds) 1-12, the same in all worlds"
    months_gone: ByWorld
    "(worlds) since the start, the same in all worlds"
    scheduled: Annotated[Array, (D,), bool]
    "(option, worlds) acts that the scenario prescribes this month"
    ruling: Annotated[Array, (D,)]
    "(option, worlds) what the scenario says of the answer: -1 refused, 0 left to the model, 1 asked"
    willingness: Annotated[Array, (D,)]
    "(option, worlds) what the scenario adds to the utility"
    intensity: ByWorld
    "(worlds) of the war, 1 as in 2023"
    war_noise: ByWorld
    "(worlds) logarithm of the shock to the intensity, which persists"
    attacking: Truth
    "(worlds) Russia attacks"
    substitutes: ByWorld
    "(worlds) share of the effect of fire that drones and glide bombs bring, 0-1"
    secondary: ByWorld
    "(worlds) pressure on the banks of Russia's partners, 0-1"
    inputs: ByWorld
    "(worlds) share of their Chinese inputs that Russian ammunition plants get, 0-1"
    guns: ByWorld
    "(worlds) Russian guns with a barrel that can fire"
    ukraine_stock: ByWorld
    "(worlds) krounds"
    fire: ByWorld
    "(worlds) krounds that Russia fired this month"
    ukraine_fire: ByWorld
    "(worlds) krounds that Ukraine fired this month"
    outside_ammunition: ByWorld
    "(worlds) krounds that Russia bought outside the six this month"
    harvest: ByWorld
    "(worlds) North Korea's crop as share of the usual one"
    harvest_shock: ByWorld
    "(worlds) factor of the harvest by the weather of the year"
    old: ByWorld
    "(worlds) krounds of old lots left in North Korea"

    # ---- Running sums of the record ----
    lately: Annotated[Array, (3, MONTHS_LATELY, C, C)]
    "(part, months ago, country, country, worlds) of both ways: MUSD delivered, highest tier passed on, exercises"
    shown: ByPair
    "(country, country, worlds) weight of the acts together, faded"
    shells_delivered: ByWorld
    "(worlds) krounds from North Korea to Russia so far"
    tier_released: ByWorld
    "(worlds) highest tier that Russia has released to North Korea so far, 0-4"
