/**
 * Virtual time. It stands still while anything can run, and jumps to the next deadline when everything waits.
 *
 * One turn of the event loop completes all promise work that is ready, so when a few turns have passed and nothing
 * happened in the trees on the clock, whatever still waits waits for time, or for the outside. Of the outside it knows
 * what was registered (`external`), and what Node.js lists.
 *
 *   something happened ──▶ settle ──▶ held (external work, requests, waitAllTasksBlocked) ──▶ look again
 *          ▲                 ├──────▶ a timer is armed ──▶ jump: fire one ──┐
 *          │                 └──────▶ none is ──▶ deadlock? ──▶ report it   │
 *          └────────────────────────────────────────────────────────────────┘
 *
 * Invariants
 *   1. Timers fire one at a time, in the order of `at`, then of arming; after each, everything that it made
 *      ready runs before the next.
 *   2. The same program on the same clock, without `rate` and without real work outside, fires the same timers in the
 *      same order: nothing here reads real time then, but to look again.
 */
import { host } from "#host";
import { warn } from "../host/warn.ts";
import type { Clock, Timer } from "../ports/clock.ts";
import { callsElsewhere } from "../scope/elsewhere.ts";
import { Timers } from "../scope/timers.ts";
import { isAwaited } from "./blocked.ts";
import { isDeadlocked, reportDeadlock } from "./deadlock.ts";
import { outstandingWork } from "./external.ts";
import { listen } from "./facts.ts";
import { underWay } from "./outside.ts";
import { type Patience, turn, untilLater, untilLook } from "./turns.ts";

/** A clock for tests: give it to a root (`taskGroup(body, { clock })`), and its sleeps take no time. */
export interface TestClock extends Clock {
  /** Moves time on by `ms` and fires what comes due, in order. Resolves when all that follows has run. */
  advance(ms: number): Promise<void>;
}

/** How a test clock runs. */
export interface TestClockOptions {
  /** Whether time jumps by itself when everything waits; by default it does, unless there is a `rate`. */
  autojump?: boolean | undefined;
  /** Virtual milliseconds for each real one; by default 0: time stands still between jumps. */
  rate?: number | undefined;
}

/** Operations that never block yield a real turn after so many, counted: the same in every run. */
const OPERATIONS_A_TURN = 256;
/** Turns to wait before a jump, for work that itself takes turns. */
const QUIET_TURNS = 3;
/** How long a request that always ends may hold time, should one not end after all. */
const LONGEST_REQUEST_MS = 10_000;

/** The timers that are armed on all test clocks: any of them may wake anybody. */
let armedAnywhere = 0;

/**
 * Makes a test clock, for any test runner: nothing global is patched. With `autojump` (the default) time jumps by itself
 * when everything waits; without it, only `advance` moves it. With `rate` it runs by itself, that much faster than real
 * time, and jumps only where `autojump` is asked for, too.
 *
 * It cannot see work outside of the library. Register that: {@link external}. On Node.js, the requests that it lists and that
 * always end (to most of `fs`, name servers, a connection that is being made) hold time by themselves, and where sockets, child
 * processes or threads are open at a jump, it warns, once.
 *
 * When everything waits, no timer is armed and nothing outside can come, all waits reject with one {@link DeadlockError}.
 * That takes `autojump` and Node.js; when in doubt, nothing is reported.
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
export function testClock(options: TestClockOptions = {}): TestClock {
  const { rate = 0, autojump = rate === 0 } = options;
  if (!(rate >= 0 && rate < Infinity)) {
    throw new RangeError(`testClock() needs as its rate a number of virtual milliseconds for each real one, from 0 up, and got ${String(rate)}.`);
  }
  return new VirtualClock(autojump, rate);
}

class VirtualClock implements TestClock {
  readonly #autojump: boolean;
  readonly #rate: number;
  readonly #timers = new Timers();
  #now = 0;
  /** The real time at which it was `#now`. */
  #since = host.now();
  #operations = 0;
  #isRunning = false;
  /** Counts what happens. */
  #activity = 0;
  /** How many scopes and tasks there are in its time. */
  #alive = 0;
  #patience: Patience | undefined;
  #heldSince: number | undefined;
  #hasWarned = false;

  constructor(autojump: boolean, rate: number) {
    this.#autojump = autojump;
    this.#rate = rate;
    listen(this, (more) => {
      this.#alive += more;
      this.#happened();
    });
  }

  now(): number {
    return this.#rate === 0 ? this.#now : this.#now + (host.now() - this.#since) * this.#rate;
  }

  arm(timer: Timer): void {
    this.#timers.add(timer);
    armedAnywhere++;
    this.#happened();
  }

  disarm(timer: Timer): void {
    if (timer.slot >= 0) armedAnywhere--;
    this.#timers.delete(timer);
    this.#happened();
  }

  pause(): Promise<void> | undefined {
    this.#activity++;
    return ++this.#operations % OPERATIONS_A_TURN === 0 ? turn() : undefined;
  }

  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`advance() needs a number of milliseconds from 0 up, and got ${ms}.`);
    const until = this.now() + ms;
    await this.#settle();
    for (;;) {
      const at = this.#timers.next;
      if (at > until) break;
      this.#fire(at);
      await this.#settle();
    }
    this.#moveTo(until);
    await this.#settle();
  }

  #happened(): void {
    this.#activity++;
    this.#patience?.end();
    if (!this.#isRunning && (this.#autojump || this.#rate > 0)) void this.#run();
  }

  /** Moves time as long as there is anything to move it for. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let looks = 0; this.#timers.size > 0 || this.#alive > 0; ) {
      await this.#settle();
      const before = this.#activity;
      if (await this.#step()) looks = 0;
      else if (this.#activity === before) {
        this.#patience = this.#untilDue() ?? untilLook(looks++, this.#timers.size > 0);
        await this.#patience.over;
        this.#patience = undefined;
        if (this.#activity !== before) looks = 0;
      }
    }
    this.#isRunning = false;
  }

  /** Does what is next, if there is anything. */
  async #step(): Promise<boolean> {
    const next = this.#timers.next;
    if (this.#rate > 0 && next <= this.now()) {
      this.#fire(next);
      return true;
    }
    if (!this.#autojump || isAwaited(this) || outstandingWork().length > 0 || callsElsewhere() > 0) return false;
    if (next !== Infinity) {
      if (!this.#mayJump()) return false;
      this.#fire(next);
      return true;
    }
    if (armedAnywhere > 0 || !(await isDeadlocked(this, () => this.#activity + armedAnywhere))) return false;
    reportDeadlock(this);
    return true;
  }

  /** With a rate: until real time has come to the next timer. It keeps the process alive, as an armed timer does. */
  #untilDue(): Patience | undefined {
    const next = this.#timers.next;
    return this.#rate > 0 && next < Infinity ? untilLater((next - this.now()) / this.#rate, true) : undefined;
  }

  /** Whether nothing outside has to end first. Warns of what cannot be told. */
  #mayJump(): boolean {
    const outside = underWay();
    if (outside === undefined) return true;
    if (outside.requests.length > 0) {
      this.#heldSince ??= host.now();
      if (host.now() - this.#heldSince < LONGEST_REQUEST_MS) return false;
    } else this.#heldSince = undefined;
    const undecided = [...outside.handles, ...outside.requests];
    if (undecided.length > 0 && !this.#hasWarned) {
      this.#hasWarned = true;
      warn(
        `Virtual time jumps from ${this.now()} to ${this.#timers.next} ms while the platform has something open of which the test clock cannot tell ` +
          `whether anything is still to come: ${undecided.join(", ")}. If a task waits for it, a time limit may fire too early. Register ` +
          `such work, external(fetch(url)), or put a mock in its place. Said once for each clock.`,
      );
    }
    return true;
  }

  #fire(at: number): void {
    this.#moveTo(at);
    const timer = this.#timers.takeDue(this.now());
    if (timer === undefined) return;
    armedAnywhere--;
    this.#activity++;
    timer.fire();
  }

  #moveTo(at: number): void {
    this.#now = Math.max(this.now(), at);
    this.#since = host.now();
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
