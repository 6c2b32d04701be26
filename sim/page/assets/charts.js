// Bands of one picture: the baseline in grey behind, the reader's change in colour before it.
import {safe, SVG} from "./dom.js";
import {monthName, number} from "./text.js";

export const INK = {text: "#1a1a1a", soft: "#595959", grid: "#d9d9d9", base: "#767676", wide: "#56B4E9", mid: "#0072B2", one: "#D55E00"};
const WIDTH = 320, HEIGHT = 200, LEFT = 40, RIGHT = 8, TOP = 10, BOTTOM = 24;
const FONT = 'font-family="system-ui, sans-serif" font-size="12"';

/** Round numbers from 0 to at least `top`, at most five of them. */
export function ticks(top) {
  if (!(top > 0)) return [0, 1];
  const rough = top / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((k) => k * power).find((s) => s >= rough * (1 - 1e-9));
  return Array.from({length: Math.ceil(top / step - 1e-9) + 1}, (_, k) => +(k * step).toPrecision(6));
}

/** The largest number of some bands: what a shared axis must reach. */
export function reach(all) {
  let top = 0;
  for (const bands of all) for (const value of bands[4]) if (value > top) top = value;
  return top;
}

/** The source of an SVG. base and now are bands (five levels, one number a month) or null, one is a single world or null. */
export function chart({dates, base, now, one, top, month, title, label}) {
  const last = Math.max(dates.length - 1, 1), marks = ticks(top), high = marks[marks.length - 1];
  const x = (m) => Math.round(10 * (LEFT + (m * (WIDTH - LEFT - RIGHT)) / last)) / 10;
  const y = (v) => Math.round(10 * (TOP + (HEIGHT - TOP - BOTTOM) * (1 - v / high))) / 10;
  const points = (values) => {
    const found = [];
    for (let m = 0; m < values.length; m++) if (Number.isFinite(values[m])) found.push(x(m) + "," + y(values[m]));
    return found;
  };
  const line = (values) => (points(values).length ? `M${points(values).join("L")}` : "");
  const area = (low, up) => (points(low).length ? `${line(low)}L${points(up).reverse().join("L")}Z` : "");
  const parts = marks.map((v) => `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(v)}" y2="${y(v)}" stroke="${INK.grid}"/>` +
    `<text x="${LEFT - 5}" y="${y(v) + 4}" text-anchor="end" fill="${INK.soft}">${safe(number(v))}</text>`);
  const mark = (m, text) => parts.push(`<line x1="${x(m)}" x2="${x(m)}" y1="${HEIGHT - BOTTOM}" y2="${HEIGHT - BOTTOM + 5}" stroke="${INK.soft}"/>`,
    `<text x="${x(m)}" y="${HEIGHT - 6}" text-anchor="${m > last * 0.9 ? "end" : "middle"}" fill="${INK.soft}">${safe(text)}</text>`);
  const begins = (date) => date.slice(5, 7) === "01";
  if (dates.some(begins)) dates.forEach((date, m) => begins(date) && mark(m, date.slice(0, 4)));
  else for (const m of new Set([0, dates.length - 1])) mark(m, monthName(dates[m], true));
  if (base && now) parts.push(`<path d="${area(base[0], base[4])}" fill="${INK.base}" fill-opacity="0.22"/>`);
  const front = now || base;
  if (front) parts.push(
    `<path d="${area(front[0], front[4])}" fill="${INK.wide}" fill-opacity="0.35"/>`,
    `<path d="${area(front[1], front[3])}" fill="${INK.wide}" fill-opacity="0.6"/>`,
    `<path d="${line(front[2])}" fill="none" stroke="${INK.mid}" stroke-width="2.5"/>`);
  if (base && now) parts.push(`<path d="${line(base[2])}" fill="none" stroke="${INK.text}" stroke-width="1.5" stroke-dasharray="5 3"/>`);
  if (one) parts.push(`<path d="${line(one)}" fill="none" stroke="${INK.one}" stroke-width="2" stroke-dasharray="7 2 2 2"/>`);
  parts.push(`<line x1="${x(month)}" x2="${x(month)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" stroke="${INK.text}"/>`);
  if (front && Number.isFinite(front[2][month])) parts.push(`<circle cx="${x(month)}" cy="${y(front[2][month])}" r="4" fill="${INK.mid}" stroke="#fff"/>`);
  const heading = title ? `<title>${safe(title)}</title>` : "";
  return `<svg xmlns="${SVG}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${safe(label)}" ${FONT}>${heading}${parts.join("")}</svg>`;
}

/** A text as lines of at most so many signs, broken between words. */
function folded(text, most) {
  const lines = [""];
  for (const word of text.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (longer.length > most) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** The picture as a file: its title and unit above, notes below. */
export function standalone(source, title, unit, notes) {
  const inner = source.replace(/^<svg[^>]*>/, "").replace(/<\/svg>$/, "");
  const line = (text, y, look) => `<text x="8" y="${y}" ${look}>${safe(text)}</text>`;
  const heads = folded(title, 40), under = 6 + 16 * heads.length, from = under + 17;
  const below = notes.flatMap((text) => folded(text, 58)), tall = from + HEIGHT + 12 + 14 * below.length;
  return `<svg xmlns="${SVG}" width="${3 * WIDTH}" height="${3 * tall}" viewBox="0 0 ${WIDTH} ${tall}" ${FONT}><rect width="${WIDTH}" height="${tall}" fill="#fff"/>` +
    heads.map((text, k) => line(text, 16 + 16 * k, `font-size="13" font-weight="600" fill="${INK.text}"`)).join("") + line(unit, under + 10, `font-size="11" fill="${INK.soft}"`) +
    `<g transform="translate(0 ${from})">${inner}</g>` + below.map((text, k) => line(text, from + HEIGHT + 12 + 14 * k, `font-size="10" fill="${INK.soft}"`)).join("") + "</svg>";
}

/** The bands of a picture as rows of a table: one a month, the median and the ends of the bands. */
export function rows(dates, base, now) {
  return dates.map((date, m) => [monthName(date, true), ...(now || base).map((level) => number(level[m])), ...(now ? [number(base[2][m])] : [])]);
}
