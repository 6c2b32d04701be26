// Which world is looked into: the one nearest the median path, one of those where an act took place or a tier passed, or the lowest or highest in a picture.
import {amount, counted, monthName, number, t} from "./text.js";
import {w} from "./say.js";

export const MEDIAN = "median", HAPPENED = "happened";
/** Tiers that some worlds pass on and others keep back. */
const TOLD_TIERS = [2, 3, 4];

/** The descriptions of worlds: [{key, group, way, k: the picture that tells, tier}]; the key stands in the address. */
export function places(pictures) {
  const ladder = pictures.findIndex(({ordinal}) => ordinal), measured = pictures.flatMap((one, k) => (one.ordinal ? [] : [k]));
  return [{key: MEDIAN}, {key: HAPPENED, group: HAPPENED, way: HAPPENED}, ...TOLD_TIERS.flatMap((tier) => ["passed", "kept"].map((way) => ({key: `${way}.${tier}`, group: "tiers", way, k: ladder, tier}))),
    ...measured.flatMap((k) => ["lowest", "highest"].map((way) => ({key: `${way}.${pictures[k].key}`, group: "ends", way, k})))];
}

/** The name of a description in a list. */
export const nameOfPlace = ({key, way, k, tier}, pictures) => (key === MEDIAN ? w("typical") : w(`places.${way}`, {tier, name: k === undefined ? "" : t(`picture.${pictures[k].key}.name`)}));

/** Find the world of a description in a run that is whole: {world, n}; n worlds meet it, or are as low or high. Where none meets it the world is that nearest the median path of all. came: of an act, 1 in the worlds where it took place. */
export function find({group, way, k, tier}, run, pictures, worlds, came) {
  const good = Array.from({length: worlds}, (_, w) => w).filter((w) => !run.failed.includes(w)), typical = (among) => nearestMedian(run.series.p0, worlds, among);
  if (!group) return {world: typical(good), n: good.length};
  if (group !== "ends") {
    const tiers = group === "tiers" && valuesOver(run, k, worlds, true), among = good.filter((w) => (tiers ? (tiers(w) >= tier) === (way === "passed") : came[w] > 0));
    return {world: typical(among.length ? among : good), n: among.length};
  }
  const values = good.map(valuesOver(run, k, worlds, pictures[k].end)), value = values.reduce((a, b) => (way === "lowest" ? Math.min(a, b) : Math.max(a, b)));
  return {world: good[values.indexOf(value)], n: values.filter((one) => one === value).length, value};
}

/** A function that gives the number of a world in a picture: that of the last month, or the mean over the months. */
export function valuesOver(run, k, worlds, end) {
  const values = run.series[`p${k}`], months = values.length / worlds;
  return (world) => (end ? values[(months - 1) * worlds + world] : Array.from({length: months}, (_, m) => values[m * worlds + world]).reduce((a, b) => a + b, 0) / months);
}

/** The sentence that says how a world was found; date: the month chosen. */
export function howFound({group, way, k, tier}, {world, n, value}, pictures, count, date) {
  const worlds = counted("world", count), typical = w("typical_help", {world, worlds});
  if (!group) return typical;
  const told = {world, worlds, tier, n: number(n), month: monthName(date)};
  if (group !== "ends") return `${w(`places.${way}_${n ? "in" : "none"}`, told)} ${!n ? typical : w(n === 1 ? "places.only" : "places.of_those", told)}`;
  const {key, unit, end} = pictures[k], over = w(end ? "places.at_end" : "places.mean");
  return w(`places.${way}_${n > 1 ? "first" : "help"}`, {...told, name: t(`picture.${key}.name`), amount: amount(value, unit), over});
}

/** The one of the worlds `among` nearest their median path, as `sim.analysis.typical` finds it; paths: number of (month, world). */
function nearestMedian(paths, worlds, among) {
  const months = paths.length / worlds;
  const distance = new Float64Array(worlds), plain = new Float64Array(worlds);
  let tells = false;
  for (let m = 0; m < months; m++) {
    const row = paths.subarray(m * worlds, (m + 1) * worlds), sorted = Float64Array.from(among, (w) => row[w]).sort();
    const at = (level) => { const place = level * (sorted.length - 1), low = Math.floor(place); return sorted[low] + ((sorted[low + 1] ?? sorted[low]) - sorted[low]) * (place - low); };
    const middle = at(0.5), spread = at(0.75) - at(0.25);
    tells ||= spread > 0;
    for (const w of among) { plain[w] += Math.abs(row[w] - middle); if (spread > 0) distance[w] += Math.abs(row[w] - middle) / spread; }
  }
  const of = tells ? distance : plain;
  return among.reduce((best, w) => (of[w] < of[best] ? w : best), among[0]);
}
