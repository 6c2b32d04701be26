// The pictures of the scenarios shown, with their numbers as tables and as files, and the one that stays in sight on a telephone.
import {$, h, table} from "./dom.js";
import {t} from "./text.js";
import {chart, reach, rows, standalone} from "./charts.js";
import {png} from "./files.js";
import {paint} from "./sight.js";
import {sentence, titleOf} from "./words.js";

const unitWords = (picture) => t(`picture.${picture.key}.unit`);

export class Figures {
  /** told: bands(scenario) -> {base, now}, pairOf(k, scenario), monthIn(scenario), single(k, scenario): one world or null. */
  constructor(pictures, told, redraw) {
    Object.assign(this, {pictures, told, redraw, pinned: 0, large: null});
  }

  part(scenarios) {
    return h("div", {class: `charts ${scenarios.length > 1 ? "many" : "one"}`, id: "charts"}, this.pictures.map((picture, k) => this.figure(picture, k, scenarios)));
  }

  figure(picture, k, scenarios) {
    const name = t(`picture.${picture.key}.name`), of = (scenario) => (scenarios.length > 1 ? `${name} (${titleOf(scenario)})` : name), larger = h("button", {type: "button", class: "small enlarge", "aria-pressed": String(this.large === k), "aria-label": t("chart.larger_of", {name}), onclick: () => this.enlarge(k)}, t("chart.larger"));
    return h("figure", {class: this.large === k ? "large" : null}, h("figcaption", {}, h("strong", {}, name), h("span", {class: "unit"}, unitWords(picture))),
      h("div", {class: "panels"}, scenarios.map((scenario) => {
        const details = h("details", {id: `table-${k}-${scenario.name}`}, h("summary", {}, t("table.open"), h("span", {class: "unseen"}, t("table.of", {name: of(scenario)}))));
        details.addEventListener("toggle", () => { if (details.open) this.fillTable(details, k, {scenario, ...this.told.bands(scenario)}); });
        return h("div", {class: "panel"}, scenarios.length > 1 ? h("p", {class: "panel-title"}, titleOf(scenario)) : null,
          h("div", {id: `chart-${k}-${scenario.name}`, class: "chart", "data-late": true}), h("div", {class: "tools"}, details,
            h("div", {class: "beside"}, larger, h("button", {type: "button", class: "small", "aria-label": t("file.png_of", {name: of(scenario)}), onclick: () => this.png(picture, k, scenario)}, "PNG"))));
      })));
  }

  /** Draw one picture as wide as all of them together, for those who sit far from the screen; once more, and it is as it was. */
  enlarge(k) {
    this.large = this.large === k ? null : k;
    [...$("charts").children].forEach((figure, at) => {
      figure.classList.toggle("large", at === this.large);
      figure.querySelector(".enlarge")?.setAttribute("aria-pressed", String(at === this.large));
    });
    $("charts").children[k].scrollIntoView({block: "nearest"});
  }

  pinnedPart([first, ...others]) {
    const told = () => [unitWords(this.pictures[this.pinned]), ...(others.length ? [titleOf(first)] : [])].join(t("word.dash"));
    const select = h("select", {id: "pinned-choice", "aria-label": t("pinned.label")}, this.pictures.map((picture, k) => h("option", {value: k}, t(`picture.${picture.key}.name`))));
    const unit = h("p", {class: "help"}, told());
    select.value = this.pinned;
    select.addEventListener("change", () => { this.pinned = +select.value; unit.textContent = told(); this.redraw(); });
    return [select, unit, h("div", {id: "pinned-chart", "data-late": true})];
  }

  /** Draw what has come: for each scenario {scenario, base, now}. Scenarios side by side share an axis. */
  draw(found) {
    this.pictures.forEach((_, k) => {
      for (const one of found) paint($(`chart-${k}-${one.scenario.name}`), () => this.panel(k, one, found));
    });
    paint($("pinned-chart"), () => { $("pinned-chart").innerHTML = this.source(this.pinned, found[0], found.slice(0, 1)); });
  }

  panel(k, one, found) {
    const {name} = one.scenario, details = $(`table-${k}-${name}`);
    $(`chart-${k}-${name}`).innerHTML = this.source(k, one, found);
    if (details.open) this.fillTable(details, k, one);
  }

  /** The source of a picture whose axis holds all that is found. */
  source(k, {scenario, base, now}, found) {
    const picture = this.pictures[k], month = this.told.monthIn(scenario), label = sentence(picture, scenario.dates, base[k], now?.[k], month, this.told.pairOf(k, scenario));
    const top = Math.min(reach(found.flatMap((one) => [one.base[k], ...(one.now ? [one.now[k]] : [])])), picture.most ?? Infinity) || 1;
    const whose = found.length > 1 ? `${titleOf(scenario)}${t("word.dash")}` : "";
    return chart({dates: scenario.dates, base: base[k], now: now?.[k], one: this.told.single(k, scenario), top, month, label: `${whose}${label}`});
  }

  fillTable(details, k, {scenario, base, now}) {
    if (!base) return;
    const heads = ["table.month", "table.q05", "table.q25", "table.q50", "table.q75", "table.q95", ...(now ? ["table.base"] : [])].map((key) => t(key)), picture = this.pictures[k];
    const caption = t("table.caption", {name: t(`picture.${picture.key}.name`), unit: unitWords(picture), scenario: titleOf(scenario)});
    details.replaceChildren(details.querySelector("summary"), table(caption, heads, rows(scenario.dates, base[k], now?.[k])));
  }

  png(picture, k, scenario) {
    const source = $(`chart-${k}-${scenario.name}`).innerHTML, {now} = this.told.bands(scenario);
    const notes = [titleOf(scenario), t(now ? "file.note_changed" : "file.note"), t("page.short_caution")];
    png(`${scenario.name}_${picture.key}.png`, standalone(source, t(`picture.${picture.key}.name`), unitWords(picture), notes));
  }
}

export function legend() {
  const item = (kind, key) => h("li", {id: `legend-${kind}`}, h("span", {class: `key ${kind}`, "aria-hidden": "true"}), t(key));
  return h("ul", {class: "legend"}, item("mid", "legend.median"), item("half", "legend.half"), item("wide", "legend.wide"), item("base", "legend.base"), item("one", "legend.one"));
}
