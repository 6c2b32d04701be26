// What the reader has chosen, its history, and its form in the address of the page.

import {entriesOf, gameOf} from "./game.js";
import {asks} from "./reasons.js";
import {MEDIAN, places} from "./places.js";

export const MANY = "side", ONE = "one";

export function fresh(page) {
  return {lang: page.language, view: ONE, at: 0, month: page.scenarios[0].dates.length - 1, settings: {}, off: {}, game: null, why: null, unknown: 0};
}

/** The state as the fragment of an address: only what differs from a fresh one. */
export function toFragment(state, page) {
  const start = fresh(page), out = new URLSearchParams();
  if (state.lang !== start.lang) out.set("lang", state.lang);
  if (state.view !== start.view) out.set("view", state.view);
  if (state.at) out.set("scenario", page.scenarios[state.at].name);
  if (state.month !== start.month) out.set("month", state.month);
  for (const key of Object.keys(state.settings).sort()) out.set(key, state.settings[key]);
  for (const name of Object.keys(state.off).sort()) if (state.off[name].length) out.set(`off.${name}`, state.off[name].join("-"));
  if (state.why) out.set("why", [state.why.question, ...(state.why.world === MEDIAN ? [] : [state.why.world])].join("*"));
  if (state.game) {
    out.set("seat", state.game.code ? `${state.game.code}*${state.game.world}*${state.game.log.length}` : "");
    for (const entry of entriesOf(state.game, page.seats)) out.append("log", entry);
  }
  return out.toString();
}

/** The state of a fragment; what it does not say, or says wrongly, is as in a fresh one. */
export function fromFragment(text, page) {
  const state = fresh(page), given = new URLSearchParams(text);
  if (Object.hasOwn(page.texts, given.get("lang"))) state.lang = given.get("lang");
  if (given.get("view") === MANY && page.scenarios.length > 1) state.view = MANY;
  state.at = Math.max(0, page.scenarios.findIndex((one) => one.name === given.get("scenario")));
  state.month = within(Math.round(numberOf(given.get("month"), state.month)), 0, lastMonth(state, page));
  for (const lever of page.levers) {
    const value = numberOf(given.get(lever.key), NaN);
    if (Number.isFinite(value)) state.settings[lever.key] = within(lever.unit === "switch" ? Math.round(value) : value, lever.low, lever.high);
  }
  for (const {name, events} of page.scenarios) {
    const known = (k) => Number.isInteger(k) && events[k] && events[k].name;
    const off = (given.get(`off.${name}`) || "").split("-").filter(Boolean).map(Number).filter(known);
    if (off.length) state.off[name] = [...new Set(off)].sort((a, b) => a - b);
  }
  state.game = gameOf(given.get("seat"), given.getAll("log"), page, page.scenarios[state.at]);
  const [question, world = MEDIAN] = (given.get("why") || "").split("*"), whole = /^\d+$/.test(world) && +world < page.worlds;
  const known = places(page.plan.pictures).some(({key}) => key === world);
  if (asks(page).some(({key}) => key === question)) state.why = {question, world: whole ? +world : known ? world : MEDIAN};
  if (state.game) state.view = ONE;
  state.unknown = unknown(given, state, page);
  return state;
}

/** How many settings of a link this page does not have, or not as far as the link wants them. */
function unknown(given, state, page) {
  const taken = new URLSearchParams(toFragment(state, page)), others = ["lang", "view", "month", "scenario", "seat", "log", "why"];
  const known = new Set([...others, ...page.levers.map(({key}) => key), ...page.scenarios.map(({name}) => `off.${name}`)]);
  const plain = {lang: page.language, view: ONE, scenario: page.scenarios[0].name, month: String(fresh(page).month)};
  const kept = (key, value) => known.has(key) && (value === "" || taken.getAll(key).includes(value) || plain[key] === value ||
    (key in state.settings && +value === state.settings[key]));
  return [...given].filter(([key, value]) => !kept(key, value)).length;
}

const numberOf = (text, otherwise) => (text === null || text.trim() === "" || Number.isNaN(+text) ? otherwise : +text);
const within = (value, low, high) => Math.min(Math.max(value, low), high);

/** The last month of the longest scenario shown. */
export const lastMonth = (state, page) => Math.max(...shown(state, page).map(({dates}) => dates.length)) - 1;

/** The scenarios that are shown. */
export const shown = (state, page) => (state.view === MANY ? page.scenarios : [page.scenarios[state.at]]);

export const isChanged = (state, scenario) => Object.keys(state.settings).length > 0 || (state.off[scenario.name] || []).length > 0;

/** What the engine is asked for: a scenario with the reader's changes, or without. */
export function runOf(scenario, state) {
  const settings = state ? state.settings : {}, off = (state && state.off[scenario.name]) || [];
  const sorted = Object.fromEntries(Object.keys(settings).sort().map((key) => [key, settings[key]]));
  return {key: JSON.stringify([scenario.name, sorted, off]), scenario: scenario.name, settings: sorted, off};
}

/** Steps back; only changes of the model count, not the month or the language. */
export class History {
  past = [];
  save({settings, off}) {
    this.past.push(JSON.stringify({settings, off}));
    if (this.past.length > 100) this.past.shift();
  }
  back() { return this.past.length ? JSON.parse(this.past.pop()) : null; }
}
