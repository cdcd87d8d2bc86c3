/**
 * The words that a pool and a worker share. A call that was sent has one; who swaps it first has the call.
 *
 *   FREE ──offer──▶ OFFERED ──take (worker)────▶ TAKEN ──┐
 *                      └──────withdraw (pool)────────────┴──▶ FREE, one generation later
 *
 * Invariants
 *   1. A word holds the generation of the call it stands for: a worker that comes too late finds another one and takes nothing.
 *   2. Of `take` and `withdraw` of the same call exactly one succeeds.
 *   3. Whoever sleeps on the wake-up word had seen everything that was sent before he looked at it: it is counted up after each
 *      message, and he sleeps only while it is what he saw.
 */

/** How many calls can be with one worker. */
export const SLOTS = 512;

const WAKE_UPS = 0;
const IS_ASLEEP = 1;
const REPLIES = 2;
const HEADER = 3;
const OFFERED = 0;
const TAKEN = 1;

export class Claims {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer((HEADER + 2 * SLOTS) * 4)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Offers what the slot stands for; gives its generation. */
  offer(slot: number): number {
    const generation = ((this.#words[HEADER + slot]! >>> 1) + 1) & 0x3fffffff;
    Atomics.store(this.#words, HEADER + slot, (generation << 1) | OFFERED);
    return generation;
  }

  /** The worker's: true, and it is his to run. */
  take(slot: number, generation: number): boolean {
    return this.#swap(slot, generation);
  }

  /** The pool's: true, and it never runs. */
  withdraw(slot: number, generation: number): boolean {
    return this.#swap(slot, generation);
  }

  isTaken(slot: number): boolean {
    return (Atomics.load(this.#words, HEADER + slot) & 1) === TAKEN;
  }

  /** Tells the worker that runs it, also in a busy loop. */
  cancel(slot: number, generation: number): void {
    Atomics.store(this.#words, HEADER + SLOTS + slot, generation);
  }

  isCancelled(slot: number, generation: number): boolean {
    return Atomics.load(this.#words, HEADER + SLOTS + slot) === generation;
  }

  get wakeUps(): number {
    return Atomics.load(this.#words, WAKE_UPS);
  }

  /** After each message. */
  wake(): void {
    Atomics.add(this.#words, WAKE_UPS, 1);
    // Who has not said yet that he sleeps will find the count changed, and not sleep.
    if (Atomics.load(this.#words, IS_ASLEEP) === 1) Atomics.notify(this.#words, WAKE_UPS);
  }

  /** Until somebody wakes, unless somebody has since `seen`; false if nobody has for `ms`. */
  sleep(seen: number, ms: number): boolean {
    Atomics.store(this.#words, IS_ASLEEP, 1);
    const isWoken = Atomics.wait(this.#words, WAKE_UPS, seen, ms) !== "timed-out";
    Atomics.store(this.#words, IS_ASLEEP, 0);
    return isWoken;
  }

  get replies(): number {
    return Atomics.load(this.#words, REPLIES);
  }

  replied(): void {
    Atomics.add(this.#words, REPLIES, 1);
    Atomics.notify(this.#words, REPLIES);
  }

  awaitReply(seen: number): void {
    Atomics.wait(this.#words, REPLIES, seen);
  }

  #swap(slot: number, generation: number): boolean {
    const offered = (generation << 1) | OFFERED;
    return Atomics.compareExchange(this.#words, HEADER + slot, offered, (generation << 1) | TAKEN) === offered;
  }
}
