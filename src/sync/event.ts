import { claim, type Claim, NOTHING } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Queue } from "./queue.ts";

/**
 * Something that has happened, or not yet: all who wait go on when it has.
 *
 * Cancelled, a waiter leaves; one that `set()` had woken before goes on. Cost of a wait: one promise.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Event } from "espalier/sync";
 *
 * const ready = new Event();
 * await taskGroup(async (group) => {
 *   group.spawn(async (scope) => {
 *     await ready.wait(scope);
 *     console.log("go");
 *   });
 *   ready.set();
 * });
 * ```
 */
export class Event {
  #isSet = false;
  readonly #queue = new Queue<void>();
  readonly #claim: Claim<void> = {
    attempt: () => (this.#isSet ? undefined : NOTHING),
    register: this.#queue.register,
    giveBack: () => {},
  };

  get isSet(): boolean {
    return this.#isSet;
  }

  /** It has happened. All who wait go on, in the order in which they came; who comes later does not wait. */
  set(): void {
    this.#isSet = true;
    this.#queue.wakeAll(undefined);
  }

  /** From now on it has not happened yet. Who was woken goes on all the same. */
  clear(): void {
    this.#isSet = false;
  }

  /** Waits until it has happened. Rejects with the CancelledError of `scope`. */
  wait(scope: Cancellable): Promise<void> {
    return claim(scope, "event", this.#claim);
  }

  statistics(): { readonly isSet: boolean; readonly waiting: number } {
    return { isSet: this.#isSet, waiting: this.#queue.size };
  }
}
