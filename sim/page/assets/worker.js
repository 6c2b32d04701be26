// One worker: it holds the engine and runs the worlds that it is asked for, some at a time.
import {load} from "./engine.js";

let engine, plan, parts = 0;

self.onmessage = async ({data}) => {
  try {
    if (data.plan) {
      plan = data.plan;
      engine = await load(data.wasm, data.numbers, data.head);
      self.postMessage({ready: true});
    } else if (data.digest) {
      self.postMessage({key: data.key, digest: await digestOf(data.ask)});
    } else if (data.why) {
      const found = engine.world(data.ask);
      self.postMessage({key: data.key, world: data.ask.world, why: Object.fromEntries(Object.entries(found).filter(([name]) => name.startsWith("why.") || plan.why.includes(name)))});
    } else if (data.names) {
      const {months, series, failed} = engine.run({...data.ask, names: data.names});
      self.postMessage({key: data.key, months, series, failed}, Object.values(series).map(({values}) => values.buffer));
    } else {
      parts += 1;
      const {key, ask} = data, out = engine.run({...ask, names: plan.names});
      const found = {key, first: ask.first, last: ask.last, failed: out.failed, ...reduced(out)};
      self.postMessage(found, Object.values(found).filter((one) => one instanceof Float64Array).map((one) => one.buffer));
    }
  } catch (error) {
    self.postMessage({key: data.key, error: String((error && error.message) || error)});
  }
};

/** Return the digest of a run; null if worlds are asked for meanwhile: who moves a slider must not wait for it. */
async function digestOf(ask) {
  const before = parts, steps = engine.groupwise({...ask, names: engine.head.headline});
  for (;;) {
    const {done, value} = steps.next();
    if (done) return engine.digest(value.series);
    await new Promise((go) => setTimeout(go));
    if (parts !== before) return null;
  }
}

/** Only what pictures need: one number a picture, month and world, and sums over worlds of what maps show. */
function reduced({months, worlds, series, failed}) {
  const count = worlds[1] - worlds[0], out = {}, good = [];
  for (let w = 0; w < count; w++) if (!failed.includes(worlds[0] + w)) good.push(w);
  plan.pictures.forEach((picture, k) => {
    const values = new Float64Array(months * count);
    for (const {name, row, weight} of picture.parts) add(values, series[name], row, weight, months, count);
    if (picture.over) divide(values, picture, series, months, count);
    if (picture.running) for (let i = count; i < values.length; i++) values[i] += values[i - count];
    out[`p${k}`] = values;
  });
  for (const name of plan.maps) {
    const from = series[name].values, rows = from.length / (months * count), sums = new Float64Array(months * rows);
    for (let i = 0; i < sums.length; i++) for (const w of good) sums[i] += from[i * count + w];
    out[name] = sums;
  }
  return out;
}

function add(values, {values: from}, row, weight, months, count) {
  const rows = from.length / (months * count);
  for (let m = 0; m < months; m++)
    for (let w = 0; w < count; w++) values[m * count + w] += weight * from[(m * rows + row) * count + w];
}

function divide(values, {over}, series, months, count) {
  const under = new Float64Array(values.length);
  for (const {name, row, weight} of over) add(under, series[name], row, weight, months, count);
  for (let i = 0; i < values.length; i++) values[i] = under[i] > 0 ? values[i] / under[i] : 0;
}
