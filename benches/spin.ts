/**
 * How quiet the machine is: a piece of work that is always the same, timed again and again. Its fastest run is what
 * this machine can do; how much longer the others took is what somebody else took away.
 */
import { percentile } from "../src/cli/bench/http/statistics.ts";

export interface Noise {
  readonly spins: number;
  /** Time of a spin ÷ the fastest: 1.0 is a machine of one's own. */
  readonly median: number;
  readonly high: number;
}

const turns = 2_000_000;
const times: number[] = [];
let sink = 0;

export function spin(): void {
  const began = performance.now();
  let state = 1;
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  // Kept, so that no compiler drops the loop.
  sink ^= state;
  times.push(performance.now() - began);
}

/** Of all spins of this process so far. */
export function noise(): Noise | undefined {
  // The first ones run before the loop is compiled.
  const warm = times.slice(3);
  if (warm.length === 0 || sink === undefined) return undefined;
  const fastest = Math.min(...warm);
  return { spins: warm.length, median: percentile(warm, 0.5) / fastest, high: percentile(warm, 0.9) / fastest };
}
