/**
 * Real time: every deadline and sleep of the program over one native timer.
 *
 * Invariants
 *   1. While a timer is armed, a native timer is set for the earliest one or earlier, or will be in the next
 *      turn of the event loop; while none is, none is. Most time limits are over before their turn is, and
 *      so never cost a native timer.
 *   2. The native timer is set for at most 2^31 - 1 ms and the clock is read again when it fires: nothing
 *      fires early, and nothing is too far away (G18).
 */
import type { Clock, Timer } from "../ports/clock.ts";
import type { Host } from "../ports/host.ts";
import { Timers } from "../scope/timers.ts";

/** The longest delay a native timer takes. */
const LONGEST_MS = 2 ** 31 - 1;
/** How long one turn may go on with operations that never block before timers and I/O get theirs. */
const LONG_TURN_MS = 5;
/** To read the clock costs a third of an operation that need not wait, so it is not read at each where they are this fast. */
const QUICK_MS = 0.02;
const LONGEST_STRIDE = 16;

export class RealClock implements Clock {
  readonly #host: Host;
  readonly #timers = new Timers();
  #native: unknown;
  #nativeAt = Infinity;
  #turnSince = 0;
  #isSetting = false;
  /** `pause()` looks at the time at each of so many calls: more and more while they follow one another fast, else at each. */
  #stride = 1;
  #unlooked = 0;
  #lookedAt = 0;
  /** One for all who pause in the same turn. */
  #pausing: Promise<void> | undefined;
  readonly #onTimer = (): void => this.#fireDue();
  readonly #onTurn = (): void => {
    this.#isSetting = false;
    this.#turnSince = this.#host.now();
    if (this.#timers.next < this.#nativeAt) this.#set(this.#timers.next);
  };

  constructor(host: Host) {
    this.#host = host;
  }

  now(): number {
    return this.#host.now();
  }

  arm(timer: Timer): void {
    this.#timers.add(timer);
    if (this.#isSetting || timer.at >= this.#nativeAt) return;
    this.#isSetting = true;
    this.#host.nextTurn(this.#onTurn);
  }

  disarm(timer: Timer): void {
    this.#timers.delete(timer);
    if (this.#timers.size === 0 && this.#nativeAt !== Infinity) this.#clear();
  }

  pause(): Promise<void> | undefined {
    if (--this.#unlooked > 0) return this.#pausing;
    const now = this.#host.now();
    this.#stride = now - this.#lookedAt < this.#stride * QUICK_MS ? Math.min(2 * this.#stride, LONGEST_STRIDE) : 1;
    this.#unlooked = this.#stride;
    this.#lookedAt = now;
    if (now - this.#turnSince < LONG_TURN_MS) return undefined;
    return (this.#pausing ??= new Promise((resolve) => {
      this.#host.nextTurn(() => {
        this.#turnSince = this.#host.now();
        this.#pausing = undefined;
        resolve();
      });
    }));
  }

  #fireDue(): void {
    this.#nativeAt = Infinity;
    this.#turnSince = this.#host.now();
    for (let due = this.#timers.takeDue(this.#turnSince); due !== undefined; due = this.#timers.takeDue(this.#turnSince)) due.fire();
    // What fired may have armed others, and with them the native timer.
    if (this.#timers.next < this.#nativeAt) this.#set(this.#timers.next);
  }

  #set(at: number): void {
    if (this.#nativeAt !== Infinity) this.#host.clearTimer(this.#native);
    this.#nativeAt = at;
    const delay = Math.ceil(at - this.#host.now());
    this.#native = this.#host.setTimer(this.#onTimer, Math.min(Math.max(delay, 0), LONGEST_MS));
  }

  #clear(): void {
    this.#host.clearTimer(this.#native);
    this.#native = undefined;
    this.#nativeAt = Infinity;
  }
}
