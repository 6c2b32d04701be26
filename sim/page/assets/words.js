// Sentences made from the numbers of the runs on the page.
import {amount, counted, monthName, number, t} from "./text.js";
import {parameterName, written, eventWords} from "./panel.js";

/** Median and 90 % band of a picture in one month, and what the change makes of the median. */
export function sentence(picture, dates, base, now, month) {
  const bands = now || base, unit = picture.unit;
  const values = {name: t(`picture.${picture.key}.name`), month: monthName(dates[month]), mid: amount(bands[2][month], unit),
    low: number(bands[0][month]), high: amount(bands[4][month], unit)};
  if (!now) return t("words.level", values);
  const more = now[2][month] - base[2][month], small = Math.abs(more) < 0.005 * Math.max(Math.abs(base[2][month]), 1e-9) || Math.abs(more) < 1e-9;
  return t(small ? "words.same" : more > 0 ? "words.more" : "words.less", {...values, more: amount(Math.abs(more), unit)});
}

/** All changes of the reader: [{text, undo}]. */
export function changes(state, page, undo) {
  const found = page.levers.filter(({key}) => key in state.settings).map((lever) => ({
    text: t("changes.lever", {name: parameterName(lever.key), value: written(lever, state.settings[lever.key])}), undo: () => undo.lever(lever.key)}));
  for (const scenario of page.scenarios) for (const k of state.off[scenario.name] || [])
    found.push({text: t("changes.event", {event: eventWords(scenario.events[k], scenario.dates), scenario: titleOf(scenario)}), undo: () => undo.event(scenario.name, k)});
  return found;
}

export function titleOf(scenario) {
  const key = `scenario.${scenario.name}.title`, text = scenario.shipped ? t(key) : key;
  return text === key ? scenario.title : text;
}

export function questionOf(scenario) {
  const key = `scenario.${scenario.name}.question`, text = scenario.shipped ? t(key) : key;
  return text === key ? scenario.question : text;
}

/** What is on the page now, for the line of status and for screen readers. */
export function status(runs, page, working) {
  const have = Math.min(...runs.map((run) => run?.have || 0));
  if (!have) return t("status.waiting");
  const failed = Math.max(...runs.map((run) => run.failed.length)), worlds = counted("world", have);
  const text = working ? t("status.some", {worlds, all: number(page.worlds)}) : t("status.all", {worlds});
  return failed ? `${text} ${t("status.failed", {worlds: counted("world", failed)})}` : text;
}

/** The one sentence read out when bands have changed: the picture that has moved most, relative to its band. */
export function announcement(pictures, dates, base, now, month) {
  if (!now) return t("announce.start");
  const moved = pictures.map((_, k) => Math.abs(now[k][2][month] - base[k][2][month]) / Math.max(base[k][4][month] - base[k][0][month], 1e-9));
  const largest = Math.max(...moved.filter(Number.isFinite)), most = moved.indexOf(largest);
  return !(largest >= 0.02) ? t("announce.little", {month: monthName(dates[month])}) : t("announce.most", {sentence: sentence(pictures[most], dates, base[most], now[most], month)});
}
