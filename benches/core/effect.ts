/**
 * Beside effect: the same functions that suspend once, by `forEach` with unbounded concurrency; where its results are
 * discarded beside a task group, where they are kept beside `all`.
 *
 * `Effect.promise` of a function without parameters is its cheapest way in: no AbortController, no error channel.
 */
import { all } from "../espalier.ts";
import { interleave } from "../measure.ts";
import { missing, versioned } from "../rival.ts";
import { atMost, compare, type Row } from "../row.ts";
import { type Sample, timed, type Ways } from "../sample.ts";
import { awaiting, functions, inGroup } from "./workload.ts";

const items = 10_000;
const work = functions(items, awaiting);

export const ways: Ways = {
  group: () => timed(items, () => inGroup(work)),
  all: () => timed(items, () => all(work)),
  forEach: () => withEffect(true),
  results: () => withEffect(false),
};

async function withEffect(discard: boolean): Promise<Sample> {
  const { Effect } = await import("effect");
  const options = { concurrency: "unbounded", discard } as const;
  return timed(items, () => Effect.runPromise(Effect.forEach(work, (fn) => Effect.promise(fn), options)));
}

export const row: Row = {
  async measure() {
    const about = { what: "spawn and join, one await each, beside effect", items, unit: "µs" };
    const lack = missing("effect");
    if (lack !== undefined) return [{ ...about, missing: lack }];
    const took = await interleave(import.meta.url, ["group", "all", "forEach", "results"]);
    return [
      compare({ ...about, reach: atMost(0.15) }, ["taskGroup", took.group], [`${versioned("effect")} forEach, discard`, took.forEach]),
      compare(about, ["all", took.all], [`${versioned("effect")} forEach`, took.results]),
    ];
  },
};
