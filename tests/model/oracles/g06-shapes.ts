import { CancelledError, isCancelled, TaskGroupError } from "espalier";
import { describe } from "../describe.ts";
import type { Life } from "../life.ts";
import { outcomeOf, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const g06: Oracle = {
  guarantee: "G6",
  demands: "an abort error in place of the cancellation, or one wrapped in an aggregate, counts as it; the rest of the aggregate is kept",
  *check({ lived }) {
    for (const life of lived) {
      const error = thrownBy(life);
      const given = outcomeOf(life);
      const verdict = verdictOf(life);
      if (!isShaped(error) || given === undefined || verdict === undefined || verdict.open) continue;
      const own = verdict.failures.find((failure) => failure.own);
      const seen = given.ok ? [] : [given.error, ...given.attached, ...(given.error instanceof TaskGroupError ? (given.error.errors as unknown[]) : [])];
      if (own !== undefined && own.required && !seen.some((one) => own.matches(one))) yield `${life.name} should have given ${own.text} for ${describe(error)}`;
      if (own === undefined && verdict.cancellation !== undefined && seen.includes(error) && !verdict.failures.some(({ matches }) => matches(error))) yield `${life.name} took ${describe(error)} for a failure, though it was a cancellation`;
    }
  },
};

function thrownBy({ left }: Life): unknown {
  return left === undefined || left.result.ok ? undefined : left.result.error;
}

function isShaped(error: unknown): boolean {
  return (isCancelled(error) && !(error instanceof CancelledError)) || error instanceof SuppressedError || error instanceof AggregateError;
}
