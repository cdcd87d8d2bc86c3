/**
 * How quiet the machine is: a piece of work that is always the same, timed again and again. Its fastest run is what
 * this machine can do; how much longer the others took is what somebody else took away.
 */
import { percentile } from "../src/cli/bench/http/statistics.ts";

export interface Noise {
  readonly spins: number;
  /** Time of a spin ÷ the fastest of the whole run: 1.0 is a machine of one's own. */
  readonly median: number;
  readonly high: number;
}

const turns = 2_000_000;
const bare = 10;
const times: number[] = [];
let fastest = Infinity;
let state = 1;

/** Runs the same work once more. */
export function spin(): void {
  const began = performance.now();
  // Kept outside, so that no compiler drops the loop.
  for (let turn = 0; turn < turns; turn++) state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  const took = performance.now() - began;
  fastest = Math.min(fastest, took);
  times.push(took);
}

/** Spins before and after what it watches, beside the spins of its rounds. */
export function watchMachine(): { end(): Noise } {
  for (let i = 0; i < bare; i++) spin();
  const from = times.length - bare;
  return {
    end() {
      for (let i = 0; i < bare; i++) spin();
      const watched = times.slice(from);
      return { spins: watched.length, median: percentile(watched, 0.5) / fastest, high: percentile(watched, 0.9) / fastest };
    },
  };
}

// Until the loop is compiled, it is not the same work.
for (let i = 0; i < bare; i++) spin();
fastest = Infinity;
