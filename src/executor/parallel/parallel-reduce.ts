import type { Scope } from "../../task/capabilities.ts";
import type { Work } from "../contract.ts";
import { declarationOf } from "../work.ts";
import { checkParallel, type Chunk, endsOf, type ParallelOptions, type Range } from "./chunk.ts";
import { inChunks } from "./in-chunks.ts";
import { itemsOf } from "./items.ts";

const CALL = "parallelReduce()";

/** Puts parts together in the order of their places, whatever the order in which they come. */
class Total<A, P> {
  value: A;
  #next: number;
  readonly #combine: (total: A, part: P) => A;
  readonly #waiting = new Map<number, { readonly to: number; readonly part: P }>();

  constructor(initial: A, from: number, combine: (total: A, part: P) => A) {
    this.value = initial;
    this.#next = from;
    this.#combine = combine;
  }

  add(from: number, to: number, part: P): void {
    this.#waiting.set(from, { to, part });
    for (let next = this.#waiting.get(this.#next); next !== undefined; next = this.#waiting.get(this.#next)) {
      this.#waiting.delete(this.#next);
      this.#next = next.to;
      this.value = this.#combine(this.value, next.part);
    }
  }
}

/**
 * Makes one value of items: `work` makes a part of each chunk of them, an array, in an executor, and `combine` puts the parts together here, from
 * `initial` on and in order. No items give `initial`.
 *
 * So many items and the same executor size give the same chunks, combined in the same order: the result is the same each time, sums of
 * floating-point numbers included. It is independent of the size where `combine` and the work do not mind how the whole is divided.
 *
 * Fails, and is cancelled, as {@link parallelFor}; with what `combine` throws, too. Cost: a call a chunk; parts that come before their turn are kept.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { inline, parallelReduce, work } from "espalier/executor";
 *
 * const longer = (a: string, b: string) => (b.length > a.length ? b : a);
 * export const longest = work(import.meta, "longest", (words: readonly string[]) => words.reduce(longer));
 *
 * await taskGroup(async (group) => {
 *   console.log(await parallelReduce(longest, ["to", "espalier", "fruit"], longer, "", group, { on: inline })); // "espalier"
 * });
 * ```
 */
export function parallelReduce<I, P, A>(work: Work<readonly I[], P>, items: Iterable<I>, combine: (total: A, part: Awaited<P>) => A, initial: A, scope: Scope, options: ParallelOptions): Promise<A>;
/**
 * As above, of a range: the work gets {@link Chunk}s of it, with what is `shared`.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { type Chunk, inline, parallelReduce, sharedArray, work } from "espalier/executor";
 *
 * export const sumOf = work(import.meta, "sumOf", ({ from, to, shared }: Chunk<Float64Array>) => shared.subarray(from, to).reduce((a, b) => a + b, 0));
 *
 * await taskGroup(async (group) => {
 *   const shared = sharedArray(Float64Array, [1, 2, 3, 4]);
 *   console.log(await parallelReduce(sumOf, { to: 4, shared }, (total, part) => total + part, 0, group, { on: inline })); // 10
 * });
 * ```
 */
export function parallelReduce<S, P, A>(work: Work<Chunk<S>, P>, range: Range<NoInfer<S>>, combine: (total: A, part: Awaited<P>) => A, initial: A, scope: Scope, options: ParallelOptions): Promise<A>;
export async function parallelReduce<P, A>(
  work: Work<never, P>,
  over: Iterable<unknown> | Range<unknown>,
  combine: (total: A, part: Awaited<P>) => A,
  initial: A,
  scope: Scope,
  options: ParallelOptions,
): Promise<A> {
  const { name } = declarationOf(work, CALL);
  checkParallel(CALL, scope, options);
  if (typeof combine !== "function") throw new TypeError(`${CALL} needs a function that puts two parts together, and got ${typeof combine}.`);
  const { from: first, to: end, inputOf } = divisible(over);
  const total = new Total(initial, first, combine);
  await inChunks({ name, from: first, to: end }, scope, options, async (from, to, own, run) => {
    total.add(from, to, await options.on.run(work, inputOf(from, to) as never, own, run));
  });
  return total.value;
}

/** What is divided, and what a work gets of it. */
function divisible(over: Iterable<unknown> | Range<unknown>): { from: number; to: number; inputOf: (from: number, to: number) => unknown } {
  if (over === null || typeof over !== "object" || Symbol.iterator in over) {
    const items = itemsOf(over, CALL);
    return { from: 0, to: items.length, inputOf: (from, to) => items.slice(from, to) };
  }
  const [from, to] = endsOf(over, CALL);
  const { shared } = over;
  return { from, to, inputOf: (first, end) => ({ from: first, to: end, shared }) };
}
