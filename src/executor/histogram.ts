/** How long things took: counted in buckets a quarter of an octave wide, so that any number of them takes the same room. */

/** What a histogram tells; times in ms, each at most a quarter too high, and none but `max` above three minutes. */
export interface HistogramFigures {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** What is counted: tenths of a microsecond, up to more than three minutes. */
const UNITS_A_MS = 1e4;
const LONGEST = 2 ** 31 - 1;
const STEPS_AN_OCTAVE = 4;
const BUCKETS = 32 * STEPS_AN_OCTAVE;

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  get count(): number {
    return this.#count;
  }

  add(ms: number): void {
    const bucket = bucketOf(Math.min(LONGEST, ms * UNITS_A_MS) | 0);
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
      if (seen >= wanted && seen > 0) return Math.min(this.#max, upperEnd(bucket) / UNITS_A_MS);
    }
    return this.#max;
  }
}

/** The octave is where the highest bit is, the step the two bits after it. */
function bucketOf(units: number): number {
  if (units < STEPS_AN_OCTAVE) return units;
  const octave = 31 - Math.clz32(units);
  return octave * STEPS_AN_OCTAVE - STEPS_AN_OCTAVE + ((units >>> (octave - 2)) & 3);
}

/** The smallest that does not belong to it any more. */
function upperEnd(bucket: number): number {
  if (bucket < STEPS_AN_OCTAVE) return bucket + 1;
  const octave = Math.floor(bucket / STEPS_AN_OCTAVE) + 1;
  return (STEPS_AN_OCTAVE + (bucket % STEPS_AN_OCTAVE) + 1) * 2 ** (octave - 2);
}
