// Words of reasons, those of `sim explain`: amounts with their units, chances as odds, countries with their articles.
import {has, language, t} from "./text.js";

/** A thousandth of a unit. */
const SMALL = {krounds: "rounds", kt: "tonnes"};
const LIKELY = 2 / 3;
/** Chance above which one that is not almost certain is told in hundreds. */
const NO_FRACTION = 0.95;
/** Chance below which no number is told. */
const RARE = 1e-6;
/** Amounts below this are what is left of rounding. */
export const NONE = 1e-6;

export const w = (key, values = {}) => t(`why.${key}`, values);
export const the = (code) => w(`the.${code}`);
/** A text that only `sim explain` and these answers tell; in French "de" and "à" meet the articles of names. */
export const e = (key, values = {}) => t(`explain.${key}`, values);
export const named = (who) => Object.fromEntries(Object.entries(who).map(([role, code]) => [role, the(code)]));
export const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
export const fixed = (value, digits, sign = "auto") => new Intl.NumberFormat(language(), {minimumFractionDigits: digits, maximumFractionDigits: digits, signDisplay: sign}).format(value).replace("-", "−");

export const inRow = (words) => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")}${w("and")}${words.at(-1)}`);

/** A number with few significant digits, written out. */
export function significant(value, places = 3) {
  if (value === 0 || !Number.isFinite(value)) return value === 0 ? "0" : w("endless");
  const digits = Math.min(20, Math.max(0, places - 1 - Math.floor(Math.log10(Math.abs(value)))));
  return new Intl.NumberFormat(language(), {maximumFractionDigits: digits}).format(value).replace("-", "−");
}

export function units(value, unit) {
  const size = Math.abs(value);
  if (SMALL[unit] && size >= NONE && size < 0.1) return many(1e3 * value, SMALL[unit], 2);
  return many(size < NONE ? 0 : value, unit);
}

/** The grammatical number of a value. */
export const formOf = (value) => (new Intl.PluralRules(language()).select(Math.abs(value)) === "one" ? "one" : "other");

/** An amount with its unit in singular or plural. */
function many(value, unit, places = 3) {
  return e(`amount.${unit}.${formOf(+value.toPrecision(places))}`, {n: significant(value, places)});
}

export function money(value) {
  const size = Math.abs(value);
  if (size > 1e-9 && size < 1e-4) return many(value * 1e6, "USD", 2);
  if (size >= 1e4) return many(value * 1e-3, "BUSD");
  return size > 1e-9 && size < 0.1 ? many(value * 1e3, "kUSD") : units(value, "MUSD");
}

export const price = (value) => many(value * 1e3, "USD");
export const share = (value) => (value > 0 && value < 0.01 ? w("little") : value > 0.99 && value < 1 ? w("almost") : w("percent", {n: fixed(100 * value, 0)}));
export const times = (n, what) => (/lever/.test(what) ? e : w)(`${/lever/.test(what) ? "" : "count."}${what}.${n === 1 ? "one" : "other"}`, {n: n <= 10 ? w(`number.${n}`) : significant(n)});

export function odds(chance) {
  if (chance >= 0.995) return w(chance < 1 ? "odds.almost" : "odds.certain");
  if (chance <= 0) return w("odds.impossible");
  if (chance < RARE) return w("odds.tiny");
  if (chance > NO_FRACTION) return w("odds.of_hundred", {n: fixed(100 * chance, 0)});
  if (chance < 0.095) return w("odds.one_in", {n: fixed(+(1 / chance).toPrecision(2), 0)});
  const far = (text) => { const [over, under] = text.split("/"); return Math.abs(over / under - chance); };
  return w(`fraction.${FRACTIONS.reduce((best, one) => (far(one) < far(best) ? one : best))}`);
}
const FRACTIONS = ["1/2", "1/3", "1/4", "1/5", "1/6", "1/7", "1/8", "1/9", "1/10", "2/5", "3/5", "2/3", "3/4", "4/5", "5/6", "3/10", "7/10", "9/10", "7/8", "9/20", "11/20", "19/20"];

/** A chance in words to follow it in percent, with a comma; nothing where they would say that number again. */
export const oddsBeside = (chance) => (chance > NO_FRACTION && chance < 0.995 ? "" : w("odds.beside", {odds: odds(chance)}));

export function luck(happened, chance, when = "") {
  const mine = happened ? chance : 1 - chance;
  return w(`luck.${mine >= LIKELY ? "expected" : mine >= 1 - LIKELY ? "either" : happened ? "came" : "missed"}`, {when});
}

export function changed(factor) {
  const by = Math.abs(factor - 1);
  if (by < 0.005) return w("change.none");
  return factor > 2 ? w("change.times", {n: significant(factor, 2)}) : w(factor < 1 ? "change.less" : "change.more", {share: share(by)});
}

/** A country as it stands outside a sentence: another language leaves its article out. */
export const bare = (code) => (language() === "en" ? the(code) : t(`country.${code}`));

/** The words of a part of a ledger: its own text, or one of `sim explain` with the countries and the good that it names. */
export function meaning({words, values}) {
  if (words.explain) return explained(words);
  if (words.outer) return w(words.outer, {...named(values), what: w(words.what, named(values))});
  const key = typeof words === "string" ? words : has(`why.${words.own}`) ? words.own : words.plain;
  return w(key, named(values));
}

export function explained({explain, who, start, end, good}) {
  const of = (code) => code && the(code);
  return e(explain, {who: of(who), start: of(start), end: of(end), what: good && w(`good.${good}`)});
}
