import { CancelledError, isCancelled } from "espalier";
import { describe } from "../describe.ts";
import type { Life } from "../life.ts";
import { type Given, outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g06: Oracle = {
  guarantee: "G6",
  demands: "an abort error in place of the cancellation, or one wrapped in an aggregate, counts as it; the rest of the aggregate is kept",
  *check({ lived }) {
    for (const life of lived) {
      const thrown = thrownBy(life);
      const given = outcomeOf(life);
      const verdict = verdictOf(life);
      if (!isShaped(thrown) || given === undefined || verdict === undefined || verdict.open) continue;
      const seen = seenIn(given);
      const own = verdict.failures.find((failure) => failure.own);
      if (own?.required === true && !seen.some((one) => own.matches(one))) yield `${life.name} should have given ${own.text} for ${describe(thrown)}`;
      const isAnothers = verdict.failures.some(({ matches }) => matches(thrown));
      const isFailure = own !== undefined || verdict.cancellation === undefined || isAnothers;
      if (!isFailure && seen.includes(thrown)) yield `${life.name} took ${describe(thrown)} for a failure, though it was a cancellation`;
    }
  },
};

function thrownBy({ left }: Life): unknown {
  return left === undefined || left.result.ok ? undefined : left.result.error;
}

/** What a call threw, with all that came in it or with it. */
function seenIn(given: Given): unknown[] {
  if (given.ok) return [];
  return [given.error, ...given.attached, ...(given.error instanceof AggregateError ? (given.error.errors as unknown[]) : [])];
}

function isShaped(error: unknown): boolean {
  return (isCancelled(error) && !(error instanceof CancelledError)) || error instanceof SuppressedError || error instanceof AggregateError;
}
