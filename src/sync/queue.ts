import type { Waiter } from "../lowlevel.ts";
import { Parked } from "../task/park.ts";
import { Line, Place } from "./line.ts";

class Waiting<T> extends Place {
  readonly waiter: Waiter<T>;

  constructor(waiter: Waiter<T>) {
    super();
    this.waiter = waiter;
  }
}

/**
 * Waiters of one kind, first come, first served.
 *
 * Invariants
 *   1. Who is in it waits: who was woken or let go has left.
 *   2. `wake` hands over to who has been in it for longest. A waiter that its scope let go in the same moment refuses, and
 *      the next one is tried: nothing that is handed over is lost.
 */
export class Queue<T> {
  readonly #line = new Line<Waiting<T>>();

  get size(): number {
    return this.#line.size;
  }

  /** Lines up; what it gives takes the waiter out again. An arrow, to be handed to `park` and `claim` as it is. */
  readonly register = (waiter: Waiter<T>): (() => void) => {
    const waiting = new Waiting(waiter);
    this.#line.append(waiting);
    return () => waiting.leave();
  };

  /** Hands `value` to the first who takes it; false if nobody waits. */
  wake(value: T): boolean {
    for (let next = this.#line.shift(); next !== undefined; next = this.#line.shift()) {
      if (next.waiter.resolve(value)) return true;
    }
    return false;
  }

  /** Hands `value` to all who wait now. */
  wakeAll(value: T): void {
    for (const { waiter } of this.#all()) waiter.resolve(value);
  }

  /** Fails all who wait now; `reason` makes each an error of its own. */
  failAll(reason: () => Error): void {
    for (const { waiter } of this.#all()) waiter.reject(reason());
  }

  /** Who has waited for longest goes to the end of another queue; false if nobody waits. */
  moveTo(queue: Queue<T>): boolean {
    const first = this.#line.shift();
    if (first !== undefined) queue.#line.append(first);
    return first !== undefined;
  }

  /** Takes out those whom their scope lets go in this moment, and who have not left yet: for who counts them before waking any. */
  dropReleased(): void {
    this.#line.shiftAll(({ waiter }) => waiter instanceof Parked && !waiter.parked);
  }

  #all(): Waiting<T>[] {
    return this.#line.shiftAll(() => true);
  }
}
