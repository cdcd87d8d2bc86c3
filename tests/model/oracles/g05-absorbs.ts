import { describeResult } from "../describe.ts";
import type { Life } from "../life.ts";
import { partsOf } from "../shape.ts";
import { interruptedBy, outcomeOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

/** Whether a cancellation that came from beyond a shield, and nothing else, left its function. */
function isFromBeyond(life: Life): boolean {
  const { left } = life;
  if (left === undefined || left.result.ok) return false;
  const { beyond, cancellation } = partsOf(left.result.error, life, left);
  return beyond && cancellation === undefined;
}

export const g05Absorbs: Oracle = {
  guarantee: "G5",
  demands: "where a scope further out is cancelled too, the cancellation passes through to it",
  *check({ lived }) {
    for (const life of lived) {
      const given = outcomeOf(life);
      if (isFromBeyond(life) && given?.ok === true) yield `${life.name} took the cancellation of a scope beyond a shield for its own`;
      const interrupted = interruptedBy(life);
      const { surely } = interrupted?.outer ?? {};
      const result = life.settled?.result;
      if (surely === undefined || result === undefined) continue;
      if (result.ok || result.error !== surely) yield `${life.name} was interrupted in a cancelled scope, and its call ${describeResult(result)}`;
    }
  },
};
