/**
 * Keeps calls away from what fails.
 *
 *             so many failures in a row                     reset ms later, the next call
 *   closed ──────────────────────────────▶ open ──────────────────────────────▶ trying
 *     ▲                                     ▲ └── calls are refused                │ other calls are refused
 *     │                                     └──────────────── it fails ────────────┤
 *     └──────────────────────────────────────────────── it succeeds ───────────────┘
 *
 * Invariants
 *   1. At most one call is under way as the trial of an open circuit. One that is cancelled proves nothing: the next is the trial.
 *   2. A call that began before the state last changed does not change it.
 */
import { isCancelled } from "../errors/cancelled.ts";
import { MisuseError } from "../errors/misuse.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Scope } from "../task/capabilities.ts";
import { needCount, needFunction, needMs, needScope } from "./arguments.ts";
import { CircuitOpenError } from "./circuit-open-error.ts";

/** When a circuit opens, and for how long. */
export interface CircuitBreakerOptions {
  /** So many failures in a row open it. */
  failures: number;
  /** After so many ms a call may try whether it works again. */
  reset: number;
  /** Which failures count; by default all. A cancellation and a MisuseError never do. */
  counts?: ((error: unknown) => boolean) | undefined;
  /** For messages. */
  name?: string | undefined;
}

/** What a breaker knows, for tests and metrics. */
export interface CircuitBreakerStatistics {
  /** As in the drawing: `"trying"` while one call may show whether it works again. */
  readonly state: "closed" | "open" | "trying";
  /** How many calls in a row have failed. */
  readonly failures: number;
  /** How many calls are under way. */
  readonly running: number;
  /** How many were refused since it was made. */
  readonly refused: number;
}

/**
 * Makes a circuit breaker: after `failures` failures in a row, calls are refused with a {@link CircuitOpenError} for `reset` ms. Then
 * one call is let through; it closes the circuit, or opens it for as long again.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { circuitBreaker } from "espalier/flow";
 *
 * const breaker = circuitBreaker({ failures: 2, reset: 30_000, name: "billing" });
 * await taskGroup(async (group) => {
 *   const charge = () => breaker.run(() => Promise.reject(new Error("HTTP 503")), group).catch((error) => error.name);
 *   console.log(await charge(), await charge(), await charge()); // Error Error CircuitOpenError
 *   console.log(breaker.statistics().state); // "open"
 * });
 * ```
 */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  return new CircuitBreaker(options);
}

/**
 * What {@link circuitBreaker} makes. It belongs to no scope and holds no timer: it can be made anywhere, and time is that of whoever calls.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { type CircuitBreaker, circuitBreaker } from "espalier/flow";
 *
 * const breaker: CircuitBreaker = circuitBreaker({ failures: 5, reset: 10_000 });
 * await taskGroup(async (group) => {
 *   console.log(await breaker.run(async () => "up", group)); // "up"
 *   console.log(breaker.statistics()); // { state: 'closed', failures: 0, running: 0, refused: 0 }
 * });
 * ```
 */
export class CircuitBreaker {
  readonly #most: number;
  readonly #reset: number;
  readonly #counts: (error: unknown) => boolean;
  readonly #name: string;
  #state: CircuitBreakerStatistics["state"] = "closed";
  #failures = 0;
  #running = 0;
  #refused = 0;
  /** How often the state has changed. */
  #era = 0;
  #openUntil = 0;
  #lastError: unknown;

  constructor({ failures, reset, counts = () => true, name = "circuit breaker" }: CircuitBreakerOptions) {
    needCount(failures, "circuitBreaker()", "the number of failures");
    needMs(reset, "circuitBreaker()", "its reset");
    needFunction(counts, "circuitBreaker()", "counts");
    this.#most = failures;
    this.#reset = reset;
    this.#counts = counts;
    this.#name = name;
  }

  /**
   * Calls `fn` with `scope`, unless the circuit is open. Throws what `fn` throws, else a {@link CircuitOpenError}.
   *
   * A call that is cancelled counts neither as a failure nor as a success; in a cancelled scope `fn` is not called. Time is that of
   * `scope`.
   */
  async run<T>(fn: (scope: Scope) => T | PromiseLike<T>, scope: Scope): Promise<T> {
    needFunction(fn, "breaker.run()", "the call");
    needScope(scope, "breaker.run()");
    scope.throwIfCancelled();
    this.#admit(scope.now());
    const era = this.#era;
    this.#running++;
    try {
      const value = await fn(scope);
      if (era === this.#era) this.#succeeded();
      return value;
    } catch (error) {
      if (era === this.#era) this.#threw(error, scope);
      throw error;
    } finally {
      this.#running--;
    }
  }

  /** What it knows now. An open circuit is `"open"` until the next call, also when its time is over: it has no timer. */
  statistics(): CircuitBreakerStatistics {
    return { state: this.#state, failures: this.#failures, running: this.#running, refused: this.#refused };
  }

  #admit(now: number): void {
    if (this.#state === "closed") return;
    const wait = this.#state === "open" ? Math.max(0, this.#openUntil - now) : 0;
    if (this.#state === "open" && wait === 0) return this.#become("trying");
    this.#refused++;
    const seen = this.#state === "open" ? `is open for ${Math.ceil(wait)} ms more` : "waits for the call that tries whether it works again";
    throw new CircuitOpenError(`"${this.#name}" ${seen}: ${this.#failures} calls in a row have failed. The call was not made.`, wait, this.#lastError);
  }

  #become(state: CircuitBreakerStatistics["state"]): void {
    this.#state = state;
    this.#era++;
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#lastError = undefined;
    if (this.#state !== "closed") this.#become("closed");
  }

  #threw(error: unknown, scope: Scope): void {
    let proves = false;
    try {
      proves = !isCancelled(error) && !(error instanceof MisuseError) && this.#counts(error);
    } catch (broken) {
      throw firstOf([error, broken]);
    } finally {
      // Open until a moment that has passed: the next call is the trial.
      if (!proves && this.#state === "trying") this.#become("open");
    }
    if (!proves) return;
    this.#failures++;
    this.#lastError = error;
    if (this.#state !== "trying" && this.#failures < this.#most) return;
    this.#openUntil = scope.now() + this.#reset;
    this.#become("open");
  }
}
