// Quantiles over worlds, those of sim/analysis/quantiles.py: order statistics with linear interpolation, or the lower one of a whole number. Missing worlds are left out.

/** Relative difference up to which two worlds count as equal: what three digits do not show. */
const ALIKE = 0.001;
export const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

/** The bands of a run: for each picture the levels, each with one number a month, computed when they are first read. */
export function bandsOf(run, pictures, worlds) {
  if (run.bands) return run.bands;
  const found = run.bands = [];
  pictures.forEach(({whole}, k) => Object.defineProperty(found, k, {configurable: true, enumerable: true, get() {
    const value = quantiles(run.series[`p${k}`], worlds, new Set(run.failed), whole);
    Object.defineProperty(found, k, {value});
    return value;
  }}));
  return found;
}

export function quantiles(values, worlds, failed, whole) {
  const months = values.length / worlds, found = LEVELS.map(() => new Float64Array(months)), row = new Float64Array(worlds);
  for (let m = 0; m < months; m++) {
    let n = 0;
    for (let w = 0; w < worlds; w++) {
      const value = values[m * worlds + w];
      if (Number.isFinite(value) && !failed.has(w)) row[n++] = value;
    }
    const sorted = row.subarray(0, n).sort();
    LEVELS.forEach((level, k) => { found[k][m] = n ? at(sorted, level * (n - 1), whole) : NaN; });
  }
  return found;
}

function at(sorted, place, whole) {
  const below = Math.floor(place), low = sorted[below], high = sorted[Math.min(below + 1, sorted.length - 1)];
  return whole ? low : low + (high - low) * (place - below);
}

/** The difference of one of the worlds, of the nearest rank: between none and a little more there is no third. */
const ranked = (sorted, level) => sorted[Math.floor(level * (sorted.length - 1) + 0.5)];

/** World by world, what a change makes of a picture in one month: counts, and median and ends of the differences. Null until both runs are whole. */
export function paired(base, now, k, month, worlds) {
  if (!base?.whole || !now?.whole) return null;
  const lost = new Set([...base.failed, ...now.failed]), found = [];
  for (let w = 0; w < worlds; w++) {
    const [from, to] = [base, now].map((run) => run.series[`p${k}`][month * worlds + w]), least = ALIKE * Math.max(Math.abs(from), Math.abs(to));
    if (!lost.has(w) && Number.isFinite(to - from)) found.push(Math.abs(to - from) <= least ? 0 : to - from);
  }
  const n = found.length, sorted = Float64Array.from(found).sort();
  return n ? {n, more: found.filter((one) => one > 0).length, less: found.filter((one) => one < 0).length, low: ranked(sorted, 0.05), mid: ranked(sorted, 0.5), high: ranked(sorted, 0.95)} : null;
}

/** One world of a picture, month by month. */
export const worldOf = (run, k, world, worlds) => Float64Array.from({length: run.series[`p${k}`].length / worlds}, (_, m) => run.series[`p${k}`][m * worlds + world]);

/** Means over worlds of what a map shows, for one month: one number a row. */
export function means(run, name, month, months) {
  const sums = run.maps[name], rows = sums.length / months, count = run.have - run.failed.length;
  return Array.from(sums.subarray(month * rows, (month + 1) * rows), (sum) => sum / Math.max(count, 1));
}
