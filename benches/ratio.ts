/**
 * Ratios between samples of the same round: whatever slowed the machine down then slowed both.
 */
import { percentile } from "../src/cli/bench/http/statistics.ts";

export interface Ratio {
  readonly median: number;
  /** The 10th and the 90th percentile of the rounds; none where there are no rounds to compare. */
  readonly spread?: readonly [low: number, high: number];
  readonly rounds: number;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function pairedRatio(ours: readonly number[], beside: readonly number[]): Ratio {
  const ratios = ours.map((value, round) => value / beside[round]!);
  return { median: median(ratios), spread: [percentile(ratios, 0.1), percentile(ratios, 0.9)], rounds: ratios.length };
}
