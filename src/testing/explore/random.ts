/** Numbers that look like chance and are the same for the same seed, on every runtime (mulberry32, Tommy Ettinger, public domain). */
export class Random {
  #state: number;

  constructor(seed: number) {
    // Seeds are small and close together: the first few numbers must not be.
    this.#state = Math.imul(seed + 1, 0x9e37_79b1) | 0;
  }

  /** A whole number from 0 up, below `bound`. */
  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound);
  }
}
