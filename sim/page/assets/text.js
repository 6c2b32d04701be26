// Texts, numbers and dates in the language of the reader.

let words = {};
let language = "en";
let plural = new Intl.PluralRules("en");

export function speak(tables, lang) {
  words = tables[lang];
  language = lang;
  plural = new Intl.PluralRules(lang);
}

/** The text of a key with its {placeholders} filled in; the key itself where there is none, so that nothing is hidden. */
export function t(key, values = {}) {
  const text = words[key];
  return text === undefined ? key : text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export const has = (key) => words[key] !== undefined;

/** The text of a key in the singular or plural of n. */
export function counted(key, n) {
  return t(`${key}.${plural.select(n) === "one" ? "one" : "other"}`, {n: number(n)});
}

/** A number with three significant digits, in full from 1,000 on. */
export function number(value) {
  if (!Number.isFinite(value)) return t("word.missing");
  const large = Math.abs(value) >= 1000;
  const digits = large ? {maximumFractionDigits: 0} : {maximumSignificantDigits: 3};
  return new Intl.NumberFormat(language, digits).format(Math.abs(value) < 1e-9 ? 0 : value);
}

export function signed(value) {
  return (value > 0 ? "+" : "") + number(value).replace("-", "−");
}

/** "September 2023"; short: "Sep 2023" as the language abbreviates it. */
export function monthName(date, short = false) {
  const form = {month: short ? "short" : "long", year: "numeric", timeZone: "UTC"};
  return new Intl.DateTimeFormat(language, form).format(new Date(`${date}T00:00:00Z`));
}

/** A number with its unit; no unit for pure numbers. */
export function amount(value, unit) {
  const name = unit && unit !== "1" ? t(`unit.${unit}`) : "";
  return name ? `${number(value)}\u00a0${name}` : number(value);
}

export const listed = (parts) => new Intl.ListFormat(language, {type: "conjunction"}).format(parts);
