/**
 * Waiting until all tasks are blocked, on any clock. A test clock makes no jump while somebody does.
 *
 * Blocked are those that visibly wait in the library (`census.ts`). A function that awaits a plain promise counts as blocked
 * when nothing is under way outside that could settle it, as far as the platform can tell.
 */
import type { Clock } from "../ports/clock.ts";
import type { Cancellable } from "../task/capabilities.ts";
import { operation, Parked, type Waiter } from "../task/park.ts";
import { census, programTimers } from "./census.ts";
import { listen } from "./facts.ts";
import { outstandingWork } from "./external.ts";
import { underWay } from "./outside.ts";
import { turn, untilLook } from "./turns.ts";

/** Turns without any fact, for work that itself takes turns. */
const QUIET_TURNS = 3;

const watches = new Map<Clock, Watch>();

/** Whether somebody waits until all on `clock` are blocked. */
export function isAwaited(clock: Clock): boolean {
  return watches.has(clock);
}

/**
 * Waits until all other tasks of the trees on the scope's clock are blocked: each waits in an operation of the library, and a
 * few turns of the event loop brought nothing new. For "the consumer waits by now" in a test, without a sleep.
 *
 * Wins over the jump of a test clock: virtual time stands still meanwhile. Of several who wait, all go on. A task that awaits
 * a plain promise counts as blocked only when nothing is under way outside, which only Node.js can tell; elsewhere the
 * quiet turns have to do. Rejects with the CancelledError of `scope`. Cost: some turns, and a pass over what is alive.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { testClock, waitAllTasksBlocked } from "espalier/testing";
 *
 * await taskGroup(
 *   async (group) => {
 *     const steps: string[] = [];
 *     group.spawn(async (scope) => {
 *       for (let n = 0; n < 10; n++) await scope.checkpoint();
 *       steps.push("worked");
 *       await sleep(1_000, scope);
 *     });
 *     await waitAllTasksBlocked(group);
 *     console.log(steps, group.now()); // ["worked"] 0
 *   },
 *   { clock: testClock() },
 * );
 * ```
 */
export function waitAllTasksBlocked(scope: Cancellable): Promise<void> {
  return operation(scope, "waitAllTasksBlocked()", (node) => {
    const parked = new Parked<void>(node, "all tasks blocked");
    const watch = watches.get(node.clock) ?? new Watch(node.clock);
    parked.onInterrupt = () => watch.remove(parked);
    watch.add(parked);
    return parked.promise;
  });
}

/** Watches one clock for all who wait, while there are any. */
class Watch {
  readonly #waiters = new Set<Waiter<void>>();
  readonly #clock: Clock;
  #facts = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(waiter: Waiter<void>): void {
    this.#waiters.add(waiter);
    if (watches.get(this.#clock) !== this) void this.#watch();
  }

  remove(waiter: Waiter<void>): void {
    this.#waiters.delete(waiter);
  }

  async #watch(): Promise<void> {
    watches.set(this.#clock, this);
    const stop = listen(this.#clock, () => void this.#facts++);
    let looks = 0;
    while (this.#waiters.size > 0) {
      await this.#quiet();
      if (this.#allBlocked()) break;
      await untilLook(looks++, true).over;
    }
    stop();
    watches.delete(this.#clock);
    for (const waiter of this.#waiters) waiter.resolve();
  }

  async #quiet(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.#facts;
      await turn();
      if (this.#facts !== before) quiet = -1;
    }
  }

  #allBlocked(): boolean {
    if (census(this.#clock).unseen.length === 0) return true;
    return outstandingWork().length === 0 && underWay(programTimers())?.isAnything !== true;
  }
}
