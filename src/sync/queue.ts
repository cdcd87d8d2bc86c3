import type { Waiter } from "../lowlevel.ts";

/**
 * Those who wait for the same thing, first come, first served.
 *
 * Invariants
 *   1. Who is in it waits: who was woken or let go has left.
 *   2. `wake` hands over to who has been in it for longest. A waiter that its scope let go in the same moment refuses, and
 *      the next one is tried: nothing that is handed over is lost.
 */
export class Queue<T> {
  /** Where those are that were moved from the queue in which they lined up. */
  static readonly #moved = new WeakMap<object, Queue<never>>();
  readonly #waiters = new Set<Waiter<T>>();

  get size(): number {
    return this.#waiters.size;
  }

  /** Lines up; what it gives takes the waiter out again. An arrow, to be handed to `park` and `claim` as it is. */
  readonly register = (waiter: Waiter<T>): (() => void) => {
    this.#waiters.add(waiter);
    return () => void ((Queue.#moved.get(waiter) as Queue<T> | undefined) ?? this).#waiters.delete(waiter);
  };

  /** Hands `value` to the first who takes it; false if nobody waits. */
  wake(value: T): boolean {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      if (waiter.resolve(value)) return true;
    }
    return false;
  }

  /** Hands `value` to all who wait now. */
  wakeAll(value: T): void {
    for (const waiter of this.#taken()) waiter.resolve(value);
  }

  /** Fails all who wait now; `reason` makes each an error of its own. */
  failAll(reason: () => Error): void {
    for (const waiter of this.#taken()) waiter.reject(reason());
  }

  /** Who has waited for longest goes to the end of another queue; false if nobody waits. */
  moveTo(queue: Queue<T>): boolean {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      queue.#waiters.add(waiter);
      Queue.#moved.set(waiter, queue);
      return true;
    }
    return false;
  }

  #taken(): Waiter<T>[] {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    return waiters;
  }
}
