import { TimeoutError } from "espalier";
import { describe, describeResult } from "../describe.ts";
import type { Life } from "../life.ts";
import { interruptedBy, outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g10: Oracle = {
  guarantee: "G10",
  demands: "TimeoutError only for the own deadline that came out of the body; CancelledError, or the fallback, for cancel(); else the body's value",
  *check({ lived }) {
    for (const life of lived) if (life.kind === "failAfter" || life.kind === "moveOnAfter" || life.kind === "shield") yield* problems(life);
  },
};

function* problems(life: Life): Generator<string> {
  const given = outcomeOf(life);
  const verdict = verdictOf(life);
  if (given === undefined || verdict === undefined || verdict.open || verdict.failures.length > 0) return;
  const interrupted = interruptedBy(life);
  if (interrupted === undefined) {
    if (!given.ok || given.value !== `value of ${life.name}`) yield `${life.name}'s body returned, and its call ${describeResult(given)}`;
    return;
  }
  const { cause, outer } = interrupted;
  if (outer.surely !== undefined) return; // see G5
  if (outer.perhaps !== undefined && !given.ok && given.error === outer.perhaps) return;
  const told = `${life.name} was interrupted by ${describe(cause)}, and its call ${describeResult(given)}`;
  if (life.kind === "moveOnAfter") {
    if (!given.ok || given.value !== `fallback of ${life.name}`) yield told;
  } else if (cause.source === "deadline") {
    if (given.ok || !(given.error instanceof TimeoutError) || given.error.cause !== cause) yield told;
  } else if (given.ok || given.error !== cause) yield told;
}
