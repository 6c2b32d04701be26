// The nearest counterfactual: how far one lever must move, all else and all chance the same, to turn an outcome of one world.
// An outcome need not rise or fall with a lever all the way: the whole range is looked at first, then the way to the nearest dose that turns it is narrowed down, as `sim explain` does.

const DOSES = 17, INSIDE = 7, ROUNDS = 2, AT_ONCE = 40, EIGHT = 8;
export const FIRST_NAMED = 3, SAME = 0.02;

/** Numbers from end to end, as NumPy's linspace. */
const between = (low, high, many) => Array.from({length: many}, (_, k) => (k === many - 1 ? high : k * ((high - low) / (many - 1)) + low));

/** A lever of a world: {key, low, high, own, unit, steps}, and which of its doses turn the outcome. */
export class Dosed {
  constructor(lever, own) { Object.assign(this, {...lever, own, low: Math.min(lever.low, own), high: Math.max(lever.high, own), turned: new Map()}); }
  get firstDoses() {
    if (this.unit === "switch") return [0, 1];
    const doses = between(this.low, this.high, DOSES);
    return this.steps ? [...new Set(doses.map(Math.round))] : doses;
  }
  /** [last dose that does not turn it, first that does], seen from the world's own value; at most one on each side. */
  get gaps() {
    return [-1, 1].flatMap((way) => {
      const doses = [...this.turned.keys()].filter((dose) => (dose - this.own) * way > 0).sort((a, b) => (a - b) * way), k = doses.findIndex((dose) => this.turned.get(dose));
      return k < 0 ? [] : [[k ? doses[k - 1] : this.own, doses[k]]];
    });
  }
  get inside() { return this.steps ? [] : this.gaps.flatMap(([from, to]) => between(from, to, INSIDE + 2).slice(1, -1)); }
  /** The dose nearest the world's own value that turns the outcome; null if none does. */
  get nearest() { return this.gaps.map(([, dose]) => dose).reduce((best, dose) => (best === null || Math.abs(dose - this.own) < Math.abs(best - this.own) ? dose : best), null); }
  get moved() { return this.nearest === null ? Infinity : Math.abs(this.nearest - this.own) / (this.high - this.low); }
  get backAgain() {
    const near = this.nearest, way = near > this.own ? 1 : -1;
    return near !== null && ![...this.turned].every(([dose, turned]) => (dose - near) * way <= 0 || turned);
  }
}

/** Let all doses of levers be tried; tried([{key, dose}…]) promises whether each turns the outcome. */
export async function search(levers, tried) {
  const all = async (dosesOf) => {
    const doses = levers.flatMap((lever) => dosesOf(lever).map((dose) => ({lever, key: lever.key, dose}))), turned = await tried(doses);
    doses.forEach(({lever, dose}, k) => lever.turned.set(dose, turned[k]));
  };
  await all((lever) => lever.firstDoses);
  for (let k = 0; k < ROUNDS; k++) await all((lever) => lever.inside);
  return [...levers].sort((a, b) => a.moved - b.moved || (a.key < b.key ? -1 : 1));
}

/** A function that tries doses in a world, some at once, each as if it were a world of its own with the same chance. */
export const trier = (desk, {scenario, settings, off}, world, {name, row, holds}, held) => async (doses) => {
  const found = [];
  for (let at = 0; at < doses.length; at += AT_ONCE) {
    const some = doses.slice(at, at + AT_ONCE).map(({key, dose}) => [key, dose]), last = Math.ceil(some.length / EIGHT) * EIGHT;
    const {months, series} = await desk.post({names: [name], ask: {scenario, settings, off, copy: {world, doses: some}, first: 0, last}}), {values} = series[name], rows = values.length / (months * last);
    some.forEach((_, k) => found.push(holds(Array.from({length: months}, (__, m) => values[(m * rows + row) * last + k])) !== held));
  }
  return found;
};

/** Chances of two worlds that something comes, over the months until it does in either; each world is [[chance, came]…] by month. */
export function compared(here, there) {
  const first = here.findIndex(([, came], m) => came || there[m][1]), until = first < 0 ? here.length : first + 1;
  return [here, there].map((world) => 1 - world.slice(0, until).reduce((none, [chance]) => none * (1 - chance), 1));
}
