/** The measurement: every way once a round, in an order of chance. What is compared was measured in the same round. */
import type { Scope } from "espalier";
import type { CommandContext } from "../../program.ts";
import { startProgress } from "../../progress.ts";
import { describeMachine, type Machine } from "../http/machine.ts";
import { pairedRatio, percentile, type Ratio, shuffled } from "../http/statistics.ts";
import { type DispatchWay, dispatchWays, type MissingDispatchWay, type Work } from "./ways.ts";

export interface DispatchOptions {
  readonly tasks: number;
  readonly rounds: number;
  readonly json: boolean;
}

export interface DispatchRow {
  readonly way: string;
  readonly ours: boolean;
  readonly tasks: number;
  /** µs for each task: the median of the rounds, and each of them. */
  readonly micros: number;
  readonly rounds: readonly number[];
  /** How many times as long as `Promise.all` it takes. */
  readonly ratio: Ratio;
}

export interface DispatchReport {
  readonly espalier: string;
  readonly machine: Machine;
  readonly workload: { readonly tasks: number; readonly rounds: number; readonly warmUps: number };
  readonly rows: readonly (DispatchRow | { readonly way: string; readonly missing: string })[];
}

const warmUps = 5;

const functions = (tasks: number): Work[] =>
  Array.from({ length: tasks }, (_, index) => async () => {
    await Promise.resolve();
    return index;
  });

export async function benchmark({ tasks, rounds }: DispatchOptions, { terminal, version }: CommandContext, scope: Scope): Promise<DispatchReport> {
  const machine = describeMachine();
  const named = await dispatchWays();
  const ways = named.filter((way): way is DispatchWay => !("missing" in way));
  const work = functions(tasks);
  const measured = new Map(ways.map((way) => [way, [] as number[]]));
  const progress = startProgress(ways.length * (warmUps + rounds), terminal);
  try {
    for (let round = 1 - warmUps; round <= rounds; round++) {
      for (const way of shuffled(ways)) {
        progress.step("dispatch", `${round < 1 ? "warm-up" : `round ${round} of ${rounds}`} · ${way.name}`);
        await scope.checkpoint();
        const micros = await microsOf(way, work);
        if (round >= 1) measured.get(way)!.push(micros);
      }
    }
  } finally {
    progress.done();
  }
  const base = measured.get(ways[0]!)!;
  return { espalier: version, machine, workload: { tasks, rounds, warmUps }, rows: named.map((way) => rowOf(way, work.length, measured, base)) };
}

const tasksOf = ({ oneIn }: DispatchWay, tasks: number): number => Math.max(1, Math.floor(tasks / oneIn));

async function microsOf(way: DispatchWay, work: readonly Work[]): Promise<number> {
  const some = work.slice(0, tasksOf(way, work.length));
  const began = performance.now();
  await way.begin(some);
  return ((performance.now() - began) * 1000) / some.length;
}

function rowOf(way: DispatchWay | MissingDispatchWay, tasks: number, measured: ReadonlyMap<DispatchWay, readonly number[]>, base: readonly number[]): DispatchReport["rows"][number] {
  if ("missing" in way) return { way: way.name, missing: way.missing };
  const rounds = measured.get(way)!;
  return { way: way.name, ours: way.ours, tasks: tasksOf(way, tasks), micros: percentile(rounds, 0.5), rounds, ratio: pairedRatio(rounds, base) };
}
