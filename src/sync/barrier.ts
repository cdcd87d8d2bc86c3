import { ClosedError } from "../errors/closed.ts";
import { claim, type Claim, NOTHING } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Queue } from "./queue.ts";

/**
 * So many have to come, then all go on, and it begins anew.
 *
 * Cancelled, a waiter leaves, and another one has to come in its place; the others go on waiting. Throws a RangeError where
 * `parties` is no whole number from 1 up. Cost of a wait: one promise.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Barrier } from "espalier/sync";
 *
 * const barrier = new Barrier(3);
 * await taskGroup((group) => {
 *   for (const name of ["a", "b", "c"]) {
 *     group.spawn(async (scope) => {
 *       const place = await barrier.wait(scope);
 *       if (place === 2) console.log(`${name} came last`); // "c came last"
 *     });
 *   }
 * });
 * ```
 */
export class Barrier {
  readonly #parties: number;
  #isBroken = false;
  readonly #queue = new Queue<number>();
  readonly #claim: Claim<number> = {
    attempt: () => this.#arrive(),
    // Without giveBack: that the others go on cannot be undone.
    register: this.#queue.register,
  };

  constructor(parties: number) {
    if (!(Number.isInteger(parties) && parties > 0)) throw new RangeError(`A Barrier needs a whole number of parties from 1 up, and got ${String(parties)}.`);
    this.#parties = parties;
  }

  /**
   * Waits until all have come; gives which of them one was, from 0. Rejects with the CancelledError of `scope`, and with a
   * {@link ClosedError} `"BROKEN"` where the barrier was aborted, or reset meanwhile.
   */
  wait(scope: Cancellable): Promise<number> {
    return claim(scope, "barrier", this.#claim);
  }

  /** Breaks it: who waits, and who comes later, gets a ClosedError `"BROKEN"`. */
  abort(): void {
    this.#isBroken = true;
    this.#queue.failAll(() => broken("aborted"));
  }

  /** Makes it as new. Who waits gets a ClosedError `"BROKEN"`. */
  reset(): void {
    this.#isBroken = false;
    this.#queue.failAll(() => broken("reset"));
  }

  statistics(): { readonly parties: number; readonly waiting: number; readonly broken: boolean } {
    return { parties: this.#parties, waiting: this.#queue.size, broken: this.#isBroken };
  }

  #arrive(): number | typeof NOTHING {
    if (this.#isBroken) throw broken("aborted");
    if (this.#queue.size + 1 < this.#parties) return NOTHING;
    this.#queue.dropReleased();
    const before = this.#queue.size;
    if (before + 1 < this.#parties) return NOTHING;
    for (let place = 0; place < before; place++) this.#queue.wake(place);
    return before;
  }
}

function broken(how: string): ClosedError {
  return new ClosedError("BROKEN", `The barrier was ${how} before all had come. Whoever ${how} it knows why; reset() makes it usable again.`);
}
