// Ledgers of one world: named parts of a number, read from what the model worked with, as `sim explain` reads them.
// Nothing of the model is computed here: values are those of its functions, parts are differences and shares of them.

export const NOTHING = 1e-6;
const LEAST_ASKED = 1e-9, NO_LIMIT = 1e8, EXACT = 1e-9, RESIDUE = 1e-5;
const BINDING = ["none", "demand", "stock", "production", "credit", "capacity", "closed", "norm", "handling"];
export const COUNTRIES = ["RUS", "PRK", "USA", "KOR", "JPN", "CHN"];
const GOODS = ["ammunition", "food", "energy"], HOME = "PRK";
export const UNITS = {ammunition: "krounds", food: "kt", energy: "kt"};
const COSTS = ["transport", "friction", "norm", "autonomy", "arming", "rival", "committed"];
const RULES = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  product: (values) => values.reduce((product, value) => product * value, 1),
  least: (values) => Math.min(...values),
};

/** A ledger whose parts give its number; an error where they do not: a fault of this program. */
export function ledger(name, unit, value, rule, parts) {
  const combined = RULES[rule](parts.map((part) => part.value)), sizes = [value, ...parts.map((part) => part.value)].map(Math.abs).filter(Number.isFinite);
  const largest = Math.max(...sizes, 1e-300), least = rule === "product" ? 0 : Math.max(NOTHING, RESIDUE * largest);
  if (combined !== value && !(Math.abs(combined - value) <= EXACT * largest)) throw new Error(`${name.explain ?? name}: ${combined} is not ${value}`);
  return {name, unit, value, rule, parts, of: (key) => parts.find((part) => part.key === key).value, shown: (one) => (Math.abs(one) < least ? 0 : one),
    inOrder: [...parts].sort((a, b) => a.value - b.value), bySize: [...parts].sort((a, b) => Math.abs(b.value) - Math.abs(a.value))};
}

const part = (key, value, words, values = {}) => ({key, value, words, values});

/** One world as the engine gave it. */
class Kept {
  constructor(world, months) { Object.assign(this, {world, months}); }
  /** A value of a month: of one row where it has several. */
  value(name, month, row = 0) {
    const found = this.world[name];
    if (!found) throw new Error(`${name} is not kept`);
    return found[month * (found.length / this.months) + row];
  }
  rowsOf(name) { return this.world[name]?.length / this.months; }
  every(of) { return Array.from({length: this.months}, (_, month) => of(month)); }
}

/** What went from a seller to a buyer. */
export class Flow extends Kept {
  constructor(world, months, {seller, buyer, good}) {
    super(world, months);
    const i = COUNTRIES.indexOf(seller), j = COUNTRIES.indexOf(buyer), g = GOODS.indexOf(good), [many, goods] = [COUNTRIES.length, GOODS.length];
    Object.assign(this, {seller, buyer, good, unit: UNITS[good], who: {seller, buyer}});
    /** Its place in an array (from, to, good), (from, to), (from, good) or (good), told by the size of the array. */
    this.places = {[many * many * goods]: (i * many + j) * goods + g, [many * many]: i * many + j, [many * goods]: i * goods + g, [goods]: g};
    this.toAll = COUNTRIES.map((_, to) => (i * many + to) * goods + g);
  }
  at(month, name) { return this.value(`why.${name}`, month, this.places[this.rowsOf(`why.${name}`)]); }
  code(month) { return BINDING[this.at(month, "ship.binding")]; }
  shut(month) { return !this.at(month, "offers.is_open") ? "no_route" : this.at(month, "offers.allowed") ? "" : "embargo"; }
  room(month) { return this.code(month) === "norm" ? "bind.norm" : "part.room"; }
  /** What the seller can release to this buyer: what others leave, or its share where all ask too much. */
  release(month, asked, available) {
    const code = BINDING[this.at(month, "bargain.release_bound")], what = `bind.${code === "none" ? "stock" : code}`;
    const there = this.at(month, available), mine = this.at(month, asked), all = RULES.sum(this.toAll.map((row) => this.value(`why.${asked}`, month, row)));
    if (all - mine <= LEAST_ASKED) return part("release", there, what, this.who);
    return all <= there ? part("release", there - (all - mine), {outer: "part.beside", what}, this.who) : part("release", (mine / all) * there, {outer: "part.share", what}, this.who);
  }
  /** The share of what would pay the two that they trade, and that of it which the law lets pass. */
  opened(month) {
    const lawful = this.at(month, "agree.lawful");
    return [lawful > 0 ? this.at(month, "bargain.openness") / lawful : 1, lawful];
  }
  /** Whether cargo of earlier months found no room while nothing new was worth ordering. */
  waitsInVain(month) { return this.gain(month).value <= 0 && -this.shipped(month).of("unplaced") > NOTHING; }
  wished(month) {
    const lacking = this.at(month, "wanted.lacking"), room = this.at(month, "wanted.room"), wanted = this.at(month, "bargain.wanted");
    const alone = Math.min(lacking, room), mine = alone > 0 ? wanted / alone : 1;
    return ledger("wished", this.unit, wanted * this.at(month, "bargain.released"), "least", [part("demand", lacking * mine, "bind.demand", this.who),
      part("capacity", room * mine, this.room(month), this.who), this.release(month, "bargain.wanted", "bargain.available")]);
  }
  ordered(month) {
    const granted = this.at(month, "bargain.granted"), least = this.at(month, "within_credit.lowest");
    return ledger("order", this.unit, this.at(month, "bargain.volume"), "least", [
      part("contracts", this.at(month, granted < 1 ? "shared.asked" : "bargain.agreed"), "part.agreed"),
      part("capacity", this.at(month, "bargain.room"), this.room(month), this.who),
      this.release(month, "shared.asked", "shared.available"),
      part("credit", least > 1e-9 ? (this.at(month, "shared.return") * this.at(month, "bargain.headroom")) / least : Infinity, "bind.credit", this.who)]);
  }
  shipped(month) {
    const before = this.at(month, "offers.state.queue");
    return ledger("shipped", this.unit, this.at(month, "ship.shipped"), "sum", [part("waiting", before, "part.waited"),
      part("gifts", this.at(month, "take_effect.state.queue") - before, "part.given"), part("ordered", this.at(month, "bargain.volume"), "part.ordered"),
      part("unstored", -this.at(month, "agree.state.queue") * (1 - this.at(month, "ship.in_stock")), "part.unstored", this.who),
      part("unplaced", -this.at(month, "ship.sent.left") / this.at(month, "ship.weight"), "part.unplaced")]);
  }
  delivered(month) {
    return ledger("delivered", this.unit, this.at(month, "ship.delivered"), "sum", [part("before", this.at(month, "offers.state.in_transit"), "part.before"),
      part("sent", this.at(month, "ship.shipped"), "part.sent"), part("seized", -this.at(month, "ship.units_seized"), "part.seized"), part("remains", -this.at(month, "ship.state.in_transit"), "part.remains")]);
  }
  gain(month) {
    const costs = COSTS.map((key) => part(key, -this.at(month, `cost.${key}`), `cost.${key}`));
    const worth = this.at(month, "offers.worth"), own = this.at(month, "offers.reservation");
    const value = this.at(month, "offers.cost") > NO_LIMIT ? worth - (own + this.at(month, "cost.return")) : this.at(month, "bargain.margin");
    return ledger("gain", `MUSD/${this.unit}`, value, "sum", [part("value", worth, "part.value", this.who), part("own", -own, "part.own", this.who), ...costs.filter((one) => Math.abs(one.value) > 0)]);
  }
}

/** The store of a good in a country. */
export class Store extends Kept {
  constructor(world, months, {country, good}) {
    super(world, months);
    const suppliers = COUNTRIES.filter((code) => code !== country);
    Object.assign(this, {good, country, unit: UNITS[good], row: COUNTRIES.indexOf(country) * GOODS.length + GOODS.indexOf(good)});
    this.flows = suppliers.map((seller) => new Flow(world, months, {seller, buyer: country, good}));
  }
  at(month, name) { return this.value(name, month, this.row); }
  inner(month, name) { return this.value(`why.${name}`, month, this.row); }
  access(month) { return this.inner(month, "trade_with_rest_of_world.access"); }
  afterUse(month) { return this.inner(month, "offers.state.stock"); }
  before(month) { return this.afterUse(month) + this.at(month, "consumption") - this.at(month, "production"); }
  shortage(month) {
    return ledger(told("lacking"), `${this.unit}/month`, this.at(month, "shortage"), "sum", [part("required", this.at(month, "requirement"), told("required")), part("in_store", -this.before(month), told("in_store")),
      part("made", -this.at(month, "production"), told("made")), part("kept", this.afterUse(month), told("kept"))]);
  }
  balance(month) {
    const signs = {production: [1, "made"], world_imports: [1, this.good === "ammunition" ? "came_from_outside" : "bought"], consumption: [-1, "used"], exports: [-1, "sent"], world_exports: [-1, "sold"], lost: [-1, "failed"]};
    const parts = [part("before", this.before(month), told("in_store")), ...this.flows.map((flow) => part(flow.seller, flow.at(month, "ship.delivered"), told("came", flow.seller))),
      ...Object.entries(signs).map(([key, [sign, words]]) => part(key, sign * this.at(month, key), told(words)))];
    return ledger(told("after"), this.unit, this.at(month, "stock"), "sum", parts.filter(({value}) => value));
  }
}
/** The words of a part of a store: a text that `sim explain` tells, and whom it names. */
const told = (key, who = "") => ({explain: `store.${key}`, who});

const WAYS = [0, 1];

/** A route: {name, ends, number, many}; its first way begins at its first end. */
export class Route extends Kept {
  constructor(world, months, route) { super(world, months); Object.assign(this, route); }
  /** A value of the route, of one of its ways, or of a way and a good. */
  at(month, name, row = 0) { const each = this.rowsOf(`why.${name}`) / this.many; return this.value(`why.${name}`, month, this.number * each + row); }
  carried(month) { return WAYS.flatMap((d) => GOODS.map((_, g) => this.at(month, "ship.sent.carried", d * GOODS.length + g))); }
  total(month) { return RULES.sum(this.carried(month)); }
  isOpen(month) { return this.at(month, "effective_capacity.is_open") > 0; }
  waiting(month) { return this.at(month, "ship.shadow"); }
  way(d, g) { return {explain: "route.way", good: GOODS[g], start: this.ends[d], end: this.ends[1 - d]}; }
  flow(d, g) { return new Flow(this.world, this.months, {seller: this.ends[d], buyer: this.ends[1 - d], good: GOODS[g]}); }
  capacity(month) {
    const at = (name) => this.at(month, `effective_capacity.${name}`), start = this.value(`why.setting.routes.${this.name.startsWith("ocean_") ? "ocean" : this.name}.capacity`, month);
    const factors = {built: start > 0 ? at("capacity") / start : 1, open: at("is_open"), winter: at("season"), border: at("regime")};
    return ledger({explain: "route.capacity"}, "kt/month", at("return"), "product", [part("laid_out", start, {explain: "route.laid_out"}),
      ...Object.entries(factors).map(([key, value]) => part(key, value, {explain: `route.${key}`}))]);
  }
  cargo(month) {
    const carried = this.carried(month), load = RULES.sum(WAYS.map((d) => this.at(month, "ship.load", d)));
    return ledger({explain: "route.cargo"}, "kt/month", load, "sum", carried.map((value, k) => part(`${k}`, value, this.way(Math.floor(k / GOODS.length), k % GOODS.length))));
  }
  /** The fuel that reaches North Korea in a month, from whomever. */
  fuelFor(month) {
    const from = (seller) => new Flow(this.world, this.months, {seller, buyer: "PRK", good: "energy"}).at(month, "ship.delivered");
    return RULES.sum(COUNTRIES.filter((one) => one !== "PRK").map(from));
  }
  /** What the world ends with, and with how many digits it is told: million shells, thousand tonnes of fuel, points of technology. */
  get outcomes() {
    return {shells: [this.value("shells_delivered", this.months - 1) * 1e-3, 2], fuel: [RULES.sum(this.every((month) => this.fuelFor(month))), 0], technology: [RULES.sum(this.every((month) => RULES.sum(Array.from({length: TIERS}, (_, tier) => this.value("why.transfer", month, tier))))), 1]};
  }
}

const TERMS = ["need", "threat", "prestige", "autonomy", "norm", "agenda", "habit", "cost", "partner"];

/** An act of a group of countries; group: {act, actors, rows}. */
export class Act extends Kept {
  constructor(world, months, group) { super(world, months); Object.assign(this, group); }
  /** Whether it takes place needs the yes of all, so it is the same for each. */
  happened(month) { return this.value("outcome", month, this.rows[0]) > 0; }
  said(month, row) { return this.value("choice", month, row) > 0; }
  scheduled(month) { return this.value("why.scheduled", month, this.rows[0]) > 0; }
  ruling(month, row) { return this.value("why.ruling", month, row); }
  isOpen(month, row) { return this.value("why.open", month, row) > 0; }
  probability(month, row) { return this.value("probability", month, row); }
  chance(month) { return RULES.product(this.rows.map((row) => this.probability(month, row))); }
  /** The terms of one country; last what the scenario adds to its willingness, which the model counts within its cost. */
  terms(month, row) {
    const added = this.value("why.willing", month, row), many = TERMS.length;
    const found = TERMS.map((term, k) => this.value("terms", month, row * many + k) - (term === "cost" ? added : 0));
    return [...TERMS.map((term, k) => part(term, found[k], this.words(term === "cost" && found[k] > 0 ? "cheap" : term))), part("willingness", added, "term.willingness")];
  }
  words(term) { return {own: `own.${this.act}.${term}`, plain: `term.${term}`}; }
  actor(row) { return this.actors[this.rows.indexOf(row)]; }
  ledger(month, row) {
    const parts = this.terms(month, row);
    return {...ledger("utility", "1", RULES.sum(parts.map((one) => one.value)), "sum", parts.filter((one) => one.key !== "willingness" || one.value)), actor: this.actor(row)};
  }
}

const GIVERS = ["RUS", "CHN"];
export const GIVEN = ["food", "energy"];

/** China's decision to send North Korea aid, and all that North Korea is given. */
export class Aid extends Act {
  gifts(month, good) {
    const g = GOODS.indexOf(good), of = (name, giver) => this.value(`why.policy.${name}`, month, giver * GOODS.length + g), set = (key) => this.value(`why.setting.aid.${key}`, month);
    const passes = GIVERS.map((_, giver) => of("passes_of", giver)), lanes = GIVERS.map((seller) => new Flow(this.world, this.months, {seller, buyer: HOME, good}));
    const given = RULES.sum(lanes.map((lane) => lane.at(month, "take_effect.state.queue") - lane.at(month, "offers.state.queue"))), china = passes[GIVERS.indexOf("CHN")];
    return ledger({explain: "aid.given", good}, "kt/month", given, "sum", [part("decision", china * this.value("why.policy.aid", month) * set(good), {explain: "aid.decision"}),
      part("pipeline", good === "energy" ? this.value("why.policy.lent", month) : 0, {explain: "aid.pipeline"}),
      ...GIVERS.map((who, giver) => part(`bid ${who}`, passes[giver] * of("bids_of", giver), {explain: "aid.bid", who}))]);
  }
}

export const TIERS = 4;

/** A tier of technology of a giver for a receiver: {tier, who: {seller, buyer}, number, many}, the number among many deals. */
export class Tier extends Kept {
  constructor(world, months, deal) {
    super(world, months);
    const {tier, who, number, many} = deal, row = tier - 1;
    Object.assign(this, deal);
    /** Its place in an array (deal, tier), (deal), (country, tier) or (tier), told by the size of the array. */
    this.places = {[many * TIERS]: number * TIERS + row, [many]: number, [COUNTRIES.length * TIERS]: COUNTRIES.indexOf(who.buyer) * TIERS + row, [TIERS]: row};
  }
  at(month, name) { return this.value(`why.${name}`, month, this.places[this.rowsOf(`why.${name}`)]); }
  setting(month, key) { return this.value(`why.setting.${key}`, month); }
  series(name) { return this.every((month) => this.at(month, name)); }
  guard(month) {
    const at = (name) => this.at(month, name), plain = at("guard_cost.return");
    return ledger("guard", "MUSD", at("start_projects.guard"), "product", [part("guard", at("started.full"), "part.full"),
      ...["trust", "need", "hostility"].map((key) => part(key, at(`guard_cost.by_${key}`), `part.${key}`, this.who)),
      part("warning", plain > 0 ? at("started.guard") / plain : 1, at("offers.committed") > 0 ? "part.alliance" : "part.warning"),
      part("debt", 1 - at("started.gives_up"), "part.debt", this.who)]);
  }
  worth(month) {
    const calm = this.at(month, "technology_value.calm"), plain = this.at(month, "technology_value.return"), worth = this.at(month, "start_projects.worth");
    return ledger("worth", "MUSD", worth, "product", [part("gap", calm, "part.gap", this.who), part("threat", calm > 0 ? plain / calm : 1, "part.threat", this.who), part("patron", plain > 0 ? worth / plain : 1, "part.patron")]);
  }
  left(month) {
    const at = (name) => this.at(month, `start_projects.${name}`), worth = at("worth"), norm = worth * this.at(month, "started.norm");
    return ledger("left", "MUSD", worth - at("guard") - at("cost"), "sum", [part("value", worth, "part.worth_to", this.who),
      part("guard", -at("guard"), "part.guarded", this.who), part("sanctions", norm - at("cost"), "part.sanctions"), part("norm", -norm, "part.norm")]);
  }
  means(month) {
    const at = (name) => this.at(month, name), tiers = (name) => RULES.sum([1, 2, 3, 4].map((tier) => new Tier(this.world, this.months, {...this, tier}).at(month, name)));
    const underWay = at("agree.ordered") * (1 - at("agree.in_money")), balance = at("agree.state.balance");
    return ledger("means", "MUSD", at("started.claims"), "sum", [part("debt", -balance, "part.owed", this.who),
      part("credit", at("agree.state.claims_left") + balance + underWay, "part.credit"), part("goods", -underWay, "part.goods", this.who),
      part("projects", -(tiers("started.state.project_price") + tiers("started.ended")), "part.projects"), part("bank", at("started.by_bank"), "part.bank")]);
  }
  bill(month) { return this.at(month, "start_projects.price") * this.at(month, "start_projects.size"); }
}

/** The group of what is asked most. */
export const FIRST_GROUP = "first";

/** What can be asked: [{key, group, kind, of}]; keys without a name of their own are those of `sim explain --ask`. */
export function asks({acts, routes, deals}) {
  const flow = (seller, buyer, good) => ({key: `${seller}_${buyer}.${good}`.toLowerCase(), group: `flow.${seller}`, kind: "flow", of: {seller, buyer, good}});
  const store = (country, good) => ({key: `${country.toLowerCase()}.${good}`, group: "store", kind: "store", of: {country, good}});
  const route = ([name, ...ends], number) => ({key: name, group: "route", kind: "route", of: {name, ends, number, many: routes.length}});
  const act = (group) => ({key: [group.act, ...group.actors].join(" "), group: `act.${group.actors[0]}`, kind: group.act === "aid" ? "aid" : "act", of: group});
  const others = (code) => COUNTRIES.filter((other) => other !== code);
  const all = [...COUNTRIES.flatMap((code) => GOODS.map((good) => store(code, good))), ...routes.map(route),
    ...COUNTRIES.flatMap((seller) => others(seller).flatMap((buyer) => GOODS.map((good) => flow(seller, buyer, good)))), ...acts.map(act)];
  const named = {"prk_rus.ammunition": "shells", "rus_prk.energy": "oil", "prk.food": "food", "prk.energy": "fuel", "aid CHN": "aid", khasan: "khasan", rajin: "rajin"};
  const first = Object.entries(named).map(([key, name]) => ({...all.find((ask) => ask.key === key), key: name, group: FIRST_GROUP}));
  const tier = ([seller, buyer], number) => [4, 3, 2, 1].map((one) => ({key: number ? `${seller}_${buyer}.technology${one}`.toLowerCase() : `tier${one}`, group: number ? "technology" : FIRST_GROUP,
    kind: "tier", of: {tier: one, who: {seller, buyer}, number, many: deals.length}}));
  return [...first, ...deals.flatMap(tier), ...all.filter(({key}) => !(key in named))];
}
