/**
 * The time and the ready queue of one run: a clock that stands still, and takes what is ready instead of letting it go on.
 *
 * Invariants
 *   1. While anything is ready, no time passes.
 *   2. What is ready goes on one at a time, when `Trial` says so; after the run at once.
 */
import type { Clock, Timer } from "../../ports/clock.ts";
import type { ObservedWait } from "../../ports/probe.ts";
import type { Scheduler } from "../../ports/scheduler.ts";
import type { ScopeNode } from "../../scope/node.ts";
import { setScheduler } from "../../scope/schedule.ts";
import type { Wait } from "../../scope/wait.ts";

/** An operation that is over, whose function has not gone on yet. */
export interface Ready {
  readonly wait: ObservedWait;
  readonly go: () => void;
  /** Lets it fail instead. */
  readonly fail: ((error: unknown) => void) | undefined;
}

export class World implements Clock {
  readonly ready: Ready[] = [];
  readonly #settled = new WeakSet<ObservedWait>();
  #timers: Timer[] = [];
  #now = 0;
  #armed = 0;

  now(): number {
    return this.#now;
  }

  arm(timer: Timer): void {
    timer.slot = this.#armed++;
    this.#timers.push(timer);
  }

  disarm(timer: Timer): void {
    if (timer.slot < 0) return;
    timer.slot = -1;
    this.#timers.splice(this.#timers.indexOf(timer), 1);
  }

  /** Every operation that need not block is ready at once: the order of what is ready gives all others their turn. */
  pause(): undefined {}

  /** The timers that are due first, and those within `slack` ms of them, in the order of time, then of arming. */
  due(slack: number): Timer[] {
    let first = Infinity;
    for (const { at } of this.#timers) if (at < first) first = at;
    const due = this.#timers.filter(({ at }) => at <= Math.max(first + slack, this.#now));
    return due.length > 1 ? due.sort((a, b) => a.at - b.at || a.slot - b.slot) : due;
  }

  /** Moves time on to a timer that is due, and fires it. */
  fire(timer: Timer): void {
    this.#now = Math.max(this.#now, timer.at);
    this.disarm(timer);
    timer.fire();
  }

  /** Puts off a ready operation by `ms`. */
  delay(ready: Ready, ms: number): void {
    this.take(ready);
    this.arm({ at: this.#now + ms, slot: -1, fire: () => void this.ready.push(ready) });
  }

  add(ready: Ready): void {
    const { wait } = ready;
    // What was handed over to it beats a later cancellation, though it has not gone on yet (G8).
    if (this.#settled.has(wait)) return;
    if ((wait as Partial<Wait>).parked === false) this.#settled.add(wait);
    // One that need not block and is cancelled before it goes on does so in its place, with the cancellation.
    const at = this.ready.findIndex((other) => other.wait === wait);
    if (at < 0) this.ready.push(ready);
    else this.ready[at] = ready;
  }

  take(ready: Ready): void {
    this.ready.splice(this.ready.indexOf(ready), 1);
  }

  /** From now on everything goes on at once. */
  close(): void {
    worlds.delete(this);
    if (worlds.size === 0) setScheduler(undefined);
    for (const { go } of this.ready.splice(0)) go();
  }

  static open(): World {
    const world = new World();
    worlds.add(world);
    setScheduler(keeper);
    return world;
  }
}

/** Several runs may go on in one process: tests do not know of one another. */
const worlds: Set<Clock> = new Set();

const keeper: Scheduler = {
  ready(wait, go, fail) {
    const { clock } = wait.scope as ScopeNode;
    if (worlds.has(clock)) (clock as World).add({ wait, go, fail });
    else go();
  },
};
