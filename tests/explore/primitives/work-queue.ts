/**
 * A queue of work: workers take items and say when each is done; `join` waits until all that was put in is done.
 *
 * Invariants
 *   1. What is unfinished is what lies in the queue and what is with the workers.
 *   2. Workers wait only while the queue is empty, joiners only while anything is unfinished.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters } from "./waiters.ts";

export class WorkQueue<T> {
  readonly #workers = new Waiters<T>();
  readonly #joiners = new Waiters();
  readonly #items: T[] = [];
  #unfinished = 0;

  put(item: T): void {
    this.#unfinished++;
    if (this.#workers.wake(item) === undefined) this.#items.push(item);
  }

  take(scope: Scope): Promise<T> {
    return park<T>(scope, "take", (waiter) => {
      if (this.#items.length === 0) return this.#workers.add({ waiter });
      return void waiter.resolve(this.#items.shift()!);
    });
  }

  /** Of an item that was taken. */
  done(): void {
    if (--this.#unfinished === 0) this.#joiners.wakeAll();
  }

  join(scope: Scope): Promise<void> {
    return park<void>(scope, "join", (waiter) => {
      if (this.#unfinished > 0) return this.#joiners.add({ waiter });
      return void waiter.resolve();
    });
  }
}
