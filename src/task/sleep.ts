import type { CancelledError } from "../errors/cancelled.ts";
import type { Timer } from "../ports/clock.ts";
import { evergreen } from "../scope/evergreen.ts";
import { forest, type ScopeNode } from "../scope/node.ts";
import { announce } from "../scope/wait.ts";
import { unseen } from "../scope/watch.ts";
import type { Cancellable, Scope } from "./capabilities.ts";
import { requireMs } from "./face.ts";
import { operation, Parking, passing } from "./park.ts";

class Sleeper extends Parking<void> implements Timer {
  readonly at: number;
  slot = -1;

  constructor(node: ScopeNode, at: number) {
    super(node);
    this.at = at;
    if (at < Infinity) node.clock.arm(this);
    announce(this);
  }

  get label(): string {
    return "sleep";
  }

  fire(): void {
    this.resolve();
  }

  override interrupt(cause: CancelledError): void {
    if (this.slot >= 0) this.scope.clock.disarm(this);
    super.interrupt(cause);
  }
}

unseen(() => {
  const sleeper = new Sleeper(forest, Infinity);
  sleeper.leave();
  evergreen(sleeper);
});

/**
 * Waits `ms` milliseconds of the scope's clock; never less, zero or less still yields once. Infinity waits
 * until the scope is cancelled.
 *
 * Throws a RangeError for NaN. Cost: one promise; all sleeps share one native timer.
 *
 * @example
 * ```ts
 * import { failAfter, sleep } from "espalier";
 *
 * await failAfter(1_000, async (scope) => {
 *   await sleep(10, scope);
 * });
 * ```
 */
export function sleep(ms: number, scope: Cancellable): Promise<void> {
  return operation(scope, "sleep()", (node) => {
    requireMs(ms, "sleep()");
    return ms > 0 ? new Sleeper(node, node.clock.now() + ms).promise : passing(node, "sleep");
  });
}

/**
 * Waits until the scope's clock shows `deadline` (ms of `scope.now()`); a moment that has passed still yields once.
 *
 * @example
 * ```ts
 * import { failAfter, sleepUntil } from "espalier";
 *
 * await failAfter(1_000, async (scope) => {
 *   const start = scope.now();
 *   for (let beat = 1; beat <= 3; beat++) await sleepUntil(start + beat * 10, scope); // no drift
 * });
 * ```
 */
export function sleepUntil(deadline: number, scope: Scope): Promise<void> {
  return operation(scope, "sleepUntil()", (node) => {
    requireMs(deadline, "sleepUntil()");
    return deadline > node.clock.now() ? new Sleeper(node, deadline).promise : passing(node, "sleep");
  });
}

/**
 * Waits until the scope is cancelled.
 *
 * @example
 * ```ts
 * import { moveOnAfter, sleepForever } from "espalier";
 *
 * console.log(await moveOnAfter(10, sleepForever, { fallback: "moved on" })); // "moved on"
 * ```
 */
export function sleepForever(scope: Cancellable): Promise<never> {
  return operation(scope, "sleepForever()", (node) => new Sleeper(node, Infinity).promise as Promise<never>);
}
