import type { Life } from "../life.ts";
import type { Oracle } from "./oracle.ts";

export const g01: Oracle = {
  guarantee: "G1",
  demands: "a call settles only after everything started in it has finished",
  *check({ lived, run, root }) {
    if (run.hung) yield `${root.name}'s call never settled`;
    for (const life of lived) {
      const settled = life.isTask ? life.ended?.seq : life.forgotten ? undefined : life.settled?.seq;
      if (settled === undefined) continue;
      for (const [what, end] of endsIn(life)) {
        if (end > settled) yield `${life.name} settled (#${settled}), and ${what} ${end === Infinity ? "never ended" : `ended at #${end}`}`;
      }
    }
  },
};

/** Everything that was begun in a life, with the place of its end. */
function* endsIn(life: Life): Generator<readonly [what: string, end: number]> {
  if (life.entered !== undefined) yield [`the function of ${life.name}`, life.left?.seq ?? Infinity];
  for (const { reported, handled } of life.reports) yield [`onError for ${reported.task}`, handled?.seq ?? Infinity];
  for (const { begun, ended } of life.discards) yield [`discarding ${String(begun.value)}`, ended?.seq ?? Infinity];
  for (const child of life.children) yield* endsIn(child);
}
