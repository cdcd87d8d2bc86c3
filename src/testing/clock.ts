/**
 * Virtual time. It stands still while anything can run, and jumps to the next deadline when everything waits.
 *
 * One turn of the event loop completes all promise work that is ready, so when a few turns have passed and no
 * new timer was armed, whatever still waits waits for time. What waits for the outside (a socket, a file)
 * is not known here.
 *
 * Invariants
 *   1. Timers fire one at a time, in the order of `at`, then of arming; after each, everything that it made
 *      ready runs before the next.
 *   2. The same program on the same clock fires the same timers in the same order: nothing here reads real time.
 */
import { host } from "#host";
import type { Clock, Timer } from "../ports/clock.ts";
import { Timers } from "../scope/timers.ts";

/** A clock for tests: give it to a root (`taskGroup(body, { clock })`), and its sleeps take no time. */
export interface TestClock extends Clock {
  /** Moves time on by `ms` and fires what comes due, in order. Resolves when all that follows has run. */
  advance(ms: number): Promise<void>;
}

/** Operations that never block yield a real turn after so many, counted: the same in every run. */
const OPERATIONS_A_TURN = 256;
/** Turns to wait before a jump, for work that itself takes turns. */
const QUIET_TURNS = 3;

/**
 * Makes a test clock. With `autojump` (the default) time jumps by itself when everything waits; without it,
 * only `advance` moves it.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { testClock } from "espalier/testing";
 *
 * const clock = testClock();
 * await taskGroup((group) => sleep(86_400_000, group), { clock }); // a day, at once
 * console.log(clock.now()); // 86400000
 * ```
 */
export function testClock(options: { autojump?: boolean | undefined } = {}): TestClock {
  return new VirtualClock(options.autojump ?? true);
}

class VirtualClock implements TestClock {
  readonly #autojump: boolean;
  readonly #timers = new Timers();
  #now = 0;
  #operations = 0;
  #jumping = false;
  #activity = 0;

  constructor(autojump: boolean) {
    this.#autojump = autojump;
  }

  now(): number {
    return this.#now;
  }

  arm(timer: Timer): void {
    this.#activity++;
    this.#timers.add(timer);
    if (this.#autojump && !this.#jumping) void this.#jump();
  }

  disarm(timer: Timer): void {
    this.#activity++;
    this.#timers.delete(timer);
  }

  pause(): Promise<void> | undefined {
    this.#activity++;
    return ++this.#operations % OPERATIONS_A_TURN === 0 ? turn() : undefined;
  }

  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`advance() needs a number of milliseconds from 0 up, and got ${ms}.`);
    const until = this.#now + ms;
    await this.#settle();
    for (;;) {
      const at = this.#timers.next;
      if (at > until) break;
      this.#fire(at);
      await this.#settle();
    }
    this.#now = Math.max(this.#now, until);
    await this.#settle();
  }

  async #jump(): Promise<void> {
    this.#jumping = true;
    while (this.#timers.size > 0) {
      await this.#settle();
      const at = this.#timers.next;
      if (at !== Infinity) this.#fire(at);
    }
    this.#jumping = false;
  }

  #fire(at: number): void {
    this.#now = Math.max(this.#now, at);
    this.#timers.takeDue(this.#now)?.fire();
  }

  /** Until a few turns in a row brought nothing new. */
  async #settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.#activity;
      await turn();
      if (this.#activity !== before) quiet = -1;
    }
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => host.nextTurn(resolve));
}
