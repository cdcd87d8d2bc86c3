import { stamp } from "../errors/brand.ts";

/**
 * A circuit breaker is open, and the call was not made. `cause` is the failure that opened it.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { circuitBreaker, CircuitOpenError } from "espalier/flow";
 *
 * const breaker = circuitBreaker({ failures: 1, reset: 30_000 });
 * await taskGroup(async (group) => {
 *   await breaker.run(() => Promise.reject(new Error("down")), group).catch(() => {});
 *   await breaker.run(() => "up", group).catch((error) => {
 *     if (error instanceof CircuitOpenError) console.log(String(error.cause)); // "Error: down"
 *   });
 * });
 * ```
 */
export class CircuitOpenError extends Error {
  /** For code that looks at codes. */
  get code(): "CIRCUIT_OPEN" {
    return "CIRCUIT_OPEN";
  }
  /** Milliseconds after which a call may be tried; 0 while such a trial is under way. */
  readonly retryAfter: number;

  constructor(message: string, retryAfter: number, cause: unknown) {
    super(message, { cause });
    this.retryAfter = retryAfter;
  }
}
stamp(CircuitOpenError, "CircuitOpenError", "circuit");
