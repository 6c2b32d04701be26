// "Why": one world of the page, run again with what the model worked with; sentences are those of `sim explain`.
import {$, fill, h, table} from "./dom.js";
import {counted, has, language, monthName, t} from "./text.js";
import {Act, Flow, nearestMedian, Store, Tier} from "./reasons.js";
import {compared, FIRST_NAMED, SAME} from "./turn.js";
import {parameterName, written} from "./panel.js";

const SMALL = {krounds: "rounds", kt: "tonnes"}, LIKELY = 2 / 3, NONE = 1e-6, PASSED = 0.05;
const ONCE = ["treaty", "veto", "red_line", "lethal_aid", "oil_beyond_cap"];

// ---- Words

const w = (key, values = {}) => t(`why.${key}`, values);
const the = (code) => w(`the.${code}`);
/** A text that only `sim explain` and these answers tell; in French "de" and "à" meet the articles of names. */
const e = (key, values = {}) => t(`explain.${key}`, values);
const named = (who) => Object.fromEntries(Object.entries(who).map(([role, code]) => [role, the(code)]));
const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
const fixed = (value, digits, sign = "auto") => new Intl.NumberFormat(language(), {minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign}).format(value).replace("-", "−");

const inRow = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")}${w("and")}${words.at(-1)}`);

/** A number with few significant digits, written out. */
export function significant(value, places = 3) {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? "0" : w("endless");
  const digits = Math.min(20, Math.max(0, places - 1 - Math.floor(Math.log10(Math.abs(value)))));
  return new Intl.NumberFormat(language(), {maximumFractionDigits: digits}).format(value).replace("-", "−");
}

function units(value, unit) {
  const size = Math.abs(value);
  if (SMALL[unit] && size >= NONE && size < 0.1) return many(1e3 * value, SMALL[unit], 2);
  return many(size < NONE ? 0 : value, unit);
}

/** An amount with its unit in singular or plural. */
function many(value, unit, places = 3) {
  const form = new Intl.PluralRules(language()).select(Math.abs(+value.toPrecision(places))) === "one" ? "one" : "other";
  return e(`amount.${unit}.${form}`, {n: significant(value, places)});
}

function money(value) {
  const size = Math.abs(value);
  if (size > 1e-9 && size < 1e-4) return many(value * 1e6, "USD", 2);
  return size > 1e-9 && size < 0.1 ? many(value * 1e3, "kUSD") : units(value, "MUSD");
}

const price = (value) => many(value * 1e3, "USD");
const share = (value) => (value > 0 && value < 0.01 ? w("little") : value > 0.99 && value < 1 ? w("almost") : w("percent", {n: fixed(100 * value, 0)}));
const times = (n, what) => (/lever/.test(what) ? e : w)(`${/lever/.test(what) ? "" : "count."}${what}.${n === 1 ? "one" : "other"}`, {n: n <= 10 ? w(`number.${n}`) : significant(n)});

function odds(chance) {
  if (chance >= 0.995) return w(chance < 1 ? "odds.almost" : "odds.certain");
  if (chance <= 0) return w("odds.impossible");
  if (chance > 0.95) return w("odds.of_hundred", {n: fixed(100 * chance, 0)});
  if (chance < 0.095) return w("odds.one_in", {n: fixed(+(1 / chance).toPrecision(2), 0)});
  const far = (text) => { const [over, under] = text.split("/"); return Math.abs(over / under - chance); };
  return w(`fraction.${FRACTIONS.reduce((best, one) => (far(one) < far(best) ? one : best))}`);
}
const FRACTIONS = ["1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9", "1/10", "2/5", "3/5", "2/3", "3/4", "4/5", "5/6", "3/10", "7/10", "9/10", "7/8", "9/20", "11/20", "19/20"];

function luck(happened, chance, when = "") {
  const mine = happened ? chance : 1 - chance;
  return w(`luck.${mine >= LIKELY ? "expected" : mine >= 1 - LIKELY ? "either" : happened ? "came" : "missed"}`, {when});
}

function changed(factor) {
  const by = Math.abs(factor - 1);
  if (by < 0.005) return w("change.none");
  return factor > 2 ? w("change.times", {n: significant(factor, 2)}) : w(factor < 1 ? "change.less" : "change.more", {share: share(by)});
}

/** The words of a part of a ledger. */
function meaning({words, values}) {
  if (words.explain) return e(words.explain, {who: words.who && the(words.who)});
  const key = typeof words === "string" ? words : has(`why.${words.own}`) ? words.own : words.plain;
  return w(key, named(values));
}

// ---- Goods

function flowSentences(flow, month, date) {
  const {good, unit} = flow, who = named(flow.who), what = w(`good.${good}`), when = date(month), of = (value) => units(value, unit);
  const shipped = flow.at(month, "ship.shipped"), sent = flow.shipped(month);
  const than = month ? w("flow.than", {before: of(flow.at(month - 1, "ship.shipped"))}) : "";
  const told = sent.parts.filter(({value}) => Math.abs(value) > NONE).map(({key, value}) => w(`flow.${key}`, {amount: of(Math.abs(value))}));
  const went = shipped < NONE ? w("flow.none", {when, what, ...who})
    : w("flow.went", {when, what, than, ...who, shipped: of(shipped), told: inRow(told), arrived: of(flow.at(month, "ship.delivered"))});
  return [went, bound(flow, month, who, of), worth(flow, month, who), often(flow, who)];
}

function bound(flow, month, who, of) {
  const code = flow.code(month), gain = flow.gain(month), sent = flow.shipped(month);
  if (code === "closed") return w(`flow.${flow.shut(month) || "embargo"}`);
  if (code === "none") return gain.value > 0 ? w("flow.little_gain", who) : w(sent.of("gifts") > NONE ? "flow.only_gifts" : "flow.no_gain");
  const wished = flow.wished(month), ordered = flow.ordered(month);
  if (code === "capacity" && wished.inOrder[0].key !== "capacity") return w("flow.capacity", {left: of(-sent.of("unplaced"))});
  if (code === "credit") {
    const next = ordered.inOrder.find(({key}) => key !== "credit");
    return w("flow.credit", {words: w("bind.credit", who), level: of(ordered.of("credit")), next: meaning(next), other: of(next.value)});
  }
  const [first, second] = wished.inOrder;
  if (first.key === "demand" && first.value < NONE) return w("flow.wish", who);
  return w("flow.bound", {words: code === "norm" ? w("bind.norm", who) : meaning(first), first: of(first.value), next: meaning(second), second: of(second.value), ordered: of(ordered.value)});
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

function storeSentences(store, month, date) {
  const much = (value) => units(value, "kt"), {good, country} = store, lack = store.shortage(month), came = store.balance(month).bySize.filter(({words, value}) => words.who && value > LEAST_TOLD);
  const what = w(`good.${good}`), of = e(`of.${good}`), required = lack.of("required"), kept = lack.of("kept"), short = lack.value > NONE;
  const lacked = !short ? e("store.enough", {when: date(month), who: the(country), what, required: much(required), kept: much(kept)})
    : e("store.short", {when: date(month), who: the(country), required: `${much(required)} ${of}`, there: much(-lack.of("in_store") - lack.of("made")), made: much(-lack.of("made")), lacking: much(lack.value), share: share(lack.value / required)}) +
      (kept > NONE ? ` ${e("store.kept_back", {kept: capital(much(kept))})}` : "");
  const arrived = came.length ? e("store.what_came", {told: inRow(came.map(({words, value}) => e("store.from", {much: much(value), who: the(words.who)})))}) : e("store.nothing_came", {what});
  const stopped = e("store.stopped", {told: store.flows.map((flow) => e("store.each", {who: the(flow.seller), why: obstacle(flow, month)})).join(t("printed.next"))});
  const lacking = store.every((m) => store.at(m, "shortage")), sum = (values) => values.reduce((all, one) => all + one, 0), n = lacking.filter((one) => one > NONE).length;
  const often = e(n ? "store.often" : "store.never", {months: times(store.months, "month"), who: bare(country), of, n: String(n), share: share(sum(lacking) / Math.max(sum(store.every((m) => store.at(m, "requirement"))), 1e-9))});
  return [lacked, arrived, stopped, market(store, month, much), often];
}

/** What kept a supplier from supplying more. */
function obstacle(flow, month) {
  const shut = flow.shut(month), code = flow.code(month), who = named(flow.who);
  if (shut) return e(shut === "no_route" ? "store.no_route" : "bound.embargo");
  if (code === "none") {
    const gain = flow.gain(month);
    return gain.value <= 0 ? e("store.no_gain", {most: meaning(gain.inOrder[0])}) : w("bind.demand", who);
  }
  return w(`bind.${code}`, who);
}

function market(store, month, much) {
  const gap = Math.max(store.inner(month, "gap"), 0), access = store.access(month), bought = store.at(month, "world_imports");
  if (gap <= NONE) return e("store.full");
  const paid = gap * access > NONE ? bought / (gap * access) : 1;
  return e("store.market", {gap: much(gap), access: share(access), purse: paid < 0.995 ? e("store.purse", {share: share(paid)}) : "", bought: much(bought)});
}

// ---- Acts

function actSentences(act, month, date) {
  const when = date(month), who = inRow(act.actors.map(the));
  if (act.scheduled(month)) return [w("act.scheduled", {when, who, did: w(`did.${act.act}`)}), actOften(act, date)];
  const shut = act.rows.find((row) => !act.isOpen(month, row));
  if (shut !== undefined) return [closed(act, month, shut, when), actOften(act, date)];
  const found = act.rows.map((row) => (act.ruling(month, row) ? w(act.ruling(month, row) > 0 ? "act.asked" : "act.refused",
    {actor: capital(the(act.actor(row))), when, total: fixed(act.ledger(month, row).value, 2, "always")}) : reasons(act, month, row, when)));
  if (act.rows.some((row) => act.ruling(month, row) < 0)) return [...found, w("act.impossible", {when}), actOften(act, date)];
  return [...found, ...act.rows.filter((row) => !act.ruling(month, row)).map((row) => apart(act, month, row)), chance(act, month), actOften(act, date)];
}

function reasons(act, month, row, when) {
  const ledger = act.ledger(month, row), heavy = ledger.bySize.filter(({value}) => Math.abs(value) >= 0.05), probability = act.probability(month, row);
  const told = (sign, key) => heavy.filter(({value}) => sign * value > 0).slice(0, 3).map((one) => w(key, {words: meaning(one), value: fixed(Math.abs(one.value), 2)}));
  const pro = told(1, "act.plus"), con = told(-1, "act.minus");
  return w("act.reasons", {actor: the(act.actor(row)), when, pro: pro.length ? w("act.pro", {told: inRow(pro)}) : w("act.no_pro"),
    con: con.length ? w("act.con", {told: inRow(con)}) : w("act.no_con"), total: fixed(ledger.value, 2, "always"), share: share(probability), odds: odds(probability)});
}

/** The reason that made this month unlike the usual one of this world, if one did. */
function apart(act, month, row) {
  const open = act.every((k) => k).filter((k) => act.isOpen(k, row));
  if (open.length < 2) return "";
  const far = act.terms(month, row).map((one, k) => ({...one, value: one.value - open.reduce((sum, m) => sum + act.terms(m, row)[k].value, 0) / open.length}));
  const most = far.reduce((best, one) => (Math.abs(one.value) > Math.abs(best.value) ? one : best));
  if (Math.abs(most.value) < 0.1) return "";
  const key = most.key === "cost" ? (most.value > 0 ? "cheaper" : "dearer") : most.value > 0 ? "more" : "less";
  return w(`act.${key}`, {actor: the(act.actor(row)), words: meaning(most), size: fixed(Math.abs(most.value), 2)});
}

function chance(act, month) {
  const likely = act.chance(month), came = act.happened(month), no = act.rows.filter((row) => !act.said(month, row));
  const key = `${["", "two_", "three_"][act.rows.length - 1]}${no.length ? "no" : "yes"}`;
  return w(`act.${key}`, {odds: odds(likely), actor: capital(the(act.actors[0])), who: inRow(no.map((row) => the(act.actor(row)))), luck: luck(came, likely, w("luck.when"))});
}

function closed(act, month, row, when) {
  const actor = act.actor(row);
  if (act.value(`why.setting.${actor}.decides`, month) <= 0) return w("act.decides", {when, actor: the(actor)});
  const helped = act.value("why.helping", month) > 0 ? "helping" : act.value("why.warned", month) > 0 ? "points" : "unwarned";
  const key = act.act === "lethal_aid" ? helped : has(`why.closed.${act.act}`) ? act.act : "other";
  return w("act.closed", {when, why: w(`closed.${key}`, {points: significant(act.value("why.guarded", month)), most: significant(act.value("why.setting.acts.lethal_aid.points", month))})});
}

function actOften(act, date) {
  const months = act.every((month) => month), when = months.filter((month) => act.happened(month)), chances = months.map((month) => act.chance(month));
  const first = when.slice(0, 4).map(date), dates = when.length > 4 ? w("act.later", {when: first.join(", ")}) : inRow(first);
  if (ONCE.includes(act.act)) {
    if (months.some((month) => act.scheduled(month))) return w("act.once_set", {when: dates});
    if (!chances.some(Boolean)) return w("act.once_shut");
    const ever = ofAll(when.length ? chances.slice(0, when[0] + 1) : chances);
    return when.length ? w("act.once_came", {when: dates, odds: odds(ever)}) : w("act.once_never", {months: times(act.months, "month"), odds: odds(ever)});
  }
  return w("act.often", {months: times(act.months, "month"), times: times(when.length, "time"), told: when.length ? w("act.told", {when: dates}) : "",
    expected: fixed(chances.reduce((sum, one) => sum + one, 0), 1)});
}

/** The chance that something with these chances comes about at least once. */
const ofAll = (chances) => 1 - chances.reduce((none, one) => none * (1 - one), 1);

// ---- Technology

function tierSentences(tier, month, date) {
  const who = named(tier.who), left = tier.left(month), at = (name) => tier.at(month, name), value = left.of("value"), size = at("start_projects.size");
  const costs = left.parts.slice(2).filter((one) => -one.value > 0.005 * Math.max(value, 1e-9)).map((one) => w("flow.cost", {words: meaning(one), price: money(-one.value)}));
  const weighed = w("tech.weighed", {when: date(month), tier: tier.tier, name: w(`tiers.${tier.tier}`), value: money(value), guard: money(-left.of("guard")), ...who,
    costs: costs.length ? w("tech.costs", {told: inRow(costs)}) : ""});
  const likely = at("start_projects.chance");
  const so = value <= 0 || size <= 0 ? w(`tech.${at("started.state.projects") > 0 ? "under_way" : at("started.ambition") - at("started.coming") <= 0 ? "all" : "no_lead"}`, {seller: capital(who.seller), buyer: capital(who.buyer)})
    : !at("start_projects.possible") ? w("tech.unable") : w("tech.chance", {chance: share(likely), odds: odds(likely), most: share(tier.setting(month, "technology.hazard"))});
  return [`${weighed} ${so}`, softened(tier, month), paid(tier, month, who), lucky(tier, date)];
}

function softened(tier, month) {
  const guard = tier.guard(month), told = guard.parts.slice(1).filter(({value}) => Math.abs(value - 1) >= 0.005).map((one) => w("tech.part", {words: meaning(one), change: changed(one.value)}));
  return w(told.length ? "tech.softened" : "tech.plain", {guard: money(guard.of("guard")), told: inRow(told)});
}

function paid(tier, month, who) {
  const at = (name) => tier.at(month, name), size = at("start_projects.size"), bill = tier.bill(month), pays = Math.max(at("started.claims"), 0), means = tier.means(month);
  const debt = means.of("debt"), goods = -means.of("goods");
  const short = tier.every((m) => m).filter((m) => tier.at(m, "start_projects.size") > 0 && tier.at(m, "start_projects.worth") > tier.at(m, "start_projects.cost") && !tier.at(m, "start_projects.possible")).length;
  const could = size > 0 ? `${w("tech.paid", {points: significant(size), bill: money(bill), means: money(pays), enough: w(bill <= pays ? "tech.enough" : "tech.short"), ...who,
    owed: w(debt > 0 ? "tech.owed" : "tech.not_owed", {...who, debt: money(debt)}), coming: goods > 0.5 && debt > 0 ? w("tech.coming", {goods: money(goods)}) : ""})} ` : "";
  const lead = Math.max(1, Math.ceil(tier.setting(month, "technology.lead") * tier.tier - 1e-9));
  return could + w("tech.lead", {short: times(short, "month"), months: String(tier.months), lead: String(lead)});
}

function lucky(tier, date) {
  const chances = tier.series("start_projects.chance"), points = tier.series("start_projects.points"), starts = points.flatMap((one, month) => (one > 0 ? [month] : []));
  const so = starts.length ? chances.slice(0, starts[0] + 1) : chances, ever = ofAll(so), values = {months: times(so.length, "month"), odds: odds(ever), luck: luck(starts.length > 0, ever)};
  if (!starts.length) return w("tech.never", values);
  const passed = tier.series("transfer").reduce((sum, one) => sum + one, 0);
  const text = w("tech.started", {...values, when: inRow(starts.slice(0, 3).map(date)), more: starts.length > 3 ? w("tech.starts", {n: String(starts.length)}) : ""});
  return passed < PASSED ? `${text} ${w("tech.late")}` : text;
}

// ---- What would have turned it

/** A statement that a question asks of a world: {words, name, rows, row, holds(values by month), chances(reader) by month or null, span}; rows are those of the variable of that name. */
function statement(key, groups, month, date) {
  if (key.startsWith("tier")) {
    const tier = +key.slice(4), chances = (one) => one.every((m) => [one.at(m, "start_projects.chance"), one.at(m, "start_projects.points") > 0]);
    return {words: e("turn.technology", {...named({seller: "RUS", buyer: "PRK"}), tier}), name: "transfer", rows: 144, row: 4 + tier - 1, chances, span: e("turn.until"),
      holds: (points) => points.reduce((sum, one) => sum + one, 0) >= PASSED};
  }
  const good = {food: 1, fuel: 2}[key];
  if (good) return {words: e("turn.shortage", {who: bare("PRK"), of: e(`of.${["", "food", "energy"][good]}`), when: date(month)}), name: "shortage", rows: 18, row: 3 + good, chances: null, holds: (lacking) => lacking[month] > NONE};
  const group = groups.find(({act, actors}) => [act, ...actors].join(" ") === key);
  return group && {words: e("turn.act", {who: inRow(group.actors.map(bare)), did: w(`did.${group.act}`), when: date(month)}), name: "outcome", rows: null, row: group.rows[0], span: e("turn.in_month"),
    chances: (one) => (one.scheduled(month) ? null : [[one.chance(month), one.happened(month)]]), holds: (came) => came[month] > 0};
}

const bare = (code) => (language() === "en" ? the(code) : t(`country.${code}`));

/** The key of a lever behind its meaning: who has a keyboard at hand wants it, a reader of the page does not. */
const KEY = / \(`[^`]*`\)/;

/** What would have turned a statement, nearest first, and what would not; odds: key -> [chance as it is, chance at the nearest dose]. */
function turnSentences({words, span}, holds, ranked, odds) {
  const would = capital(e(holds ? "turn.holds_yes" : "turn.holds_no", {words})), levers = (one) => times(one.length, "lever");
  const turns = ranked.filter(({nearest}) => nearest !== null), rest = ranked.filter(({nearest}) => nearest === null);
  if (!turns.length) return [`${would} ${e("turn.none", {levers: levers(rest)})}`];
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

/** What can be asked: {key, title, of(world, months) -> reader, tell(reader, month, date), ledgers(reader, month)}. */
export function questions(groups) {
  const others = [["CHN", "food"], ["RUS", "food"], ["CHN", "energy"]].map(([code, good]) => [`${good}.${code}`, w("ask.flow", {what: w(`good.${good}`), seller: the(code)})]);
  const goods = [["shells", w("ask.shells")], ["oil", w("ask.oil")], ...others].map(([key, title]) => ({key, title, of: (world, months) => new Flow(world, months, key), tell: flowSentences,
    ledgers: (flow, month) => [flow.shipped(month), ...(flow.code(month) === "credit" ? [flow.ordered(month), flow.wished(month)] : [flow.wished(month), flow.ordered(month)]), flow.delivered(month), flow.gain(month)]}));
  const tiers = [4, 3, 2, 1].map((n) => ({key: `tier${n}`, title: w("ask.tier", {tier: n}), of: (world, months) => new Tier(world, months, n), tell: tierSentences,
    ledgers: (tier, month) => [tier.left(month), tier.guard(month), tier.worth(month), tier.means(month)]}));
  const acts = groups.map((group) => ({key: [group.act, ...group.actors].join(" "), act: true, country: group.actors[0], title: w("group", {act: t(`act.${group.act}`), who: inRow(group.actors.map((code) => t(`country.${code}`)))}),
    of: (world, months) => new Act(world, months, group), tell: actSentences, ledgers: (act, month) => act.rows.map((row) => act.ledger(month, row))}));
  const stores = [["food", "food"], ["fuel", "energy"]].map(([key, good]) => ({key, title: w(`ask.${key}`), of: (world, months) => new Store(world, months, good), tell: storeSentences,
    ledgers: (store, month) => [store.shortage(month), store.balance(month)]}));
  return [...goods.slice(0, 2), ...stores, ...goods.slice(2), ...tiers, ...acts];
}

/** Sentences and ledgers of a question about a world and month; names of months as the page writes them. */
export function answer(question, world, months, month, dates) {
  const reader = question.of(world, months), date = (k) => monthName(dates[k]);
  return {sentences: question.tell(reader, month, date).filter(Boolean), ledgers: question.ledgers(reader, month)};
}

function ledgerTable(one) {
  const name = has(`explain.store.${one.name}`) ? e(`store.${one.name}`) : w(`part.${one.name}`, {seller: the("RUS"), buyer: the("PRK"), actor: one.actor ? the(one.actor) : ""});
  const cell = (value, k) => (one.rule === "product" && k ? `× ${significant(value)}` : significant(one.shown(value), 4));
  const idle = {sum: 0, product: 1}[one.rule], order = one.rule === "least" ? one.inOrder : one.parts;
  const lines = order.map((part, k) => [capital(meaning(part)), cell(part.value, k), part.value]).filter(([, , value], k) => !k || one.shown(value) !== idle);
  const caption = w(one.rule, {name: capital(name), amount: w(`unit.${one.unit}`, {n: significant(one.shown(one.value), 4)})});
  return table(caption, [w("head_part"), w("head_amount")], lines.map((line) => line.slice(0, 2)));
}

/** What a statement asks about, by month; a tier's points are kept by themselves. */
const valuesOf = (values, {name, row}, months) => Array.from({length: months}, (_, m) => (name === "transfer" ? values["why.transfer"][m * 4 + row - 4] : values[name][m * (values[name].length / months) + row]));

// ---- The part of the page

/** The section: it keeps the question, the world, and worlds that have been run again. */
export class Why {
  /** ask(run, world, told): run a world again, then told(values); turn(run, world, statement, held) promises levers, nearest first, and a function that promises a world at a dose; redraw(): draw the page, with the line of the world. */
  constructor(groups, ask, redraw, turn) { Object.assign(this, {groups, ask, redraw, turn, turned: {}, open: false, chosen: "shells", number: null, world: null, known: new Map()}); }

  /** Build the section in the language that is spoken. */
  part() {
    this.questions = questions(this.groups);
    const option = ({key, title}) => h("option", {value: key}, title), acts = this.questions.filter((one) => one.act);
    const byCountry = [...new Set(acts.map((one) => one.country))].map((code) => h("optgroup", {label: w("acts", {country: t(`country.${code}`)})}, acts.filter((one) => one.country === code).map(option)));
    const select = h("select", {id: "why-question"}, h("optgroup", {label: w("limits")}, this.questions.filter((one) => !one.act).map(option)), byCountry), field = h("input", {type: "number", id: "why-world", min: 0, step: 1});
    const choose = (number, wrong = false) => { Object.assign(this, {number, wrong}); this.redraw(); };
    select.value = this.chosen;
    select.addEventListener("change", () => { this.chosen = select.value; this.redraw(); });
    field.addEventListener("change", () => { const given = +field.value, good = Number.isInteger(given) && given >= 0 && given < this.seen.worlds && field.validity.valid;
      choose(field.value === "" || !good ? null : given, !good); field.value = this.world ?? ""; });
    Object.assign(this, {field, place: h("p", {class: "help", role: "status", id: "why-place"}), told: h("div", {id: "why-answer"})});
    const box = h("details", {id: "why-box", open: this.open}, h("summary", {}, w("title")), h("p", {class: "help"}, w("help")),
      h("div", {class: "ask"}, h("label", {for: "why-question"}, w("question")), select, h("label", {for: "why-world"}, w("world")),
        h("div", {class: "buttons"}, field, h("button", {type: "button", id: "why-typical", class: "small", onclick: () => choose(null)}, w("typical")))), this.place, this.told);
    box.addEventListener("toggle", () => { if (this.open !== box.open) { this.open = box.open; this.redraw(); } });
    return h("section", {id: "why"}, box);
  }

  /** Take what is on the page: {run, scenario, title, month, changed, worlds}; a run that is not whole has no world to look into yet. */
  look(seen) {
    const {run, worlds} = (this.seen = seen), there = this.open && run?.whole;
    if (there) run.typical ??= nearestMedian(run.series.p0, worlds, run.failed);
    if (there && (!(this.number >= 0 && this.number < worlds) || run.failed.includes(this.number))) this.number = null;
    this.world = there ? this.number ?? run.typical : null;
  }

  /** Tell the answer, or ask for the world first. */
  tell() {
    if (!this.open || !this.told) return;
    const {seen: {run, scenario, title, month, changed, worlds}, world} = this, key = `${run?.key} ${world}`, values = this.known.get(key);
    if (world !== null) this.field.max = worlds - 1;
    if (world !== null && this.field !== document.activeElement) this.field.value = world; // what is being typed stays
    if (!values) {
      this.place.textContent = world === null ? w("waiting") : w("running", {world});
      fill(this.told);
      if (world !== null) this.ask(run, world, (found) => { this.keep(key, found); this.tell(); });
      return;
    }
    const question = this.questions.find((one) => one.key === this.chosen), found = answer(question, values, scenario.dates.length, month, scenario.dates);
    const how = this.number === null ? w("typical_help", {world, worlds: counted("world", worlds - run.failed.length)}) : w("chosen_help", {world});
    const wrong = this.wrong ? `${w("no_world", {last: worlds - 1})} ` : "";
    this.place.textContent = `${wrong}${w(changed ? "place_changed" : "place", {scenario: title, month: monthName(scenario.dates[month])})} ${how}`;
    const numbers = h("details", {id: "why-numbers", open: Boolean(this.told.querySelector("details")?.open)}, h("summary", {id: "why-numbers-title"}, w("numbers")), found.ledgers.map(ledgerTable));
    const focused = this.told.contains(document.activeElement) ? document.activeElement.id : "";
    fill(this.told, h("h3", {}, question.title), h("ul", {class: "words"}, found.sentences.map((one) => h("li", {}, one))), numbers, this.turning(question, values, `${key} ${this.chosen} ${month} ${language()}`));
    if (focused) $(focused)?.focus({preventScroll: true});
  }

  /** What would have turned it: a button, or the answer. */
  turning(question, values, key) {
    const {run, scenario, month} = this.seen, date = (k) => monthName(scenario.dates[k]), one = statement(question.key, this.groups, month, date);
    if (!one) return null;
    const {busy, said, sentences} = this.turned.key === key ? this.turned : {}, ask = () => this.turnIt(question, values, one, key).catch((error) => this.show({key, said: t("status.broken", {error: error.message})}));
    return h("div", {id: "why-turn"}, sentences ? [h("h3", {id: "why-turn-title", tabindex: "-1"}, w("turn_title")), h("ul", {class: "words plain"}, sentences.map((text) => h("li", {}, text)))]
      : [h("button", {type: "button", id: "why-turn-ask", "aria-disabled": String(Boolean(busy)), onclick: () => (busy ? null : ask())}, w("turn_title")), h("p", {class: "help", role: "status"}, said ?? w("turn_help"))]);
  }

  async turnIt(question, values, one, key) {
    const {run, scenario} = this.seen, {world} = this, months = scenario.dates.length, rows = one.rows ?? values.outcome.length / months;
    this.show({key, busy: true, said: w("turn_computing")});
    const of = (found) => one.chances?.(question.of(found, months)), held = one.holds(valuesOf(values, one, months)), odds = new Map();
    const {ranked, at} = await this.turn(run, world, {...one, rows}, held);
    const here = of(values);
    if (here) for (const lever of ranked.slice(0, FIRST_NAMED)) if (lever.nearest !== null) odds.set(lever.key, compared(here, of(await at(lever))));
    const waited = document.activeElement?.id === "why-turn-ask";
    if (this.turned.key !== key) return; // something else has been asked meanwhile
    this.show({key, sentences: turnSentences(one, held, ranked, odds)});
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
