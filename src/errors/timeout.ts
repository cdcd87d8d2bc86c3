import { stamp } from "./brand.ts";
import type { CancelledError } from "./cancelled.ts";

/**
 * A time limit of ours was the reason why a body was cut short (`failAfter`, or a shield's `timeout`).
 * An ordinary error: no scope around takes it for its own cancellation.
 *
 * @example
 * ```ts
 * import { failAfter, sleep, TimeoutError } from "espalier";
 *
 * try {
 *   await failAfter(10, (scope) => sleep(1_000, scope), { name: "lookup" });
 * } catch (error) {
 *   if (error instanceof TimeoutError) console.log(error.ms); // 10
 * }
 * ```
 */
export class TimeoutError extends Error {
  /** For code that looks at codes. */
  get code(): "TIMED_OUT" {
    return "TIMED_OUT";
  }
  /** The time that was allowed, in milliseconds. */
  readonly ms: number;
  /** The CancelledError with which the deadline interrupted the body. */
  declare readonly cause: CancelledError;

  constructor(name: string, ms: number, cause: CancelledError) {
    super(`"${name}" did not finish within ${ms} ms`, { cause });
    this.ms = ms;
  }
}
stamp(TimeoutError, "TimeoutError", "timeout");
