// The map of North Korea's routes, and the network of what the six deliver to each other, in one month.
import {safe, SVG} from "./dom.js";
import {INK} from "./charts.js";
import {number, t} from "./text.js";

const LAND = "#EDEBE4", BORDER = "#A8A59B", OUT = "#0072B2", INTO = "#E69F00", MORE = "#0072B2", LESS = "#D55E00", STILL = "#767676";
const WIDEST = 0.55, NARROWEST = 0.06, GAP = 0.1, LEAST = 0.05;

/** Points on a smooth course through some points (Catmull and Rom 1974). */
export function smooth(points, steps = 14) {
  const out = [], at = (k) => points[Math.max(0, Math.min(points.length - 1, k))];
  for (let k = 0; k < points.length - 1; k++)
    for (let s = 0; s < steps; s++) out.push([0, 1].map((axis) => {
      const u = s / steps, [a, b, c, d] = [at(k - 1), at(k), at(k + 1), at(k + 2)].map((p) => p[axis]);
      return 0.5 * (2 * b + (c - a) * u + (2 * a - 5 * b + 4 * c - d) * u * u + (3 * b - a - 3 * c + d) * u ** 3);
    }));
  return [...out, points[points.length - 1]];
}

/** The outline of an arrow along a course, to the right of it. */
function arrow(course, width, aside) {
  const normal = course.map((_, k) => {
    const [a, b] = [course[Math.max(0, k - 1)], course[Math.min(course.length - 1, k + 1)]];
    const way = [b[0] - a[0], b[1] - a[1]], long = Math.hypot(...way);
    return [way[1] / long, -way[0] / long];
  });
  const off = (k, by) => [course[k][0] + by * normal[k][0], course[k][1] + by * normal[k][1]];
  const along = [0];
  for (let k = 1; k < course.length; k++) along.push(along[k - 1] + Math.hypot(course[k][0] - course[k - 1][0], course[k][1] - course[k - 1][1]));
  const neck = along.findLastIndex((way) => way <= along[along.length - 1] - Math.max(0.28, 1.1 * width));
  const wing = Math.max(0.85 * width, width / 2 + 0.08), right = [], left = [];
  for (let k = 0; k <= neck; k++) { right.push(off(k, aside + width / 2)); left.unshift(off(k, aside - width / 2)); }
  return [...right, off(neck, aside + wing), off(course.length - 1, aside), off(neck, aside - wing), ...left];
}

/** The source of the map; cargo: route -> {out, into}, kt a month, mean over worlds; top: the cargo of the widest arrow. */
export function routesMap(map, cargo, top, label) {
  const [wide, tall] = map.size, px = ([x, y]) => `${(x * 40).toFixed(1)},${((tall - y) * 40).toFixed(1)}`;
  const poly = (points, look) => `<polygon points="${points.map(px).join(" ")}" ${look}/>`;
  const parts = [`<rect width="${wide * 40}" height="${tall * 40}" fill="#fff"/>`];
  for (const land of map.lands) parts.push(poly(land, `fill="${LAND}" stroke="${BORDER}"`));
  for (const border of map.borders) parts.push(`<polyline points="${border.map(px).join(" ")}" fill="none" stroke="${BORDER}" stroke-width="1.5" stroke-dasharray="5 3"/>`);
  map.routes.forEach(({name, course}) => {
    const {out, into} = cargo[name], way = smooth(course);
    if (Math.max(out, into) < LEAST) {
      if (map.always.includes(name)) parts.push(`<polyline points="${way.map(px).join(" ")}" fill="none" stroke="${STILL}" stroke-width="2" stroke-dasharray="4 4"/>`);
      return;
    }
    for (const [load, path, colour] of [[into, way, INTO], [out, [...way].reverse(), OUT]]) {
      const width = Math.max((WIDEST * load) / top, NARROWEST);
      if (load >= LEAST) parts.push(poly(arrow(path, width, GAP + width / 2), `fill="${colour}" stroke="#fff"`));
    }
  });
  map.routes.filter(({name}) => map.always.includes(name) || cargo[name].out + cargo[name].into >= LEAST).forEach(({name, course}, k) => {
    const place = smooth(course).find(([x, y]) => x > 0.4 && x < wide - 0.4 && y > 0.4 && y < tall - 0.4), [x, y] = px(place).split(",");
    parts.push(`<circle cx="${x}" cy="${y}" r="9" fill="${INK.soft}"/><text x="${x}" y="${+y + 4}" text-anchor="middle" font-size="12" fill="#fff">${k + 1}</text>`);
  });
  for (const {code, at} of map.places) {
    const [x, y] = px(at).split(",");
    parts.push(`<text x="${x}" y="${y}" text-anchor="middle" font-size="14" fill="${INK.text}" stroke="${LAND}" stroke-width="4" paint-order="stroke">${safe(t(`country.${code}`))}</text>`);
  }
  return `<svg xmlns="${SVG}" viewBox="0 0 ${(wide * 40).toFixed(0)} ${(tall * 40).toFixed(0)}" role="img" aria-label="${safe(label)}" font-family="system-ui, sans-serif">${parts.join("")}</svg>`;
}

/** Cargo of each route, out of North Korea and into it. */
export function cargoOf(loads, map) {
  return Object.fromEntries(map.routes.map(({name, rows: [out, into]}) => [name, {out: loads[out], into: loads[into]}]));
}

/** Value delivered between two countries both ways, MUSD a month at world prices: [{pair, value}]. */
export function tradeOf(delivered, network, prices) {
  return network.pairs.map(({pair, rows}) => ({pair, value: rows.reduce((sum, [row, good]) => sum + delivered[row] * prices[good], 0)}));
}

const ANGLES = {USA: 60, JPN: 0, KOR: -60, PRK: -120, CHN: 180, RUS: 120};
const breadth = (value) => Math.min(1 + 2.6 * Math.log10(1 + Math.max(value, 0)), 12);

/** The source of the network; where `base` is given, colours tell what has become more and less. */
export function network(trade, base, label) {
  const place = (code) => [Math.cos((ANGLES[code] * Math.PI) / 180) * 118 + 190, 150 - Math.sin((ANGLES[code] * Math.PI) / 180) * 112];
  const order = trade.map((one, k) => ({...one, was: base ? base[k].value : one.value})).sort((a, b) => a.value - b.value);
  const parts = ['<rect width="380" height="300" fill="#fff"/>'];
  for (const {pair, value, was} of order) {
    const [[xa, ya], [xb, yb]] = pair.map(place), more = value - was, tells = Math.abs(more) > Math.max(0.5, 0.02 * was);
    const colour = !tells ? STILL : more > 0 ? MORE : LESS, dash = value < 1 ? ' stroke-dasharray="1 5"' : tells && more < 0 ? ' stroke-dasharray="9 4"' : "";
    parts.push(`<line x1="${xa}" y1="${ya}" x2="${xb}" y2="${yb}" stroke="${colour}" stroke-width="${breadth(value).toFixed(1)}"${dash}/>`);
  }
  for (const code of Object.keys(ANGLES)) {
    const [x, y] = place(code), name = t(`country.${code}`);
    const half = 7 + 3.9 * name.length;
    parts.push(`<rect x="${x - half}" y="${y - 14}" width="${2 * half}" height="28" rx="14" fill="#fff" stroke="${INK.text}"/>`,
      `<text x="${x}" y="${y + 4.5}" text-anchor="middle" font-size="13" fill="${INK.text}">${safe(name)}</text>`);
  }
  return `<svg xmlns="${SVG}" viewBox="0 0 380 300" role="img" aria-label="${safe(label)}" font-family="system-ui, sans-serif">${parts.join("")}</svg>`;
}

/** The sentence of the map, with its numbers. */
export function mapSentence(cargo, map, month) {
  const busy = [...map.routes].sort((a, b) => cargo[b.name].out + cargo[b.name].into - cargo[a.name].out - cargo[a.name].into)[0];
  const {out, into} = cargo[busy.name];
  if (out + into < LEAST) return t("map.nothing", {month});
  return t("map.sentence", {month, route: t(`route.${busy.name}`), out: number(out), into: number(into)});
}

export function networkSentence(trade, month) {
  const [first, second] = [...trade].sort((a, b) => b.value - a.value);
  const name = ({pair}) => pair.map((code) => t(`country.${code}`)).join(t("word.dash"));
  return t("network.sentence", {month, first: name(first), value: number(first.value), second: name(second), other: number(second.value)});
}
