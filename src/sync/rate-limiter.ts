import type { Scope } from "../task/capabilities.ts";
import { operationOf } from "../task/park.ts";
import { sleepUntil } from "../task/sleep.ts";
import { Lock } from "./lock.ts";

/** How fast. */
export interface Rate {
  /** So many tokens come in each `interval`. */
  readonly tokens: number;
  /** In milliseconds. */
  readonly interval: number;
  /** At most so many can be saved up; by default `tokens`. It begins with as many. */
  readonly burst?: number | undefined;
}

/**
 * So many operations in a time, with bursts: a bucket that fills steadily, and out of which each takes a token.
 *
 * First come, first served, also for several tokens at once: who waits for many is not overtaken by who needs one. Time is
 * that of the scope that waits. Cancelled, a waiter leaves and has taken nothing. Throws a RangeError for a rate that is
 * none, and for more tokens than the bucket holds. Cost of an acquire: four promises, and a timer where it has to wait.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { RateLimiter } from "espalier/sync";
 * import { testClock } from "espalier/testing";
 *
 * const rate = new RateLimiter({ tokens: 10, interval: 1_000, burst: 2 });
 * await taskGroup(
 *   async (group) => {
 *     for (let n = 0; n < 4; n++) await rate.acquire(group);
 *     console.log(group.now()); // 200
 *   },
 *   { clock: testClock() },
 * );
 * ```
 */
export class RateLimiter {
  readonly #msPerToken: number;
  readonly #burst: number;
  readonly #turn = new Lock();
  /** How full the bucket was, and when. */
  #tokens: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor({ tokens, interval, burst = tokens }: Rate) {
    if (!(tokens > 0 && interval > 0 && interval < Infinity && burst >= 1)) {
      throw new RangeError(`A RateLimiter needs tokens and an interval above 0, and a burst from 1 up, and got ${tokens} in ${interval} ms, burst ${burst}.`);
    }
    this.#msPerToken = interval / tokens;
    this.#burst = this.#tokens = burst;
  }

  /** Waits for a token and takes it. Rejects with the CancelledError of `scope`. */
  acquire(scope: Scope): Promise<void> {
    return this.acquireMany(1, scope);
  }

  /** Waits for so many tokens, and takes them together. */
  acquireMany(count: number, scope: Scope): Promise<void> {
    return operationOf(this.#acquire(count, scope));
  }

  async #acquire(count: number, scope: Scope): Promise<void> {
    this.#mustHold(count);
    const turn = await this.#turn.acquire(scope);
    try {
      for (let due = this.#take(count, scope.now()); due !== undefined; due = this.#take(count, scope.now())) await sleepUntil(due, scope);
    } finally {
      turn.release();
    }
  }

  /** Takes so many tokens if they are there, and nobody waits before. The scope tells the time. */
  tryAcquire(scope: Scope, count = 1): boolean {
    this.#mustHold(count);
    return !this.#turn.locked && this.#take(count, scope.now()) === undefined;
  }

  statistics(): { readonly tokens: number; readonly burst: number; readonly waiting: number } {
    const { locked, waiting } = this.#turn.statistics();
    return { tokens: this.#tokens, burst: this.#burst, waiting: waiting + (locked ? 1 : 0) };
  }

  /** Takes the tokens, or gives the time at which they will be there. */
  #take(count: number, now: number): number | undefined {
    // A clock that is behind is another one: time begins anew.
    const passed = now >= this.#at ? now - this.#at : 0;
    // Not where no time has passed: of infinitely many tokens in no time that would be no number.
    if (passed > 0) this.#tokens = Math.min(this.#burst, this.#tokens + passed / this.#msPerToken);
    this.#at = now;
    // Of sums of fractions the last bit may be missing.
    const missing = count - this.#tokens;
    if (missing > 1e-9) return now + missing * this.#msPerToken;
    this.#tokens = Math.max(0, -missing);
    return undefined;
  }

  #mustHold(count: number): void {
    if (count > 0 && count <= this.#burst) return;
    throw new RangeError(`A RateLimiter gives from 1 up to ${this.#burst} tokens at once, its burst, and was asked for ${String(count)}: that would wait for ever.`);
  }
}
