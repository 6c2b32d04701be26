// A seat's log of rulings and orders, which is the whole state of a game, and what follows from it: runs, goals, points.
import {quantiles} from "./bands.js";

export const ASKED = "asked", REFUSED = "refused";
const HALF = 50;
/** Part of a standard deviation between the worlds below which a goal ends the same. */
const SAME_GOAL = 0.01;

/** Months that the log has decided, quarters of the game, and its last month. */
export const quartersOf = (page, scenario) => Math.min(page.seats.quarters, Math.floor(scenario.dates.length / page.seats.quarter));
export const seatOf = (page, code) => page.seats.seats.find((one) => one.code === code);
export const stepOf = (order, name) => order.steps.find((one) => one.name === name);
export const isOpen = (seat) => seat.acts.length + seat.orders.length > 0;

/** Whether an act needs the yes of its partners too. */
export const isJoint = (option, options) => options.some(({act, actor}) => act === options[option].act && actor === options[option].partners[0]);

/** The acts of a log, as the engine takes them: an answer holds all through its quarter. */
export function rulingsOf(log, {quarter}) {
  return log.flatMap(({acts}, q) => Object.entries(acts).flatMap(([option, what]) =>
    Array.from({length: quarter}, (_, k) => ({month: q * quarter + k, option: +option, what}))));
}

/** The standing orders of a log as changes of parameters, equal quarters in one: [{month, duration, key, how, size}]. */
export function ordersOf(log, seat, {quarter}) {
  const found = [];
  for (const order of seat.orders) log.forEach(({orders}, q) => {
    const step = stepOf(order, orders[order.key]), before = found.at(-1);
    if (!step) return;
    if (before?.key === order.key && before.name === step.name && before.month + before.duration === q * quarter) before.duration += quarter;
    else found.push({...step, key: order.key, month: q * quarter, duration: quarter, switch: order.switch});
  });
  return found.sort((a, b) => a.month - b.month);
}

/** What the engine is asked for: the scenario with the reader's changes and a log. */
export const askOf = (base, log, seat, page) => ({scenario: base.scenario, settings: base.settings, off: base.off,
  rulings: rulingsOf(log, page.seats), orders: ordersOf(log, seat, page.seats)});

/** All acts that the others can have seen, as answers of everybody: what happened is asked for, all else refused. */
export function publicActs(outcome, months, {options, secret}, code) {
  const found = [];
  for (let month = 0; month < months; month++) options.forEach(({actor}, option) => {
    if (actor === code || !secret.includes(option)) found.push({month, option, what: outcome(month, option) ? ASKED : REFUSED});
  });
  return found;
}

// ---- The address and the file ---------------------------------------------------------------------------------

/** The log as entries of an address: quarter, what, and the act with its partners or the order with its step. */
export function entriesOf(game, {options}) {
  return game.log.flatMap(({acts, orders}, q) => [
    ...Object.entries(acts).map(([option, what]) => [q, what, options[option].act, options[option].partners.join(".")].join("*")),
    ...Object.entries(orders).map(([key, step]) => [q, "order", key, step].join("*"))]);
}

/** The game of an address; null if it names no seat. What is not offered to this seat is left out. */
export function gameOf(text, entries, page, scenario) {
  const [code, world, played] = (text || "").split("*"), seat = seatOf(page, code);
  if (!seat || !isOpen(seat) || !quartersOf(page, scenario)) return text === null ? null : {code: null, world: null, log: [], draft: emptyQuarter()};
  const many = Math.min(Math.max(Math.floor(+played) || 0, 0), quartersOf(page, scenario));
  const log = Array.from({length: many}, emptyQuarter);
  for (const entry of entries) {
    const [q, what, name, rest] = entry.split("*"), at = log[+q];
    const option = seat.acts.find((k) => page.seats.options[k].act === name && page.seats.options[k].partners.join(".") === rest);
    const order = seat.orders.find(({key}) => key === name);
    if (at && [ASKED, REFUSED].includes(what) && option !== undefined) at.acts[option] = what;
    else if (at && what === "order" && order && stepOf(order, rest)) at.orders[name] = rest;
  }
  return {code, world: Math.min(Math.max(Math.floor(+world) || 0, 0), page.worlds - 1), log, draft: nextQuarter(log)};
}

export const emptyQuarter = () => ({acts: {}, orders: {}});
/** Orders stand until they are changed; answers are for one quarter. */
export const nextQuarter = (log) => ({acts: {}, orders: {...log.at(-1)?.orders}});

/** The log as events of a scenario file, for which sim run gives the same numbers. */
export function eventsToml(game, seat, scenario, page) {
  const {options, quarter} = page.seats, date = (month) => scenario.dates[month].slice(0, 7), list = (codes) => `[${codes.map((one) => `"${one}"`).join(", ")}]`;
  const acts = game.log.flatMap((one, q) => Object.entries(one.acts).map(([option, what]) => ["[[events]]", `month = "${date(q * quarter)}"`, `${what} = "${options[option].act}"`,
    `by = "${game.code}"`, ...(!isJoint(option, options) ? [] : [`with = ${list(options[option].partners)}`]), `duration = ${quarter}`, `why = "Quarter ${q + 1} of the seat of ${game.code}."`, ""]));
  const orders = ordersOf(game.log, seat, page.seats).map((one) => ["[[events]]", `month = "${date(one.month)}"`, `key = "${one.key}"`,
    `${one.how} = ${one.switch ? Boolean(one.size) : one.size}`, `duration = ${one.duration}`, `why = "Quarter ${one.month / quarter + 1} of the seat of ${game.code}."`, ""]);
  return [`# Played as ${game.code} in world ${game.world}.`, "", ...[...acts, ...orders].flat()].join("\n");
}

// ---- Goals ----------------------------------------------------------------------------------------------------

/** A sum of rows of a run, (month, world). */
export function monthly({parts, over}, {months, count, series}) {
  const sum = (list) => {
    const found = new Float64Array(months * count);
    for (const {name, row, weight} of list) {
      const {values} = series[name], many = values.length / (months * count);
      for (let m = 0; m < months; m++) for (let w = 0; w < count; w++) found[m * count + w] += weight * values[(m * many + row) * count + w];
    }
    return found;
  };
  const values = sum(parts), under = over?.length ? sum(over) : null;
  return under ? values.map((value, k) => (under[k] > 0 ? value / under[k] : 0)) : values;
}

/** A goal over the first months, one number a world; what a running total or mean makes of each month, if `each`. */
export function reached(goal, run, months) {
  const values = monthly(goal, run), found = new Float64Array(run.count);
  for (let w = 0; w < run.count; w++) {
    const own = Array.from({length: months}, (_, m) => values[m * run.count + w]), all = own.reduce((a, b) => a + b, 0);
    found[w] = goal.how === "last" ? own[months - 1] : goal.how === "mean" ? all / months : all;
  }
  return found.map((value, w) => (run.failed.includes(run.first + w) ? NaN : value));
}

/** Months of one world of a run, added up where the goal is a total. */
export function course(goal, run, months, world) {
  const values = monthly(goal, run), found = Array.from({length: months}, (_, m) => values[m * run.count + world - run.first]);
  let sum = 0;
  return goal.how === "total" ? found.map((value) => (sum += value)) : found;
}

/** Standard deviation over worlds. */
export function spreadOf(values) {
  const good = values.filter(Number.isFinite), mid = good.reduce((a, b) => a + b, 0) / good.length;
  return Math.sqrt(good.reduce((a, b) => a + (b - mid) ** 2, 0) / Math.max(good.length - 1, 1));
}

/** Points of a goal beyond the model's own play: a spread of better counts `most` points, times the weight on the card. */
export function pointsOf(goal, mine, model, spread, most) {
  return spread > 0 ? (most * goal.better * (mine - model) * goal.weight) / (100 * spread) : 0;
}
export const totalOf = (points) => Math.min(Math.max(HALF + points.reduce((a, b) => a + b, 0), 0), 100);

/** What a move makes of a goal over all worlds: medians and ends of nine of ten without and with it, share better and worse. */
export function forecastOf(goal, without, move, months) {
  const a = reached(goal, without, months), b = reached(goal, move, months), band = (values) => quantiles(values, values.length, new Set(), goal.whole).map((level) => level[0]);
  const good = a.map((value, w) => goal.better * (b[w] - value)).filter(Number.isFinite), share = (test) => good.filter(test).length / Math.max(good.length, 1), least = Math.max(SAME_GOAL * spreadOf(a), 1e-9);
  return {without: band(a), move: band(b), better: share((x) => x > least), worse: share((x) => x < -least)};
}

// ---- Runs -----------------------------------------------------------------------------------------------------

/** One worker for games, hired when the first seat is taken; what it has run once is kept. */
export class Desk {
  constructor(source, payload, page) { Object.assign(this, {source, payload, page, kept: new Map(), waiting: new Map(), last: 0}); }

  /** The worker, once it has loaded the engine. */
  get worker() {
    return (this.hired ??= new Promise((ready, never) => {
      const worker = new Worker(URL.createObjectURL(new Blob([this.source], {type: "text/javascript"})));
      worker.onmessage = ({data}) => {
        if (data.ready) return ready(worker);
        const waits = this.waiting.get(data.key);
        this.waiting.delete(data.key);
        if (!waits) never(new Error(data.error));
        else if (data.error) waits.fail(new Error(data.error));
        else waits.done(data);
      };
      worker.onerror = (event) => never(new Error(event.message || "worker"));
      worker.postMessage({...this.payload, plan: this.page.plan});
    }));
  }

  /** The value of a parameter in a world of a scenario. */
  own(scenario, key, world) {
    const value = this.payload.head.scenarios.find(({name}) => name === scenario).values[key];
    return typeof value === "number" ? value : (this.numbers ??= new Float64Array(this.payload.numbers.slice().buffer))[value[0] + world];
  }

  async post(message) {
    const worker = await this.worker, key = `desk ${this.last++}`;
    return new Promise((done, fail) => { this.waiting.set(key, {done, fail}); worker.postMessage({...message, key}); });
  }

  /** Run worlds; the latest runs are kept, so that going back costs nothing. */
  run(ask, names, first, last) {
    const name = JSON.stringify([ask, names, first, last]);
    if (!this.kept.has(name)) {
      this.kept.set(name, this.post({names, ask: {...ask, first, last}}).then((out) => ({...out, first, count: last - first})));
      if (this.kept.size > 12) this.kept.delete(this.kept.keys().next().value);
    }
    return this.kept.get(name);
  }

  async digest(ask) { return (await this.post({digest: true, ask: {...ask, first: 0, last: this.page.worlds}})).digest; }
}
