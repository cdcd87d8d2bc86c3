/** How long things took: counted in buckets a quarter of a power of two wide, so that any number of them takes the same room. */

/** What a histogram tells; times in ms, each at most a fifth too high. */
export interface HistogramFigures {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

const STEPS_AN_OCTAVE = 4;
/** The first bucket: up to a tenth of a microsecond. */
const SMALLEST_MS = 1e-4;
/** Up to about four months. */
const BUCKETS = 48 * STEPS_AN_OCTAVE;

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    const bucket = ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log2(ms / SMALLEST_MS) * STEPS_AN_OCTAVE));
    this.#counts[bucket]!++;
    this.#count++;
    this.#sum += ms;
    if (ms > this.#max) this.#max = ms;
  }

  figures(): HistogramFigures {
    const count = this.#count;
    const mean = count === 0 ? 0 : this.#sum / count;
    return { count, mean, p50: this.#quantile(0.5), p90: this.#quantile(0.9), p99: this.#quantile(0.99), max: this.#max };
  }

  /** The upper end of the bucket in which it lies. */
  #quantile(part: number): number {
    const wanted = part * this.#count;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted && seen > 0) return Math.min(this.#max, SMALLEST_MS * 2 ** (bucket / STEPS_AN_OCTAVE));
    }
    return this.#max;
  }
}
