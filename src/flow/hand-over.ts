/**
 * Values on their way to those who ask for them.
 *
 * Invariants
 *   1. Who asked first gets the first value. Either values are kept or askers wait, never both.
 *   2. A value is handed over once. An asker that its scope let go refuses it, and the next one gets it, or it is kept (G8).
 *      What was taken is not given back, so nothing comes out of its turn (decision 0018): there is no `giveBack`.
 *   3. After the end the kept values are given first, then the failure, once, then `done`.
 */
import { type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import { DONE } from "./flow.ts";

/** So many places of values that are gone are not worth cutting off. */
const MOST_GONE = 32;

type Step<T> = IteratorResult<T, undefined>;

export class HandOver<T> implements Claim<Step<T>> {
  readonly #askers = new Set<Waiter<Step<T>>>();
  /** The values from `#front` on; those before it are gone, and are cut off now and then: `shift()` moves all that follow. */
  readonly #kept: T[] = [];
  #front = 0;
  #failure: { readonly error: unknown } | undefined;
  #isEnded = false;

  /** How many values are kept. */
  get kept(): number {
    return this.#kept.length - this.#front;
  }

  /** How many wait. */
  get asking(): number {
    return this.#askers.size;
  }

  attempt(): Step<T> | typeof NOTHING {
    if (this.kept > 0) return { done: false, value: this.#take() };
    if (!this.#isEnded) return NOTHING;
    const failure = this.takeFailure();
    if (failure !== undefined) throw failure.error;
    return DONE;
  }

  register(waiter: Waiter<Step<T>>): () => void {
    this.#askers.add(waiter);
    return () => void this.#askers.delete(waiter);
  }

  /** Hands `value` to who has asked for longest, else keeps it. True if it was handed over. */
  put(value: T): boolean {
    if (this.#hand({ done: false, value })) return true;
    this.#kept.push(value);
    return false;
  }

  /**
   * Nothing more comes, because of `failure` if there is one: the first who asks is told of it, or `takeFailure`. Gives
   * whether there is nothing left to tell.
   */
  end(failure?: { readonly error: unknown }): boolean {
    if (this.#isEnded) return this.#failure === undefined;
    this.#isEnded = true;
    this.#failure = failure;
    for (const asker of this.#askers) {
      this.#askers.delete(asker);
      if (this.#failure === undefined) asker.resolve(DONE);
      else if (asker.reject(this.#failure.error)) this.#failure = undefined;
    }
    return this.#failure === undefined;
  }

  /** Sends all away who wait now. */
  refuse(reason: () => unknown): void {
    const askers = [...this.#askers];
    this.#askers.clear();
    for (const asker of askers) asker.reject(reason());
  }

  /** Nobody will ask for what is kept. */
  drop(): void {
    this.#kept.length = this.#front = 0;
  }

  takeFailure(): { readonly error: unknown } | undefined {
    const failure = this.#failure;
    this.#failure = undefined;
    return failure;
  }

  #take(): T {
    const value = this.#kept[this.#front]!;
    this.#kept[this.#front++] = undefined as T;
    if (this.#front > MOST_GONE && 2 * this.#front > this.#kept.length) {
      this.#kept.splice(0, this.#front);
      this.#front = 0;
    }
    return value;
  }

  #hand(step: Step<T>): boolean {
    for (const asker of this.#askers) {
      this.#askers.delete(asker);
      if (asker.resolve(step)) return true;
    }
    return false;
  }
}
