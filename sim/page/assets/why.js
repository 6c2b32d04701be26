// Why, in one world: what bound the shells of a month, and what spoke for and against an act.
import {h, table} from "./dom.js";
import {amount, listed, monthName, number, signed, t} from "./text.js";

export const TERMS = ["need", "threat", "prestige", "autonomy", "norm", "agenda", "habit", "cost", "partner"];
const BINDING = ["none", "demand", "stock", "production", "credit", "capacity", "closed", "norm", "handling"];

/** Points of a decision, to two digits. */
const points = (value) => signed(Math.round(100 * value) / 100);
const country = (code) => t(`country.${code}`);
export const optionName = ({act, actor, partners}) => partners.length
  ? t("why.option", {actor: country(actor), act: t(`act.${act}`), partners: listed(partners.map(country))})
  : t("why.option_alone", {actor: country(actor), act: t(`act.${act}`)});

/** The choice of an act, by the country that decides. */
export function options(all, chosen, choose) {
  const select = h("select", {id: "why-option"}, [...new Set(all.map(({actor}) => actor))].map((actor) => h("optgroup", {label: country(actor)},
    all.map((option, k) => [option, k]).filter(([option]) => option.actor === actor).map(([option, k]) => h("option", {value: k}, optionName(option))))));
  select.value = chosen;
  select.addEventListener("change", () => choose(+select.value));
  return select;
}

/** What one world tells of a month. world: recorded variables of it, (month, row). */
export function answer(world, {rows, options: all, option, month, dates, number: name}) {
  const at = (variable, row) => world[variable][(month * world[variable].length) / dates.length + row];
  const date = monthName(dates[month]), [shells] = rows, limit = BINDING[at("binding", shells)];
  const sent = t("why.shells", {month: date, world: number(name), ordered: amount(at("ordered", shells), "krounds"), delivered: amount(at("delivered", shells), "krounds"), limit: t(`binding.${limit}`)});
  const terms = TERMS.map((term, k) => [term, at("terms", option * TERMS.length + k)]), chance = at("probability", option), sum = terms.reduce((all, [, value]) => all + value, 0);
  const sorted = [...terms].sort((a, b) => Math.abs(b[1]) - Math.abs(a[1])), named = (sign) => sorted.filter(([, value]) => sign * value > 0.005).slice(0, 2).map(([term, value]) => `${t(`term.${term}`)} (${points(value)})`);
  const none = t("why.nothing"), said = at("choice", option) > 0, happened = at("outcome", option) > 0, ordered = at("scheduled", option) > 0;
  const key = ordered ? "why.ordered" : happened ? "why.happened" : said ? "why.alone" : "why.refused";
  const act = t("why.act", {option: optionName(all[option]), month: date, chance: number(100 * chance), plus: named(1).length ? listed(named(1)) : none, minus: named(-1).length ? listed(named(-1)) : none});
  const lines = [...sorted.map(([term, value]) => [t(`term.${term}`), points(value)]), [t("why.sum"), points(sum)]];
  return [h("p", {}, sent), h("p", {}, act, " ", t(key)), h("details", {}, h("summary", {}, t("table.open"), h("span", {class: "unseen"}, `: ${t("why.title")}`)),
    table(`${optionName(all[option])}, ${date}`, [t("why.term"), t("why.points")], lines))];
}
