// Texts, numbers and dates in the language of the reader.

let words = {};
let plural = new Intl.PluralRules("en");
let forms = {};
let spoken = "en";

export function speak(tables, lang) {
  words = tables[lang];
  spoken = lang;
  plural = new Intl.PluralRules(lang);
  const whole = new Intl.NumberFormat(lang, {maximumFractionDigits: 0}), digits = new Intl.NumberFormat(lang, {maximumSignificantDigits: 3});
  const month = (form) => new Intl.DateTimeFormat(lang, {month: form, year: "numeric", timeZone: "UTC"});
  forms = {whole, digits, long: month("long"), short: month("short"), list: new Intl.ListFormat(lang, {type: "conjunction"})};
}

/** The text of a key with its {placeholders} filled in; the key itself where there is none, so that nothing is hidden. */
export function t(key, values = {}) {
  const text = words[key];
  return text === undefined ? key : met(text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole));
}

/** French words that melt into the article or the vowel of the next: "du Japon", "aux États-Unis", "d’août". */
const met = (text) => (spoken === "fr" ? text.replace(/\b([Dd])e le Japon/g, "$1u Japon").replace(/\b([Dd])e les États/g, "$1es États")
  .replaceAll("à le Japon", "au Japon").replaceAll("à les États", "aux États").replace(/\b([Dd])e (?=avril|août|octobre)/g, "$1’") : text);

/** The language that is spoken, as its code. */
export const language = () => spoken;

export const has = (key) => words[key] !== undefined;

/** The text of a key in the singular or plural of n. */
export function counted(key, n) {
  return t(`${key}.${plural.select(n) === "one" ? "one" : "other"}`, {n: number(n)});
}

/** A number with three significant digits, in full from 1,000 on, with a true minus. */
export function number(value) {
  if (!Number.isFinite(value)) return t("word.missing");
  const form = Math.abs(value) >= 1000 ? forms.whole : forms.digits;
  return form.format(Math.abs(value) < 1e-9 ? 0 : value).replace("-", "\u2212");
}

export const signed = (value) => (value > 0 ? "+" : "") + number(value);

/** "September 2023"; short: "Sep 2023" as the language abbreviates it. In French no line ends between the two. */
export function monthName(date, short = false) {
  const name = (short ? forms.short : forms.long).format(new Date(`${date}T00:00:00Z`));
  return spoken === "fr" ? name.replace(" ", "\u00a0") : name;
}

/** A number with its unit, of which a language may have another form for one, French for all below two. */
export function amount(value, unit) {
  const alone = plural.select(Math.abs(+value.toPrecision(3))) === "one" && has(`unit_of_one.${unit}`);
  const key = `${alone ? "unit_of_one" : "unit"}.${unit}`, name = !unit || unit === "1" ? "" : has(key) ? t(key) : unit;
  return name ? `${number(value)}\u00a0${name}` : number(value);
}

/** A share of worlds in percent: 0 and 100 only if none or all are meant, and a half goes to the even number, so that what makes up a whole still does. */
export function percent(share) {
  const halves = Math.round(200 * share), isHalf = halves % 2 && Math.abs(200 * share - halves) < 1e-6;
  const near = isHalf ? 2 * Math.round(halves / 4) : Math.round(100 * share);
  return amount(share > 0 && share < 1 ? Math.min(Math.max(near, 1), 99) : near, "%");
}

export const listed = (parts) => forms.list.format(parts);
