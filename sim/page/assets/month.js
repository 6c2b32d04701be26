// What belongs to the month that is looked at: the map of routes, the network of deliveries, and sentences.
import {$, fill, h, table} from "./dom.js";
import {monthName, number, t} from "./text.js";
import {means} from "./bands.js";
import {cargoOf, mapSentence, network, networkSentence, routesMap, tradeOf} from "./map.js";
import {paint} from "./sight.js";
import {sentence, titleOf} from "./words.js";

export class Month {
  /** told: runsOf(scenario) -> {base, now}, pairOf(k, scenario), monthIn(scenario). */
  constructor(page, told) {
    Object.assign(this, {page, told});
  }

  part(scenario, many) {
    const id = scenario.name, open = (name) => h("details", {id: `${name}-${id}`}, h("summary", {}, t("table.open"), h("span", {class: "unseen"}, t("table.of", {name: t(`${name.split("-")[0]}.title`)}))));
    const figure = (name) => h("figure", {}, h("figcaption", {}, h("strong", {}, t(`${name}.title`)), h("span", {class: "unit"}, t(`${name}.unit`))),
      h("div", {id: `${name}-${id}`, class: name, "data-late": true}), h("p", {class: "help"}, t(`${name}.key`)), open(`${name}-table`));
    return h("section", {class: "month", "aria-label": many ? titleOf(scenario) : t("month.title")}, many ? h("h3", {}, titleOf(scenario)) : null,
      h("div", {class: "maps"}, figure("map"), figure("network")), h("h3", {}, t("words.title")), h("ul", {id: `words-${id}`, class: "words", "data-late": true}));
  }

  /** Draw what has come: for each scenario {scenario, base, now}. */
  draw(found) {
    for (const one of found) {
      const {scenario: {name}} = one;
      paint($(`words-${name}`), () => fill($(`words-${name}`), this.sentences(one).map((text) => h("li", {}, text))));
      paint($(`map-${name}`), () => this.map(one, found));
      paint($(`network-${name}`), () => this.network(one));
    }
    $("month-name").textContent = this.name(found[0].scenario);
  }

  name(scenario) {
    return monthName(scenario.dates[this.told.monthIn(scenario)]);
  }

  sentences({scenario, base, now}) {
    const month = this.told.monthIn(scenario);
    return this.page.plan.pictures.map((picture, k) => sentence(picture, scenario.dates, base[k], now?.[k], month, this.told.pairOf(k, scenario)));
  }

  /** Means of a variable: as it is, and as it was without changes if there are any. */
  means({scenario, now}, name, make) {
    const runs = this.told.runsOf(scenario), run = runs.now && now ? runs.now : runs.base, of = (one) => make(means(one, name, this.told.monthIn(scenario), scenario.dates.length));
    return [of(run), run === runs.base ? null : of(runs.base), this.name(scenario)];
  }

  map(one, found) {
    const {name} = one.scenario, {map} = this.page, [cargo, before, date] = this.means(one, "route_load", (loads) => cargoOf(loads, map));
    const tops = found.flatMap(({scenario}) => Object.values(this.told.runsOf(scenario)).filter(Boolean).map((run) => widest(run, scenario, map)));
    $(`map-${name}`).innerHTML = routesMap(map, cargo, Math.max(...tops), mapSentence(cargo, map, date));
    openTable($(`map-table-${name}`), () => cargoTable(map, cargo, before, date));
  }

  network(one) {
    const {name, prices} = one.scenario, [trade, was, date] = this.means(one, "delivered", (delivered) => tradeOf(delivered, this.page.network, prices));
    $(`network-${name}`).innerHTML = network(trade, was, networkSentence(trade, date));
    openTable($(`network-table-${name}`), () => tradeTable(trade, was, date));
  }
}

/** Fill a table that is open, and one that is opened later. */
function openTable(details, make) {
  const fillNow = () => { if (details.open) details.replaceChildren(details.querySelector("summary"), make()); };
  details.ontoggle = fillNow;
  fillNow();
}

/** The largest cargo of a run, in any month. */
function widest(run, scenario, map) {
  run.top ??= {};
  return (run.top[run.have] ??= Math.max(...scenario.dates.flatMap((_, m) => Object.values(cargoOf(means(run, "route_load", m, scenario.dates.length), map)).flatMap(({out, into}) => [out, into]))));
}

/** A mean over worlds with at most two decimals: what one world in hundreds once sent has no digits of its own. */
const rough = (value) => number(+value.toFixed(2));

function cargoTable(map, cargo, before, date) {
  const heads = [t("table.route"), t("map.out"), t("map.into"), ...(before ? [t("map.out_base"), t("map.into_base")] : [])];
  const lines = map.routes.filter(({name}) => map.always.includes(name) || cargo[name].out + cargo[name].into >= 0.05).map(({name}, k) =>
    [`${k + 1} ${t(`route.${name}`)}`, rough(cargo[name].out), rough(cargo[name].into), ...(before ? [rough(before[name].out), rough(before[name].into)] : [])]);
  return table(t("map.caption", {month: date}), heads, lines);
}

function tradeTable(trade, was, date) {
  const heads = [t("table.pair"), t("table.now"), ...(was ? [t("table.base")] : [])];
  return table(t("network.caption", {month: date}), heads, trade.map(({pair, value}, k) =>
    [pair.map((code) => t(`country.${code}`)).join(t("word.dash")), rough(value), ...(was ? [rough(was[k].value)] : [])]));
}
