// The page: builds what is seen, asks for runs, draws what comes.
import {$, fill, h} from "./dom.js";
import {monthName, speak, t} from "./text.js";
import {fresh, fromFragment, History, isChanged, lastMonth, MANY, ONE, runOf, shown, toFragment} from "./state.js";
import {Pool} from "./pool.js";
import {bandsOf, paired, worldOf} from "./bands.js";
import {eventRow, leverRow, timeAxis, written} from "./panel.js";
import {announcement, changes, status, titleOf} from "./words.js";
import {Dosed, search, trier} from "./turn.js";
import {Why} from "./why.js";
import {paintLate, watch} from "./sight.js";
import {Figures, legend} from "./figures.js";
import {Month} from "./month.js";
import {footer, header} from "./frame.js";
import {Desk, nextQuarter} from "./game.js";
import {showSeat} from "./seat.js";
import {Lessons} from "./lesson.js";

const page = JSON.parse($("page-data").textContent);
let state, pool, desk, address = "", rising = false;
const PAUSE = 400, IDLE = 300, SOON = 400, SHOWN = 12;
const why = new Why(page, (run, world, told) => pool.explain(run, world, told), () => { keepWhy(); draw(); }, turn, beside, outcomes, moveTo);
const lessons = new Lessons(page.lessons ?? []);
const figures = new Figures(page.plan.pictures, {bands, pairOf, monthIn, single}, draw);
const months = new Month(page, {runsOf, pairOf, monthIn});
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
  window.addEventListener("hashchange", () => { if (location.hash.slice(1) !== address) follow(); });
}

/** The address was changed by hand or by the browser's Back; where it names no language, that spoken now stays. */
function follow() {
  const {game, lang, settings, off} = state;
  state = fromFragment(location.hash.slice(1), page);
  if (!Object.hasOwn(page.texts, new URLSearchParams(location.hash.slice(1)).get("lang"))) state.lang = lang;
  if (JSON.stringify([settings, off]) !== JSON.stringify([state.settings, state.off])) past.save({settings, off});
  lookAgain();
  build(Boolean(game) === Boolean(state.game) ? undefined : state.game ? "seat-title" : "seat-open");
  remember();
  ask();
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
  const at = ({key, nearest}) => beside(run, world, {settings: {...run.ask.settings, [key]: nearest}});
  return {ranked: await search(levers, trier(desk, run.ask, world, statement, held)), at};
}

/** Run a world of a run with something changed, with all that reasons read. */
async function beside(run, world, change) {
  return (await desk.post({why: true, ask: {...run.ask, ...change, rulings: [], world}})).why;
}

/** Choose a month elsewhere than on its slider. */
function moveTo(month) {
  $("month").value = month;
  for (const event of ["input", "change"]) $("month").dispatchEvent(new Event(event));
}

/** Run all worlds of a run again, and return the outcome of an option by month and world. */
async function outcomes(run, option) {
  const {months, series: {outcome: {values}}} = await desk.post({names: ["outcome"], ask: {...run.ask, rulings: [], first: 0, last: page.worlds}}), {worlds} = page, rows = values.length / months;
  return Float64Array.from({length: months * worlds}, (_, k) => values[Math.floor(k / worlds) * rows + option * worlds + k % worlds]);
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

function monthIn(scenario) {
  return Math.min(state.month, scenario.dates.length - 1);
}

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
  figures.draw(found);
  months.draw(found);
  why.tell();
  clearTimeout(log.late);
  log.late = setTimeout(paintLate, SOON);
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

// ---- What the reader does -------------------------------------------------------------------------------------

const act = {
  before: () => past.save(state),
  input: (key, value) => { state.settings[key] = value; ask(true); listChanges(); },
  reset: (key, focus = `lever-${key}`) => { past.save(state); delete state.settings[key]; changedModel(focus); },
  event: (name, k, off, focus = `event-${name}-${k}`) => {
    past.save(state);
    const now = new Set(state.off[name] || []);
    if (off) now.add(k); else now.delete(k);
    state.off[name] = [...now].sort((a, b) => a - b);
    changedModel(focus);
  },
};

function changedModel(focus) {
  rebuildPanel(focus);
  ask();
}

/** What is looked into belongs to the address as well. */
function keepWhy() {
  state.why = why.open ? {question: why.chosen, world: why.wanted} : null;
  remember();
}

function lookAgain() {
  Object.assign(why, state.why ? {open: true, chosen: state.why.question, wanted: state.why.world} : {open: false}, {wrong: false});
}

function remember() {
  address = toFragment(state, page);
  history.replaceState(history.state, "", `#${address}`);
}

function undo() {
  const back = past.back();
  if (back) { Object.assign(state, back); changedModel("undo"); }
}

function resetAll() {
  past.save(state);
  Object.assign(state, {settings: {}, off: {}});
  changedModel("reset");
}

// ---- What is seen ---------------------------------------------------------------------------------------------

/** Build everything in the language of the reader, for the scenarios that are shown. */
function build(focus) {
  speak(page.texts, state.lang);
  document.documentElement.lang = state.lang;
  document.title = t("page.title");
  const scenarios = shown(state, page);
  fill($("top"), header(page, state, choices));
  fill($("lesson"), lessons.part(state.lang, build));
  fill($("panel"), h("h2", {}, t("panel.title")), h("div", {id: "changes"}), h("div", {id: "levers"}), h("div", {id: "events"}));
  fill($("pinned"), figures.pinnedPart(scenarios));
  fill($("results"), h("h2", {}, t("results.title")), h("p", {id: "status", class: "status"}), h("p", {id: "said", class: "unseen", role: "status", "aria-live": "polite"}),
    legend(), scrubber(scenarios), figures.part(scenarios), scenarios.map((scenario) => months.part(scenario, scenarios.length > 1)), why.part(scenarios[0].dates));
  fill($("foot"), footer(page, state, bands, remember));
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
  remember();  // what was moved a moment ago belongs to the address that Back leads to
  if (!state.game) history.pushState({seat: true}, "", location.hash);
  state.game = {world: state.game?.world ?? null, log: [], draft: nextQuarter([]), ...game};
  state.view = ONE;
  state.month = Math.min(state.month, lastMonth(state, page));
  build("seat-title");
  ask();
}

/** Leave the seats by going the step back that opened them, so that no older address lies behind what is changed from now on. */
function rise() {
  if (rising) return;
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

const choices = {
  language: (lang) => {
    const open = [...document.querySelectorAll("details[id][open]")].map(({id}) => id);
    state.lang = lang;
    build(`lang-${lang}`);
    for (const id of open) if ($(id)) $(id).open = true;
    remember();
    showDigests();
  },
  choose: (value) => { state.view = value === MANY ? MANY : ONE; if (value !== MANY) state.at = +value; state.month = Math.min(state.month, lastMonth(state, page)); build(`choice-${value}`); ask(); },
  seats: () => (state.game ? rise() : sitDown({code: null})),
};

function scrubber(scenarios) {
  const last = lastMonth(state, page);
  const slider = h("input", {type: "range", id: "month", min: 0, max: last, step: 1});
  slider.value = Math.min(state.month, last);
  const tell = () => slider.setAttribute("aria-valuetext", monthName(scenarios[0].dates[Math.min(+slider.value, scenarios[0].dates.length - 1)]));
  tell();
  slider.addEventListener("input", () => { state.month = +slider.value; tell(); draw(); });
  slider.addEventListener("change", remember);
  return h("div", {class: "scrub"}, h("label", {for: "month"}, t("month.label")), h("output", {id: "month-name", for: "month"}), slider);
}

/** Where each scenario side by side starts, in words; none if all start alike. */
function startsOf(lever) {
  const found = shown(state, page).map((one) => ({scenario: titleOf(one), value: written(lever, one.starts[lever.key].value)}));
  return found.some(({value}) => value !== found[0].value) ? found.map((one) => t("lever.start_in", one)) : [];
}

function rebuildPanel(focus = document.activeElement?.id) {
  const [first] = shown(state, page);
  fill($("levers"), h("h3", {}, t("panel.levers")), h("p", {class: "help"}, t("panel.levers_help")), page.levers.map((lever) => leverRow(lever, first.starts[lever.key], startsOf(lever), state.settings[lever.key], act)));
  fill($("events"), h("h3", {}, t("panel.events")), h("p", {class: "help"}, t("panel.events_help")), shown(state, page).map((scenario) => [
    state.view === MANY ? h("h4", {}, titleOf(scenario)) : null,
    scenario.events.length ? h("ul", {class: "events"}, scenario.events.map((_, k) => eventRow(scenario, k, (state.off[scenario.name] || []).includes(k), (at, off) => act.event(scenario.name, at, off)))) : h("p", {}, t("event.none")),
    scenario.events.length ? timeAxis(scenario.dates) : null]));
  listChanges();
  if (!focus) return;
  $(focus)?.focus({preventScroll: true});
  $(focus)?.scrollIntoView({block: "nearest"});
}

/** What was changed. Its buttons are never disabled, which would take a keyboard's place on the page away from it. */
function listChanges() {
  const found = changes(state, page, {lever: (key) => act.reset(key, "undo"), event: (name, k) => act.event(name, k, false, "undo")});
  fill($("changes"), h("h3", {}, t("changes.title")), found.length ? h("ul", {}, found.map(({text, undo: back}) => h("li", {}, text, " ",
    h("button", {type: "button", class: "small", "aria-label": t("changes.take_back_one", {change: text}), onclick: back}, t("changes.take_back"))))) : h("p", {}, t("changes.none")),
  h("p", {class: "buttons"}, h("button", {type: "button", id: "undo", "aria-disabled": String(!past.past.length), onclick: undo}, t("changes.undo")),
    h("button", {type: "button", id: "reset", "aria-disabled": String(!found.length), onclick: () => { if (found.length) resetAll(); }}, t("changes.reset"))));
}

begin().catch((error) => { $("status") ? ($("status").textContent = t("status.broken", {error: error.message})) : null; throw error; });
