import type { CancelledError } from "../errors/cancelled.ts";
import type { ScopeNode } from "../scope/node.ts";
import { scheduler } from "../scope/schedule.ts";
import type { Cancellable } from "./capabilities.ts";
import { operation, Parked, parkIn, type Waiter } from "./park.ts";

/** What `attempt` gives when there is nothing to be had. */
export const NOTHING: unique symbol = Symbol("espalier.nothing") as never;

/** How something is taken that may be there at once: a lock that is free, an item in a buffer. One object serves all calls. */
export interface Claim<T> {
  /** Takes it if it is there. Called once, synchronously, in a scope that may wait. */
  attempt(): T | typeof NOTHING;
  /** Queues who has to wait: see `park`. */
  register(waiter: Waiter<T>): void | ((cause: CancelledError) => unknown);
  /**
   * Takes back what was taken at once, from an operation that was cancelled before it went on. Left out where that cannot
   * be undone: then the operation gives what it took all the same, and the next one throws.
   */
  giveBack?(value: T): void;
}

/** Has taken what it asked for, and lets others go first. */
class Passing<T> extends Parked<T> {
  readonly #taken: T;

  constructor(node: ScopeNode, label: string, taken: T) {
    super(node, label);
    this.#taken = taken;
  }

  override interrupt(cause: CancelledError): void {
    if (this.onInterrupt === undefined) this.fulfil(this.#taken);
    else super.interrupt(cause);
  }
}

/**
 * Takes what is there, else waits until somebody hands it over: `park` for what need not wait.
 *
 * An ended or a cancelled scope takes nothing. What was taken is the caller's, also if the scope is cancelled in the
 * same turn (G8); after a long turn timers and I/O come first (G22), and a cancellation that they bring gives it back,
 * where there is a way.
 * Cost: one promise.
 *
 * @example
 * ```ts
 * import { claim, NOTHING, type Claim, type Waiter } from "espalier/lowlevel";
 * import { taskGroup } from "espalier";
 *
 * const tickets = [1, 2, 3];
 * const waiting = new Set<Waiter<number>>();
 * const ticket: Claim<number> = {
 *   attempt: () => tickets.shift() ?? NOTHING,
 *   register(waiter) {
 *     waiting.add(waiter);
 *     return () => waiting.delete(waiter);
 *   },
 *   giveBack: (number) => tickets.unshift(number),
 * };
 *
 * await taskGroup(async (group) => console.log(await claim(group, "ticket", ticket))); // 1
 * ```
 */
export function claim<T>(scope: Cancellable, label: string, how: Claim<T>): Promise<T> {
  return operation(scope, label, (node) => {
    const taken = how.attempt();
    if (taken === NOTHING) return parkIn<T>(node, label, (waiter) => how.register(waiter));
    const pause = node.clock.pause();
    if (pause === undefined && scheduler === undefined) return Promise.resolve(taken);
    const parked = new Passing<T>(node, label, taken);
    if (how.giveBack !== undefined) parked.onInterrupt = () => how.giveBack!(taken);
    if (pause === undefined) scheduler!.ready(parked, () => parked.pass(taken));
    else void pause.then(() => parked.resolve(taken));
    return parked.promise;
  });
}
