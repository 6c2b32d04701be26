// What stands above and below levers and pictures: title and choices, ways down the page, what is taken along, and origin.
import {$, h} from "./dom.js";
import {counted, t} from "./text.js";
import {MANY, shown} from "./state.js";
import {questionOf, titleOf} from "./words.js";
import {csv, fileName, save, toml} from "./files.js";

/** does: language(code), choose(place of a scenario, or MANY), seats() to open or leave them. */
export function header(page, state, does) {
  const languages = Object.keys(page.texts).map((lang) => h("button", {type: "button", lang, "aria-pressed": String(lang === state.lang), id: `lang-${lang}`,
    onclick: () => does.language(lang)}, page.texts[lang]["page.language"]));
  const [first] = shown(state, page), side = state.view === MANY;
  return [h("div", {class: "bar"}, h("p", {class: "brand"}, t("page.brand")), h("div", {class: "languages", role: "group", "aria-label": t("page.languages")}, languages)),
    h("h1", {}, side ? t("page.compared") : titleOf(first)), h("p", {class: "question"}, side ? t("page.compared_question") : questionOf(first)),
    h("p", {class: "caution"}, t("page.caution")), state.unknown ? h("p", {class: "help", id: "unknown", role: "status"}, counted("unknown", state.unknown)) : null, state.game ? null : tabs(page, state, does), h("p", {class: "buttons"},
    h("button", {type: "button", id: "seat-open", "aria-pressed": String(Boolean(state.game)), onclick: does.seats}, t(state.game ? "seat.close" : "seat.open"))), state.game ? null : jumps(page)];
}

/** The choice of a scenario, or of all side by side. */
function tabs(page, state, does) {
  const option = (value, title) => { const id = `choice-${value}`, box = h("input", {type: "radio", name: "scenario", id, value});
    box.checked = value === (state.view === MANY ? MANY : String(state.at));
    box.addEventListener("change", () => does.choose(value));
    return h("label", {for: id, class: "tab"}, box, h("span", {}, title)); };
  return page.scenarios.length < 2 ? null : h("fieldset", {class: "tabs"}, h("legend", {}, t("page.scenarios")),
    page.scenarios.map((one, k) => option(String(k), titleOf(one))), option(MANY, t("page.side")));
}

/** Ways down the page, where it is one long column. */
function jumps(page) {
  const to = (id) => { const at = $(id), head = at.querySelector("h2, summary"); at.scrollIntoView(); if (head.tagName === "H2") head.tabIndex = -1; head.focus({preventScroll: true}); };
  const places = [["lesson", "lesson.choose"], ["panel", "panel.title"], ["results", "results.title"], ["why", "why.title"], ["foot", "file.title"]].filter(([id]) => id !== "lesson" || page.lessons?.length);
  return h("nav", {class: "jumps", "aria-label": t("page.jumps")}, places.map(([id, key]) => h("button", {type: "button", class: "small", onclick: () => to(id)}, t(key))));
}

/** Side by side, the name says which of the scenarios, by their places, go without events. */
function csvName([first, ...others], state, page) {
  const without = [first, ...others].flatMap(({name}, at) => ((state.off[name] || []).length ? `${at + 1}-without-${state.off[name].map((k) => k + 1).join("-")}` : []));
  return others.length ? fileName({name: ["side_by_side", ...without].join("_")}, state, page, ".csv") : fileName(first, state, page, ".csv");
}

/** bands(scenario) -> {base, now}; remember() puts the settings into the address. */
export function footer(page, state, bands, remember) {
  const all = () => shown(state, page).map((scenario) => ({scenario, pictures: page.plan.pictures, ...bands(scenario)})).filter(({base}) => base);
  const button = (key, onclick) => h("button", {type: "button", onclick}, t(key));
  const said = h("output", {class: "said"});
  const link = async () => { remember(); try { await navigator.clipboard.writeText(location.href); said.textContent = t(location.protocol === "file:" ? "file.copied_file" : "file.copied"); } catch { said.textContent = t("file.copy_by_hand"); } };
  return [h("h2", {}, t("file.title")), h("p", {class: "buttons"},
    shown(state, page).map((scenario) => h("button", {type: "button", onclick: () => save(fileName(scenario, state, page), toml(scenario, state, page), "text/plain")}, t("file.toml", {name: titleOf(scenario)}))),
    button("file.csv", () => save(csvName(shown(state, page), state, page), csv(all()), "text/csv")), button("file.link", link), button("file.print", () => window.print()), said),
  h("p", {class: "help"}, t("file.help")), h("h2", {}, t("about.title")), t("about.text").split("\n").filter(Boolean).map((line) => h("p", {}, line)),
  h("p", {class: "origin"}, t("about.origin", {origin: page.origin, worlds: counted("world", page.worlds)}), page.calibrated ? ` ${t("about.calibrated", page.calibrated)} ` : " ", h("span", {id: "digest"}))];
}
