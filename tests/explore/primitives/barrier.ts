/**
 * A barrier: holds its parties until all of them are there, round after round.
 *
 * Invariants
 *   1. The one that completes a round empties the barrier at once: the next round may begin before the others have left.
 *   2. A party that is let go by a cancellation is not counted.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters } from "./waiters.ts";

export class Barrier {
  readonly #waiting = new Waiters<number>();
  readonly #parties: number;
  #round = 0;

  constructor(parties: number) {
    this.#parties = parties;
  }

  /** Gives the number of the round. */
  wait(scope: Scope): Promise<number> {
    return park<number>(scope, "barrier", (waiter) => {
      const takeOut = this.#waiting.add({ waiter });
      if (this.#waiting.size < this.#parties) return takeOut;
      return this.#waiting.wakeAll(this.#round++);
    });
  }
}
