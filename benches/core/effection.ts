/** Beside effection: the same functions that suspend once, by `all`, each called by the operation that waits for it. */
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { rival, versioned } from "../rival.ts";
import { atMost, type Row } from "../row.ts";
import { awaiting, functions, inGroup } from "./workload.ts";

const items = 10_000;
const what = "spawn and join, one await each";

export const row: Row = {
  async measure() {
    const found = await rival("effection", () => import("effection"));
    if ("missing" in found) return [{ what: `${what} ÷ effection`, missing: found.missing }];
    const { all, call, run } = found.module;
    const work = functions(items, awaiting) as (() => Promise<unknown>)[];
    const took = await interleave(
      {
        group: timed(items, () => inGroup(work)),
        effection: timed(items, () => run(() => all(work.map((fn) => call(fn))))),
      },
      { old: true, warmUps: 1, rounds: 31, budget: 60_000 },
    );
    return [
      {
        what,
        items,
        unit: "µs",
        ours: { name: "taskGroup", value: median(took.group) },
        beside: { name: `${versioned("effection")} all`, value: median(took.effection) },
        ratio: pairedRatio(took.group, took.effection),
        reach: atMost(0.005),
      },
    ];
  },
};
