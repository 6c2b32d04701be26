// Quantiles over worlds: linear interpolation of order statistics, as NumPy's. Missing worlds are left out.

export const LEVELS = [0.05, 0.25, 0.5, 0.75, 0.95];

/** The bands of a run: for each picture the levels, each with one number a month. */
export function bandsOf(run, pictures, worlds) {
  return (run.bands ??= pictures.map((_, k) => quantiles(run.series[`p${k}`], worlds, new Set(run.failed))));
}

export function quantiles(values, worlds, failed) {
  const months = values.length / worlds, found = LEVELS.map(() => new Float64Array(months)), row = new Float64Array(worlds);
  for (let m = 0; m < months; m++) {
    let n = 0;
    for (let w = 0; w < worlds; w++) {
      const value = values[m * worlds + w];
      if (Number.isFinite(value) && !failed.has(w)) row[n++] = value;
    }
    const sorted = row.subarray(0, n).sort();
    LEVELS.forEach((level, k) => { found[k][m] = n ? at(sorted, level * (n - 1)) : NaN; });
  }
  return found;
}

function at(sorted, place) {
  const below = Math.floor(place), low = sorted[below], high = sorted[Math.min(below + 1, sorted.length - 1)];
  return low + (high - low) * (place - below);
}

/** One world of a picture, month by month. */
export const worldOf = (run, k, world, worlds) => Float64Array.from({length: run.series[`p${k}`].length / worlds}, (_, m) => run.series[`p${k}`][m * worlds + world]);

/** Means over worlds of what a map shows, for one month: one number a row. */
export function means(run, name, month, months) {
  const sums = run.maps[name], rows = sums.length / months, count = run.have - run.failed.length;
  return Array.from(sums.subarray(month * rows, (month + 1) * rows), (sum) => sum / Math.max(count, 1));
}
