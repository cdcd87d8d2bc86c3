/** How many cells an empty buffer keeps at most. */
const KEPT = 64;

/**
 * What is in the buffer of a channel: first in, first out.
 *
 * Invariants
 *   1. The number of cells is a power of two, or zero; it grows with what is in it, not with the capacity.
 *   2. A cell outside of `[head, head + size)` is empty: nothing that was received is kept alive.
 *   3. After a peak the cells go when the buffer is empty.
 */
export class Ring<T> {
  #cells: (T | undefined)[] = [];
  #head = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  push(item: T): void {
    if (this.#size === this.#cells.length) this.#grow();
    this.#cells[(this.#head + this.#size) & (this.#cells.length - 1)] = item;
    this.#size++;
  }

  /** Only for one that is not empty. */
  shift(): T {
    const cells = this.#cells;
    const item = cells[this.#head] as T;
    cells[this.#head] = undefined;
    this.#head = (this.#head + 1) & (cells.length - 1);
    if (--this.#size === 0 && cells.length > KEPT) {
      this.#cells = [];
      this.#head = 0;
    }
    return item;
  }

  /** Empties it; gives what was in it, in order. */
  drain(): T[] {
    const items: T[] = [];
    while (this.#size > 0) items.push(this.shift());
    return items;
  }

  #grow(): void {
    const old = this.#cells;
    const cells = Array.from<T | undefined>({ length: Math.max(old.length * 2, 8) });
    for (let at = 0; at < this.#size; at++) cells[at] = old[(this.#head + at) & (old.length - 1)];
    this.#cells = cells;
    this.#head = 0;
  }
}
