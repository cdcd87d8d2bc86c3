/**
 * What the next chunk is: large ones first, so that there are few, smaller ones towards the end, so that all are done at about the same
 * time, whatever each takes.
 *
 * Invariants
 *   1. The chunks are the range, each number of it once, in order.
 *   2. They are the same for the same range, least size and width, whoever takes them.
 *   3. None but the last is smaller than the least size; the last is never empty.
 */

/** A chunk is this part of what there would be for each of those who take them. */
const PART = 1 / 3;

/** How large a chunk is of which so much is left. */
export function sizeOfChunk(left: number, least: number, width: number): number {
  return Math.min(left, Math.max(least, Math.ceil((left * PART) / width)));
}

export class Guide {
  #next: number;
  readonly #to: number;
  readonly #least: number;
  readonly #width: number;

  constructor(from: number, to: number, least: number, width: number) {
    this.#next = from;
    this.#to = to;
    this.#least = least;
    this.#width = width;
  }

  get isDone(): boolean {
    return this.#next === this.#to;
  }

  /** `undefined` when all has been given. */
  take(): readonly [from: number, to: number] | undefined {
    if (this.isDone) return undefined;
    const from = this.#next;
    this.#next += sizeOfChunk(this.#to - from, this.#least, this.#width);
    return [from, this.#next];
  }
}
