/**
 * How much a worker takes: as much as its threads do in a moment, so that what waits, waits where it can still go elsewhere; and as much again of
 * callers who have nothing there, one of each, so that nobody is kept out by others.
 */

/** So much work ahead, in ms. */
const AHEAD_MS = 50;
const MOST = 4_096;
/** How much a new result counts. */
const WEIGHT = 1 / 16;

export class Admission {
  readonly #size: number;
  readonly #isOnly: boolean;
  #average: number | undefined;

  /** @param isOnly there is no other worker to which it could go */
  constructor(size: number, isOnly: boolean) {
    this.#size = size;
    this.#isOnly = isOnly;
  }

  learn(ms: number): void {
    this.#average = this.#average === undefined ? ms : this.#average + (ms - this.#average) * WEIGHT;
  }

  /** Whether one more is taken, of a caller who has `his` of the `all` that are there. */
  takes(all: number, his: number): boolean {
    return this.#isOnly || all < (his === 0 ? 2 * this.most : this.most);
  }

  get most(): number {
    const ahead = this.#average === undefined ? 1 : Math.max(1, Math.min(MOST, AHEAD_MS / Math.max(this.#average, 1e-3)));
    return Math.ceil(this.#size * (1 + ahead));
  }
}
