// The reader's hand on the model: levers, events, what was changed.
import {h} from "./dom.js";
import {amount, counted, has, language, listed, monthName, number, t} from "./text.js";

/** The step of a slider, a round number with which it has 40 to 100 steps; one that goes by factors has 100. */
function step({low, high}) {
  const least = (high - low) / 100, power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5, 10].map((k) => k * power).find((one) => one >= least * (1 - 1e-9));
}
export const steps = (lever) => (lever.log ? 100 : Math.ceil((lever.high - lever.low) / step(lever) - 1e-9));

/** Place of a value on a slider, 0 to its steps, and back, rounded to what a reader would write. */
export function place(lever, value) {
  const {low, high} = lever;
  return lever.log ? (100 * Math.log(value / low)) / Math.log(high / low) : (value - low) / step(lever);
}
export function valueAt(lever, at) {
  const {low, high} = lever;
  if (at <= 0) return low;
  if (at >= steps(lever)) return high;
  return +(lever.log ? low * (high / low) ** (at / 100) : low + at * step(lever)).toPrecision(3);
}

/** Steps of a slider between which the start counts as meant: it is reached from half a step away. */
const HALF_STEP = 0.5;
const settingAt = (lever, start, at) => (Math.abs(at - place(lever, start)) <= HALF_STEP ? start : valueAt(lever, at));

export const parameterName = (key) => (has(`parameter.${key}.name`) ? t(`parameter.${key}.name`) : key);
/** What a lever means: its own text, else what the table of parameters says beyond its name, with its key. */
function helpOf({key}) {
  if (has(`parameter.${key}.help`)) return t(`parameter.${key}.help`);
  return has(`parameter.${key}.scale`) ? `${t(`parameter.${key}.scale`)} (${key})` : key;
}

export const written = (lever, value) => (lever.unit === "switch" ? t(value ? "word.yes" : "word.no") : amount(value, lever.unit));

/** One lever; starts: words for each scenario shown, if they do not start alike; act: {before(), input(key, value), reset(key)}. */
export function leverRow(lever, start, starts, setting, act) {
  const value = setting ?? start.value, id = `lever-${lever.key}`, changed = setting !== undefined;
  const name = parameterName(lever.key), help = helpOf(lever);
  const reset = h("button", {type: "button", class: "small", hidden: !changed, "aria-label": t("lever.reset_one", {name}), onclick: () => act.reset(lever.key)}, t("lever.reset"));
  const unlike = starts.map((one) => h("p", {class: "spread"}, one));
  const untouched = start.low === null ? "" : t("lever.spread", {value: number(start.value), low: number(start.low), high: number(start.high)});
  if (lever.unit === "switch") {
    const box = h("input", {type: "checkbox", id, "data-lever": lever.key});
    box.checked = Boolean(value);
    box.indeterminate = !changed && starts.length > 0;
    box.addEventListener("change", () => { act.before(); reset.hidden = false; act.input(lever.key, +box.checked); });
    return h("div", {class: "lever"}, h("div", {class: "lever-head"}, h("label", {for: id, class: "switch"}, box, name), reset), unlike, help && h("p", {class: "help", id: `${id}-help`}, help));
  }
  const said = h("output", {for: id}, written(lever, value));
  const slider = h("input", {type: "range", id, min: 0, max: steps(lever), step: 1, "data-lever": lever.key, "aria-describedby": help ? `${id}-help` : null});
  const tell = (at) => { said.textContent = written(lever, at); slider.setAttribute("aria-valuetext", written(lever, at)); };
  slider.value = Math.round(place(lever, value));
  tell(value);
  let moving = false;
  slider.addEventListener("input", () => {
    if (!moving) { moving = true; act.before(); }
    const now = settingAt(lever, start.value, +slider.value);
    tell(now);
    reset.hidden = false;
    more.textContent = t("lever.all");
    act.input(lever.key, now);
  });
  slider.addEventListener("change", () => { moving = false; });
  const tick = h("span", {class: "tick", "aria-hidden": "true"});
  tick.style.left = `calc(0.6rem + (100% - 1.2rem) * ${(place(lever, start.value) / steps(lever)).toFixed(4)})`;
  const more = h("span", {class: "spread"}, changed ? t("lever.all") : untouched);
  return h("div", {class: "lever"},
    h("div", {class: "lever-head"}, h("label", {for: id}, name), reset),
    h("div", {class: "lever-value"}, said, more), unlike,
    h("div", {class: "track"}, tick, slider),
    h("div", {class: "ends", "aria-hidden": "true"}, h("span", {}, number(lever.low)), h("span", {}, t("lever.start", {value: number(start.value)})), h("span", {}, number(lever.high))),
    help && h("p", {class: "help", id: `${id}-help`}, help));
}

/** What an event does, in words. */
export function eventWords(event, dates) {
  const when = timing(event, dates);
  if (event.act) return t("event.act", {act: t(`act.${event.act}`), who: listed(event.actors.map((code) => t(`country.${code}`))), when});
  if (event.decision) return decisionWords(event, when);
  const how = event.factor !== null ? t("event.factor", {factor: number(event.factor)}) : event.unit === "switch"
    ? t(event.value ? "event.on" : "event.off") : t("event.value", {value: amount(event.value, event.unit)});
  return t("event.change", {name: event.key ? parameterName(event.key) : event.target, how, when});
}

/** What a scenario says of a decision: asked, refused, or more or less willing. */
function decisionWords({what, decision, by, partners, more}, when) {
  const names = (codes) => listed(codes.map((code) => t(`why.the.${code}`))), key = what === "willing" ? (more ? "willing" : "unwilling") : what;
  const act = t(`act.${decision}`), whose = by.length ? t("event.by", {who: names(by)}) : "", beside = partners.length ? t("event.with", {who: names(partners)}) : "";
  return t("event.decision", {act, said: t(`event.${key}`), whose, beside, when});
}

/** When an event begins, how long it holds, and whatever else its file says of that. */
function timing(event, dates) {
  const at = dates[Math.max(event.month, 0)], from = at ? monthName(at) : t("event.beyond");
  const span = event.act && !event.again ? t("event.in", {month: from})
    : event.duration ? t("event.for", {month: from, months: counted("month", event.duration)}) : t("event.from", {month: from});
  const more = event.timing[language()];
  return span + (more && !more.startsWith(" (") ? "," : "") + more;
}

/** A switch for each event, with its months as a bar on one timeline. */
export function eventRow(scenario, k, isOff, toggle) {
  const event = scenario.events[k], many = scenario.dates.length, id = `event-${scenario.name}-${k}`;
  const box = h("input", {type: "checkbox", id, disabled: !event.name, "data-event": k});
  box.checked = !isOff;
  box.addEventListener("change", () => toggle(k, !box.checked));
  const first = Math.max(event.month, 0), lasts = event.act ? 1 : event.duration || many - first;
  const bar = h("span", {class: event.act ? "bar act" : "bar"});
  bar.style.left = `${(100 * first) / many}%`;
  bar.style.width = `${(100 * Math.min(lasts, many - first)) / many}%`;
  return h("li", {}, h("label", {for: id}, box, h("span", {}, eventWords(event, scenario.dates))),
    h("div", {class: "line", "aria-hidden": "true"}, bar), event.name ? null : h("p", {class: "help"}, t("event.nameless")));
}

/** Months of the timeline below the events. */
export function timeAxis(dates) {
  const years = dates.map((date, m) => [date, m]).filter(([date, m]) => !m || date.slice(5, 7) === "01");
  return h("div", {class: "line axis", "aria-hidden": "true"}, years.filter(([, m]) => m || years[1]?.[1] > 5).map(([date, m]) => {
    const mark = h("span", {}, date.slice(0, 4));
    mark.style.left = `${(100 * m) / dates.length}%`;
    return mark;
  }));
}
