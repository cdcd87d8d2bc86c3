/**
 * A limiter: borrowers take some of its tokens each and bring them back. First come, first served: one that wants many is
 * not passed by those who want few.
 *
 * Invariants
 *   1. What is free and what is lent add up to the total.
 *   2. While anybody waits, there is less free than the first one wants.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters, type Waiting } from "./waiters.ts";

interface Borrower extends Waiting {
  readonly tokens: number;
}

export class Limiter {
  readonly #waiting = new Waiters<void, Borrower>();
  #free: number;

  constructor(total: number) {
    this.#free = total;
  }

  get free(): number {
    return this.#free;
  }

  borrow(tokens: number, scope: Scope): Promise<void> {
    return park<void>(scope, "limiter", (waiter) => {
      const takeOut = this.#waiting.add({ waiter, tokens });
      this.#lend();
      // Those behind one that gives up may want less than it did.
      return () => {
        takeOut();
        this.#lend();
      };
    });
  }

  /** False if the time was up first. */
  borrowWithin(ms: number, tokens: number, scope: Scope): Promise<boolean> {
    return scope.moveOnAfter(ms, (limited) => this.borrow(tokens, limited).then(() => true), { fallback: false });
  }

  bringBack(tokens: number): void {
    this.#free += tokens;
    this.#lend();
  }

  #lend(): void {
    for (let first = this.#waiting.first; first !== undefined && first.tokens <= this.#free; first = this.#waiting.first) {
      if (this.#waiting.hand(first, undefined)) this.#free -= first.tokens;
    }
  }
}
