/**
 * A lock, and a place to wait for what others do while they hold it.
 *
 *   holding ── wait() ──▶ waiting ── notify() ──▶ in the lock's line ── its turn ──▶ holding
 *                            └── cancelled ──▶ in the lock's line ── its turn ──▶ holding, and wait() rejects
 *
 * Invariants
 *   1. At most one guard holds. While anybody is in the lock's line, the lock is held.
 *   2. Who was notified and is cancelled before its turn hands the notification on (P11).
 */
import { MisuseError } from "../errors/misuse.ts";
import { claim, type Claim, NOTHING, park, type Waiter } from "../lowlevel.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { operation, operationOf, passing } from "../task/park.ts";
import { Guard, holding } from "./guard.ts";
import { Line, Place } from "./line.ts";

/** Somebody who waits, for the lock or to be notified. */
class Turn extends Place {
  /** Hands the lock over; false if nobody is there any more. */
  readonly take: () => boolean;

  constructor(take: () => boolean) {
    super();
    this.take = take;
  }
}

/** Only a condition makes guards of its own. */
let guardOf: (inside: Inside) => ConditionGuard;

/**
 * Holding a {@link Condition}: the right to wait in it, and to notify. Released, it has neither, and what it is asked then is
 * a MisuseError `"NOT_HELD"`.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Condition, type ConditionGuard } from "espalier/sync";
 *
 * const condition = new Condition();
 * const announce = (guard: ConditionGuard) => guard.notifyAll();
 * await taskGroup(async (group) => {
 *   group.spawn((scope) => condition.use((guard) => guard.wait(scope).then(() => console.log("told")), scope));
 *   await condition.use(announce, group);
 * });
 * ```
 */
export class ConditionGuard extends Guard {
  readonly #inside: Inside;
  #isWaiting = false;

  private constructor(inside: Inside) {
    super(() => inside.unlock());
    this.#inside = inside;
  }

  static {
    guardOf = (inside) => new ConditionGuard(inside);
  }

  /**
   * Lets the lock go, waits until it is notified, and holds the lock again when it goes on. Cancelled, it rejects with the
   * CancelledError of `scope` when it holds the lock again: what follows in a `finally` may rely on that.
   */
  wait(scope: Cancellable): Promise<void> {
    return operationOf(this.#wait(scope));
  }

  /** Waits until `predicate` gives something true: looked at now, and after each notification. Gives that. In a cancelled scope it is not asked. */
  waitFor<T>(predicate: () => T, scope: Cancellable): Promise<Exclude<T, false | 0 | 0n | "" | null | undefined>> {
    return operationOf(this.#waitFor(predicate, scope));
  }

  async #wait(scope: Cancellable): Promise<void> {
    this.#mustHold("wait()");
    this.#isWaiting = true;
    try {
      await this.#inside.wait(scope);
    } finally {
      this.#isWaiting = false;
    }
  }

  async #waitFor<T>(predicate: () => T, scope: Cancellable): Promise<Exclude<T, false | 0 | 0n | "" | null | undefined>> {
    this.#mustHold("waitFor()");
    await operation(scope, "condition", (node) => passing(node, "condition"));
    for (;;) {
      const value = predicate();
      if (value) return value as Exclude<T, false | 0 | 0n | "" | null | undefined>;
      await this.#wait(scope);
    }
  }

  /** So many of those who wait, the longest first, get in line for the lock. Throws a RangeError for what is no number of them. */
  notify(count = 1): void {
    this.#mustHold("notify()");
    if (!(count >= 0)) throw new RangeError(`guard.notify() needs how many are to be told, from 0 up, and got ${String(count)}.`);
    this.#inside.notify(count);
  }

  notifyAll(): void {
    this.#mustHold("notifyAll()");
    this.#inside.notify(Infinity);
  }

  override release(): void {
    if (this.#isWaiting) throw notHeld("release()", "waits, and does not hold the lock meanwhile");
    super.release();
  }

  #mustHold(call: string): void {
    if (!this.held) throw notHeld(call, "was released");
    if (this.#isWaiting) throw notHeld(call, "waits, and does not hold the lock meanwhile");
  }
}

function notHeld(call: string, why: string): MisuseError {
  return new MisuseError("NOT_HELD", `${call} was called on a ConditionGuard that ${why}. Typically its block was left, or it was handed to another task: acquire the condition there.`);
}

/** What a guard may ask of its condition. */
interface Inside {
  unlock(): void;
  wait(scope: Cancellable): Promise<void>;
  notify(count: number): void;
}

/**
 * A lock whose holders can wait for one another: "until there is an item", "until the count is 0".
 *
 * What `acquire` gives is the right to wait and to notify, a {@link ConditionGuard}: nobody can do either without the lock.
 * First come, first served. Cancelled, a waiter leaves; a notification that had reached it goes on to the next. Cost of a
 * wait: two promises.
 *
 * @example
 * ```ts
 * import { taskGroup } from "espalier";
 * import { Condition } from "espalier/sync";
 *
 * const changed = new Condition();
 * const items: string[] = [];
 * await taskGroup(async (group) => {
 *   group.spawn(async (scope) => {
 *     const guard = await changed.acquire(scope);
 *     console.log(await guard.waitFor(() => items.shift(), scope)); // "item"
 *     guard.release();
 *   });
 *   await changed.use((guard) => {
 *     items.push("item");
 *     guard.notify();
 *   }, group);
 * });
 * ```
 */
export class Condition {
  #isLocked = false;
  readonly #line = new Line<Turn>();
  /** Who waits to be notified. */
  readonly #waiting = new Line<Turn>();
  readonly #inside: Inside = {
    unlock: () => this.#unlock(),
    wait: (scope) => this.#wait(scope),
    notify: (count) => this.#notify(count),
  };
  readonly #claim: Claim<ConditionGuard> = {
    attempt: () => this.tryAcquire() ?? NOTHING,
    register: (waiter) => this.#lineUp(() => waiter.resolve(guardOf(this.#inside))),
    giveBack: (guard) => guard.release(),
  };

  /** Waits until nobody else holds the lock. Rejects with the CancelledError of `scope`, and holds nothing then. */
  acquire(scope: Cancellable): Promise<ConditionGuard> {
    return claim(scope, "condition's lock", this.#claim);
  }

  /** Takes the lock if nobody holds it. */
  tryAcquire(): ConditionGuard | undefined {
    if (this.#isLocked) return undefined;
    this.#isLocked = true;
    return guardOf(this.#inside);
  }

  /** Runs `fn` while holding the lock, and gives what it returns. Released however it ends. */
  use<T>(fn: (guard: ConditionGuard) => T | PromiseLike<T>, scope: Cancellable): Promise<T> {
    return holding(this.acquire(scope), fn);
  }

  statistics(): { readonly locked: boolean; readonly waiting: number; readonly inLine: number } {
    return { locked: this.#isLocked, waiting: this.#waiting.size, inLine: this.#line.size };
  }

  #lineUp(take: () => boolean): () => void {
    const turn = new Turn(take);
    this.#line.append(turn);
    return () => turn.leave();
  }

  #unlock(): void {
    for (let turn = this.#line.shift(); turn !== undefined; turn = this.#line.shift()) if (turn.take()) return;
    this.#isLocked = false;
  }

  async #wait(scope: Cancellable): Promise<void> {
    let isUnlocked = false;
    try {
      await park<void>(scope, "condition", (waiter) => {
        isUnlocked = true;
        return this.#await(waiter);
      });
    } catch (error) {
      if (isUnlocked) await this.#lock();
      throw error;
    }
  }

  #await(waiter: Waiter<void>): () => void {
    const turn = new Turn(() => {
      const isTaken = waiter.resolve(undefined);
      // Let go in the same moment: the notification is the next one's.
      if (!isTaken) this.#notify(1);
      return isTaken;
    });
    this.#waiting.append(turn);
    this.#unlock();
    return () => {
      const wasNotified = turn.line === this.#line;
      turn.leave();
      if (wasNotified) this.#notify(1);
    };
  }

  #notify(count: number): void {
    for (let left = count; left > 0; left--) {
      const turn = this.#waiting.shift();
      if (turn === undefined) return;
      this.#line.append(turn);
    }
  }

  /** Takes the lock without a scope: nothing may come between a cancellation and the cleanup that relies on the lock. */
  #lock(): Promise<void> | undefined {
    if (!this.#isLocked) {
      this.#isLocked = true;
      return undefined;
    }
    return new Promise((resolve) => {
      this.#lineUp(() => {
        resolve();
        return true;
      });
    });
  }
}
