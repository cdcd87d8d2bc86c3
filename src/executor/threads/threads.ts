import { threadLauncher } from "#thread-launcher";
import type { Executor, OpenExecutor } from "../contract.ts";
import { block } from "../pool/block.ts";
import { lazily } from "../pool/lazily.ts";
import { Pool } from "../pool/pool.ts";
import type { ThreadOptions } from "./options.ts";

/**
 * Opens a pool of worker threads for a block: `close()` it, or leave it with `await using`, which cancels what is still under way. The threads start with
 * the first calls, and keep no program alive while they have nothing to do.
 *
 * Throws RangeError and TypeError for options that make no sense.
 *
 * @example
 * ```ts
 * import { openThreadPool } from "espalier/threads";
 *
 * const pool = openThreadPool({ size: 2, maxQueued: 100 }); // where the syntax exists: await using pool = …
 * try {
 *   console.log(pool.statistics().workers); // 0
 * } finally {
 *   await pool[Symbol.asyncDispose]();
 * }
 * ```
 */
export function openThreadPool(options: ThreadOptions = {}): OpenExecutor {
  return new Pool(threadLauncher(options), options, "threads");
}

/**
 * Opens a pool of worker threads, runs `body` with it, and ends it: when `body` returned, after the calls that are outstanding; when it threw, they are
 * cancelled first. Gives what `body` gives.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { threadPool, work } from "espalier/threads";
 *
 * export const fibonacci = work(import.meta, "fibonacci", (n: number): number => (n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2)));
 *
 * // The module of a work is loaded in each worker, and all that it does at its import is done there too.
 * const { isMainThread } = await import("node:worker_threads");
 * if (isMainThread) {
 *   await threadPool((threads) => taskGroup(async (group) => console.log(await threads.run(fibonacci, 20, group)))); // 6765
 * }
 * ```
 */
export function threadPool<T>(body: (threads: Executor) => T | PromiseLike<T>, options?: ThreadOptions): Promise<T> {
  return block(() => openThreadPool(options), body);
}

/** The worker threads of the program: as many as the machine runs at once, made at the first call, ended when they are idle. */
export const threads: Executor = lazily(openThreadPool, "threads");
