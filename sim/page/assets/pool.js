// Runs in workers. The latest wish wins: what is no longer wanted is dropped, what is finished is kept for undo.
// The first worlds of every wanted run come before the rest of any, so that bands appear at once.

const FIRST = 40, GROUP = 8, KEPT = 24;
/** Asks that a worker holds: while it answers one, the next already waits, for the page may be drawing. */
const AHEAD = 2;

/** The parts of a run, each a group: {first, last, early, owner}. Workers share them in turn, and each has the same worlds of every run, for it keeps how they begin. */
export function parts(worlds, many) {
  return Array.from({length: worlds / GROUP}, (_, k) => ({first: k * GROUP, last: (k + 1) * GROUP, early: k * GROUP < FIRST, owner: k % many}));
}

export class Pool {
  /** seen(run) is called when the first worlds of a run are there, at times in between, and when all are. */
  constructor(source, payload, page, seen, failed) {
    this.worlds = page.worlds;
    this.seen = seen;
    this.failed = failed;
    this.runs = new Map();
    this.wanted = [];
    this.many = Math.max(1, Math.min(navigator.hardwareConcurrency || 2, 4));
    const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
    this.workers = Array.from({length: this.many}, (_, number) => this.hire(url, payload, page, number));
  }

  hire(url, payload, page, number) {
    const worker = new Worker(url);
    worker.number = number;
    worker.asks = AHEAD;
    worker.onmessage = ({data}) => {
      worker.asks = data.ready ? 0 : worker.asks - 1;
      if (data.error) this.failed(data.error);
      else if ("digest" in data) this.digested(data);
      else if (data.why) this.explained(data);
      else if (data.key) this.take(data);
      this.next();
    };
    worker.onerror = (event) => this.failed(event.message || "worker");
    worker.postMessage({...payload, plan: page.plan});
    return worker;
  }

  /** Ask for some runs, the most urgent first; return what is there of them. */
  want(asked) {
    this.wanted = asked.map((ask) => {
      const run = this.runs.get(ask.key) || {ask, key: ask.key, left: parts(this.worlds, this.many), ranges: [], series: {}, maps: {}, failed: [], since: performance.now()};
      this.runs.delete(ask.key);
      this.runs.set(ask.key, run);
      return run;
    });
    for (const key of [...this.runs.keys()].slice(0, -KEPT)) if (!this.keep?.(key)) this.runs.delete(key);
    this.next();
    return this.wanted;
  }

  next() {
    for (let ahead = 1; ahead <= AHEAD; ahead++) for (const worker of this.workers) {
      if (worker.asks >= ahead) continue;
      const chosen = this.choose(worker.number);
      if (!chosen) return;
      const {run, part: {first, last}} = chosen, {scenario, settings, off} = run.ask;
      this.post(worker, {key: run.key, ask: {scenario, settings, off, rulings: [], first, last}});
    }
  }

  post(worker, message) {
    worker.asks += 1;
    worker.postMessage(message);
  }

  /** Take a part that is still to do: first worlds before others, a worker's own before those of another. */
  choose(number) {
    const tests = [({early, owner}) => early && owner === number, ({early}) => early, ({owner}) => owner === number, () => true];
    for (const test of tests) for (const run of this.wanted) {
      const place = run.left.findIndex(test);
      if (place >= 0) return {run, part: run.left.splice(place, 1)[0]};
    }
    return null;
  }

  /** Compute the digest of a run of all worlds, on a worker that is idle; told(run) when it is there. */
  digest(run, told) {
    const worker = this.workers.find(({asks}) => asks === 0);
    if (!worker || run.digest || run.asked || run.failed.length) return;
    run.asked = true;
    const {scenario, settings, off} = run.ask;
    this.told = told;
    this.post(worker, {key: run.key, digest: true, ask: {scenario, settings, off, rulings: [], first: 0, last: this.worlds}});
  }

  /** Run one world with all that it records, before anything else; told(found) when it is there. */
  explain(run, world, told) {
    const {scenario, settings, off} = run.ask;
    this.asked = {key: run.key, world, told};
    this.post(this.workers[0], {key: run.key, why: true, ask: {scenario, settings, off, rulings: [], world}});
  }

  explained({key, world, why}) {
    if (key === this.asked.key && world === this.asked.world) this.asked.told(why);
  }

  digested({key, digest}) {
    const run = this.runs.get(key);
    if (!run) return;
    run.asked = false;
    run.digest = digest;
    if (digest) this.told(run);
  }

  take({key, first, last, failed, ...found}) {
    const run = this.runs.get(key);
    if (!run) return;
    run.ranges.push([first, last]);
    run.failed.push(...failed);
    for (const [name, values] of Object.entries(found)) {
      if (/^p\d+$/.test(name)) put(run.series, name, values, first, last, this.worlds);
      else if (run.maps[name]) values.forEach((value, i) => { run.maps[name][i] += value; });
      else run.maps[name] = values;
    }
    run.have = run.ranges.reduce((sum, [a, b]) => sum + b - a, 0);
    run.whole = run.have === this.worlds;
    if (run.whole) run.took = performance.now() - run.since;
    if (run.left.some(({early}) => early) || run.have < Math.min(FIRST, this.worlds)) return;
    run.bands = null;
    if (this.wanted.includes(run)) this.seen(run);
  }
}

function put(series, name, values, first, last, worlds) {
  const count = last - first, months = values.length / count;
  series[name] ??= new Float64Array(months * worlds).fill(NaN);
  for (let m = 0; m < months; m++) series[name].set(values.subarray(m * count, (m + 1) * count), m * worlds + first);
}
