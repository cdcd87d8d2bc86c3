import { describe, describeResult } from "../describe.ts";
import { type End, endsOf, failuresIn, firstOf, hasFailed, hasSucceeded, isExhausted, wasInterrupted } from "../combined.ts";
import type { Life } from "../life.ts";
import { isCombination } from "../program.ts";
import { interruptedBy, verdictOf } from "../verdict.ts";
import type { Oracle } from "./oracle.ts";

export const a01: Oracle = {
  guarantee: "A01",
  demands: "a combinator gives the results in the order of its functions, the value of the first, or of the first that succeeded",
  *check({ lived }) {
    for (const call of lived) if (call.settled !== undefined && isCombination(call.spec)) yield* problems(call);
  },
};

function* problems(call: Life): Generator<string> {
  const { result } = call.settled!;
  const verdict = verdictOf(call)!;
  const ends = endsOf(call, verdictOf);
  if (result.ok) {
    const wrong = wrongIn(result.value, call, ends);
    if (wrong !== undefined) yield `${call.name} gave ${describe(result.value)}, and ${wrong}`;
  } else if (!verdict.open && verdict.failures.length === 0 && !isDisowned(call)) {
    const { cause, outer } = interruptedBy(call) ?? {};
    const isOuter = cause !== undefined && (result.error === cause || result.error === outer?.surely || result.error === outer?.perhaps);
    const isRight = isOuter || isOvertaken(call, result.error);
    if (!isRight) yield `nothing failed in ${call.name} and no outer cancellation interrupted it, and its call ${describeResult(result)}`;
  }
}

/** Whether the last answer of a source came in the moment of a cancellation, and may have come too late. */
function isOvertaken(call: Life, error: unknown): boolean {
  const felt = call.parentAt(call.goneAt)?.felt;
  return felt !== undefined && error === felt.cause && call.asks.at(-1)?.ended?.at === felt.at;
}

/** Whether its opener had ended before, and so cancelled it (G16). */
function isDisowned({ parent, settled }: Life): boolean {
  return parent?.left !== undefined && parent.left.seq < settled!.seq;
}

/** What is wrong with the value of a call. */
function wrongIn(value: unknown, call: Life, ends: readonly End[]): string | undefined {
  if (!isCombination(call.spec)) return undefined;
  const { kind, branches } = call.spec;
  if (kind === "race" || kind === "any") return isFirst(value, kind, ends) ? undefined : "another one was first";
  if (!Array.isArray(value) || value.length !== branches.length || ends.length !== branches.length) return "not every function has its result";
  if (!isExhausted(call.spec, call)) return "there were more items";
  const index = branches.findIndex(({ name }, at) => !isResult(value[at], kind, ends.find(({ branch }) => branch.name === name)!));
  return index < 0 ? undefined : `what ${branches[index]!.name} gave is not in its place`;
}

/** Whether it is the value of one that ended in the moment in which the first did. */
function isFirst(value: unknown, kind: "race" | "any", ends: readonly End[]): boolean {
  const contenders = ends.filter((end) => hasSucceeded(end) || (kind === "race" && hasFailed(end)));
  const first = firstOf(contenders);
  const given = ends.find(({ branch }) => value === `value of ${branch.name}`);
  return given !== undefined && given.branch.quietSince! <= first;
}

function isResult(result: unknown, kind: "all" | "allSettled" | "map", end: End): boolean {
  const value = `value of ${end.branch.name}`;
  if (kind !== "allSettled") return result === value;
  const record = result as PromiseSettledResult<unknown>;
  const [failure] = failuresIn(end);
  if (hasFailed(end)) return record.status === "rejected" && failure!.matches(record.reason);
  if (hasSucceeded(end)) return record.status === "fulfilled" && record.value === value;
  return !wasInterrupted(end) || record.status === "rejected";
}
