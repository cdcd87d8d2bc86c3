import type { Scope } from "../../task/capabilities.ts";
import type { MayShareMemory, Work } from "../contract.ts";
import { declarationOf } from "../work.ts";
import { checkParallel, type Chunk, endsOf, type ParallelOptions, type Range } from "./chunk.ts";
import { type CountedRange, isTaken, LONGEST, takeTurn } from "./counted-range.ts";
import { inChunks } from "./in-chunks.ts";
import { inTurns } from "./in-turns.ts";

const CALL = "parallelFor()";

/**
 * Runs `work` for a range of numbers, in chunks that the workers of an executor take in turn: large ones first, smaller ones towards the end.
 * It is over when all are. What the works return is dropped: they write into what is `shared`, typed arrays over
 * shared memory ({@link sharedArray}), each into its own part. Processes share nothing: there, use `parallelReduce` or {@link parallelMap}.
 *
 * The first failure cancels the other chunks, and is thrown as the work threw it when they have ended, with theirs suppressed. RangeError and TypeError
 * for what is no range, scope or option, MisuseError `"NOT_DECLARED"` for what is no work. Cancelled: what no worker has begun never runs, those
 * that run see it, and `whenCancelled` says what becomes of them. Cost: on threads that share memory a call for each worker, again after each 50 ms, and less than a µs for each chunk; elsewhere a call
 * a chunk, about `5 × log(range)` for each worker. `shared` is cloned for each call.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { type Chunk, inline, parallelFor, sharedArray, work } from "espalier/executor";
 *
 * export const squares = work(import.meta, "squares", ({ from, to, shared }: Chunk<Float64Array>, scope) => {
 *   for (let at = from; at < to; at++) shared[at] = at * at;
 * });
 *
 * await taskGroup(async (group) => {
 *   const shared = sharedArray(Float64Array, 5);
 *   await parallelFor(squares, { to: 5, shared }, group, { on: inline }); // or threads, of espalier/threads
 *   console.log(shared.join()); // "0,1,4,9,16"
 * });
 * ```
 */
export async function parallelFor<S>(work: Work<Chunk<S>, unknown>, range: Range<NoInfer<S>>, scope: Scope, options: ParallelOptions): Promise<void> {
  const { name, url, concurrency } = declarationOf(work, CALL);
  checkParallel(CALL, scope, options);
  const { on, chunk: least = 1 } = options;
  const [first, end] = endsOf(range, CALL);
  const shared = range.shared as S;
  // A limit of the work holds for each call of it.
  if ((on as MayShareMemory).sharesMemory === true && concurrency === Infinity && end > first && end - first <= LONGEST) {
    const taken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    const counted: CountedRange = { url, name, from: first, to: end, shared, taken, least, width: on.size };
    return inTurns(name, scope, options, () => !isTaken(counted), (own, run) => on.run(takeTurn, counted, own, run));
  }
  await inChunks({ name, from: first, to: end }, scope, options, async (from, to, own, run) => {
    await on.run(work, { from, to, shared }, own, run);
  });
}
