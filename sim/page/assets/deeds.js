// Why an act took place or not, and what a tier of technology needed.
import {has} from "./text.js";
import {capital, changed, fixed, inRow, luck, meaning, money, named, odds, oddsBeside, share, significant, the, times, w} from "./say.js";

const ONCE = ["treaty", "veto", "red_line", "lethal_aid", "oil_beyond_cap"];
/** Points of technology from which a tier counts as passed on. */
export const PASSED = 0.05;

// ---- Acts

export function actSentences(act, month, date) {
  const when = date(month), who = inRow(act.actors.map(the));
  if (act.scheduled(month)) return [w("act.scheduled", {when, who, did: w(`did.${act.act}`)}), actOften(act, date)];
  const shut = act.rows.find((row) => !act.isOpen(month, row));
  if (shut !== undefined) return [closed(act, month, shut, when), actOften(act, date)];
  const found = act.rows.map((row) => (act.ruling(month, row) ? w(act.ruling(month, row) > 0 ? "act.asked" : "act.refused",
    {actor: capital(the(act.actor(row))), when, total: fixed(act.ledger(month, row).value, 2, "exceptZero")}) : reasons(act, month, row, when)));
  if (act.rows.some((row) => act.ruling(month, row) < 0)) return [...found, w("act.impossible", {when}), actOften(act, date)];
  return [...found, ...act.rows.filter((row) => !act.ruling(month, row)).map((row) => apart(act, month, row)), chance(act, month), actOften(act, date)];
}

function reasons(act, month, row, when) {
  const ledger = act.ledger(month, row), heavy = ledger.bySize.filter(({value}) => Math.abs(value) >= 0.05), probability = act.probability(month, row);
  const told = (sign, key) => heavy.filter(({value}) => sign * value > 0).slice(0, 3).map((one) => w(key, {words: meaning(one), value: fixed(Math.abs(one.value), 2)}));
  const pro = told(1, "act.plus"), con = told(-1, "act.minus");
  return w("act.reasons", {actor: the(act.actor(row)), when, pro: pro.length ? w("act.pro", {told: inRow(pro)}) : w("act.no_pro"),
    con: con.length ? w("act.con", {told: inRow(con)}) : w("act.no_con"), total: fixed(ledger.value, 2, "exceptZero"), share: share(probability), beside: oddsBeside(probability)});
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
  const total = chances.reduce((sum, one) => sum + one, 0);
  return w(`act.${when.length ? "often" : "seldom"}`, {months: times(act.months, "month"), times: times(when.length, "time"), told: w("act.told", {when: dates}),
    expected: total >= 1 ? fixed(total, 1) : significant(total, 2)});
}

/** The chance that something with these chances comes about at least once. */
const ofAll = (chances) => 1 - chances.reduce((none, one) => none * (1 - one), 1);

// ---- Technology

export function tierSentences(tier, month, date) {
  const who = named(tier.who), left = tier.left(month), at = (name) => tier.at(month, name), value = left.of("value"), size = at("start_projects.size");
  const costs = left.parts.slice(2).filter((one) => -one.value > 0.005 * Math.max(value, 1e-9)).map((one) => w("flow.cost", {words: meaning(one), price: money(-one.value)}));
  const weighed = w("tech.weighed", {when: date(month), tier: tier.tier, name: w(`tiers.${tier.tier}`), value: money(value), guard: money(-left.of("guard")), ...who,
    costs: costs.length ? w("tech.costs", {told: inRow(costs)}) : ""});
  const likely = at("start_projects.chance");
  const so = value <= 0 || size <= 0 ? capital(w(`tech.${at("started.state.projects") > 0 ? "under_way" : at("started.ambition") - at("started.coming") <= 0 ? "all" : "no_lead"}`, who))
    : at("start_projects.worth") <= at("start_projects.cost") ? w("tech.costly") : !at("start_projects.possible") ? w("tech.unable") : w("tech.chance", {chance: share(likely), beside: oddsBeside(likely), most: share(tier.setting(month, "technology.hazard"))});
  return [`${weighed} ${so}`, softened(tier, month), paid(tier, month, who), lucky(tier, date)];
}

function softened(tier, month) {
  const guard = tier.guard(month), told = guard.parts.slice(1).filter(({value}) => Math.abs(value - 1) >= 0.005).map((one) => w("tech.part", {words: meaning(one), change: changed(one.value)}));
  return w(told.length ? "tech.softened" : "tech.plain", {guard: money(guard.of("guard")), told: inRow(told)});
}

function paid(tier, month, who) {
  const at = (name) => tier.at(month, name), size = at("start_projects.size"), bill = tier.bill(month), pays = Math.max(at("started.claims"), 0), means = tier.means(month);
  const debt = means.of("debt"), others = [["debt", Math.min(debt, 0)], ...["credit", "bank", "goods", "projects"].map((key) => [key, means.of(key)])];
  const told = (key, sign) => {
    const parts = others.filter(([, value]) => value * sign > 0.5).map(([name, value]) => w(`tech.for.${name}`, {much: money(Math.abs(value))}));
    return parts.length ? w(key, {told: inRow(parts)}) : "";
  };
  const worth = tier.every((m) => m).filter((m) => tier.at(m, "start_projects.size") > 0 && tier.at(m, "start_projects.worth") > tier.at(m, "start_projects.cost"));
  const short = worth.filter((m) => !tier.at(m, "start_projects.possible")).length;
  const could = size > 0 && at("start_projects.worth") > at("start_projects.cost") ? `${w("tech.paid", {points: significant(size), bill: money(bill), means: money(pays), enough: w(bill <= pays ? "tech.enough" : "tech.short"), ...who,
    owed: w(debt > 0 ? "tech.owed" : "tech.not_owed", {...who, debt: money(debt)}), others: told("tech.more", 1) + told("tech.less", -1)})} ` : "";
  const lead = Math.max(1, Math.ceil(tier.setting(month, "technology.lead") * tier.tier - 1e-9));
  const unpaid = short ? w("tech.unpaid", {short: times(short, "month"), worth: times(worth.length, "month")}) : worth.length ? w("tech.never_unpaid") : w("tech.never_worth", {months: times(tier.months, "month")});
  return `${could}${unpaid} ${w("tech.lead", {lead: times(lead, "month")})}`;
}

function lucky(tier, date) {
  const chances = tier.series("start_projects.chance"), points = tier.series("start_projects.points"), starts = points.flatMap((one, month) => (one > 0 ? [month] : []));
  const so = starts.length ? chances.slice(0, starts[0] + 1) : chances, ever = ofAll(so), values = {months: times(so.length, "month"), odds: odds(ever), luck: luck(starts.length > 0, ever)};
  if (!starts.length) return w("tech.never", values);
  const passed = tier.series("transfer").reduce((sum, one) => sum + one, 0);
  const text = w("tech.started", {...values, when: inRow(starts.slice(0, 3).map(date)), more: starts.length > 3 ? w("tech.starts", {n: String(starts.length)}) : ""});
  return passed < PASSED ? `${text} ${w("tech.late")}` : text;
}
