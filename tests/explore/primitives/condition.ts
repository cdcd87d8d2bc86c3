/**
 * A condition: the owner of a lock lets go of it until somebody tells that something has changed.
 *
 * Invariants
 *   1. Letting go of the lock and waiting are one step: what is told after the release is heard.
 *   2. `wait` is over only with the lock in the caller's hands, also when it was cancelled.
 *   3. Who was notified does not know that the state is still what it was then: callers look again.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import type { Lock } from "./lock.ts";
import { Waiters } from "./waiters.ts";

export class Condition {
  readonly #waiting = new Waiters();
  readonly #lock: Lock;

  constructor(lock: Lock) {
    this.#lock = lock;
  }

  async wait(scope: Scope): Promise<void> {
    const parked = park<void>(scope, "condition", (waiter) => this.#waiting.add({ waiter }));
    this.#lock.release(scope);
    try {
      await parked;
    } finally {
      await scope.shield((inner) => this.#lock.acquire(inner, scope));
    }
  }

  /** Wakes the one that has waited longest. */
  notify(): void {
    this.#waiting.wake();
  }

  notifyAll(): void {
    this.#waiting.wakeAll();
  }
}
