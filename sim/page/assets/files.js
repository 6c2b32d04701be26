// What the reader takes along: pictures, numbers, a scenario file, a link.
import {h} from "./dom.js";

export function save(name, content, type) {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type}));
  const link = h("a", {href: url, download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/** An SVG as a PNG with three dots a unit. */
export async function png(name, source) {
  const image = new Image(), url = URL.createObjectURL(new Blob([source], {type: "image/svg+xml"}));
  try {
    await new Promise((done, fail) => { image.onload = done; image.onerror = () => fail(new Error("image")); image.src = url; });
    const canvas = h("canvas", {width: image.width, height: image.height});
    canvas.getContext("2d").drawImage(image, 0, 0);
    save(name, await new Promise((done) => canvas.toBlob(done, "image/png")));
  } finally { URL.revokeObjectURL(url); }
}

const quoted = (text) => `"${text.replace(/["\\]/g, "\\$&").replace(/[\u0000-\u001f]/g, " ")}"`;

/** One row a scenario, picture and month; numbers in full, with a point, whatever the language. */
export function csv(results) {
  const lines = ["scenario,changed,variable,unit,month,q05,q25,q50,q75,q95"];
  for (const {scenario, pictures, base, now} of results)
    for (const [changed, bands] of [[0, base], [1, now]])
      if (bands) pictures.forEach((picture, k) => scenario.dates.forEach((date, m) =>
        lines.push([scenario.name, changed, picture.key, picture.unit, date.slice(0, 7), ...bands[k].map((level) => level[m])].join(","))));
  return lines.join("\n") + "\n";
}

/** Most letters of the name of a scenario, which is that of its file (`sim.scenario.library`). */
const LONGEST = 64, AND_MORE = "_and_more";

const plain = (text) => text.replace(/-(?=\d)/, "minus-").replace(/[^A-Za-z0-9]+/g, "-");
/** The name of a scenario as a file can have it: a change may stand in it, `article+routes.rajin.open=true`. */
const nameOf = ({name}) => name.replace(/[^\p{L}\p{N}_-]+/gu, "_");

/** Eight signs that tell a text from others (FNV-1a). */
const mark = (text) => {
  let sum = 0x811c9dc5;
  for (const sign of text) sum = Math.imul(sum ^ sign.codePointAt(0), 0x01000193);
  return (sum >>> 0).toString(16).padStart(8, "0");
};

/** The name of the file of a game: its seat, its world, and eight signs of all that was decided and changed. */
export function gameName(scenario, {code, world, log}, {settings, off}) {
  const own = Object.entries(settings).sort(), tail = `_${code}_${world}_${mark(JSON.stringify([log, own, off[scenario.name] || []]))}`;
  return `${nameOf(scenario).slice(0, LONGEST - tail.length)}${tail}.toml`;
}

/** A name that tells what was changed, of plain signs only: sea_route_khasan-capacity-80_without-2.toml, and so short that it can name a scenario. */
export function fileName(scenario, state, {levers}, ending = ".toml") {
  const off = state.off[scenario.name] || [], short = (key) => key.split(".").slice(-2).join("-"), alone = (key) => levers.filter((one) => short(one.key) === short(key)).length === 1;
  const parts = Object.keys(state.settings).sort().map((key) => `${plain(alone(key) ? short(key) : key)}-${plain(String(state.settings[key]))}`);
  if (off.length) parts.push(`without-${off.map((k) => k + 1).join("-")}`);
  const whole = [nameOf(scenario), ...(parts.length ? parts : ["unchanged"])].join("_");
  const more = `${AND_MORE}_${mark(whole)}`;
  return `${whole.length > LONGEST ? whole.slice(0, LONGEST - more.length) + more : whole}${ending}`;
}

/** A scenario file for which `sim run` gives the numbers of the page; played: whether a seat decided something, too. */
export function toml(scenario, state, page, played = false) {
  const off = (state.off[scenario.name] || []).map((k) => scenario.events[k].name);
  const values = page.levers.filter(({key}) => key in state.settings).map((lever) =>
    `${lever.key} = ${lever.unit === "switch" ? Boolean(state.settings[lever.key]) : state.settings[lever.key]}`);
  const kept = scenario.changes.filter(([key]) => !(key.trim() in state.settings)).map(([key, value]) => `${key.trim()} = ${value.trim()}`);
  const title = off.length || values.length || played ? `${scenario.title} (changed)` : scenario.title;
  return [`# ${page.origin}: what was set there. sim run on this file gives the numbers of the page.`,
    ...(page.calibrated ? [`# Worlds are drawn from a calibrated set: add --calibrated FILE (SHA-256 ${page.calibrated.digest}).`] : []),
    `title = ${quoted(title)}`, `question = ${quoted(scenario.question)}`,
    `extends = ${quoted(scenario.extends)}`, `worlds = ${page.worlds}`, `months = ${scenario.dates.length}`, `seed = ${scenario.seed}`,
    ...(off.length ? [`drop_events = [${off.map(quoted).join(", ")}]`] : []), "", ...kept, ...values, ""].join("\n");
}
