import { describeResult } from "../describe.ts";
import { interruptedBy } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g05Absorbs: Oracle = {
  guarantee: "G5",
  demands: "where a scope further out is cancelled too, the cancellation passes through to it",
  *check({ lived }) {
    for (const life of lived) {
      const interrupted = interruptedBy(life);
      const { surely } = interrupted?.outer ?? {};
      const result = life.settled?.result;
      if (surely === undefined || result === undefined) continue;
      if (result.ok || result.error !== surely) yield `${life.name} was interrupted in a cancelled scope, and its call ${describeResult(result)}`;
    }
  },
};
