// The model in a page: it drives the WebAssembly module month by month, as `sim.experiment.run` drives the model.
// A number of a world lies in a row of eight worlds, rows in groups; what lies where is told by the head of the payload.

const VECTOR = 64, PAGE_SIZE = 65536;
/** States at the first month that are kept, one for each group of worlds: 23 MB. */
const STATES = 96;

/** Return an engine of the bytes of the module, the numbers and the head that `sim.page.payload` made. */
export async function load(wasmBytes, dataBytes, head) {
  const {instance} = await WebAssembly.instantiate(wasmBytes);
  const aligned = new Uint8Array(dataBytes).slice().buffer;
  return new Engine(instance.exports, aligned, typeof head === "string" ? JSON.parse(head) : head);
}

class Engine {
  constructor(code, data, head) {
    Object.assign(this, {code, head, data: new Float64Array(data), keys: new Uint8Array(data), drawn: new Map(), states: new Map()});
    this.rowsOf = {start: new Map(), before: new Map(), now: new Map()};
    head.parameters.forEach(([when, key], row) => this.rowsOf[when].set(key, row));
  }

  /** Run the worlds `first` … `last` - 1, whole groups, one after the other since a group fits the cache; return the named variables as files keep them, and single rows of others: `parts` are {name, row}. With `copy`, {world, doses: [[key, value]…]}, all are copies of one world, with its chance, and each has the next of the doses. */
  run(asked) {
    const steps = this.groupwise(asked);
    for (;;) {
      const {done, value} = steps.next();
      if (done) return value;
    }
  }

  /** Do the same, and yield after each group; other runs may come between. */
  *groupwise({names, parts = [], ...asked}) {
    const {head} = this, [first, last] = [asked.first ?? 0, asked.last ?? head.worlds], count = last - first;
    const months = this.scenario(asked.scenario).months, series = {}, rows = parts.map(() => new Float64Array(months * count));
    for (const name of names) {
      const {first: low, last: high, shape} = this.recorded(name);
      series[name] = {shape: [months, ...shape, count], values: new Float64Array(months * (high - low) * count)};
    }
    const failed = [], size = asked.copy ? count : head.group, all = [...names, ...parts.map(({name}) => name)];
    for (let at = first; at < last; at += size) {
      failed.push(...this.step({...asked, names: all, first: at, last: at + size}, (month) => {
        for (const name of names) this.copy(name, series[name].values, month, count, at - first);
        parts.forEach((part, k) => this.copyRow(part, rows[k], month * count + at - first));
      }));
      yield;
    }
    for (const name of names) if (head.recorded[name].single) rounded(series[name].values);
    parts.forEach(({name}, k) => { if (head.recorded[name].single) rounded(rows[k]); });
    return {months, worlds: [first, last], series, rows, failed};
  }

  /** Run one world; return all recorded variables in full precision, (month, row). */
  world({world, ...asked}) {
    const {group, recorded} = this.head, first = world - world % group, lane = world - first, found = {};
    const months = this.scenario(asked.scenario).months;
    for (const name in recorded) found[name] = new Float64Array(months * (recorded[name].last - recorded[name].first));
    this.step({...asked, names: Object.keys(recorded), first, last: first + group}, (month) => {
      for (const name in recorded) {
        const {first: low, last: high} = recorded[name], rows = high - low, from = this.at.recorded / 8 + lane;
        for (let k = 0; k < rows; k++) found[name][month * rows + k] = this.memory[from + (low + k) * group];
      }
    });
    return found;
  }

  /** Return the SHA-256, in hexadecimal digits, of series as `sim.results.digest` takes it. */
  async digest(series) {
    const hash = new Sha256();
    for (const name of this.head.headline) hash.update(plain(series[name].values));
    return hash.hex();
  }

  scenario(which) {
    const found = this.head.scenarios[which] ?? this.head.scenarios.find((one) => one.name === which);
    if (!found) throw new Error(`no scenario ${which}`);
    return found;
  }

  recorded(name) {
    const found = this.head.recorded[name];
    if (!found) throw new Error(`no recorded variable ${name}`);
    return found;
  }

  // ---- A run

  /** Step all months and call `keep(month)` after each, when the named variables are recorded; return the worlds whose numbers are not finite. */
  step({scenario: which, settings = {}, off = [], rulings = [], orders = [], names, first, last, copy = null}, keep) {
    const scenario = this.scenario(which);
    this.copied = copy?.world ?? null;
    const events = [...scenario.events.filter((_, k) => !off.includes(k)), ...orders.map((order) => ordered(order, scenario.months))];
    this.allocate(first, last);
    const start = this.values(scenario, settings);
    copy?.doses.forEach(([key, dose], place) => start.set(key, dosed(start.get(key), this.groups * this.head.group, place, dose)));
    this.set("start", start);
    this.rested(scenario, start, settings);
    this.record([...names, ...events.flatMap((event) => (event.when ? namesIn(event.when) : []))]);
    let now = start;
    for (let month = 0; month < scenario.months; month++) {
      this.set("now", now);
      this.decide(events, month);
      this.hits(events, month);
      this.set("before", now);
      now = this.changed(start, events, month);
      this.set("now", now);
      this.month(scenario, month, events, rulings);
      keep(month);
    }
    return this.failed(first);
  }

  /** Set the state at the first month: kept from a run with the same settings, but for those that these months do not read, or computed. */
  rested(scenario, start, settings) {
    const {group, rows} = this.head, size = rows.old * group, from = this.at.old / 8;
    const read = JSON.stringify(Object.keys(settings).filter((key) => !scenario.unread.includes(key)).sort().map((key) => [key, settings[key]]));
    const names = Array.from({length: this.groups}, (_, k) => `${scenario.name} ${this.first / group + k} ${read}`);
    const known = names.map((name) => (this.copied === null ? this.states.get(name) : null));
    if (known.every(Boolean)) known.forEach((state, k) => this.memory.set(state, from + k * size));
    else {
      this.set("now", start);
      this.set("before", start);
      this.call("start");
      const shut = new Map(start);
      for (const key of scenario.shut) shut.set(key, 0);
      this.set("before", shut);
      this.set("now", shut);
      this.rest(scenario);
    }
    if (this.copied !== null) return;
    const found = known.every(Boolean) ? known : names.map((_, k) => this.memory.slice(this.at.old / 8 + k * size, this.at.old / 8 + (k + 1) * size));
    names.forEach((name, k) => { this.states.delete(name); this.states.set(name, found[k]); });
    while (this.states.size > STATES) this.states.delete(this.states.keys().next().value);
  }

  /** The months before the first. */
  rest(scenario) {
    const {before, year} = this.head;
    this.record([]);
    for (let month = 1; month <= before; month++) {
      this.month(scenario, month - 1 - before, [], []);
      this.number("months", month <= year ? month : month - year);
      this.change(month <= year ? "early" : "late");
    }
    this.change("rested");
  }

  month(scenario, month, events, rulings) {
    const {year} = this.head;
    this.number("month", month);
    this.number("of_year", (((scenario.first_of_year - 1 + month) % year) + year) % year + 1);
    this.order(events, rulings, month);
    this.draw(scenario, month);
    this.call("month");
  }

  /** Run a program that computes all of the new state. */
  call(name) {
    this.code[name](...this.head.memory.map((section) => this.at[section]), this.groups);
    [this.at.old, this.at.new] = [this.at.new, this.at.old];
  }

  /** Run a program that computes only what it changes, and bring that into the state. */
  change(name) {
    const {group, rows, sets} = this.head;
    this.call(name);
    [this.at.old, this.at.new] = [this.at.new, this.at.old];
    for (let k = 0; k < this.groups; k++) {
      const [to, from] = [this.at.old, this.at.new].map((start) => start / 8 + k * rows.old * group);
      for (const [first, last] of sets[name]) this.memory.copyWithin(to + first * group, from + first * group, from + last * group);
    }
  }

  /** Return the worlds in which a number that a month leaves is no number; infinite ones mean that there is no limit. */
  failed(first) {
    const {group, rows, sets} = this.head, found = [];
    for (let k = 0; k < this.groups; k++) {
      const from = this.at.old / 8 + k * rows.old * group, bad = new Set();
      for (const [low, high] of sets.month) for (let place = low * group; place < high * group; place++) if (Number.isNaN(this.memory[from + place])) bad.add(place % group);
      for (let lane = 0; lane < group; lane++) if (bad.has(lane)) found.push(first + k * group + lane);
    }
    return found;
  }

  // ---- Memory

  /** Lay out memory for some worlds. Where as many were there before, inputs stay what they were until they change. */
  allocate(first, last) {
    const {group, rows, memory, shared} = this.head, groups = (last - first) / group;
    if (first % group || !Number.isInteger(groups) || groups < 1 || (last > this.head.worlds && this.copied === null)) throw new Error(`worlds ${first} to ${last}: whole groups of ${group} within ${this.head.worlds}`);
    if (groups !== this.groups) [this.held, this.ordered] = [[], true];
    this.groups = groups;
    this.first = first;
    this.at = {key: VECTOR};
    let end = 2 * VECTOR;
    for (const name of memory) {
      this.at[name] = end;
      end += rows[name] * VECTOR * (shared.includes(name) ? 1 : groups);
    }
    const missing = Math.ceil((end - this.code.memory.buffer.byteLength) / PAGE_SIZE);
    if (missing > 0) this.code.memory.grow(missing);
    this.memory = new Float64Array(this.code.memory.buffer);
    this.bytes = new Uint8Array(this.code.memory.buffer);
    this.all = {};
    this.waiting = new Map();
  }

  /** Let months record these variables; of the others numbers may be old. */
  record(names) {
    const {rows, recorded} = this.head, from = this.at.asked / 8;
    this.memory.fill(0, from, from + rows.asked * VECTOR / 8);
    for (const name of names) for (const aside of recorded[name].asides) this.memory[from + aside] = 1;
  }

  /** Set a row of inputs to a number, or to a number for each world. */
  fill(row, value) {
    const {group, rows} = this.head;
    for (let k = 0; k < this.groups; k++) {
      const from = this.at.given / 8 + (k * rows.given + row) * group;
      if (typeof value === "number") this.memory.fill(value, from, from + group);
      else this.memory.set(value.subarray(k * group, (k + 1) * group), from);
    }
  }

  number(name, value) {
    this.fill(this.head.inputs[name].first, value);
  }

  /** Set the parameters of "start", "before" or "now" that have changed. */
  set(when, values) {
    if (this.all[when] === values) return;
    this.all[when] = values;
    for (const [key, row] of this.rowsOf[when]) {
      const value = values.get(key);
      if (this.held[row] === value) continue;
      this.held[row] = value;
      this.fill(row, value);
    }
  }

  /** Copy what a month has recorded of these worlds, the first of them at `place`, to values (month, row, `count` worlds). */
  copy(name, values, month, count, place) {
    const {group, rows} = this.head, {first, last} = this.head.recorded[name], many = last - first;
    for (let k = 0; k < this.groups; k++) {
      const from = this.at.recorded / 8 + (k * rows.recorded + first) * group;
      if (count === group) values.set(this.memory.subarray(from, from + many * group), month * many * group);
      else for (let row = 0; row < many; row++) {
        const to = (month * many + row) * count + place + k * group;
        for (let lane = 0; lane < group; lane++) values[to + lane] = this.memory[from + row * group + lane];
      }
    }
  }

  /** Copy one row of what a month has recorded of these worlds to values, from `place` on. */
  copyRow({name, row}, values, place) {
    const {group, rows, recorded} = this.head;
    for (let k = 0; k < this.groups; k++) {
      const from = this.at.recorded / 8 + (k * rows.recorded + recorded[name].first + row) * group;
      for (let lane = 0; lane < group; lane++) values[place + k * group + lane] = this.memory[from + lane];
    }
  }

  // ---- Parameters and events

  /** Return a number of the payload for the worlds of this run: one for all, or one for each. Where all are copies of a world it is that world's. */
  column(value) {
    if (this.copied !== null) return typeof value === "number" ? value : this.data[value[0] + this.copied];
    return typeof value === "number" ? value : this.data.subarray(value[0] + this.first, value[0] + this.first + this.groups * this.head.group);
  }

  values(scenario, settings) {
    const found = new Map();
    for (const key in scenario.values) found.set(key, this.column(scenario.values[key]));
    for (const key in settings) {
      if (!found.has(key)) throw new Error(`no parameter ${key}`);
      found.set(key, Number(settings[key]));
    }
    return found;
  }

  /** Return the share of an event that has come in by a month: one number, or one for each world. */
  come(event, month) {
    const begins = event.when ? this.begun(event).begins : this.column(event.begins), of = (begin) => event.come[begin]?.[month] ?? 0;
    return typeof begins === "number" ? of(begins) : Float64Array.from(begins, of);
  }

  /** Return where an event still waits for its condition, and the months in which it has begun. */
  begun(event) {
    const count = this.groups * this.head.group;
    if (!this.waiting.has(event)) {
      const waiting = this.column(event.waiting), where = typeof waiting === "number" ? new Float64Array(count).fill(waiting) : waiting.slice();
      this.waiting.set(event, {where, begins: new Float64Array(count).fill(Infinity)});
    }
    return this.waiting.get(event);
  }

  /** Let the events begin whose condition the month before has met, for the first time in a world. */
  decide(events, month) {
    for (const event of events) {
      if (!event.when || month < event.first || month > event.last) continue;
      const {where, begins} = this.begun(event);
      where.forEach((waits, world) => {
        if (!waits || !this.holds(event.when, world)) return;
        where[world] = 0;
        begins[world] = month + event.delay;
      });
    }
  }

  /** Return whether a condition holds in a world, of what the last month recorded. */
  holds({word, parts, name, row, sign, limit}, world) {
    if (word === "not") return !this.holds(parts[0], world);
    if (word) return parts[word === "and" ? "every" : "some"]((part) => this.holds(part, world));
    const {group, rows, recorded} = this.head, lane = world % group;
    const x = this.memory[this.at.recorded / 8 + (Math.floor(world / group) * rows.recorded + recorded[name].first + row) * group + lane];
    return sign === ">" ? x > limit : sign === ">=" ? x >= limit : sign === "<" ? x < limit : x <= limit;
  }

  /** Return parameters as they hold in a month; an event counts on top of those before it. */
  changed(start, events, month) {
    let now = start;
    for (const event of events) {
      if (event.kind !== "value" && event.kind !== "factor") continue;
      const come = this.come(event, month);
      if (!some(come)) continue;
      const size = this.column(event.size), was = now.get(event.key);
      if (now === start) now = new Map(start);
      now.set(event.key, each(this.groups * this.head.group, [was, size, come], (x, by, weight) => {
        const whole = event.kind === "value" ? by : x * by;
        return weight >= 1 ? whole : x + weight * (whole - x);
      }));
    }
    return now;
  }

  /** Let the shocks of a month hit the state. */
  hits(events, month) {
    for (const event of events.filter((one) => one.kind === "shock")) {
      const happens = this.come(event, month);
      if (!some(happens)) continue;
      const size = this.column(event.size);
      this.number("happens", happens);
      this.number("factor", event.adds ? 1 : size);
      this.number("add", event.adds ? size : 0);
      this.change(event.program);
    }
  }

  /** Set what the scenario and the log of rulings say of acts in a month. */
  order(events, rulings, month) {
    const {inputs, orders} = this.head;
    if (this.ordered) for (const array of new Set(Object.values(orders))) for (let row = inputs[array].first; row < inputs[array].last; row++) this.fill(row, 0);
    this.ordered = false;
    if (month < 0) return;
    for (const event of events.filter((one) => one.kind === "order")) {
      const come = this.come(event, month);
      if (some(come)) for (const option of event.rows) this.say(event.what, option, come, this.column(event.size));
    }
    for (const ruling of rulings) if (ruling.month === month) this.say(ruling.what, ruling.option, 1, 0);
  }

  /** Say "scheduled", "asked", "refused" or "willing" of an option, where it has come in; who is asked and refuses refuses. */
  say(what, option, come, size) {
    const {group, rows, inputs, orders} = this.head, of = (one, world) => (typeof one === "number" ? one : one[world]);
    const says = {scheduled: () => 1, asked: (was) => (was < 0 ? was : 1), refused: () => -1, willing: (was, by) => was + by}[what];
    this.ordered = true;
    if (!says || !(option >= 0 && option < inputs.acts.last - inputs.acts.first)) throw new Error(`no ruling ${what} of option ${option}`);
    for (let world = 0; world < this.groups * group; world++) {
      const place = this.at.given / 8 + (Math.floor(world / group) * rows.given + inputs[orders[what]].first + option) * group + world % group;
      if (of(come, world) > 0) this.memory[place] = says(this.memory[place], of(come, world) * of(size, world));
    }
  }

  // ---- Chance

  /** Set the draws of a month, which are made once for each seed and group; copies of a world all have its draws. */
  draw(scenario, month) {
    const {group, rows, inputs} = this.head, low = inputs.war.first;
    for (let k = 0; k < this.groups; k++) {
      const from = this.at.given / 8 + (k * rows.given + low) * group;
      if (this.copied === null) this.memory.set(this.drawnOf(scenario, month, k, this.first / group + k), from);
      else {
        const drawn = this.drawnOf(scenario, month, 0, Math.floor(this.copied / group)), lane = this.copied % group;
        for (let at = 0; at < drawn.length; at += group) this.memory.fill(drawn[at + lane], from + at, from + at + group);
      }
    }
  }

  /** Return the draws of a month of a group of worlds, made, if they are not known, at the place of the k-th group of this run. */
  drawnOf(scenario, month, k, number) {
    const {group, rows, inputs, before} = this.head, low = inputs.war.first, many = inputs.projects.last - low, name = `${scenario.seed} ${month} ${number}`;
    if (!this.drawn.has(name)) {
      const when = month < 0 ? "before " : "", at = month < 0 ? before + month : month, from = this.at.given / 8 + (k * rows.given + low) * group;
      for (const cause in scenario.streams[when]) this.stream(scenario.streams[when][cause], inputs[cause], at, k, number);
      this.drawn.set(name, this.memory.slice(from, from + many * group));
    }
    return this.drawn.get(name);
  }

  /** Make the draws of a cause: of one stream for each row, or of one stream for all rows. */
  stream(streams, {first, last}, month, k, number) {
    const {group, rows, stream} = this.head, many = last - first, world = number * group;
    for (let row = 0; row < many; row++) {
      const own = streams.length > 1 || many === 1, place = streams[own ? row : 0][Math.floor(world / stream)];
      const at = (own ? month : month * many + row) * stream + world % stream;
      this.bytes.set(this.keys.subarray(place * 8, place * 8 + 16), this.at.key);
      this.code.draws(this.at.key, at / 4, this.at.given + (k * rows.given + first + row) * VECTOR);
    }
  }
}

/** An order, {month, duration, key, how: "value" or "factor", size}, as an event of the payload; it comes after those of the scenario. */
function ordered({month, duration, key, how, size}, months) {
  return {kind: how, key, size, begins: month, come: {[month]: Array.from({length: months}, (_, m) => +(m >= month && m < month + duration))}};
}

/** Return the names of the variables that a condition compares. */
function namesIn(condition) {
  return condition.word ? condition.parts.flatMap(namesIn) : [condition.name];
}

/** Values of a parameter in copies of a world of which one has a dose of it. */
function dosed(values, count, place, dose) {
  const found = typeof values === "number" ? new Float64Array(count).fill(values) : values;
  found[place] = dose;
  return found;
}

function some(value) {
  return typeof value === "number" ? value > 0 : value.some((one) => one > 0);
}

/** Apply a function to numbers, or world by world where one differs between worlds. */
function each(count, values, compute) {
  if (values.every((one) => typeof one === "number")) return compute(...values);
  const of = (one, world) => (typeof one === "number" ? one : one[world]);
  return Float64Array.from({length: count}, (_, world) => compute(...values.map((one) => of(one, world))));
}

/** Round to the seven digits that files keep of large arrays. */
function rounded(values) {
  for (let k = 0; k < values.length; k++) values[k] = Math.fround(values[k]);
}

/** Return the bytes of numbers, lowest first; a nan has one form. */
function plain(values) {
  const bytes = new Uint8Array(values.length * 8), view = new DataView(bytes.buffer);
  values.forEach((value, k) => view.setFloat64(k * 8, value === value ? value : NaN, true));
  for (let k = 0; k < values.length; k++) if (values[k] !== values[k]) view.setBigUint64(k * 8, 0x7ff8000000000000n, true);
  return bytes;
}

/** SHA-256 (FIPS 180-4), since a worker of a file opened from a disk may not have the browser's own. */
class Sha256 {
  constructor() {
    const primes = [];
    for (let n = 2; primes.length < 64; n++) if (primes.every((p) => n % p)) primes.push(n);
    this.constants = primes.map((p) => fraction(p, 3n));
    this.state = Uint32Array.from(primes.slice(0, 8), (p) => fraction(p, 2n));
    this.rest = new Uint8Array(0);
    this.length = 0;
  }

  update(bytes) {
    this.length += bytes.length;
    const all = new Uint8Array(this.rest.length + bytes.length);
    all.set(this.rest);
    all.set(bytes, this.rest.length);
    const whole = all.length - all.length % 64;
    for (let at = 0; at < whole; at += 64) this.block(new DataView(all.buffer, at, 64));
    this.rest = all.slice(whole);
  }

  block(view) {
    const w = new Int32Array(64), turn = (x, n) => (x >>> n) | (x << (32 - n));
    for (let k = 0; k < 16; k++) w[k] = view.getInt32(4 * k);
    for (let k = 16; k < 64; k++) {
      const x = w[k - 15], y = w[k - 2];
      w[k] = w[k - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[k - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = this.state;
    for (let k = 0; k < 64; k++) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + this.constants[k] + w[k]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((x, k) => { this.state[k] += x; });
  }

  hex() {
    const bits = BigInt(this.length) * 8n, tail = new Uint8Array((this.rest.length < 56 ? 64 : 128) - this.rest.length);
    tail[0] = 0x80;
    new DataView(tail.buffer).setBigUint64(tail.length - 8, bits);
    this.update(tail);
    return Array.from(this.state, (x) => x.toString(16).padStart(8, "0")).join("");
  }
}

/** Return the first 32 bits of the fraction of a root of a prime. */
function fraction(prime, root) {
  const scaled = BigInt(prime) << (32n * root);
  let low = 0n, high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** root <= scaled) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}
