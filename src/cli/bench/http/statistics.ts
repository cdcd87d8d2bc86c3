/**
 * The statistics of a comparison that was measured in rounds.
 *
 * Every way is measured once in each round, so figures are compared within a round and never across rounds: whatever
 * slowed the machine down then slowed both. The ratio given is the median of the rounds' ratios, its spread their quartiles.
 */

export interface Summary {
  readonly count: number;
  readonly min: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface Ratio {
  readonly median: number;
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly rounds: number;
}

/** The value below which the given part (0 to 1) of the values lies, interpolated linearly between neighbours. */
export function percentile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError("percentile() was called without values: there is nothing to describe");
  if (!(part >= 0 && part <= 1)) throw new RangeError(`percentile() takes a part from 0 to 1, but was given ${part}`);
  const sorted = values.toSorted((a, b) => a - b);
  const position = (sorted.length - 1) * part;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

export function summarize(values: readonly number[]): Summary {
  return { count: values.length, min: percentile(values, 0), p50: percentile(values, 0.5), p99: percentile(values, 0.99), max: percentile(values, 1) };
}

/** Whether the middle half of the rounds lies on one side of 1. Fewer than four rounds have no middle half. */
export function isClear({ lowerQuartile, upperQuartile, rounds }: Ratio): boolean {
  return rounds >= 4 && (lowerQuartile > 1 || upperQuartile < 1);
}

/** How often `times` fits into `base`, round by round: above 1 is faster than the base. */
export function pairedRatio(base: readonly number[], times: readonly number[]): Ratio {
  if (base.length !== times.length) throw new RangeError(`pairedRatio() compares rounds, but was given ${base.length} and ${times.length} of them`);
  const ratios = base.map((time, round) => time / (times[round] as number));
  return {
    median: percentile(ratios, 0.5),
    lowerQuartile: percentile(ratios, 0.25),
    upperQuartile: percentile(ratios, 0.75),
    rounds: ratios.length,
  };
}

/** The items in an order of chance, so that no way always runs after the same other one. */
export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const chosen = Math.floor(random() * (last + 1));
    [result[last], result[chosen]] = [result[chosen] as T, result[last] as T];
  }
  return result;
}
