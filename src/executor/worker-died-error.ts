import { stamp } from "../errors/brand.ts";

/** How a worker ended, that ran something: see {@link WorkerDiedError}. */
export type WorkerDiedCode = "WORKER_DIED" | "WORKER_NOT_STARTED" | "WORKER_LOST";

/**
 * A worker ended while it ran the work: by `process.exit`, an uncaught error (`cause`), a lack of memory, a crash. Whatever it ran
 * failed with it, what it had not begun runs elsewhere, and the pool goes on. `"WORKER_NOT_STARTED"`: it never came so far.
 * `"WORKER_LOST"`: it is on another machine and has not been heard of for a lease; whether it ran the work, and to which end, nobody here can tell.
 *
 * @example
 * ```ts
 * import { WorkerDiedError } from "espalier/executor";
 *
 * const retryable = (error: unknown) => error instanceof WorkerDiedError && error.exit !== "SIGKILL";
 * console.log(retryable(new Error("another one"))); // false
 * ```
 */
export class WorkerDiedError extends Error {
  readonly code: WorkerDiedCode;
  /** The exit code, or the signal that ended it; `undefined` where the runtime does not tell. */
  readonly exit: number | string | undefined;

  constructor(code: WorkerDiedCode, message: string, exit: number | string | undefined, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.exit = exit;
  }
}
stamp(WorkerDiedError, "WorkerDiedError", "worker");
