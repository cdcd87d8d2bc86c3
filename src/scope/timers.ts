/**
 * The timers of one clock in the order in which they are due: a binary heap on (at, order of arming).
 *
 * Disarming only marks: cancelling n sleeping tasks must cost n, not n log n. Dead timers leave when the top
 * is looked at, or all at once when they are the larger part.
 *
 * Invariants
 *   1. A living timer has no living timer above it that is due later.
 *   2. `timer.slot` is the order of arming while the timer is armed, -1 before and afterwards. A dead one
 *      compares as the earliest of its moment: that moves dead ones up and orders no two living ones.
 *   3. The heap holds at most 2 * armed + SLACK timers, so memory is bounded by what is armed.
 */
import type { Timer } from "../ports/clock.ts";

const SLACK = 64;
const alive = (timer: Timer): boolean => timer.slot >= 0;
const before = (a: Timer, b: Timer): boolean => a.at < b.at || (a.at === b.at && a.slot < b.slot);

export class Timers {
  #heap: Timer[] = [];
  #armed = 0;
  #orders = 0;

  get size(): number {
    return this.#armed;
  }

  /** When the first one is due; Infinity when none is armed. */
  get next(): number {
    this.#prune();
    return this.#heap.length === 0 ? Infinity : this.#heap[0]!.at;
  }

  /** A timer is armed at most once in its life: to move it, make another. */
  add(timer: Timer): void {
    timer.slot = this.#orders++;
    this.#armed++;
    this.#rise(this.#heap.push(timer) - 1, timer);
  }

  delete(timer: Timer): void {
    if (timer.slot < 0) return;
    timer.slot = -1;
    this.#armed--;
    if (this.#armed === 0) this.#heap.length = 0;
    else if (this.#heap.length > 2 * this.#armed + SLACK) this.#compact();
  }

  /** Takes the first timer out if it is due at `now`. */
  takeDue(now: number): Timer | undefined {
    const top = this.next > now ? undefined : this.#heap[0];
    if (top === undefined) return undefined;
    this.delete(top);
    return top;
  }

  #prune(): void {
    const heap = this.#heap;
    while (heap.length > 0 && !alive(heap[0]!)) {
      const last = heap.pop()!;
      if (heap.length > 0) this.#sink(0, last);
    }
  }

  #compact(): void {
    this.#heap = this.#heap.filter(alive);
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#sink(i, this.#heap[i]!);
  }

  #rise(slot: number, timer: Timer): void {
    const heap = this.#heap;
    let at = slot;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (!before(timer, heap[above]!)) break;
      heap[at] = heap[above]!;
      at = above;
    }
    heap[at] = timer;
  }

  #sink(slot: number, timer: Timer): void {
    const heap = this.#heap;
    const size = heap.length;
    let at = slot;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= size) break;
      if (below + 1 < size && before(heap[below + 1]!, heap[below]!)) below++;
      if (!before(heap[below]!, timer)) break;
      heap[at] = heap[below]!;
      at = below;
    }
    heap[at] = timer;
  }
}
