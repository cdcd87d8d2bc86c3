import { TaskGroupError } from "espalier";
import { describeResult } from "../describe.ts";
import type { Verdict } from "../failure.ts";
import type { Life } from "../life.ts";
import { type Given, outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g07: Oracle = {
  guarantee: "G7",
  demands: "a real error beats cancellation, and a value",
  *check({ lived }) {
    for (const life of lived) {
      const given = outcomeOf(life);
      const verdict = verdictOf(life);
      const failure = verdict?.failures.find(({ required }) => required);
      if (given === undefined || verdict === undefined || failure === undefined || verdict.open) continue;
      if (!isFailure(given, verdict, life)) yield `${life.name} failed with ${failure.text}, and its call ${describeResult(given)}`;
    }
  },
};

/** Whether a call failed, and not by a cancellation. Which failures it told of is for G3. */
function isFailure(given: Given, { failures }: Verdict, { spec }: Life): boolean {
  if (given.ok) return false;
  if (given.error instanceof TaskGroupError) return true;
  const isGroup = spec.kind === "group" && spec.errors === undefined;
  return !isGroup && failures.some(({ matches }) => matches(given.error));
}
