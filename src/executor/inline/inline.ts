import type { Executor, ExecutorOptions, OpenExecutor } from "../contract.ts";
import { block } from "../pool/block.ts";
import type { Launcher } from "../pool/carrier.ts";
import { lazily } from "../pool/lazily.ts";
import { Pool } from "../pool/pool.ts";
import { InlineWorker } from "./inline-worker.ts";

/** How an inline executor is opened. */
export interface InlineOptions extends Omit<ExecutorOptions, "min" | "idle" | "recycle"> {
  /** With `perWorker`: so many calls run at a time, `size * perWorker`. Infinity by default. */
  size?: number | undefined;
  /**
   * Does to inputs, results, failures and transfers all that is done on the way to another thread, and imports the modules as that would: a
   * test that runs inline finds what cannot be sent. By default all is passed by reference.
   */
  clone?: boolean | undefined;
}

/**
 * Opens an executor whose works run in this thread, by the same contract: for tests, and where threads do not pay.
 *
 * A work runs in a scope below its call, on the same clock: on a test clock its sleeps take no time. By reference is by reference: nothing is
 * copied, nor taken from the caller that he hands over. What is synchronous blocks this thread; `"terminate"` cannot end it, and waits as
 * `"wait"` does. `caller.callBlocking()` throws MisuseError `"WOULD_BLOCK"`. What is there `perWorker()` is there once for the thread, and is disposed
 * of when the last executor that was opened for it has been closed.
 *
 * Throws RangeError and TypeError for options that make no sense.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { openInlinePool, work } from "espalier/executor";
 *
 * const double = work(import.meta, "double", (n: number) => 2 * n);
 * const pool = openInlinePool({ size: 1, maxQueued: 10 }); // where the syntax exists: await using pool = …
 * try {
 *   await taskGroup(async (group) => console.log(await pool.run(double, 21, group))); // 42
 * } finally {
 *   await pool[Symbol.asyncDispose]();
 * }
 * ```
 */
export function openInlinePool(options: InlineOptions = {}): OpenExecutor {
  const { clone = false, ...rest } = options;
  if (typeof clone !== "boolean") throw new TypeError(`An inline executor knows clone: true and false, and got ${String(clone)}.`);
  const launcher: Launcher = {
    parallelism: Infinity,
    isHere: true,
    launch: (events) => new InlineWorker(events, rest.name ?? "inline", clone),
    // Nothing here is ended for being late or idle.
    later: () => () => {},
  };
  return new Pool(launcher, rest, "inline");
}

/**
 * Opens an inline executor, runs `body` with it, and ends it: when `body` returned, after the calls that are outstanding; when it threw, they are
 * cancelled first. Gives what `body` gives.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { inlinePool, work } from "espalier/executor";
 *
 * const double = work(import.meta, "double", (n: number) => 2 * n);
 * console.log(await inlinePool((inline) => taskGroup((group) => inline.run(double, 21, group)))); // 42
 * ```
 */
export function inlinePool<T>(body: (inline: Executor) => T | PromiseLike<T>, options?: InlineOptions): Promise<T> {
  return block(() => openInlinePool(options), body);
}

/** The thread that calls: as many works at a time as are called, by reference. It is never closed. */
export const inline: Executor = lazily(openInlinePool, "inline");
