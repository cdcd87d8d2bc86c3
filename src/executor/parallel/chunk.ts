/** The words of data parallelism: what is divided, into what, and how. */
import { needCount, needScope, seen } from "../../flow/arguments.ts";
import type { Executor, RunOptions } from "../contract.ts";

/** A part of a range: what a work for {@link parallelFor} gets. `shared` is what the range has. */
export interface Chunk<S = undefined> {
  /** The first one of it. */
  readonly from: number;
  /** The first one after it. */
  readonly to: number;
  readonly shared: S;
}

/** From `from`, 0 by default, up to and without `to`; with what all chunks need, where their work asks for it. */
export type Range<S = undefined> = { readonly from?: number | undefined; readonly to: number } & (undefined extends S ? { readonly shared?: S } : { readonly shared: S });

/** Where and how something is divided. What `run` takes holds for each chunk. */
export interface ParallelOptions extends Omit<RunOptions, "transfer"> {
  /** What runs the chunks. */
  readonly on: Executor;
  /** No chunk is smaller, but the last one: 1 by default. For items or numbers that take less than some microseconds each. */
  readonly chunk?: number | undefined;
}

/** Throws for what makes no sense. */
export function checkParallel(call: string, scope: unknown, options: ParallelOptions): void {
  needScope(scope, call);
  if (typeof options?.on?.run !== "function") throw new TypeError(`${call} needs an executor to run on, { on: threads }, and got ${seen(options?.on)}.`);
  if (options.chunk !== undefined) needCount(options.chunk, call, "the least size of a chunk");
}

/** The two ends of a range. Throws for what is none. */
export function endsOf(range: { readonly from?: number | undefined; readonly to: number }, call: string): readonly [from: number, to: number] {
  // What is none has no ends.
  const { from = 0, to } = range ?? {};
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from <= to && Number.isSafeInteger(to - from);
  if (!isRange) throw new RangeError(`${call} needs a range of whole numbers, { from, to } with from ≤ to, and got from ${String(from)} to ${String(to)}.`);
  return [from, to];
}
