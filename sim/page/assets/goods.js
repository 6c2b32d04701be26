// What went from one country to another and what held it back; shortages, aid and routes.
import {has, language, t} from "./text.js";
import {bare, capital, changed, e, explained, fixed, formOf, inRow, meaning, money, named, NONE, price, share, the, times, units, w} from "./say.js";
import {GIVEN, UNITS} from "./reasons.js";
import {actSentences} from "./deeds.js";

// ---- Flows

export function flowSentences(flow, month, date) {
  const {good, unit} = flow, who = named(flow.who), what = w(`good.${good}`), when = date(month), of = (value) => units(value, unit);
  const shipped = flow.at(month, "ship.shipped"), sent = flow.shipped(month);
  const than = month ? w("flow.than", {before: of(flow.at(month - 1, "ship.shipped"))}) : "";
  const told = sent.parts.filter(({value}) => Math.abs(value) > NONE).map(({key, value}) => w(`flow.${key}`, {amount: of(Math.abs(value))}));
  const went = shipped < NONE ? w("flow.none", {when, what, ...who})
    : w("flow.went", {when, what, than, ...who, shipped: of(shipped), told: inRow(told), arrived: of(flow.at(month, "ship.delivered"))});
  return [went, bound(flow, month, who, of), opened(flow, month), worth(flow, month, who), often(flow, who)];
}

function bound(flow, month, who, of) {
  const code = flow.code(month), gain = flow.gain(month), sent = flow.shipped(month);
  if (code === "closed") return w(`flow.${flow.shut(month) || "embargo"}`);
  if (code === "none") return gain.value > 0 ? w("flow.little_gain", who) : flow.waitsInVain(month) ? w("flow.earlier", {left: of(-sent.of("unplaced"))}) : w(sent.of("gifts") > NONE ? "flow.only_gifts" : "flow.no_gain");
  const wished = flow.wished(month), ordered = flow.ordered(month);
  if (code === "capacity" && wished.inOrder[0].key !== "capacity") return w("flow.capacity", {left: of(-sent.of("unplaced"))});
  if (code === "credit") {
    const next = ordered.inOrder.find(({key}) => key !== "credit");
    return w("flow.credit", {words: w("bind.credit", who), level: of(ordered.of("credit")), next: meaning(next), other: of(next.value)});
  }
  const [first, second] = wished.inOrder;
  if (first.key === "demand" && first.value < NONE) return w("flow.wish", who);
  if (code === "norm") return w("flow.held", {words: w("bind.norm", who), first: of(first.value), ordered: of(ordered.value)});
  return w("flow.bound", {words: meaning(first), first: of(first.value), next: meaning(second), second: of(second.value), ordered: of(ordered.value)});
}

/** Which share of what would pay them the two trade, where that is not all and there is a gain in it. */
function opened(flow, month) {
  const [openness, lawful] = flow.opened(month);
  if (flow.shut(month) || flow.gain(month).value <= 0 || openness * lawful >= 1) return "";
  if (openness >= 1) return w("flow.lawful", {share: share(lawful)});
  return w("flow.opened", {share: share(openness), key: "", lawful: lawful < 1 ? w("flow.of_it_lawful", {share: share(lawful)}) : ""});
}

function worth(flow, month, who) {
  const gain = flow.gain(month), [value, own, ...costs] = gain.parts, least = 0.01 * Math.abs(value.value);
  const told = costs.filter((one) => -one.value > least).sort((a, b) => a.value - b.value).map((one) => w("flow.cost", {words: meaning(one), price: price(-one.value)}));
  return w("flow.worth", {unit: w(`good.unit.${flow.good}`), value: price(value.value), own: price(-own.value), ...who,
    more: told.length ? w("flow.more", {told: inRow(told)}) : "", left: gain.value > 0 ? w("flow.left", {gain: price(gain.value)}) : w("flow.no_left")});
}

function often(flow, who) {
  const counts = new Map();
  for (const code of flow.every((month) => flow.code(month))) counts.set(code, (counts.get(code) || 0) + 1);
  const told = [...counts].sort((a, b) => b[1] - a[1]).map(([code, n]) => w("flow.in", {words: w(`bind.${code}`, who), n: String(n)}));
  return w("flow.often", {months: times(flow.months, "month"), told: inRow(told)});
}

// ---- Shortages

const LEAST_TOLD = 0.01;

export function storeSentences(store, month, date) {
  const much = (value) => units(value, store.unit), {good, country} = store, lack = store.shortage(month), came = store.balance(month).bySize.filter(({words, value}) => words.who && value > LEAST_TOLD);
  const what = w(`good.${good}`), of = e(`of.${good}`), required = lack.of("required"), kept = lack.of("kept"), made = -lack.of("made"), short = lack.value > NONE;
  const lacked = !short ? e("store.enough", {when: date(month), who: the(country), what, required: much(required), kept: much(kept)})
    : e("store.short", {when: date(month), who: the(country), required: muchOf(required, good), there: much(made - lack.of("in_store")), of_it: made > NONE ? e("store.of_it", {made: much(made)}) : e("store.none_of_it"), lacking: much(lack.value), share: share(lack.value / required)}) +
      (kept > NONE ? ` ${e("store.kept_back", {kept: capital(much(kept))})}` : "");
  const arrived = came.length ? e("store.what_came", {told: inRow(came.map(({words, value}) => e("store.from", {much: much(value), who: the(words.who)})))}) : e("store.nothing_came", {what});
  const stopped = e("store.stopped", {told: store.flows.map((flow) => e("store.each", {who: the(flow.seller), why: obstacle(flow, month)})).join(t("printed.next"))});
  const lacking = store.every((m) => store.at(m, "shortage")), n = lacking.filter((one) => one > NONE).length;
  const often = e(n ? "store.often" : "store.never", {months: times(store.months, "month"), who: bare(country), of, n: String(n), share: share(total(lacking) / Math.max(total(store.every((m) => store.at(m, "requirement"))), 1e-9))});
  return [lacked, arrived, stopped, market(store, month, much), often];
}

const total = (values) => values.reduce((all, one) => all + one, 0);

/** An amount of a good; in another language shells are in their unit already. */
function muchOf(value, good) {
  const much = units(value, UNITS[good]);
  return good === "ammunition" && language() !== "en" ? much : `${much} ${e(`of.${good}`)}`;
}

/** What kept a supplier from supplying more. */
function obstacle(flow, month) {
  const shut = flow.shut(month), code = flow.code(month), who = named(flow.who);
  if (shut) return e(shut === "no_route" ? "store.no_route" : "bound.embargo");
  if (code === "none") {
    const gain = flow.gain(month);
    return gain.value <= 0 ? e("store.no_gain", {most: meaning(gain.inOrder[0])}) : demanded(flow, month, who);
  }
  return code === "demand" ? demanded(flow, month, who) : w(`bind.${code}`, who);
}

/** That demand bound, and which share of it the two trade where that is not all. */
function demanded(flow, month, who) {
  const words = w("bind.demand", who), [openness, lawful] = flow.opened(month);
  return openness * lawful < 1 ? e("store.opened", {words, share: share(openness * lawful)}) : words;
}

function market(store, month, much) {
  const bought = store.at(month, "world_imports");
  if (store.good === "ammunition") return e("store.no_market", {came: bought > NONE ? e("store.outside", {much: much(bought)}) : ""});
  const gap = Math.max(store.inner(month, "trade_with_rest_of_world.gap"), 0), access = store.access(month);
  if (gap <= NONE) return e("store.full");
  const paid = gap * access > NONE ? bought / (gap * access) : 1;
  return e(store.country === "PRK" && store.good === "energy" ? "store.at_sea" : "store.market", {gap: much(gap), access: share(access), purse: paid < 0.995 ? e("store.purse", {share: share(paid)}) : "", bought: much(bought)});
}

// ---- Aid

export function aidSentences(aid, month, date) {
  const told = GIVEN.flatMap((good) => aid.gifts(month, good).parts.filter(({value}) => value > NONE).map((one) => e("aid.part", {much: muchOf(one.value, good), why: meaning(one)})));
  return [told.length ? e("aid.was_given", {when: date(month), told: inRow(told)}) : e("aid.nothing", {when: date(month)}), ...actSentences(aid, month, date)];
}

// ---- Routes

export const routeTitle = ({name, ends: [first, second]}) => (has(`explain.route.${name}`) ? e(`route.${name}`) : e("route.sea", {first: t(`printed.the.${first}`), second: t(`printed.the.${second}`)}));
const weight = (value) => units(value, "kt");
/** It takes one cargo alone, and one way. */
const PIPE = "pipeline";

export function routeSentences(route, month, date) {
  const open = route.every((m) => route.isOpen(m)), title = routeTitle(route);
  if (!open.some(Boolean)) return [e("route.always_shut", {months: times(route.months, "month"), key: ""}), e("route.not_seen")];
  return [cargoSentence(route, month, title, date), month ? movedMost(route, month) : "", roomSentence(route, month), waitedSentence(route, month), overAll(route, open)];
}

function cargoSentence(route, month, title, date) {
  const told = route.cargo(month).bySize.filter(({value}) => value > NONE).map((one) => e("route.of", {much: weight(one.value), what: meaning(one)}));
  if (!told.length) return e("route.nothing", {when: date(month), title});
  return e("route.carried", {when: date(month), title, much: weight(route.cargo(month).value), before: month ? w("flow.than", {before: weight(route.total(month - 1))}) : "", told: inRow(told)});
}

/** Which cargo changed most since the month before, and what bound it then and now. */
function movedMost(route, month) {
  const before = route.carried(month - 1), moved = route.carried(month).map((value, k) => value - before[k]), most = Math.max(...moved.map(Math.abs)), k = moved.findIndex((value) => Math.abs(value) === most);
  if (most <= NONE) return "";
  const each = moved.length / 2, [d, g] = [Math.floor(k / each), k % each], flow = route.flow(d, g), of = (value) => units(value, flow.unit);
  const told = e(moved[k] > 0 ? "route.changed_more" : "route.changed_less", {what: explained(route.way(d, g)), much: weight(most)});
  const was = flow.shipped(month - 1), now = flow.shipped(month);
  const parts = now.parts.map(({key, value}, n) => [key, value, was.parts[n].value]).filter(([, value, old]) => Math.max(Math.abs(value), Math.abs(old)) > NONE)
    .map(([key, value, old]) => e("route.part", {told: w(`flow.${key}`, {amount: of(Math.abs(value))}), before: of(Math.abs(old))}));
  const whole = e("route.on_all", {now: of(now.value), was: of(was.value), more: parts.length ? e("route.on_all_more", {told: inRow(parts)}) : ""});
  const [then, earlier] = [month, month - 1].map((m) => boundWords(flow, m));
  return `${told} ${whole} ${e(then === earlier ? "route.bound_same" : "route.bound_other", {then, before: earlier})}`;
}

function boundWords(flow, month) {
  const code = flow.code(month);
  if (code === "closed" && flow.shut(month) === "embargo") return e("bound.embargo");
  if (code === "none" && flow.waitsInVain(month)) return e("bound.earlier");
  return ["closed", "none"].includes(code) ? e(`bound.${code}`) : w(`bind.${code}`, named(flow.who));
}

function roomSentence(route, month) {
  const room = route.capacity(month);
  if (room.of("open") <= 0) return e("route.was_shut");
  const told = room.parts.slice(1).filter(({value}) => Math.abs(value - 1) >= 0.005).map((one) => w("tech.part", {words: meaning(one), change: changed(one.value)}));
  const piped = route.name === PIPE, full = route.ends.flatMap((end, d) => (piped && !d ? [] : e("route.out_of", {share: share(route.at(month, "ship.use", d)), end: the(end)})));
  return e(piped ? "route.pipe_could" : "route.could", {much: weight(room.value), laid_out: weight(room.of("laid_out")), by: told.length ? e("route.changed_by", {told: inRow(told)}) : "", full: inRow(full)});
}

function waitedSentence(route, month) {
  if (!route.isOpen(month)) return e("route.says_nothing");
  if (route.name === PIPE) return e("route.pipe_waited");
  const worth = route.waiting(month);
  return worth > NONE ? e("route.waited", {worth: money(worth), stays: share(route.value("why.setting.routes.patience", month))}) : e("route.none_waited");
}

function overAll(route, open) {
  const carried = route.every((month) => route.carried(month)), goods = Object.keys(UNITS);
  const byGood = goods.map((_, g) => total(carried.map((one) => one[g] + one[g + goods.length])));
  const told = byGood.flatMap((value, g) => (value > NONE ? [`${weight(value)} ${e(`of.${goods[g]}`)}`] : []));
  const waiting = route.every((month) => route.waiting(month)).filter((one) => one > NONE).length, shut = open.filter((one) => !one).length;
  return e("route.over_all", {months: times(route.months, "month"), much: weight(total(byGood)), which: told.length ? e("route.on_all_more", {told: inRow(told)}) : "",
    closed: shut ? e("route.closed", {n: String(shut)}) : "", waiting: waiting ? String(waiting) : e("route.none")});
}

const everOpen = (route) => route.every((month) => route.isOpen(month)).some(Boolean);

/** The same world with a route shut from the first month to the last, or open if it was shut in all of them: {settings, off}, as a run is asked for. */
export function withoutRoute(route, {events}, {settings, off}) {
  const key = `routes.${route.name}.open`, about = events.flatMap((event, k) => (event.key === key ? [k] : []));
  return {settings: {...settings, [key]: everOpen(route) ? 0 : 1}, off: [...new Set([...off, ...about])]};
}

/** What the world ends with, and what that other one does. */
export function otherwise(route, other) {
  const [mine, others] = [route, other].map(({outcomes}) => inRow(Object.entries(outcomes).map(([key, [value, digits]]) => e(`route.ends.${key}.${formOf(value)}`, {n: fixed(value, digits)}))));
  return e(`route.otherwise_${everOpen(route) ? "shut" : "open"}`, {mine, title: routeTitle(route), others});
}
