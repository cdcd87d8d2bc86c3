/**
 * Beside effect: the same functions that suspend once, by `forEach` with unbounded concurrency, results discarded.
 * `Effect.promise` of a function without parameters is its cheapest way in: no AbortController, no error channel.
 */
import { interleave, timed } from "../measure.ts";
import { median, pairedRatio } from "../ratio.ts";
import { rival, versioned } from "../rival.ts";
import { atMost, type Row } from "../row.ts";
import { awaiting, functions, inGroup } from "./workload.ts";

const items = 10_000;
const what = "spawn and join, one await each";

export const row: Row = {
  async measure() {
    const found = await rival("effect", () => import("effect"));
    if ("missing" in found) return [{ what: `${what} ÷ effect`, missing: found.missing }];
    const { Effect } = found.module;
    const work = functions(items, awaiting) as (() => Promise<unknown>)[];
    const took = await interleave({
      group: timed(items, () => inGroup(work)),
      effect: timed(items, () => Effect.runPromise(Effect.forEach(work, (fn) => Effect.promise(fn), { concurrency: "unbounded", discard: true }))),
    }, { old: true });
    return [
      {
        what,
        items,
        unit: "µs",
        ours: { name: "taskGroup", value: median(took.group) },
        beside: { name: `${versioned("effect")} forEach`, value: median(took.effect) },
        ratio: pairedRatio(took.group, took.effect),
        reach: atMost(0.15),
      },
    ];
  },
};
