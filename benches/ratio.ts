/**
 * Ratios between samples of the same round: whatever slowed the machine down then slowed both.
 */
import { percentile } from "../src/cli/bench/http/statistics.ts";

export interface Ratio {
  readonly median: number;
  /** The 10th and the 90th percentile of the rounds. */
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

export const median = (values: readonly number[]): number => percentile(values, 0.5);

export function pairedRatio(ours: readonly number[], beside: readonly number[]): Ratio {
  return spread(ours.map((value, round) => value / beside[round]!));
}

export function spread(values: readonly number[]): Ratio {
  return { median: median(values), low: percentile(values, 0.1), high: percentile(values, 0.9), rounds: values.length };
}
