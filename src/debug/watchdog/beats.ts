/** The words that the watched thread and its watchdog share. */

/** Counted up by the watched thread each time that its event loop comes round. */
const BEATS = 0;
/** How often the watchdog has told of it. */
const REPORTS = 1;
/** Whether somebody else debugs the program: it is left alone then. */
const IS_DEBUGGED = 2;
/** Whether the program has listeners of its own: else the watchdog writes. */
const HAS_LISTENERS = 3;
/** After how many ms it is told. */
const LIMIT = 4;
/** How often it stood still for a part of that, and for how many ms together. */
const STALLS = 5;
const STALLED_MS = 6;

/** What is shorter is no stall. */
const PART = 1 / 4;

const LONGEST = 2 ** 31 - 1;

export class Beats {
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(28)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Since the last one there were `late` ms more of work than come between two. */
  beat(limit: number, isDebugged: boolean, late: number): void {
    if (late >= limit * PART) {
      Atomics.add(this.#words, STALLS, 1);
      Atomics.add(this.#words, STALLED_MS, Math.round(late));
    }
    this.limit = limit;
    Atomics.store(this.#words, IS_DEBUGGED, Number(isDebugged));
    Atomics.add(this.#words, BEATS, 1);
  }

  listens(hasListeners: boolean): void {
    Atomics.store(this.#words, HAS_LISTENERS, Number(hasListeners));
  }

  get beats(): number {
    return Atomics.load(this.#words, BEATS);
  }

  get limit(): number {
    return Atomics.load(this.#words, LIMIT);
  }

  set limit(ms: number) {
    Atomics.store(this.#words, LIMIT, Math.min(Math.round(ms), LONGEST));
  }

  get stalls(): number {
    return Atomics.load(this.#words, STALLS);
  }

  get stalledMs(): number {
    return Atomics.load(this.#words, STALLED_MS);
  }

  get hasListeners(): boolean {
    return Atomics.load(this.#words, HAS_LISTENERS) === 1;
  }

  get isDebugged(): boolean {
    return Atomics.load(this.#words, IS_DEBUGGED) === 1;
  }

  reported(): void {
    Atomics.add(this.#words, REPORTS, 1);
  }

  get reports(): number {
    return Atomics.load(this.#words, REPORTS);
  }
}
