// "Why": one world of the page, run again with what the model worked with; sentences are those of `sim explain`.
import {$, fill, h, table} from "./dom.js";
import {amount, has, language, monthName, number, t} from "./text.js";
import {bare, capital, e, explained, formOf, inRow, meaning, named, NONE, share, significant, the, times, w} from "./say.js";
import {Act, Aid, asks, COUNTRIES, Flow, Route, Store, Tier, TIERS} from "./reasons.js";
import {find, HAPPENED, howFound, MEDIAN, nameOfPlace, places, valuesOver} from "./places.js";
import {aidSentences, flowSentences, otherwise, routeSentences, routeTitle, storeSentences, withoutRoute} from "./goods.js";
import {actSentences, PASSED, tierSentences} from "./deeds.js";
import {compared, FIRST_NAMED, SAME} from "./turn.js";
import {MOST} from "./when.js";
import {parameterName, written} from "./panel.js";

// ---- What would have turned it

/** A statement that a question asks of a world: {words, name, row, holds(values by month), chances(reader) by month or null, span}; the row is one of the variable of that name. None of a flow or a route. */
function statement({kind, of}, month, date) {
  if (kind === "tier") {
    const chances = (one) => one.every((m) => [one.at(m, "start_projects.chance"), one.at(m, "start_projects.points") > 0]);
    const [from, to] = [of.who.seller, of.who.buyer].map((code) => COUNTRIES.indexOf(code)), many = COUNTRIES.length;
    return {words: e("turn.technology", {...named(of.who), tier: of.tier}), name: "transfer", row: (from * many + to) * TIERS + of.tier - 1, deal: of, chances, span: e("turn.until"),
      holds: (points) => points.reduce((sum, one) => sum + one, 0) >= PASSED};
  }
  if (kind === "store") {
    const {row} = new Store({}, 1, of);
    return {words: e("turn.shortage", {who: bare(of.country), of: e(`of.${of.good}`), when: date(month)}), name: "shortage", row, chances: null, holds: (lacking) => lacking[month] > NONE};
  }
  return of.rows && {words: e("turn.act", {who: inRow(of.actors.map(bare)), did: w(`did.${of.act}`), when: date(month)}), name: "outcome", row: of.rows[0], span: e("turn.in_month"),
    set: (one) => one.scheduled(month),
    chances: (one) => (one.scheduled(month) ? null : [[one.chance(month), one.happened(month)]]), holds: (came) => came[month] > 0};
}

/** The statement of a reader: that a picture, in this world `own`, is above a limit: in the last month, or in the mean of the months. */
function above({key, parts: [{name, row, weight}], unit, running, end, ordinal}, limit, own) {
  const over = (values) => (running || !(end || ordinal) ? values.reduce((sum, value) => sum + value, 0) / (running ? 1 : values.length) : values.at(-1));
  return {words: w("turn_more", {name: t(`picture.${key}.name`), amount: amount(limit, unit), own: number(own), over: w(end || ordinal ? "places.at_end" : "places.mean")}), name, row, chances: null, held: own > limit,
    holds: (values) => over(values.map((value) => weight * value)) > limit};
}

/** The key of a lever behind its meaning: who has a keyboard at hand wants it, a reader of the page does not. */
const KEY = / \(`[^`]*`\)/;

/** What would have turned a statement, nearest first, and what would not; odds: key -> [chance as it is, chance at the nearest dose]; isSet: whether the scenario sets it. */
function turnSentences({words, span}, holds, ranked, odds, isSet) {
  const would = capital(e(holds ? "turn.holds_yes" : "turn.holds_no", {words})), levers = (one) => times(one.length, "lever");
  const turns = ranked.filter(({nearest}) => nearest !== null), rest = ranked.filter(({nearest}) => nearest === null);
  if (!turns.length) return [`${would} ${e("turn.none", {levers: levers(rest)})}${isSet ? ` ${e("turn.set")}` : ""}`];
  const told = turns.slice(0, FIRST_NAMED).map((lever, k) => `${k + 1}. ${e(lever.nearest > lever.own ? "turn.raised" : "turn.lowered", {meaning: parameterName(lever.key), key: lever.key, own: written(lever, lever.own), near: written(lever, lever.nearest),
    share: share(lever.moved), low: significant(lever.low), high: significant(lever.high)}).replace(KEY, "")}${lever.backAgain ? ` ${e("turn.back")}` : ""}${byLuck(odds.get(lever.key), holds, span)}`);
  const more = turns.length - FIRST_NAMED;
  return [`${would} ${e("turn.would")}`, ...told, more > 0 ? e("turn.so_would", {levers: times(more, "more_lever")}) : "",
    rest.length ? e("turn.nothing_for", {levers: levers(rest), told: inRow(rest.map(({key}) => parameterName(key)))}) : ""].filter(Boolean);
}

/** Whether the lever or luck turned it. */
function byLuck(odds, holds, span) {
  if (!odds) return "";
  const [here, there] = odds, numbers = e("turn.numbers", {there: share(there), here: share(here), span});
  if (Math.abs(there - here) < SAME) return ` ${e("turn.luck", {numbers})}`;
  const way = there > here ? "likelier" : "rarer";
  return ` ${e(there > here === holds ? `turn.against_${way}` : `turn.${way}`, {numbers})}`;
}

// ---- An answer

/** How a kind of question is answered: reader of a world, sentences, ledgers; title of a question about `of`. */
const KINDS = {
  flow: {reader: Flow, tell: flowSentences, title: ({seller, buyer, good}) => w("ask.flow", {what: w(`good.${good}`), ...named({seller, buyer})}),
    ledgers: (flow, month) => [flow.shipped(month), ...(flow.code(month) === "credit" ? [flow.ordered(month), flow.wished(month)] : [flow.wished(month), flow.ordered(month)]), flow.delivered(month), flow.gain(month)]},
  store: {reader: Store, tell: storeSentences, title: ({country, good}) => w("ask.store", {who: bare(country), of: e(`of.${good}`)}), ledgers: (store, month) => [store.shortage(month), store.balance(month)]},
  route: {reader: Route, tell: routeSentences, title: (route) => e("question.route", {title: routeTitle(route)}), ledgers: (route, month) => [route.cargo(month), route.capacity(month)]},
  tier: {reader: Tier, tell: tierSentences, title: ({tier, who, number}) => w(number ? "ask.tier_of" : "ask.tier", {tier, ...named(who)}), ledgers: (tier, month) => [tier.left(month), tier.guard(month), tier.worth(month), tier.means(month)]},
  act: {reader: Act, tell: actSentences, title: ({act, actors}) => w("group", {act: t(`act.${act}`), who: inRow(actors.map((code) => t(`country.${code}`)))}),
    ledgers: (act, month) => act.rows.map((row) => act.ledger(month, row))},
  aid: {reader: Aid, tell: aidSentences, title: () => w("ask.aid"), ledgers: (aid, month) => [aid.ledger(month, aid.rows[0]), aid.gifts(month, "food"), aid.gifts(month, "energy")]},
};

const titleOfAsk = ({key, kind, of}) => (has(`why.ask.${key}`) ? w(`ask.${key}`) : KINDS[kind].title(of));

function titleOfGroup(group) {
  const [kind, code] = group.split(".");
  return w(`groups.${kind}`, code && {country: bare(code)});
}

/** Sentences and ledgers of a question about a world and month; names of months as the page writes them. */
function answer({kind, of}, world, months, month, dates) {
  const {reader, tell, ledgers} = KINDS[kind], one = new reader(world, months, of);
  return {sentences: tell(one, month, (k) => monthName(dates[k])).filter(Boolean), ledgers: ledgers(one, month)};
}

/** A number of a ledger with its unit, of which French has another form below two. */
function inUnit(value, unit) {
  const n = significant(value, 4), alone = `unit_of_one.${unit}`;
  return formOf(+value.toPrecision(4)) === "one" && has(`explain.${alone}`) ? `${n} ${e(alone)}` : w(`unit.${unit}`, {n});
}

function ledgerTable(one) {
  const name = one.name.explain ? explained(one.name) : w(`part.${one.name}`, {actor: one.actor ? the(one.actor) : ""});
  const cell = (value, k) => (one.rule === "product" && k ? `× ${significant(value)}` : significant(one.shown(value), 4));
  const idle = {sum: 0, product: 1}[one.rule], order = one.rule === "least" ? one.inOrder : one.parts;
  const lines = order.map((part, k) => [capital(meaning(part)), cell(part.value, k), part.value]).filter(([, , value], k) => !k || one.shown(value) !== idle);
  const caption = w(one.rule, {name: capital(name), amount: inUnit(one.shown(one.value), one.unit)});
  return table(caption, [w("head_part"), w("head_amount")], lines.map((line) => line.slice(0, 2)));
}

/** What a statement asks about, by month; a tier's points are kept by themselves. */
const valuesOf = (values, {name, row, deal}, months) => (deal ? new Tier(values, months, deal).series("transfer") : Array.from({length: months}, (_, m) => values[name][m * (values[name].length / months) + row]));

// ---- The part of the page

/** What the list of descriptions shows while a world is chosen by its number. */
const NUMBERED = "number";

/** The section: it keeps the question, the world, and worlds that have been run again. */
export class Why {
  /** page: what can be asked and what is drawn; ask(run, world, told): run a world again, then told(values); turn(run, world, statement, held) promises levers, nearest first, and a function that promises a world at a dose; beside(run, world, change) promises the values of a world with other {settings, off}; outcomes(run, row) promises an act's outcome by month and world; moveTo(month); redraw(): draw the page, with the line of the world. */
  constructor(page, ask, redraw, turn, beside, outcomes, moveTo) {
    const asked = asks(page), {pictures} = page.plan;
    Object.assign(this, {asked, pictures, places: places(pictures), ask, redraw, turn, beside, outcomes, moveTo, own: {}, turned: {}, open: false, chosen: asked[0].key, wanted: MEDIAN, world: null, known: new Map()});
  }

  get question() { return this.asked.find(({key}) => key === this.chosen); }

  /** Build the section in the language that is spoken; dates: the months that can be chosen. */
  part(dates) {
    const option = (value, title) => h("option", {value}, title), groups = [...new Set(this.asked.map(({group}) => group))];
    const group = h("select", {id: "why-group"}, groups.map((one) => option(one, titleOfGroup(one)))), select = h("select", {id: "why-question"}), field = h("input", {type: "number", id: "why-world", min: 0, step: 1});
    const offer = () => { fill(select, this.asked.filter((one) => one.group === group.value).map((one) => option(one.key, titleOfAsk(one)))); };
    group.value = this.question.group;
    offer();
    group.addEventListener("change", () => { offer(); this.chosen = select.value; this.redraw(); });
    const choose = (wanted, wrong = false) => { Object.assign(this, {wanted, wrong}); this.redraw(); };
    select.value = this.chosen;
    select.addEventListener("change", () => { this.chosen = select.value; this.redraw(); });
    field.addEventListener("change", () => { const given = +field.value, good = Number.isInteger(given) && given >= 0 && given < this.seen.worlds && field.validity.valid;
      choose(field.value === "" || !good ? MEDIAN : given, !good); field.value = this.world ?? ""; });
    const which = h("select", {id: "why-which"}, option(NUMBERED, w("places.number")), this.places.filter(({key}) => [MEDIAN, HAPPENED].includes(key)).map((one) => option(one.key, nameOfPlace(one))),
      ["tiers", "ends"].map((name) => h("optgroup", {label: w(`places.${name}`)}, this.places.filter((one) => one.group === name).map((one) => option(one.key, nameOfPlace(one, this.pictures))))));
    which.addEventListener("change", () => choose(which.value === NUMBERED ? this.world ?? MEDIAN : which.value));
    const months = h("select", {id: "why-month"}, dates.map((date, month) => option(month, monthName(date)))), most = h("button", {type: "button", id: "why-most", class: "small", onclick: () => this.most && this.moveTo(this.most[0])}, w("most"));
    months.addEventListener("change", () => this.moveTo(+months.value));
    Object.assign(this, {field, which, months, place: h("p", {class: "help", role: "status", id: "why-place"}), told: h("div", {id: "why-answer"})});
    const box = h("details", {id: "why-box", open: this.open}, h("summary", {}, w("title")), h("p", {class: "help"}, w("help")),
      h("div", {class: "ask"}, h("label", {for: "why-group"}, w("about")), group, h("label", {for: "why-question"}, w("question")), select, h("label", {for: "why-which"}, w("which")), which, h("label", {for: "why-world"}, w("world")), field, h("label", {for: "why-month"}, t("month.label")), h("div", {class: "buttons"}, months, most)), this.place, this.told);
    box.addEventListener("toggle", () => { if (this.open !== box.open) { this.open = box.open; this.redraw(); } });
    return h("section", {id: "why"}, box);
  }

  /** Take what is on the page: {run, scenario, title, month, changed, worlds}; a run that is not whole has no world to look into yet. */
  look(seen) {
    const {run, worlds} = (this.seen = seen), there = this.open && run?.whole, {wanted} = this;
    if (there && typeof wanted === "number" && (!(wanted >= 0 && wanted < worlds) || run.failed.includes(wanted)) || wanted === HAPPENED && this.row === undefined) this.wanted = MEDIAN;
    this.world = !there ? null : typeof this.wanted === "number" ? this.wanted : this.foundBy?.world ?? null;
  }

  /** The row of the act that is asked about, if one is. */
  get row() { return this.question.of.rows?.[0]; }

  get described() { return this.places.find(({key}) => key === this.wanted); }

  /** The world that is described, of a run that is whole; none while all worlds run again to tell where an act took place. */
  get foundBy() {
    const {run, worlds, month} = this.seen, {described, row} = this, act = described.key === HAPPENED;
    run.found ??= {};
    if (!act) return (run.found[described.key] ??= find(described, run, this.pictures, worlds));
    const key = `act ${row}`, came = run.found[key];
    if (came?.subarray) return (run.found[`${key} ${month}`] ??= find(described, run, this.pictures, worlds, came.subarray(month * worlds, (month + 1) * worlds)));
    run.found[key] ??= this.outcomes(run, row).then((all) => { run.found[key] = all; this.redraw(); });
    return null;
  }

  /** Tell the answer, or ask for the world first. */
  tell() {
    if (!this.open || !this.told) return;
    const {seen: {run, scenario, title, month, changed, worlds}, world} = this, key = `${run?.key} ${world}`, values = this.known.get(key);
    this.months.value = month;
    this.most = null;
    if (world !== null) this.field.max = worlds - 1;
    if (world !== null && this.field !== document.activeElement) this.field.value = world; // what is being typed stays
    [...this.which.options].find(({value}) => value === HAPPENED).disabled = this.row === undefined;
    this.which.value = typeof this.wanted === "number" ? NUMBERED : this.wanted;
    if (!values) {
      this.place.textContent = world === null ? w("waiting") : w("running", {world});
      fill(this.told);
      if (world !== null) this.ask(run, world, (found) => { this.keep(key, found); this.tell(); });
      return;
    }
    const {question} = this;
    this.most = MOST[question.kind](new KINDS[question.kind].reader(values, scenario.dates.length, question.of));
    const found = answer(question, values, scenario.dates.length, month, scenario.dates);
    const how = this.described ? howFound(this.described, this.foundBy, this.pictures, worlds - run.failed.length, scenario.dates[month]) : w("chosen_help", {world});
    const wrong = this.wrong ? `${w("no_world", {last: worlds - 1})} ` : "";
    this.place.textContent = `${wrong}${w(changed ? "place_changed" : "place", {scenario: title, month: monthName(scenario.dates[month])})} ${month === this.most[0] ? `${w("is_most", {why: e(`month.${this.most[1]}`)})} ` : ""}${how}`;
    const numbers = h("details", {id: "why-numbers", open: Boolean(this.told.querySelector("details")?.open)}, h("summary", {id: "why-numbers-title"}, w("numbers")), found.ledgers.map(ledgerTable));
    const focused = this.told.contains(document.activeElement) ? document.activeElement.id : "";
    fill(this.told, h("h3", {}, titleOfAsk(question)), h("ul", {class: "words"}, [...found.sentences, ...this.withoutIt(question, values, key)].map((one) => h("li", {}, one))), numbers, this.turning(question, values, `${key} ${this.chosen} ${month} ${language()}`));
    if (focused) $(focused)?.focus({preventScroll: true});
  }

  /** What this world ends with, and what it ends with without a route, or with it if it was shut: it is run for that. */
  withoutIt({kind, of}, values, key) {
    if (kind !== "route") return [];
    const {run, scenario} = this.seen, months = scenario.dates.length, route = new Route(values, months, of), other = `${key} ${of.name}`, found = this.known.get(other);
    if (found) return [otherwise(route, new Route(found, months, of))];
    if (this.waits !== other) this.beside(run, this.world, withoutRoute(route, scenario, run.ask)).then((made) => { this.keep(other, made); this.tell(); }, () => { this.waits = null; });
    this.waits = other;
    return [w("without")];
  }

  /** What is to turn as it is chosen now: the picture k or null, its limit, the statement `one`, the key of its answer, and whether the answer above can turn. */
  toTurn(question, values, key) {
    const {run, scenario, month, worlds} = this.seen, date = (k) => monthName(scenario.dates[k]), answered = statement(question, month, date), {k = answered ? null : 0} = this.own;
    const value = k === null ? null : valuesOver(run, k, worlds, this.pictures[k].end || this.pictures[k].ordinal)(this.world), limit = this.own.limit ?? (value && +value.toPrecision(2));
    return {k, limit, one: k === null ? answered : above(this.pictures[k], limit, value), whole: k === null ? key : `${key} ${k} ${limit}`, answers: Boolean(answered)};
  }

  /** What would have turned it: a button, or the answer. */
  turning(question, values, key) {
    const {k, limit, whole, answers} = this.toTurn(question, values, key), {busy, said, sentences} = this.turned.key === whole ? this.turned : {};
    const ask = () => {
      const {one, whole: now} = this.toTurn(question, values, key);
      this.turnIt(question, values, one, now).catch((error) => this.show({key: now, said: t("status.broken", {error: error.message})}));
    };
    return h("div", {id: "why-turn"}, this.ownPart(k, limit, answers), sentences ? [h("h3", {id: "why-turn-title", tabindex: "-1"}, w("turn_title")), h("ul", {class: "words plain"}, sentences.map((text) => h("li", {}, text)))]
      : [h("button", {type: "button", id: "why-turn-ask", "aria-disabled": String(Boolean(busy)), onclick: () => (busy ? null : ask())}, w("turn_title")), h("p", {class: "help", role: "status"}, said ?? w("turn_help"))]);
  }

  /** The choice of what is to turn: the answer, if it can, or that a picture is above a limit. */
  ownPart(k, limit, answers) {
    const option = (value, title) => h("option", {value}, title), what = h("select", {id: "why-turn-what"}, answers ? option("", w("turn_answer")) : null, this.pictures.map((one, place) => (one.over ? null : option(place, t(`picture.${one.key}.name`)))));
    const field = h("input", {type: "number", id: "why-turn-limit", step: "any", value: limit});
    what.value = k ?? "";
    what.addEventListener("change", () => { this.own = what.value === "" ? {} : {k: +what.value}; this.tell(); });
    field.addEventListener("change", () => {
      this.own = {k, limit: field.value === "" ? undefined : +field.value};
      if ($("why-turn-ask")?.getAttribute("aria-disabled") !== "false") this.tell(); // the press that ends the typing is on this very button: it must not be another one by then
    });
    return h("div", {class: "ask"}, h("label", {for: "why-turn-what"}, w("turn_what")), what, k === null ? null : [h("label", {for: "why-turn-limit"}, w("turn_limit")), h("div", {class: "buttons"}, field, t(`picture.${this.pictures[k].key}.unit`))]);
  }

  async turnIt(question, values, one, key) {
    const {run, scenario} = this.seen, {world} = this, months = scenario.dates.length;
    this.show({key, busy: true, said: w("turn_computing")});
    const read = (found) => new KINDS[question.kind].reader(found, months, question.of), of = (found) => one.chances?.(read(found)), held = one.held ?? one.holds(valuesOf(values, one, months)), odds = new Map();
    const {ranked, at} = await this.turn(run, world, one, held);
    const here = of(values);
    if (here) for (const lever of ranked.slice(0, FIRST_NAMED)) if (lever.nearest !== null) odds.set(lever.key, compared(here, of(await at(lever))));
    const waited = document.activeElement?.id === "why-turn-ask";
    if (this.turned.key !== key) return; // something else has been asked meanwhile
    this.show({key, sentences: turnSentences(one, held, ranked, odds, one.set?.(read(values)))});
    if (waited) $("why-turn-title")?.focus({preventScroll: true});
  }

  show(turned) {
    this.turned = turned;
    this.tell();
  }

  keep(key, values) {
    this.known.set(key, values);
    if (this.known.size > 12) this.known.delete(this.known.keys().next().value);
  }
}
