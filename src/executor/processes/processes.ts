import type { Executor, OpenExecutor } from "../contract.ts";
import { block } from "../pool/block.ts";
import { lazily } from "../pool/lazily.ts";
import { Pool } from "../pool/pool.ts";
import { processLauncher } from "./launcher.ts";
import type { ProcessOptions } from "./options.ts";

/**
 * Opens a pool of processes for a block: `close()` it, or leave it with `await using`, which cancels what is still under way. The processes start with
 * the first calls, and keep no program alive while they have nothing to do.
 *
 * *Guarantee.* A crash ends one process and fails the calls that had been sent to it, `perWorker` at most, with WorkerDiedError; the pool goes on. No process outlives this one,
 * however that ends, and whatever the process is busy with. Calls see their cancellation in busy loops too. SIGINT, SIGTERM and SIGHUP do not end
 * the processes: what is sent to the whole terminal is for this process to answer.
 *
 * *Failure.* Throws RangeError and TypeError for options that make no sense, or that this runtime does not have. Memory cannot be shared between processes:
 * a SharedArrayBuffer is refused with NotCloneableError. What is in a transfer list is copied, and then gone here. A typed array arrives with a buffer of its own (Bun: with a copy of all of its buffer).
 *
 * *Cancellation.* As in threads. With `whenCancelled: "terminate"`, `cancelSignal` is sent with the cancellation, which a work may listen for; after `grace`, SIGKILL.
 *
 * *Cost.* A process takes about 100 ms to start and 50 MB, its watch thread included; a call some 50 µs, and copies of what it is given and gives.
 *
 * @example
 * ```ts
 * import { openProcessPool } from "espalier/processes";
 *
 * const pool = openProcessPool({ size: 2, maxMemory: 256 }); // where the syntax exists: await using pool = …
 * try {
 *   console.log(pool.statistics().workers); // 0
 * } finally {
 *   await pool[Symbol.asyncDispose]();
 * }
 * ```
 */
export function openProcessPool(options: ProcessOptions = {}): OpenExecutor {
  return new Pool(processLauncher(options), options, "processes");
}

/**
 * Opens a pool of processes, runs `body` with it, and ends it: when `body` returned, after the calls that are outstanding; when it threw, they are
 * cancelled first. Gives what `body` gives.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { processPool, work } from "espalier/processes";
 *
 * export const whoAmI = work(import.meta, "whoAmI", () => process.pid);
 *
 * // The module of a work is loaded in each process, and all that it does at its import is done there too: here, only where nobody sent it to work.
 * if (process.send === undefined) {
 *   await processPool((processes) =>
 *     taskGroup(async (group) => {
 *       const pid = await processes.run(whoAmI, undefined, group);
 *       console.log(pid === process.pid); // false
 *     }),
 *   );
 * }
 * ```
 */
export function processPool<T>(body: (processes: Executor) => T | PromiseLike<T>, options?: ProcessOptions): Promise<T> {
  return block(() => openProcessPool(options), body);
}

/** The processes of the program for works: as many as the machine runs at once, made at the first call, ended when they are idle. */
export const processes: Executor = lazily(openProcessPool, "processes");
