/**
 * Who waits, in the order of arrival: what all primitives here queue with.
 *
 * Invariants
 *   1. Whoever was let go by a cancellation is not in the queue any more.
 *   2. A hand-over reaches the first one that still waits, or is reported as not taken.
 */
import type { Waiter } from "espalier/lowlevel";

/** One that waits; a primitive adds what it has to know of it. */
export interface Waiting<T = void> {
  readonly waiter: Waiter<T>;
}

export class Waiters<T = void, W extends Waiting<T> = Waiting<T>> {
  readonly #queue = new Set<W>();

  get size(): number {
    return this.#queue.size;
  }

  get first(): W | undefined {
    return this.#queue.values().next().value;
  }

  /** Puts one last; what it gives takes it out again. */
  add(waiting: W): () => void {
    this.#queue.add(waiting);
    return () => void this.#queue.delete(waiting);
  }

  /** Hands over to this one; false if it is gone. */
  hand(waiting: W, value: T): boolean {
    this.#queue.delete(waiting);
    return waiting.waiter.resolve(value);
  }

  /** Hands over to the first one that takes it, and gives that one; nothing if nobody does. */
  wake(value: T): W | undefined {
    for (const waiting of this.#queue) if (this.hand(waiting, value)) return waiting;
    return undefined;
  }

  /** Hands over to all who wait now. */
  wakeAll(value: T): void {
    for (const { waiter } of this.#take()) waiter.resolve(value);
  }

  /** Lets all who wait now fail. */
  failAll(error: unknown): void {
    for (const { waiter } of this.#take()) waiter.reject(error);
  }

  #take(): W[] {
    const all = [...this.#queue];
    this.#queue.clear();
    return all;
  }
}
