/**
 * The harness: ways of writing one workload, measured in rounds.
 *
 *   1. Every way is measured once a round, in an order of chance, after a warm-up of all of them.
 *   2. Garbage is collected before each sample, outside its time: each way pays for its own.
 *   3. A bare spin runs in every round. It does the same work each time, so its spread is the machine's noise.
 *   4. A round is whole or is not counted. When the budget is used up, fewer rounds are measured, and the figures say
 *      how many.
 *
 * Runs on Node.js, Bun and Deno (`--expose-gc`).
 */
import { shuffled } from "../src/cli/bench/http/statistics.ts";
import { spin } from "./spin.ts";

/** One measurement. Gives the time per item in µs. */
export type Sample = () => Promise<number>;

export interface Plan {
  readonly rounds?: number;
  /** Never fewer than this, whatever the budget. */
  readonly fewest?: number;
  /** For the measured rounds, in ms. */
  readonly budget?: number;
  readonly warmUps?: number;
  /** Whether samples leave garbage that grew old, so that a full collection must come between them. */
  readonly old?: boolean;
}

/** Shorter samples are repeated within one time: the clock and the first scavenge would weigh too much. */
const shortestMs = 10;
const settlingMs = 50;

const gc = (options?: { type: "minor" | "major"; execution: "sync" }): void => {
  const collector = globalThis.gc;
  if (collector === undefined) throw new Error("a sample must start without the garbage of the one before: run with --expose-gc");
  if (options === undefined) collector();
  else collector(options);
};

/** The young generation: what the sample before left there is not paid for by the next. */
export const collectYoung = (): void => gc({ type: "minor", execution: "sync" });

export const collectAll = (): void => gc();

/**
 * A full collection makes V8 forget code and shapes that nothing alive uses, which no program meets before every call:
 * a short sample is run unmeasured until it has them again. A long one pays for them within its own time.
 */
async function collectOld(sample: Sample, lastMs: number): Promise<void> {
  collectAll();
  const began = performance.now();
  while (lastMs < settlingMs && performance.now() - began < settlingMs) await sample();
  collectYoung();
}

/** A sample of `run`, which does the work of `items` items. */
export function timed(items: number, run: () => unknown): Sample {
  let repeats = 1;
  return async () => {
    const began = performance.now();
    for (let i = 0; i < repeats; i++) await run();
    const took = performance.now() - began;
    const perItem = (took * 1000) / (repeats * items);
    if (took < shortestMs) repeats = Math.ceil(repeats * Math.min(10, shortestMs / took));
    return perItem;
  };
}

/** Measures all ways. Gives the time per item of each, by round. */
export async function interleave<W extends string>(ways: Readonly<Record<W, Sample>>, plan: Plan = {}): Promise<Record<W, number[]>> {
  const { rounds = 41, fewest = 11, budget = 30_000, warmUps = 8, old = false } = plan;
  const names = Object.keys(ways) as W[];
  const took = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<W, number[]>;
  const lastMs = new Map<W, number>();
  let began = 0;
  for (let round = -warmUps; round < rounds; round++) {
    if (round === 0) began = performance.now();
    if (round >= fewest && performance.now() - began > budget) break;
    if (round >= 0) spin();
    for (const name of shuffled(names)) {
      if (old) await collectOld(ways[name], lastMs.get(name) ?? Infinity);
      else collectYoung();
      const start = performance.now();
      const perItem = await ways[name]();
      lastMs.set(name, performance.now() - start);
      if (round >= 0) took[name].push(perItem);
    }
  }
  return took;
}
