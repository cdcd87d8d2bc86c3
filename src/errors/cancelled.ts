import { describe, hasBrand, stamp } from "./brand.ts";

/** Who asked for a cancellation: see {@link CancelledError.source}. */
export type CancelSource = "explicit" | "deadline" | "sibling" | "signal" | "shutdown" | "ended";

const SENTENCE: Record<CancelSource, (by: string) => string> = {
  explicit: (by) => `"${by}" was cancelled`,
  deadline: (by) => `the deadline of "${by}" passed`,
  sibling: (by) => `"${by}" failed, so what runs beside it was cancelled`,
  signal: (by) => `the signal that was given to "${by}" was aborted`,
  shutdown: (by) => `the program that "${by}" runs is shutting down`,
  ended: (by) => `"${by}" has ended, and this was still pending (was its await forgotten?)`,
};

/**
 * What a library operation throws in a cancelled scope: one object for a cancelled scope and everything in
 * it, also the `reason` of its signal. It is an abort error by name and code, so that whatever recognises
 * the platform's abort recognises it.
 *
 * Let it pass: the scope that was cancelled recognises it by identity (G5). Catching it stops nothing, the
 * next library operation throws it again (G4).
 *
 * @example
 * ```ts
 * import { CancelledError, moveOnAfter, sleep } from "espalier";
 *
 * await moveOnAfter(10, async (scope) => {
 *   try {
 *     await sleep(1_000, scope);
 *   } catch (error) {
 *     if (error instanceof CancelledError) console.log(error.source); // "deadline"
 *     throw error;
 *   }
 * });
 * ```
 */
export class CancelledError extends Error {
  /** `"ABORT_ERR"`, as the platform's abort errors have it. */
  get code(): "ABORT_ERR" {
    return "ABORT_ERR";
  }
  /** What caused it: `cancel()`, a deadline, a failed sibling, an outside signal, `run`'s shutdown, or the end of the scope. */
  readonly source: CancelSource;
  /** What was given to `cancel`, the failed sibling's error, the outside signal's reason; also the `cause`. */
  readonly reason: unknown;
  /** The name of the scope whose cancellation it is; for `"sibling"` that of the task that failed. */
  readonly by: string;

  constructor(source: CancelSource, by: string, reason?: unknown) {
    const sentence = SENTENCE[source](by);
    super(reason === undefined ? sentence : `${sentence}: ${describe(reason)}`, reason === undefined ? undefined : { cause: reason });
    this.source = source;
    this.reason = reason;
    this.by = by;
  }

  /** Keeps source, reason and by in logs. An error as the reason keeps its name and message. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, source, by, reason } = this;
    return { name, code, message, source, by, reason: reason instanceof Error ? { name: reason.name, message: reason.message } : reason };
  }
}
stamp(CancelledError, "AbortError", "cancelled");

/**
 * True for a {@link CancelledError} and for the platform's own abort errors (`name` is `"AbortError"`).
 * It does not tell whose cancellation it is: to let cancellation pass, rethrow whatever it is true for.
 *
 * @example
 * ```ts
 * import { isCancelled } from "espalier";
 *
 * console.log(isCancelled(AbortSignal.abort().reason), isCancelled(new Error("disk full"))); // true false
 * ```
 */
export function isCancelled(error: unknown): boolean {
  return hasBrand(error, "cancelled") || (error instanceof Error && error.name === "AbortError");
}
