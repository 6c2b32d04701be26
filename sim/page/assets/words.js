// Sentences made from the numbers of the runs on the page.
import {amount, counted, monthName, number, t} from "./text.js";
import {parameterName, written, eventWords} from "./panel.js";

const NEARLY_ALL = 0.9, UNCLEAR = [0.4, 0.6];

/** Median and 90 % band of a picture in one month, and what the change makes of it, world by world. */
export function sentence(picture, dates, base, now, month, pair) {
  const bands = now || base, {unit} = picture, [low, , mid, , high] = bands.map((level) => level[month]);
  const level = t(low === high ? "words.even" : "words.level", {name: t(`picture.${picture.key}.name`), month: monthName(dates[month]), mid: amount(mid, unit),
    low: number(low), high: amount(high, unit)});
  return now ? `${level} ${difference(picture, pair)}` : level;
}

/** What a change makes of a picture: in how many worlds more or less, how much in the middle and in nine of ten. */
function difference({unit, ordinal}, pair) {
  if (!pair) return t("effect.pending");
  const {n, more, less, low, mid, high} = pair, same = n - more - less, share = more / (more + less);
  const told = {...Object.fromEntries(Object.entries({n, more, less, same}).map(([name, count]) => [name, count ? number(count) : t("effect.no_world")])), mid: by(mid, unit), low: by(low), high: by(high)};
  if (same === n) return t("effect.all_same", told);
  if (n > 1 && (more === n || less === n)) return t(`effect.all_${ordinal ? (more ? "higher" : "lower") : more ? "more" : "less"}`, told);
  if (ordinal) return t("effect.tier", told);
  if (same >= NEARLY_ALL * n) return t("effect.same", told);
  if (share >= UNCLEAR[0] && share <= UNCLEAR[1]) return t("effect.unclear", told);
  return t(more > less ? "effect.more" : "effect.less", told);
}

const by = (value, unit) => (value ? t(value > 0 ? "effect.by_more" : "effect.by_less", {amount: amount(Math.abs(value), unit === "%" ? "% more" : unit)}) : t("effect.by_none"));

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

/** The one sentence read out when both sides are whole: the picture that has moved most, relative to its band. */
export function announcement(pictures, dates, base, now, month, pairs) {
  if (!now) return t("announce.start");
  const moved = pairs.map((pair, k) => (!pair ? 0 : pictures[k].ordinal ? (pair.more + pair.less) / pair.n : Math.abs(pair.mid) / Math.max(base[k][4][month] - base[k][0][month], 1e-9)));
  const largest = Math.max(...moved.filter(Number.isFinite)), most = moved.indexOf(largest);
  return !(largest >= 0.02) ? t("announce.little", {month: monthName(dates[month])}) : t("announce.most", {sentence: sentence(pictures[most], dates, base[most], now[most], month, pairs[most])});
}
