// One worker: it holds the engine and runs the worlds that it is asked for, some at a time.
import {load} from "./engine.js";

let engine, plan, rows, asks = 0;

self.onmessage = async ({data}) => {
  try {
    if (data.plan) {
      plan = data.plan;
      rows = plan.pictures.flatMap(({parts, over}) => [...parts, ...(over ?? [])]);
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
      asks += 1;
      const {key, ask} = data, out = engine.run({...ask, names: plan.maps, parts: rows});
      const found = {key, first: ask.first, last: ask.last, failed: out.failed, ...reduced(out)};
      self.postMessage(found, Object.values(found).filter((one) => one instanceof Float64Array).map((one) => one.buffer));
    }
  } catch (error) {
    self.postMessage({key: data.key, error: String((error && error.message) || error)});
  }
};

/** Return the digest of a run; null if worlds are asked for meanwhile: who moves a slider must not wait for it. */
async function digestOf(ask) {
  const before = asks, steps = engine.groupwise({...ask, names: engine.head.headline});
  for (;;) {
    const {done, value} = steps.next();
    if (done) return engine.digest(value.series);
    await new Promise((go) => setTimeout(go));
    if (asks !== before) return null;
  }
}

/** Only what pictures need: one number a picture, month and world, and sums over worlds of what maps show. */
function reduced({months, worlds, series, rows, failed}) {
  const count = worlds[1] - worlds[0], out = {}, good = [];
  for (let w = 0; w < count; w++) if (!failed.includes(worlds[0] + w)) good.push(w);
  let next = 0;
  const sum = (parts) => parts.reduce((values, {weight}) => add(values, rows[next++], weight), new Float64Array(months * count));
  plan.pictures.forEach(({parts, over, running}, k) => {
    const values = out[`p${k}`] = sum(parts);
    if (over) divide(values, sum(over));
    if (running) for (let i = count; i < values.length; i++) values[i] += values[i - count];
  });
  for (const name of plan.maps) {
    const from = series[name].values, sums = new Float64Array(from.length / count);
    for (let i = 0; i < sums.length; i++) for (const w of good) sums[i] += from[i * count + w];
    out[name] = sums;
  }
  return out;
}

function add(values, from, weight) {
  for (let i = 0; i < values.length; i++) values[i] += weight * from[i];
  return values;
}

function divide(values, under) {
  for (let i = 0; i < values.length; i++) values[i] = under[i] > 0 ? values[i] / under[i] : 0;
}
