// The month in which most happened, of a question about a world: that of `sim explain` without --month, and the text that says why.
import {NOTHING} from "./reasons.js";

const last = (values) => values.length - 1;
const highest = (values) => values.indexOf(Math.max(...values));
const lowest = (values) => values.indexOf(Math.min(...values));

/** The month in which values changed most. */
function mostChanged(values, why) {
  const by = values.slice(1).map((value, month) => Math.abs(value - values[month]));
  return by.some((one) => one > NOTHING) ? [highest(by) + 1, why] : [last(values), "last"];
}

function ofAct(act) {
  const came = act.every((month) => month).filter((month) => act.happened(month)), free = came.filter((month) => !act.scheduled(month));
  if (!came.length) return [highest(act.every((month) => act.chance(month))), "likeliest"];
  return free.length && free.length < came.length ? [free[0], "of_its_own"] : [came[0], "first"];
}

/** By kind of question: a function that returns the month, and the key of why. */
export const MOST = {
  flow: (flow) => mostChanged(flow.every((month) => flow.at(month, "ship.shipped")), "shipped"),
  route: (route) => { const carried = route.every((month) => route.total(month)); return carried.some((_, month) => route.isOpen(month)) ? mostChanged(carried, "cargo") : [last(carried), "shut"]; },
  store(store) {
    const lacking = store.every((month) => store.at(month, "shortage"));
    return lacking.some((one) => one > NOTHING) ? [highest(lacking), "shortage"] : [lowest(store.every((month) => store.at(month, "cover"))), "emptiest"];
  },
  tier(tier) {
    const of = (name) => tier.series(`start_projects.${name}`), first = of("points").findIndex((points) => points > 0), chance = of("chance");
    if (first >= 0) return [first, "project"];
    if (chance.some((one) => one > 0)) return [highest(chance), "project_likeliest"];
    const [guard, cost] = [of("guard"), of("cost")];
    return [highest(of("worth").map((worth, month) => worth / Math.max(guard[month] + cost[month], 1e-9))), "project_nearest"];
  },
  act: ofAct,
  aid: ofAct,
};
