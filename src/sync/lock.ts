import { claim, type Claim, NOTHING } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { Guard, holding } from "./guard.ts";
import { Queue } from "./queue.ts";

/**
 * One at a time. First come, first served; released, it is handed to who waits longest in the same call, so nobody
 * overtakes.
 *
 * What `acquire` gives is a {@link Guard}: it belongs to whoever has it. It is not reentrant: who holds it and acquires it
 * again waits for itself. Cancelled, a waiter leaves; one that was handed the lock before has it. Cost: one promise and
 * one guard.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Lock } from "espalier/sync";
 *
 * const lock = new Lock();
 * await taskGroup(async (group) => {
 *   const guard = await lock.acquire(group); // with the syntax: using guard = await lock.acquire(group);
 *   try {
 *     console.log(lock.locked); // true
 *   } finally {
 *     guard.release();
 *   }
 *   await lock.use(() => console.log("held"), group);
 * });
 * ```
 */
export class Lock {
  #isLocked = false;
  readonly #queue = new Queue<Guard>();
  readonly #release = (): void => {
    if (this.#queue.size === 0 || !this.#queue.wake(this.#guard())) this.#isLocked = false;
  };
  readonly #claim: Claim<Guard> = {
    attempt: () => this.tryAcquire() ?? NOTHING,
    register: this.#queue.register,
    giveBack: (guard) => guard.release(),
  };

  get locked(): boolean {
    return this.#isLocked;
  }

  /** Waits until nobody else holds the lock. Rejects with the CancelledError of `scope`, and holds nothing then. */
  acquire(scope: Cancellable): Promise<Guard> {
    return claim(scope, "lock", this.#claim);
  }

  /** Takes the lock if nobody holds it. */
  tryAcquire(): Guard | undefined {
    if (this.#isLocked) return undefined;
    this.#isLocked = true;
    return this.#guard();
  }

  /** Runs `fn` while holding the lock, and gives what it returns. Released however it ends. */
  use<T>(fn: () => T | PromiseLike<T>, scope: Cancellable): Promise<T> {
    return holding(this.acquire(scope), fn);
  }

  statistics(): { readonly locked: boolean; readonly waiting: number } {
    return { locked: this.#isLocked, waiting: this.#queue.size };
  }

  #guard(): Guard {
    return new Guard(this.#release);
  }
}
