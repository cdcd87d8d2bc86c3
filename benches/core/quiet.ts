/**
 * What a quiet moment costs the next burst: 10,000 tasks right after a full collection, at which nothing of ours was alive,
 * beside the same with none before. V8 may forget hidden classes and compiled code then (`src/scope/evergreen.ts`).
 */
import { interleave } from "../measure.ts";
import { compare, type Row } from "../row.ts";
import { collectAll, type Sample, timed, type Ways } from "../sample.ts";
import { awaiting, functions, inGroup, withPromiseAll } from "./workload.ts";

const items = 10_000;
const work = functions(items, awaiting);

const afterCollection = (sample: Sample): Sample => {
  return () => {
    collectAll();
    return sample();
  };
};

export const ways = {
  "group": () => timed(items, () => inGroup(work)),
  "group, collected": () => afterCollection(timed(items, () => inGroup(work))),
  "promises": () => timed(items, () => withPromiseAll(work)),
  "promises, collected": () => afterCollection(timed(items, () => withPromiseAll(work))),
} satisfies Ways;

export const row: Row = {
  async measure() {
    const took = await interleave(import.meta.url, Object.keys(ways) as (keyof typeof ways)[]);
    const about = { what: "tasks right after a full collection ÷ without one", items, unit: "µs" };
    return [
      compare(about, ["taskGroup, collected", took["group, collected"]], ["taskGroup", took["group"]]),
      compare(about, ["Promise.all, collected", took["promises, collected"]], ["Promise.all", took["promises"]]),
    ];
  },
};
