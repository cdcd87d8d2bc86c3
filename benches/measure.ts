/**
 * The harness: ways of writing one workload, measured in rounds.
 *
 *   1. Every way is measured once a round, in an order of chance, after a warm-up of all of them.
 *   2. Each way has its own process and collects its young garbage before a sample: it pays for its own.
 *   3. A bare spin runs in every round. It does the same work each time, so its spread is the machine's noise.
 *   4. A round is whole or is not counted. When the budget is used up, fewer rounds are measured, and the figures say
 *      how many.
 */
import { shuffled } from "../src/cli/bench/http/statistics.ts";
import { spin } from "./spin.ts";
import { node, type Runtime, Way } from "./way.ts";

export interface Plan {
  readonly rounds?: number;
  /** Never fewer than this, whatever the budget. */
  readonly fewest?: number;
  /** For the measured rounds, in ms. */
  readonly budget?: number;
  readonly warmUps?: number;
  readonly runtime?: Runtime;
  /** By the name of a way: what measures that one instead. */
  readonly runtimes?: Readonly<Record<string, Runtime>>;
}

/** Measures the named ways of a row's module. Gives the amounts per item of each, by round. */
export async function interleave<W extends string>(module: string, names: readonly W[], plan: Plan = {}): Promise<Record<W, number[]>> {
  const { rounds = 41, fewest = 11, budget = 40_000, warmUps = 10, runtime = node, runtimes = {} } = plan;
  const ways = names.map((name) => new Way(module, name, runtimes[name] ?? runtime));
  const amounts = Object.fromEntries(names.map((name): [string, number[]] => [name, []])) as Record<W, number[]>;
  try {
    let began = 0;
    for (let round = -warmUps; round < rounds; round++) {
      if (round === 0) began = performance.now();
      if (round >= fewest && performance.now() - began > budget) break;
      if (round >= 0) spin();
      for (const way of shuffled(ways)) {
        const amount = await way.sample();
        if (round >= 0) amounts[way.name as W].push(amount);
      }
    }
  } finally {
    for (const way of ways) way.close();
  }
  return amounts;
}
