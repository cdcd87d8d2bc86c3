import { describe, describeResult } from "../describe.ts";
import type { Life } from "../life.ts";
import { interruptedBy, interruptedFromOutside, outcomeOf, outerOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g11: Oracle = {
  guarantee: "G11",
  demands: "the body's value when it returned, unless an outer cancellation interrupted a task; the CancelledError when the body was interrupted",
  *check({ lived }) {
    for (const life of lived) if (life.kind === "group") yield* problems(life);
  },
};

function* problems(group: Life): Generator<string> {
  const given = outcomeOf(group);
  const verdict = verdictOf(group);
  if (given === undefined || verdict === undefined || verdict.open || verdict.failures.length > 0) return;
  const interrupted = interruptedBy(group);
  const outer = outerOf(group);
  const told = `its call ${describeResult(given)}`;
  if (interrupted !== undefined) {
    const { cause } = interrupted;
    if (outer.surely !== undefined) return; // see G5
    const isRight = !given.ok && (given.error === cause || given.error === outer.perhaps);
    if (!isRight) yield `${group.name}'s body was interrupted by ${describe(cause)}, and ${told}`;
    return;
  }
  const task = interruptedFromOutside(group);
  if (task === undefined) {
    if (!given.ok || given.value !== `value of ${group.name}`) yield `${group.name}'s body returned, no outer cancellation interrupted a task, and ${told}`;
  } else if (given.ok || given.error !== (outer.surely ?? outer.perhaps)) {
    yield `${group.name}'s task ${task.name} was interrupted by an outer cancellation, and ${told}`;
  }
}
