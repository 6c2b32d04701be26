// A seat at the table: one country, quarter by quarter, against the model's own play in the same world.
import {$, fill, h, table} from "./dom.js";
import {amount, counted, has, listed, monthName, number, percent, signed, t} from "./text.js";
import {LEVELS} from "./bands.js";
import {chart, reach} from "./charts.js";
import {gameName, save, toml} from "./files.js";
import {changes} from "./words.js";
import {ASKED, REFUSED, askOf, course, eventsToml, forecastOf, isJoint, isOpen, nextQuarter, pointsOf, publicActs, quartersOf, reached, seatOf, spreadOf, stepOf, totalOf} from "./game.js";

const GROUP_OF_WORLDS = 8, DIGITS_SHOWN = 12, TOP_TIER = 4;
let round = 0;

/** Show the seat. tools: {page, desk, game, scenario, base, state, changed()}; changed() keeps the address and shows it anew. */
export function showSeat(tools, focus) {
  const {game} = tools;
  round++;
  if (!game.code) return chooser(tools, focus);
  const seat = seatOf(tools.page, game.code), all = quartersOf(tools.page, tools.scenario), over = game.log.length >= all;
  const host = h("div", {id: "seat-now"}), busy = h("p", {id: "seat-status", class: "status", role: "status"}, t("seat.computing"));
  fill($("seat"), h("h2", {id: "seat-title", tabindex: "-1"}, over ? t("seat.over", {country: nationOf(game.code)}) : t("seat.quarter", {country: nationOf(game.code), n: number(game.log.length + 1), all: number(all)})),
    h("p", {class: "help"}, t("seat.where", {world: String(game.world)}), " ", t("seat.same")), ...changedHere(tools), busy, host,
    h("p", {class: "buttons"},
      h("button", {type: "button", id: "seat-back", disabled: !game.log.length, onclick: () => { game.draft = game.log.pop(); tools.changed("seat-title"); }}, t("seat.take_back")),
      h("button", {type: "button", onclick: () => { tools.leave(); }}, t("seat.rise"))));
  $(focus)?.focus();
  const mine = round, show = over ? ended : quarter;
  show(tools, seat, host).then((parts) => { if (mine === round) { fill(host, parts); busy.textContent = ""; } }).catch((error) => { if (mine === round) busy.textContent = t("status.broken", {error: error.message}); });
}

/** What a reader has changed holds for the seat and for the model's own play: who compares points has to know it. */
function changedHere({page, scenario, state}) {
  const found = changes({...state, off: {[scenario.name]: state.off[scenario.name] || []}}, page, {});
  return found.length ? [h("div", {class: "caution", id: "seat-changed"}, h("p", {}, t("seat.changed")), h("ul", {class: "words"}, found.map(({text}) => h("li", {}, text))))] : [];
}

const nationOf = (code) => t(`country.${code}`);
const unitOf = ({key, unit}) => t([`seat.unit.${key}`, `seat.unit.${unit}`].find(has) || `unit.${unit}`);
const goalName = (goal) => t(`goal.${goal.key}`);
export const actName = (option, {options}) => { const {act, partners} = options[option];
  return isJoint(option, options) ? t("seat.act", {act: t(`act.${act}`), who: listed(partners.map((code) => t(`why.the.${code}`)))}) : t(`act.${act}`); };

// ---- Choosing a seat ------------------------------------------------------------------------------------------

const worldIn = (text, page) => Math.min(Math.max(Math.floor(+text) || 0, 0), page.worlds - 1);

function chooser(tools, focus) {
  const {page, game} = tools;
  if (!quartersOf(page, tools.scenario)) {
    fill($("seat"), h("h2", {id: "seat-title", tabindex: "-1"}, t("seat.title")), h("p", {}, t("seat.too_short")));
    return $(focus)?.focus();
  }
  const world = h("input", {type: "number", id: "seat-world", min: 0, max: page.worlds - 1, step: 1, "aria-describedby": "seat-world-help"});
  world.value = game.world = game.world ?? Math.floor(Math.random() * page.worlds);
  world.addEventListener("change", () => { world.value = game.world = worldIn(world.value, page); });
  const sit = (code) => { game.code = code; game.world = worldIn(world.value, page); tools.changed("seat-title"); };
  const card = (seat) => h("li", {class: "card"}, h("h3", {}, nationOf(seat.code)), h("p", {}, t(`seat.role.${seat.code}`)),
    isOpen(seat) ? h("p", {class: "help"}, t("seat.to_decide", {what: listed([["orders_of", seat.orders.filter((order) => offered(tools, order).length)], ["acts_of", seat.acts]].filter(([, all]) => all.length).map(([key, all]) => counted(`seat.${key}`, all.length)))}), " ", t("seat.alone", {low: signed(seat.alone[0]), high: signed(seat.alone[1])})) : null,
    isOpen(seat) ? h("button", {type: "button", id: `sit-${seat.code}`, onclick: () => sit(seat.code)}, t("seat.sit", {country: nationOf(seat.code)})) : h("p", {class: "help"}, t("seat.none")));
  fill($("seat"), h("h2", {id: "seat-title", tabindex: "-1"}, t("seat.title")), h("p", {}, t("seat.intro", {quarters: counted("seat.quarters", quartersOf(page, tools.scenario))})), ...changedHere(tools),
    h("p", {class: "world-choice"}, h("label", {for: "seat-world"}, t("seat.world")), world), h("p", {class: "help", id: "seat-world-help"}, t("seat.world_help", {last: String(page.worlds - 1)})),
    h("ul", {class: "cards"}, page.seats.seats.map(card)));
  $(focus)?.focus();
}

// ---- Runs that a seat needs -----------------------------------------------------------------------------------

const namesOf = (lists) => [...new Set(lists.flatMap(({parts, over}) => [...parts, ...(over || [])]).map(({name}) => name))];

function ownRun({page, desk, game, base}, seat, log) {
  const first = game.world - (game.world % GROUP_OF_WORLDS);
  return desk.run(askOf(base, log, seat, page), ["outcome", ...namesOf([...seat.goals, ...seat.own])], first, first + GROUP_OF_WORLDS);
}

const happened = (run, world) => { const {values, shape} = run.series.outcome, many = shape[1];
  return (month, option) => values[(month * many + option) * run.count + world - run.first] > 0; };

/** All worlds, in which so far everybody has done what was seen, with and without a move. */
function prior({page, desk, base}, seat, log, seen) {
  const asked = askOf(base, log, seat, page);
  return desk.run({...asked, rulings: [...seen, ...asked.rulings]}, namesOf(seat.goals), 0, page.worlds);
}

// ---- A quarter ------------------------------------------------------------------------------------------------

async function quarter(tools, seat) {
  const {page, game, scenario} = tools, size = page.seats.quarter, months = game.log.length * size;
  const own = await ownRun(tools, seat, game.log), from = monthName(scenario.dates[months]), to = monthName(scenario.dates[months + size - 1]);
  const told = h("div", {id: "seat-forecast"});
  return [h("div", {class: "table-of-seat"},
    h("section", {"aria-label": t("seat.known")}, months ? news(tools, seat, own, months) : null, mission(tools, seat, own, months)),
    h("section", {"aria-label": t("seat.move")}, h("h3", {}, t("seat.move")), h("p", {}, t("seat.period", {from, to})), move(tools, seat),
      h("p", {class: "buttons"}, h("button", {type: "button", id: "seat-ask", onclick: () => forecast(tools, seat, own, months, told)}, t("seat.forecast")),
        h("button", {type: "button", id: "seat-go", class: "main", onclick: () => { game.log.push(game.draft); game.draft = nextQuarter(game.log); tools.changed("seat-title"); }}, t("seat.go"))), told))];
}

/** What everybody saw in the last quarter, and what became of the answers of this seat. */
function news({page, game, scenario}, seat, own, months) {
  const at = happened(own, game.world), first = months - page.seats.quarter, found = new Map();
  for (let month = first; month < months; month++) page.seats.options.forEach(({act, actor, partners}, option) => {
    if (!at(month, option) || (page.seats.secret.includes(option) && actor !== game.code)) return;
    const who = isJoint(option, page.seats.options) ? [actor, ...partners].sort((a, b) => page.seats.seats.findIndex((one) => one.code === a) - page.seats.seats.findIndex((one) => one.code === b)) : [actor];
    if (act === "visit" && !who.includes(game.code)) return;
    const names = who.map(nationOf).join(t("word.dash")), name = page.seats.secret.includes(option) ? t("seat.in_secret", {who: names}) : names, of = found.get(act) || new Map();
    found.set(act, of.set(name, (of.get(name) || new Set()).add(monthName(scenario.dates[month], true))));
  });
  const answers = Object.entries(game.log.at(-1).acts).map(([option, what]) => {
    const when = [first, first + 1, first + 2].filter((month) => at(month, +option)).map((month) => monthName(scenario.dates[month]));
    return h("li", {}, t(what === REFUSED ? (when.length ? "seat.set" : "seat.said_no") : when.length ? "seat.came" : isJoint(+option, page.seats.options) ? "seat.came_not" : "seat.not_open", {act: actName(option, page.seats), when: listed(when)}));
  });
  return [h("h3", {}, t("seat.news")), answers.length ? h("ul", {class: "words", id: "seat-answers"}, answers) : null,
    h("h4", {}, t("seat.public")), found.size ? h("ul", {class: "words"}, [...found].map(([act, list]) => h("li", {}, h("strong", {}, t("seat.named", {name: t(`act.${act}`)})), [...list].map(([who, when]) => t("seat.who", {who, month: [...when].join(", ")})).join(t("seat.and"))))) : h("p", {}, t("seat.quiet"))];
}

function mission({game, scenario}, seat, own, months) {
  const value = (goal) => (goal.hidden ? t("seat.hidden") : months ? amount(reached(goal, own, months)[game.world - own.first], goal.unit) : t("word.dash").trim());
  const shown = seat.own.map((one) => [t(`own.${one.key}`), ...(months ? [months - 4, months - 1] : []).map((m) => (m < 0 ? t("word.dash").trim() : amount(course(one, own, m + 1, game.world)[m], one.unit)))]);
  return [h("h3", {}, t("seat.mission")), h("p", {}, t(`seat.role.${seat.code}`)),
    table(t("seat.mission_caption"), ["seat.goal", "seat.weight", "seat.so_far"].map((key) => t(key)), seat.goals.map((goal) => [wanted(goal), number(goal.weight), value(goal)])),
    h("p", {class: "help"}, t("seat.score_help")),
    months ? h("div", {class: "goal-charts"}, seat.goals.filter(({hidden}) => !hidden).map((goal) => picture(goal, scenario, course(goal, own, months, game.world)))) : null,
    months ? table(t("seat.own_caption"), [t("seat.number"), t("seat.before"), t("seat.now")], shown) : null];
}

/** A goal with what counts: its mean, where it is not the last month or all months together. */
const wanted = (goal) => t(goal.better > 0 ? "seat.more" : "seat.less", {goal: goal.how === "mean" ? t("seat.mean", {goal: goalName(goal)}) : goalName(goal)});

function picture(goal, scenario, mine, model) {
  const flat = (values) => values && LEVELS.map(() => values), dates = scenario.dates.slice(0, mine.length), bands = [flat(mine), flat(model)].filter(Boolean);
  const last = mine.length - 1, label = t(model ? "seat.picture_end" : "seat.picture", {goal: goalName(goal), month: monthName(dates[last]), mine: amount(mine[last], goal.unit), model: model ? amount(model[last], goal.unit) : ""});
  const holder = h("div", {class: "chart"});
  holder.innerHTML = chart({dates, base: model ? flat(model) : flat(mine), now: model ? flat(mine) : null, top: goal.key === "tier" ? TOP_TIER : reach(bands) || 1, month: last, label});
  return h("figure", {}, h("figcaption", {}, h("strong", {}, goalName(goal)), h("span", {class: "unit"}, unitOf(goal))), holder);
}

/** The steps of an order, without one that only sets what the scenario has all the time: it would decide nothing. */
function offered({game, desk, base, scenario}, {key, steps}) {
  if (!desk || scenario.events.some((event) => event.key === key)) return steps;
  const own = base.settings[key] ?? desk.own(scenario.name, key, game.world);
  return steps.filter(({name, how, size}) => (how === "value" ? size : own * size) !== own || game.draft.orders[key] === name);
}

/** Orders and answers of the coming quarter. */
function move(tools, seat) {
  const {page, game} = tools, stepsOf = (order) => offered(tools, order);
  const choice = (id, legend, value, options, choose) => h("fieldset", {class: "choice"}, h("legend", {}, legend), h("div", {class: "options"}, options.map(([name, text], k) => {
    const box = h("input", {type: "radio", name: id, id: `${id}-${k}`, value: name});
    box.checked = name === value;
    box.addEventListener("change", () => { choose(name); $("seat-forecast")?.replaceChildren(); });
    return h("label", {for: `${id}-${k}`, class: "tab"}, box, h("span", {}, text));
  })));
  const put = (where, key, name) => { if (name) where[key] = name; else delete where[key]; };
  const orders = seat.orders.filter((order) => stepsOf(order).length).map((order) => choice(`order-${order.key}`, t(`order.${order.key}`), stepOf(order, game.draft.orders[order.key]) ? game.draft.orders[order.key] : "",
    [["", t("step.usual")], ...stepsOf(order).map(({name}) => [name, t(`step.${name}`)])], (name) => put(game.draft.orders, order.key, name)));
  const acts = seat.acts.map((option) => choice(`act-${option}`, actName(option, page.seats), game.draft.acts[option] || "",
    [["", t("seat.model")], [ASKED, t("seat.yes")], [REFUSED, t("seat.no")]], (name) => put(game.draft.acts, option, name)));
  return [orders.length ? [h("h4", {}, t("seat.orders")), h("p", {class: "help"}, t("seat.orders_help")), ...orders] : [],
    acts.length ? [h("h4", {}, t("seat.acts")), h("p", {class: "help"}, t("seat.acts_help")), ...acts] : []].flat();
}

/** What the move would make of the goals in all worlds, if everybody else then does as the model does. */
async function forecast(tools, seat, own, months, told) {
  const {page, game, scenario} = tools, all = quartersOf(page, scenario), seen = publicActs(happened(own, game.world), months, page.seats, game.code), mine = round;
  const standing = Array.from({length: all - game.log.length - 1}, () => ({acts: {}, orders: game.draft.orders}));
  fill(told, h("p", {class: "status", role: "status"}, t("seat.computing")));
  const past = game.log.map(({orders}) => ({acts: {}, orders})), draft = JSON.parse(JSON.stringify(game.draft));
  const [without, move] = await Promise.all([prior(tools, seat, past, seen), prior(tools, seat, [...past, draft, ...standing], seen)]);
  if (mine !== round) return;
  const end = all * page.seats.quarter, band = (levels, unit) => t("seat.band", {mid: number(levels[2]), low: number(levels[0]), high: amount(levels[4], unit)});
  const found = seat.goals.map((goal) => forecastOf(goal, without, move, end)), note = noteOf(draft, found);
  const lines = seat.goals.map((goal, k) => [wanted(goal), band(found[k].without, goal.unit), band(found[k].move, goal.unit), percent(found[k].better), percent(found[k].worse)]);
  fill(told, h("h4", {tabindex: "-1", id: "seat-forecast-title"}, t("seat.forecast_title")), h("p", {class: "help"}, t("seat.forecast_help", {worlds: counted("world", page.worlds)}), seat.orders.length ? ` ${t("seat.forecast_orders")}` : ""), note && h("p", {id: "seat-forecast-note"}, t(note)),
    table(t("seat.forecast_caption"), ["seat.goal", "seat.without", "seat.with_move", "seat.better", "seat.worse"].map((key) => t(key)), lines));
  $("seat-forecast-title").focus();
}

/** Why both columns of a forecast are the same, if they are: nothing is decided, or nothing comes of it. */
function noteOf({acts, orders}, found) {
  if (!Object.keys({...acts, ...orders}).length) return "seat.forecast_none";
  return found.every(({better, worse}) => better + worse === 0) ? "seat.forecast_same" : null;
}

// ---- The end --------------------------------------------------------------------------------------------------

async function ended(tools, seat) {
  const {page, game, scenario, desk, base, state} = tools, months = game.log.length * page.seats.quarter, lane = (run) => game.world - run.first;
  const [own, twin, all] = await Promise.all([ownRun(tools, seat, game.log), ownRun(tools, seat, []), prior(tools, seat, [], [])]);
  const found = seat.goals.map((goal) => { const mine = reached(goal, own, months)[lane(own)], model = reached(goal, twin, months)[lane(twin)], spread = spreadOf(reached(goal, all, months));
    return {goal, mine, model, points: pointsOf(goal, mine, model, spread, page.seats.spread)}; });
  const total = totalOf(found.map(({points}) => points)), digest = h("p", {class: "origin", id: "seat-digest"});
  desk.digest(askOf(base, game.log, seat, page)).then((hex) => { digest.textContent = t("seat.digest", {digest: hex.slice(0, DIGITS_SHOWN)}); });
  const file = () => save(gameName(scenario, game, state), `${toml(scenario, state, page, game.log.some(({acts, orders}) => Object.keys({...acts, ...orders}).length))}\n${eventsToml(game, seat, scenario, page)}`, "text/plain");
  return [h("p", {class: "points", id: "seat-points"}, t("seat.points", {points: number(Math.round(total))})), h("p", {}, t(Math.round(total) > 50 ? "seat.above" : Math.round(total) < 50 ? "seat.below" : "seat.as_model"), " ", t("seat.score_help")),
    table(t("seat.twin_caption"), ["seat.goal", "seat.weight", "seat.you", "seat.twin", "seat.gained"].map((key) => t(key)),
      found.map(({goal, mine, model, points}) => [wanted(goal), number(goal.weight), amount(mine, goal.unit), amount(model, goal.unit), signed(Math.round(10 * points) / 10)])),
    h("p", {class: "help"}, t("seat.twin_help")), h("div", {class: "goal-charts"}, seat.goals.map((goal) => picture(goal, scenario, course(goal, own, months, game.world), course(goal, twin, months, game.world)))),
    h("h3", {}, t("seat.log")), h("div", {id: "seat-log"}, decisions(tools, seat)), h("p", {class: "buttons"}, h("button", {type: "button", id: "seat-file", onclick: file}, t("seat.file"))), h("p", {class: "help"}, t("seat.file_help")), digest];
}

function decisions({page, game, scenario}, seat) {
  const lines = game.log.flatMap(({acts, orders}, q) => { const when = monthName(scenario.dates[q * page.seats.quarter], true), before = game.log[q - 1]?.orders || {};
    return [...Object.entries(acts).map(([option, what]) => [q + 1, when, actName(option, page.seats), t(what === ASKED ? "seat.yes" : "seat.no")]),
      ...seat.orders.filter(({key}) => orders[key] !== before[key]).map(({key}) => [q + 1, when, t(`order.${key}`), t(`step.${orders[key] || "usual"}`)])]; });
  return lines.length ? table(t("seat.log_caption"), ["seat.quarter_short", "seat.from", "seat.what", "seat.said"].map((key) => t(key)), lines.map(([q, ...rest]) => [number(q), ...rest])) : h("p", {}, t("seat.log_empty"));
}
