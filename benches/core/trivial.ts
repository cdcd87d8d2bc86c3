/** The floor: 10,000 async functions that never wait, so that nothing but the bookkeeping is measured. */
import { interleave } from "../measure.ts";
import { atMost, compare, type Row } from "../row.ts";
import { timed, type Ways } from "../sample.ts";
import { functions, inGroup, trivial, withPromiseAll } from "./workload.ts";

const items = 10_000;
const work = functions(items, trivial);

export const ways: Ways = {
  group: () => timed(items, () => inGroup(work)),
  promises: () => timed(items, () => withPromiseAll(work)),
};

export const row: Row = {
  async measure() {
    const { group, promises } = await interleave(import.meta.url, ["group", "promises"]);
    return [compare({ what: "spawn and join, trivial tasks", items, unit: "µs", reach: atMost(4) }, ["taskGroup", group], ["Promise.all", promises])];
  },
};
