/** The floor: 10,000 async functions that never wait, so that nothing but the bookkeeping is measured. */
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { atMost, type Row } from "../row.ts";
import { functions, inGroup, trivial, withPromiseAll } from "./workload.ts";

const items = 10_000;

export const row: Row = {
  async measure() {
    const work = functions(items, trivial);
    const took = await interleave({
      group: timed(items, () => inGroup(work)),
      promises: timed(items, () => withPromiseAll(work)),
    });
    return [
      {
        what: "spawn and join, trivial tasks",
        items,
        unit: "µs",
        ours: { name: "taskGroup", value: median(took.group) },
        beside: { name: "Promise.all", value: median(took.promises) },
        ratio: pairedRatio(took.group, took.promises),
        reach: atMost(4),
      },
    ];
  },
};
