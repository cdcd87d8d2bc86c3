/**
 * A lock: one owner at a time, first come, first served.
 *
 * Invariants
 *   1. It has an owner while anybody waits: a release hands over, and is no invitation to try again.
 *   2. Only its owner releases it.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters, type Waiting } from "./waiters.ts";

interface Claim extends Waiting {
  readonly owner: object;
}

export class Lock {
  readonly #waiting = new Waiters<void, Claim>();
  #owner: object | undefined;

  get isHeld(): boolean {
    return this.#owner !== undefined;
  }

  /** The owner is the scope, unless another object stands for it. */
  acquire(scope: Scope, owner: object = scope): Promise<void> {
    return park<void>(scope, "lock", (waiter) => {
      if (this.#owner !== undefined) return this.#waiting.add({ waiter, owner });
      this.#owner = owner;
      return void waiter.resolve();
    });
  }

  /** Lets the next one have it; false, and nothing happened, if `owner` has it not. */
  release(owner: object): boolean {
    if (owner !== this.#owner) return false;
    this.#owner = this.#waiting.wake()?.owner;
    return true;
  }

  /** Runs `body` as the owner. */
  async hold<T>(scope: Scope, body: () => T | PromiseLike<T>): Promise<T> {
    await this.acquire(scope);
    try {
      return await body();
    } finally {
      this.release(scope);
    }
  }
}
