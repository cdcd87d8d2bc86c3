import type { Scope } from "../../task/capabilities.ts";
import type { Work } from "../contract.ts";
import { NotCloneableError } from "../not-cloneable-error.ts";
import { declarationOf } from "../work.ts";
import { checkParallel, type ParallelOptions } from "./chunk.ts";
import { inChunks } from "./in-chunks.ts";
import { itemsOf } from "./items.ts";
import { ItemsOfChunk, mapChunk } from "./map-chunk.ts";

const CALL = "parallelMap()";

/**
 * Runs `work` for each item, many in a call, and gives the results in the order of the items. The items are taken at once. Those of a chunk run one after
 * another, in one scope: for works that keep a thread busy. Works that wait are better called each by itself, by `run` in `scope.map`. So are works of a
 * limited `concurrency`, which holds here as well: they are called item by item.
 *
 * Fails, and is cancelled, as {@link parallelFor}, and looks for it between items as well; what cannot be cloned is named by its place, `items[7].onDone` or
 * `results[7]`. Cost: a call a chunk, some hundred nanoseconds an item, and the clones.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { inline, parallelMap, work } from "espalier/executor";
 *
 * export const isPrime = work(import.meta, "isPrime", (n: number) => {
 *   for (let by = 2; by * by <= n; by++) if (n % by === 0) return false;
 *   return n > 1;
 * });
 *
 * await taskGroup(async (group) => {
 *   console.log(await parallelMap(isPrime, [7, 8, 9, 11], group, { on: inline })); // [ true, false, false, true ]
 * });
 * ```
 */
export async function parallelMap<I, R>(work: Work<I, R>, items: Iterable<I>, scope: Scope, options: ParallelOptions): Promise<Awaited<R>[]> {
  const declaration = declarationOf(work, CALL);
  const { name, concurrency } = declaration;
  checkParallel(CALL, scope, options);
  const all = itemsOf(items, CALL);
  const results: Awaited<R>[] = [];
  results.length = all.length;
  await inChunks({ name, from: 0, to: all.length }, scope, options, async (from, to, own, run) => {
    if (concurrency !== Infinity) {
      for (let at = from; at < to; at++) results[at] = await options.on.run(work, all[at]!, own, run);
      return;
    }
    try {
      const part = await options.on.run(mapChunk, new ItemsOfChunk(declaration as never, all.slice(from, to)), own, run);
      for (let at = from; at < to; at++) results[at] = part[at - from] as Awaited<R>;
    } catch (error) {
      throw error instanceof NotCloneableError ? placed(error, from) : error;
    }
  });
  return results;
}

/** The error of a chunk as that of an item of the whole. */
function placed(error: NotCloneableError, from: number): NotCloneableError {
  const found = /^(?:input\.items|(result))\[(\d+)\](.*)$/s.exec(error.path);
  if (found === null) return error;
  const path = `${found[1] === undefined ? "items" : "results"}[${from + Number(found[2])}]${found[3]!}`;
  return new NotCloneableError(path, error.message.replace(error.path, () => path), { cause: error });
}
