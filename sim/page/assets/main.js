// The page: builds what is seen, asks for runs, draws what comes.
import {$, fill, h, table} from "./dom.js";
import {amount, counted, monthName, number, speak, t} from "./text.js";
import {fresh, fromFragment, History, isChanged, MANY, ONE, runOf, shown, toFragment} from "./state.js";
import {Pool} from "./pool.js";
import {bandsOf, means, paired, worldOf} from "./bands.js";
import {chart, reach, rows, standalone} from "./charts.js";
import {cargoOf, mapSentence, network, networkSentence, routesMap, tradeOf} from "./map.js";
import {eventRow, leverRow, timeAxis} from "./panel.js";
import {announcement, changes, questionOf, sentence, status, titleOf} from "./words.js";
import {Dosed, search, trier} from "./turn.js";
import {Why} from "./why.js";
import {csv, fileName, png, save, toml} from "./files.js";
import {Desk, nextQuarter} from "./game.js";
import {showSeat} from "./seat.js";
import {Lessons} from "./lesson.js";

const page = JSON.parse($("page-data").textContent);
let state, pool, desk, address = "", pinned = 0, rising = false;
const insight = new Set(), late = new Map();
const sight = new IntersectionObserver((entries) => entries.forEach(({target, isIntersecting}) => {
  if (!isIntersecting) return insight.delete(target);
  insight.add(target);
  late.get(target)?.();
  late.delete(target);
}), {rootMargin: "200px"});
window.addEventListener("beforeprint", paintLate);
const PAUSE = 400, IDLE = 300, SOON = 400, SHOWN = 12;
const why = new Why(page.acts, (run, world, told) => pool.explain(run, world, told), () => { keepWhy(); draw(); }, turn);
const lessons = new Lessons(page.lessons ?? []);
const past = new History(), log = (window.simPage = {times: [], first: null});

const bytes = async (id) => new Uint8Array(await new Response(new Blob([Uint8Array.from(atob($(id).textContent), (c) => c.charCodeAt(0))]).stream()
  .pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());

/** A vector instruction: what this page needs and old browsers lack. */
const modern = () => typeof WebAssembly === "object" && typeof DecompressionStream === "function" &&
  WebAssembly.validate(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98, 11]));

async function begin() {
  if (!modern()) return;
  $("old").remove();
  state = fromFragment(location.hash.slice(1), page);
  lookAgain();
  build();
  const [wasm, numbers, head] = await Promise.all([bytes("engine-wasm"), bytes("engine-data"), bytes("engine-head")]);
  const payload = {wasm, numbers, head: JSON.parse(new TextDecoder().decode(head))};
  pool = new Pool($("engine-code").textContent, payload, page, seen, (error) => { $("status").textContent = t("status.broken", {error}); });
  desk = new Desk($("engine-code").textContent, payload, page);
  pool.keep = (key) => page.scenarios.some((scenario) => runOf(scenario).key === key);
  if (state.game) seat();
  ask();
  window.addEventListener("popstate", () => { if (rising) stand(); });
  window.addEventListener("hashchange", () => { if (location.hash.slice(1) !== address) { state = fromFragment(location.hash.slice(1), page); lookAgain(); build(); ask(); } });
}

// ---- Asking and drawing ---------------------------------------------------------------------------------------

/** Ask for what is shown. While a slider moves the address follows later: browsers refuse one that changes a hundred times in ten seconds. */
function ask(moving = false) {
  if (!pool) return;
  log.asked = performance.now();
  log.marks = {};
  clearTimeout(log.idle);
  $("digest").textContent = $("said").textContent = "";
  const scenarios = shown(state, page);
  pool.want([...scenarios.map((one) => runOf(one)), ...scenarios.filter((one) => isChanged(state, one)).map((one) => runOf(one, state))]);
  clearTimeout(log.address);
  if (moving) log.address = setTimeout(remember, SOON);
  else remember();
  const {all, whole} = progress();
  if (all) draw();
  else tellStatus();
  if (whole) rest();
}

/** Runs of a scenario: the baseline, and the reader's change if there is one; undefined until first worlds are there. */
function runsOf(scenario) {
  const there = (run) => (run?.have ? run : undefined);
  return {base: there(pool?.runs.get(runOf(scenario).key)),
    now: isChanged(state, scenario) ? there(pool?.runs.get(runOf(scenario, state).key)) : undefined};
}

/** New worlds have come: draw them, but not more often than a hand can follow. */
function seen() {
  const {whole, all} = progress(), early = !(log.marks.first >= 0);
  if (!whole && !(early && all) && performance.now() - log.drawn < PAUSE) return;
  draw();
  const since = performance.now() - log.asked;
  log.first ??= performance.now();
  if (all) log.marks.first ??= since;
  if (whole) {
    log.marks.whole = since;
    log.times.push({...log.marks});
    rest();
  }
}

function rest() {
  clearTimeout(log.idle);
  log.idle = setTimeout(settled, IDLE);
}

/** The reader rests: say what has changed, and compute digests. */
function settled() {
  announce();
  showDigests();
}

/** Find how far each lever must move, alone, to turn a statement about a world. */
async function turn(run, world, statement, held) {
  const own = (key) => run.ask.settings[key] ?? desk.own(run.ask.scenario, key, world), levers = page.levers.map((lever) => new Dosed(lever, own(lever.key)));
  const at = async ({key, nearest}) => (await desk.post({why: true, ask: {...run.ask, settings: {...run.ask.settings, [key]: nearest}, rulings: [], world}})).why;
  return {ranked: await search(levers, trier(desk, run.ask, world, statement, held)), at};
}

/** Tell the digests of what is shown, and ask for those that are still missing. */
function showDigests() {
  const {wanted, whole} = progress();
  if (whole) for (const run of wanted) pool.digest(run, showDigests);
  const found = whole ? wanted.filter((run) => run.digest).map((run) => run.digest.slice(0, SHOWN)) : [];
  $("digest").textContent = found.length === wanted.length ? t("about.digest", {digest: found.join(", ")}) : "";
}

/** Whole is what is shown and, where there are changes, what it is compared with. */
function progress() {
  const wanted = shown(state, page).map((one) => (isChanged(state, one) ? runsOf(one).now : runsOf(one).base));
  const compared = shown(state, page).map((one) => runsOf(one).base);
  return {all: wanted.every(Boolean), whole: [...wanted, ...compared].every((run) => run?.whole), wanted};
}

function announce() {
  const [first] = shown(state, page), {base, now} = bands(first);
  $("said").textContent = announcement(page.plan.pictures, first.dates, base, now, monthIn(first), page.plan.pictures.map((_, k) => pairOf(k, first)));
}

function bands(scenario) {
  const {base, now} = runsOf(scenario), of = (run) => run && bandsOf(run, page.plan.pictures, page.worlds);
  return {base: of(base), now: base && of(now)};
}

function pairOf(k, scenario) {
  const {base, now} = runsOf(scenario);
  return paired(base, now, k, monthIn(scenario), page.worlds);
}
const monthIn = (scenario) => Math.min(state.month, scenario.dates.length - 1);

function tellStatus() {
  const {wanted, whole} = progress();
  $("status").textContent = status(wanted, page, !whole);
  document.body.classList.toggle("working", !whole);
}

function draw() {
  log.drawn = performance.now();
  tellStatus();
  lookInto(shown(state, page)[0]);
  const found = shown(state, page).map((scenario) => ({scenario, ...bands(scenario)})).filter(({base}) => base);
  if (!found.length) return;
  page.plan.pictures.forEach((picture, k) => {
    const top = () => reach(found.flatMap(({base, now}) => [base[k], ...(now ? [now[k]] : [])]));
    for (const one of found) paint($(`chart-${k}-${one.scenario.name}`), () => picturePanel(picture, k, one, Math.min(top(), picture.most ?? Infinity) || 1));
  });
  paint($("pinned-chart"), () => pinnedPicture(found[0]));
  drawMonth(found);
  why.tell();
  clearTimeout(log.late);
  log.late = setTimeout(paintLate, SOON);
}

/** Fill what is in sight now, and the rest when it comes into sight or the page has time. */
function paint(host, make) {
  if (insight.has(host)) { late.delete(host); make(); }
  else late.set(host, make);
}
function paintLate() {
  for (const [host, make] of late) if (host.isConnected) make();
  late.clear();
}
function watch() {
  sight.disconnect();
  insight.clear();
  late.clear();
  for (const host of document.querySelectorAll("[data-late]")) sight.observe(host);
}

/** Reasons are those of one world of the first scenario shown, with the reader's changes if there are any. */
function lookInto(scenario) {
  const {base, now} = runsOf(scenario), changed = isChanged(state, scenario);
  why.look({run: changed ? now : base, scenario, title: titleOf(scenario), month: monthIn(scenario), changed, worlds: page.worlds});
  $("legend-one").hidden = why.world === null;
}

/** The world that the reader looks into, on the pictures of the scenario that it is of. */
function single(k, scenario) {
  return why.world !== null && scenario === why.seen.scenario ? worldOf(why.seen.run, k, why.world, page.worlds) : null;
}

function picturePanel(picture, k, {scenario, base, now}, top) {
  const host = $(`chart-${k}-${scenario.name}`), month = monthIn(scenario), label = sentence(picture, scenario.dates, base[k], now?.[k], month, pairOf(k, scenario));
  host.innerHTML = chart({dates: scenario.dates, base: base[k], now: now?.[k], one: single(k, scenario), top, month, label});
  const details = $(`table-${k}-${scenario.name}`);
  if (details.open) fillTable(details, picture, scenario, base[k], now?.[k]);
}

function fillTable(details, picture, scenario, base, now) {
  const heads = ["table.month", "table.q05", "table.q25", "table.q50", "table.q75", "table.q95", ...(now ? ["table.base"] : [])].map((key) => t(key));
  const caption = `${t(`picture.${picture.key}.name`)}, ${unitWords(picture)}: ${titleOf(scenario)}`;
  details.replaceChildren(details.querySelector("summary"), table(caption, heads, rows(scenario.dates, base, now)));
}

function pinnedPicture({scenario, base, now}) {
  const picture = page.plan.pictures[pinned];
  const top = Math.min(reach([base[pinned], ...(now ? [now[pinned]] : [])]), picture.most ?? Infinity) || 1;
  $("pinned-chart").innerHTML = chart({dates: scenario.dates, base: base[pinned], now: now?.[pinned], one: single(pinned, scenario), top, month: monthIn(scenario), label: sentence(picture, scenario.dates, base[pinned], now?.[pinned], monthIn(scenario), pairOf(pinned, scenario))});
}

/** What belongs to the month that is looked at: words, map and network of the first scenario shown, or of each. */
function drawMonth(found) {
  for (const one of found) {
    const {scenario, base, now} = one, month = monthIn(scenario), name = scenario.name;
    paint($(`words-${name}`), () => fill($(`words-${name}`), page.plan.pictures.map((picture, k) => h("li", {}, sentence(picture, scenario.dates, base[k], now?.[k], month, pairOf(k, scenario))))));
    paint($(`map-${name}`), () => drawMap(one, found));
    paint($(`network-${name}`), () => drawNetwork(one));
  }
  $("month-name").textContent = monthName(found[0].scenario.dates[monthIn(found[0].scenario)]);
}

/** Means of a variable in the month looked at: as it is, and as it was without changes if there are any. */
function meansOf({scenario, now}, name, make) {
  const runs = runsOf(scenario), run = runs.now && now ? runs.now : runs.base, of = (one) => make(means(one, name, monthIn(scenario), scenario.dates.length));
  return [of(run), run === runs.base ? null : of(runs.base), monthName(scenario.dates[monthIn(scenario)])];
}

function drawMap(one, found) {
  const {name} = one.scenario, [cargo, before, date] = meansOf(one, "route_load", (loads) => cargoOf(loads, page.map));
  const tops = found.flatMap(({scenario}) => Object.values(runsOf(scenario)).filter(Boolean).map((run) => widest(run, scenario)));
  $(`map-${name}`).innerHTML = routesMap(page.map, cargo, Math.max(...tops), mapSentence(cargo, page.map, date));
  openTable($(`map-table-${name}`), () => cargoTable(cargo, before, date));
}

function drawNetwork(one) {
  const {name, prices} = one.scenario, [trade, was, date] = meansOf(one, "delivered", (delivered) => tradeOf(delivered, page.network, prices));
  $(`network-${name}`).innerHTML = network(trade, was, networkSentence(trade, date));
  openTable($(`network-table-${name}`), () => tradeTable(trade, was, date));
}

/** Fill a table that is open, and one that is opened later. */
function openTable(details, make) {
  const fillNow = () => { if (details.open) details.replaceChildren(details.querySelector("summary"), make()); };
  details.ontoggle = fillNow;
  fillNow();
}

function widest(run, scenario) {
  run.top ??= {};
  return (run.top[run.have] ??= Math.max(...scenario.dates.flatMap((_, m) => Object.values(cargoOf(means(run, "route_load", m, scenario.dates.length), page.map)).flatMap(({out, into}) => [out, into]))));
}

function cargoTable(cargo, before, date) {
  const heads = [t("table.route"), t("map.out"), t("map.into"), ...(before ? [t("map.out_base"), t("map.into_base")] : [])];
  const lines = page.map.routes.filter(({name}) => page.map.always.includes(name) || cargo[name].out + cargo[name].into >= 0.05).map(({name}, k) =>
    [`${k + 1} ${t(`route.${name}`)}`, number(cargo[name].out), number(cargo[name].into), ...(before ? [number(before[name].out), number(before[name].into)] : [])]);
  return table(t("map.caption", {month: date}), heads, lines);
}

function tradeTable(trade, was, date) {
  const heads = [t("table.pair"), t("table.now"), ...(was ? [t("table.base")] : [])];
  return table(t("network.caption", {month: date}), heads, trade.map(({pair, value}, k) =>
    [pair.map((code) => t(`country.${code}`)).join(t("word.dash")), number(value), ...(was ? [number(was[k].value)] : [])]));
}

const unitWords = (picture) => t(`picture.${picture.key}.unit`);

// ---- What the reader does -------------------------------------------------------------------------------------

const act = {
  before: () => past.save(state),
  input: (key, value) => { state.settings[key] = value; ask(true); listChanges(); },
  reset: (key) => { past.save(state); delete state.settings[key]; changedModel(`lever-${key}`); },
  event: (name, k, off) => {
    past.save(state);
    const now = new Set(state.off[name] || []);
    if (off) now.add(k); else now.delete(k);
    state.off[name] = [...now].sort((a, b) => a - b);
    changedModel(`event-${name}-${k}`);
  },
};

function changedModel(focus) {
  rebuildPanel(focus);
  ask();
}

/** What is looked into belongs to the address as well. */
function keepWhy() {
  state.why = why.open ? {question: why.chosen, world: why.number} : null;
  remember();
}

function lookAgain() {
  Object.assign(why, state.why ? {open: true, chosen: state.why.question, number: state.why.world} : {open: false}, {wrong: false});
}

function remember() {
  address = toFragment(state, page);
  history.replaceState(history.state, "", `#${address}`);
}

function undo() {
  const back = past.back();
  if (back) { Object.assign(state, back); changedModel("undo"); }
}

// ---- What is seen ---------------------------------------------------------------------------------------------

/** Build everything in the language of the reader, for the scenarios that are shown. */
function build(focus) {
  speak(page.texts, state.lang);
  document.documentElement.lang = state.lang;
  document.title = t("page.title");
  const scenarios = shown(state, page);
  fill($("top"), header());
  fill($("lesson"), lessons.part(state.lang, build));
  fill($("panel"), h("h2", {}, t("panel.title")), h("div", {id: "changes"}), h("div", {id: "levers"}), h("div", {id: "events"}));
  fill($("pinned"), pinnedChoice(), h("div", {id: "pinned-chart", "data-late": true}));
  fill($("results"), h("h2", {}, t("results.title")), h("p", {id: "status", class: "status"}), h("p", {id: "said", class: "unseen", role: "status", "aria-live": "polite"}),
    legend(), scrubber(scenarios), h("div", {class: `charts ${scenarios.length > 1 ? "many" : "one"}`, id: "charts"}, page.plan.pictures.map((picture, k) => figure(picture, k, scenarios))),
    scenarios.map((scenario) => monthPart(scenario, scenarios.length > 1)), why.part());
  fill($("foot"), footer());
  document.body.classList.toggle("wide", scenarios.length > 1);
  watch();
  rebuildPanel(focus);
  draw();
  seat(focus);
}

/** The seat in place of levers and pictures, while a reader sits in one. */
function seat(focus) {
  document.body.classList.toggle("seated", Boolean(state.game));
  if (!state.game) return $("seat").replaceChildren();
  if (!desk && state.game.code) return $("seat").replaceChildren(h("p", {class: "status"}, t("status.waiting")));
  const [scenario] = shown(state, page), keep = (at) => { remember(); seat(at); };
  showSeat({page, desk, state, scenario, game: state.game, base: runOf(scenario, state), changed: keep, leave: () => sitDown({code: null})}, focus);
}

/** Open the seats, or choose another one: a step that the browser's Back undoes. */
function sitDown(game) {
  if (!state.game) history.pushState({seat: true}, "", location.hash);
  state.game = {world: 0, log: [], draft: nextQuarter([]), ...game};
  state.view = ONE;
  build("seat-title");
  ask();
}

/** Leave the seats by going the step back that opened them, so that no older address lies behind what is changed from now on. */
function rise() {
  rising = Boolean(history.state?.seat);
  if (rising) history.back();
  else stand();
}

function stand() {
  rising = false;
  state.game = null;
  build("seat-open");
  ask();
}

function header() {
  const languages = Object.keys(page.texts).map((lang) => h("button", {type: "button", lang, "aria-pressed": String(lang === state.lang), id: `lang-${lang}`,
    onclick: () => { state.lang = lang; build(`lang-${lang}`); remember(); }}, page.texts[lang]["page.language"]));
  const choose = (value) => { state.view = value === MANY ? MANY : ONE; if (value !== MANY) state.at = +value; build(`choice-${value}`); ask(); };
  const option = (value, title) => { const id = `choice-${value}`, box = h("input", {type: "radio", name: "scenario", id, value});
    box.checked = value === (state.view === MANY ? MANY : String(state.at));
    box.addEventListener("change", () => choose(value));
    return h("label", {for: id, class: "tab"}, box, h("span", {}, title)); };
  const tabs = page.scenarios.length < 2 ? null : h("fieldset", {class: "tabs"}, h("legend", {}, t("page.scenarios")),
    page.scenarios.map((one, k) => option(String(k), titleOf(one))), option(MANY, t("page.side")));
  const [first] = shown(state, page);
  return [h("div", {class: "bar"}, h("p", {class: "brand"}, t("page.brand")), h("div", {class: "languages", role: "group", "aria-label": t("page.languages")}, languages)),
    h("h1", {}, state.view === MANY ? t("page.compared") : titleOf(first)), h("p", {class: "question"}, state.view === MANY ? t("page.compared_question") : questionOf(first)),
    h("p", {class: "caution"}, t("page.caution")), state.unknown ? h("p", {class: "help", id: "unknown", role: "status"}, counted("unknown", state.unknown)) : null, state.game ? null : tabs, h("p", {class: "buttons"},
    h("button", {type: "button", id: "seat-open", "aria-pressed": String(Boolean(state.game)), onclick: () => (state.game ? rise() : sitDown({code: null}))}, t(state.game ? "seat.close" : "seat.open"))), jumps()];
}

/** Ways down the page, where it is one long column. */
function jumps() {
  const to = (id) => { const at = $(id), head = at.querySelector("h2, summary"); at.scrollIntoView(); if (head.tagName === "H2") head.tabIndex = -1; head.focus({preventScroll: true}); };
  const places = [["lesson", "lesson.choose"], ["panel", "panel.title"], ["results", "results.title"], ["why", "why.title"], ["foot", "file.title"]].filter(([id]) => id !== "lesson" || page.lessons?.length);
  return state.game ? null : h("nav", {class: "jumps", "aria-label": t("page.jumps")}, places.map(([id, key]) => h("button", {type: "button", class: "small", onclick: () => to(id)}, t(key))));
}

function pinnedChoice() {
  const select = h("select", {id: "pinned-choice", "aria-label": t("pinned.label")}, page.plan.pictures.map((picture, k) => h("option", {value: k}, t(`picture.${picture.key}.name`))));
  const unit = h("p", {class: "help"}, unitWords(page.plan.pictures[pinned]));
  select.value = pinned;
  select.addEventListener("change", () => { pinned = +select.value; unit.textContent = unitWords(page.plan.pictures[pinned]); draw(); });
  return [select, unit];
}

function legend() {
  const item = (kind, key) => h("li", {id: `legend-${kind}`}, h("span", {class: `key ${kind}`, "aria-hidden": "true"}), t(key));
  return h("ul", {class: "legend"}, item("mid", "legend.median"), item("half", "legend.half"), item("wide", "legend.wide"), item("base", "legend.base"), item("one", "legend.one"));
}

function scrubber(scenarios) {
  const last = Math.max(...scenarios.map((one) => one.dates.length)) - 1;
  const slider = h("input", {type: "range", id: "month", min: 0, max: last, step: 1});
  slider.value = Math.min(state.month, last);
  const tell = () => slider.setAttribute("aria-valuetext", monthName(scenarios[0].dates[Math.min(+slider.value, scenarios[0].dates.length - 1)]));
  tell();
  slider.addEventListener("input", () => { state.month = +slider.value; tell(); draw(); });
  slider.addEventListener("change", remember);
  return h("div", {class: "scrub"}, h("label", {for: "month"}, t("month.label")), h("output", {id: "month-name", for: "month"}), slider);
}

function figure(picture, k, scenarios) {
  const name = t(`picture.${picture.key}.name`);
  return h("figure", {}, h("figcaption", {}, h("strong", {}, name), h("span", {class: "unit"}, unitWords(picture))),
    h("div", {class: "panels"}, scenarios.map((scenario) => {
      const details = h("details", {id: `table-${k}-${scenario.name}`}, h("summary", {}, t("table.open"), h("span", {class: "unseen"}, `: ${name}`)));
      details.addEventListener("toggle", () => { const {base, now} = bands(scenario); if (details.open && base) fillTable(details, picture, scenario, base[k], now?.[k]); });
      return h("div", {class: "panel"}, scenarios.length > 1 ? h("p", {class: "panel-title"}, titleOf(scenario)) : null,
        h("div", {id: `chart-${k}-${scenario.name}`, class: "chart", "data-late": true}), h("div", {class: "tools"}, details,
          h("button", {type: "button", class: "small", "aria-label": t("file.png_of", {name}), onclick: () => picturePng(picture, k, scenario)}, "PNG")));
    })));
}

function picturePng(picture, k, scenario) {
  const source = $(`chart-${k}-${scenario.name}`).innerHTML, {now} = bands(scenario);
  const title = `${t(`picture.${picture.key}.name`)}`, notes = [titleOf(scenario), t(now ? "file.note_changed" : "file.note"), t("page.short_caution")];
  png(`${scenario.name}_${picture.key}.png`, standalone(source, title, unitWords(picture), notes));
}

function monthPart(scenario, many) {
  const id = scenario.name, open = (name) => h("details", {id: `${name}-${id}`}, h("summary", {}, t("table.open"), h("span", {class: "unseen"}, `: ${t(`${name.split("-")[0]}.title`)}`)));
  return h("section", {class: "month", "aria-label": many ? titleOf(scenario) : t("month.title")}, many ? h("h3", {}, titleOf(scenario)) : null,
    h("div", {class: "maps"},
      h("figure", {}, h("figcaption", {}, h("strong", {}, t("map.title")), h("span", {class: "unit"}, t("map.unit"))), h("div", {id: `map-${id}`, class: "map", "data-late": true}), h("p", {class: "help"}, t("map.key")), open("map-table")),
      h("figure", {}, h("figcaption", {}, h("strong", {}, t("network.title")), h("span", {class: "unit"}, t("network.unit"))), h("div", {id: `network-${id}`, class: "network", "data-late": true}), h("p", {class: "help"}, t("network.key")), open("network-table"))),
    h("h3", {}, t("words.title")), h("ul", {id: `words-${id}`, class: "words", "data-late": true}));
}

function rebuildPanel(focus = document.activeElement?.id) {
  const [first] = shown(state, page);
  fill($("levers"), h("h3", {}, t("panel.levers")), h("p", {class: "help"}, t("panel.levers_help")), page.levers.map((lever) => leverRow(lever, first.starts[lever.key], state.settings[lever.key], act)));
  fill($("events"), h("h3", {}, t("panel.events")), h("p", {class: "help"}, t("panel.events_help")), shown(state, page).map((scenario) => [
    state.view === MANY ? h("h4", {}, titleOf(scenario)) : null,
    scenario.events.length ? h("ul", {class: "events"}, scenario.events.map((_, k) => eventRow(scenario, k, (state.off[scenario.name] || []).includes(k), (at, off) => act.event(scenario.name, at, off)))) : h("p", {}, t("event.none")),
    scenario.events.length ? timeAxis(scenario.dates) : null]));
  listChanges();
  if (focus) $(focus)?.focus({preventScroll: true});
}

function listChanges() {
  const found = changes(state, page, {lever: act.reset, event: (name, k) => act.event(name, k, false)});
  fill($("changes"), h("h3", {}, t("changes.title")), found.length ? h("ul", {}, found.map(({text, undo: back}) => h("li", {}, text, " ",
    h("button", {type: "button", class: "small", "aria-label": t("changes.take_back_one", {change: text}), onclick: back}, t("changes.take_back"))))) : h("p", {}, t("changes.none")),
  h("p", {class: "buttons"}, h("button", {type: "button", id: "undo", disabled: !past.past.length, onclick: undo}, t("changes.undo")),
    h("button", {type: "button", id: "reset", disabled: !found.length, onclick: () => { past.save(state); state.settings = {}; state.off = {}; changedModel("reset"); }}, t("changes.reset"))));
}

function footer() {
  const all = () => shown(state, page).map((scenario) => ({scenario, pictures: page.plan.pictures, ...bands(scenario)})).filter(({base}) => base);
  const button = (key, onclick) => h("button", {type: "button", onclick}, t(key));
  const said = h("output", {class: "said"});
  const link = async () => { remember(); try { await navigator.clipboard.writeText(location.href); said.textContent = t("file.copied"); } catch { said.textContent = t("file.copy_by_hand"); } };
  return [h("h2", {}, t("file.title")), h("p", {class: "buttons"},
    shown(state, page).map((scenario) => h("button", {type: "button", onclick: () => save(fileName(scenario, state), toml(scenario, state, page), "text/plain")}, t("file.toml", {name: titleOf(scenario)}))),
    button("file.csv", () => save("bands.csv", csv(all()), "text/csv")), button("file.link", link), button("file.print", () => window.print()), said),
  h("p", {class: "help"}, t("file.help")), h("h2", {}, t("about.title")), t("about.text").split("\n").filter(Boolean).map((line) => h("p", {}, line)),
  h("p", {class: "origin"}, t("about.origin", {origin: page.origin, worlds: counted("world", page.worlds)}), page.calibrated ? ` ${t("about.calibrated", page.calibrated)} ` : " ", h("span", {id: "digest"}))];
}

begin().catch((error) => { $("status") ? ($("status").textContent = t("status.broken", {error: error.message})) : null; throw error; });
