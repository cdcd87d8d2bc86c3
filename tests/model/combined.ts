/** What the contract lets come out of a combinator's call, from what came out of its functions. */
import { type CancelledError, TaskGroupError } from "espalier";
import { type Failure, optional, thrownTogether, type Verdict } from "./failure.ts";
import type { Life } from "./life.ts";
import type { Combination } from "./program.ts";
import { exactly, misuse } from "./shape.ts";

/** A function of the call, and how it ended. */
export interface End {
  readonly branch: Life;
  /** `undefined` if it never ended. */
  readonly verdict: Verdict | undefined;
}

export function combined(call: Life, ends: readonly End[]): Verdict {
  const spec = call.spec as Combination;
  const failures = [...failuresOf(spec, call, ends), ...ofDiscards(call), ...ofSource(call, ends)].sort((a, b) => a.since - b.since);
  const open = ends.some(isOpen) || call.felt?.cause.source === "ended";
  return { failures, cancellation: ends.map((end) => cutFromOutside(end, call)).find((cause) => cause !== undefined) ?? cutShort(spec, call), open };
}

/** How the functions of a call ended, in the order in which they were called. */
export function endsOf({ branches }: Life, verdictOf: (branch: Life) => Verdict | undefined): End[] {
  return branches.map((branch) => ({ branch, verdict: verdictOf(branch) }));
}

/** Whether it surely returned a value. */
export function hasSucceeded({ verdict }: End): boolean {
  return verdict !== undefined && !verdict.open && verdict.cancellation === undefined && verdict.failures.length === 0;
}

/** Whether it surely failed. */
export function hasFailed({ verdict }: End): boolean {
  return verdict?.open === false && verdict.failures[0]?.required === true;
}

/** Whether it surely was interrupted, and did not fail. */
export function wasInterrupted({ verdict }: End): boolean {
  return verdict !== undefined && verdict.failures.length === 0 && verdict.cancellation !== undefined;
}

function isOpen({ verdict }: End): boolean {
  return verdict === undefined || verdict.open || verdict.failures[0]?.required === false;
}

/** The end of the moment in which the first of these ended; Infinity for none. */
export function firstOf(ends: readonly End[]): number {
  return Math.min(Infinity, ...ends.map(({ branch }) => branch.quietSince!));
}

function failuresOf(spec: Combination, call: Life, ends: readonly End[]): Failure[] {
  const since = call.opened!.seq;
  if (spec.kind === "allSettled") return [];
  if (spec.kind === "race" && spec.branches.length === 0) return [{ ...misuse("EMPTY"), since, own: false, required: true }];
  return spec.kind === "any" ? ofAny(call, ends) : ends.flatMap(failuresIn);
}

/** What the call gets from one of its functions. */
export function failuresIn({ branch, verdict }: End): Failure[] {
  return thrownTogether(verdict?.failures ?? []).map((failure) => ({ ...failure, since: branch.runsUntil }));
}

/** Tolerates what failed before its win. Who failed in the moment of the win may have been either. */
function ofAny(call: Life, ends: readonly End[]): Failure[] {
  const won = firstOf(ends.filter(hasSucceeded));
  const isCut = isCancelledFromOutside(call);
  if (ends.length === 0 || (won === Infinity && ends.every(hasFailed) && !isCut)) return [allOf(call, ends)];
  return ends.flatMap((end) => {
    const { quietSince, felt, left } = end.branch;
    if (quietSince! < won && won < Infinity && !isCut) return [];
    // What fails while the call is being cancelled is a failure of cleanup: the call cannot win any more.
    const isCleanups = isCut ? felt !== undefined && felt.at < (left?.at ?? 0) && won === Infinity : quietSince! > won;
    return isCleanups ? failuresIn(end) : failuresIn(end).map(optional);
  });
}

/** Cancelled from around, or left by its opener. */
function isCancelledFromOutside(call: Life): boolean {
  const { left, felt } = call.parentAt(call.goneAt)!;
  return Math.min(left?.seq ?? Infinity, felt?.seq ?? Infinity) < call.goneAt;
}

function allOf(call: Life, ends: readonly End[]): Failure {
  const errors = ends.map((end) => failuresIn(end)[0]!);
  const matches = (given: unknown): boolean =>
    given instanceof TaskGroupError && given.errors.length <= ends.length && errors.every((error) => given.errors.some((one) => error.matches(one)));
  return { text: `a TaskGroupError of ${errors.map(({ text }) => text).join(", ")}`, matches, since: call.runsUntil, own: false, required: true };
}

function ofDiscards(call: Life): Failure[] {
  const failed = call.discards.flatMap(({ ended }) => (ended?.result.ok === false ? [{ ...exactly(ended.result.error), since: ended.seq }] : []));
  return thrownTogether(failed.map((failure) => ({ ...failure, own: false, required: true })));
}

/** A source that fails while it is waited for. One that answers when the call was cancelled is waited for no more. */
function ofSource(call: Life, ends: readonly End[]): Failure[] {
  const cancelled = [call, ...call.lineage(Infinity)].map(({ felt }) => felt?.at ?? Infinity);
  const failed = ends.filter(({ verdict }) => verdict?.failures.length !== 0).map(({ branch }) => branch.left?.at ?? Infinity);
  return call.asks.flatMap(({ ended }) => {
    if (ended === undefined || ended.result.ok) return [];
    return [{ ...exactly(ended.result.error), since: ended.seq, own: false, required: ended.at < Math.min(...cancelled, ...failed) }];
  });
}

function cutFromOutside(end: End, call: Life): CancelledError | undefined {
  if (!wasInterrupted(end)) return undefined;
  const { cancellation } = end.verdict!;
  return call.around(call.goneAt).reached.slice(1).some(({ felt }) => felt?.cause === cancellation) ? cancellation : undefined;
}

/** A `map` that did not get through its items. */
function cutShort(spec: Combination, call: Life): CancelledError | undefined {
  return isExhausted(spec, call) ? undefined : call.parentAt(call.goneAt)?.felt?.cause;
}

/** Whether a `map` knew that it had all items before it was cancelled from outside; so it is with the other combinators. */
export function isExhausted(spec: Combination, call: Life): boolean {
  const until = call.parentAt(call.goneAt)?.felt?.seq ?? Infinity;
  return spec.kind !== "map" || call.asks.some(({ ended }) => ended?.result.ok === true && ended.result.value === undefined && ended.seq < until);
}
