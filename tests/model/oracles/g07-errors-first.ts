import { TaskGroupError } from "espalier";
import { describeResult } from "../describe.ts";
import { outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g07: Oracle = {
  guarantee: "G7",
  demands: "a real error beats cancellation, and a value",
  *check({ lived }) {
    for (const life of lived) {
      const given = outcomeOf(life);
      const verdict = verdictOf(life);
      const failure = verdict?.failures.find(({ required }) => required);
      if (given === undefined || failure === undefined || verdict?.open === true) continue;
      const isGroup = life.spec.kind === "group" && life.spec.errors === undefined;
      const isFailure = !given.ok && (isGroup ? given.error instanceof TaskGroupError : given.error instanceof TaskGroupError || verdict?.failures.some(({ matches }) => matches(given.error)));
      if (isFailure !== true) yield `${life.name} failed with ${failure.text}, and its call ${describeResult(given)}`;
    }
  },
};
