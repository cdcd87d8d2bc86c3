/**
 * An event: waiters wait until it is set.
 *
 * Invariant: whoever waited when it was set goes on, whatever happens to the event before its turn comes.
 */
import type { Scope } from "espalier";
import { park } from "espalier/lowlevel";
import { Waiters } from "./waiters.ts";

export class Event {
  readonly #waiting = new Waiters();
  #isSet = false;

  get isSet(): boolean {
    return this.#isSet;
  }

  set(): void {
    this.#isSet = true;
    this.#waiting.wakeAll();
  }

  clear(): void {
    this.#isSet = false;
  }

  wait(scope: Scope): Promise<void> {
    return park<void>(scope, "event", (waiter) => {
      if (!this.#isSet) return this.#waiting.add({ waiter });
      return void waiter.resolve();
    });
  }
}
