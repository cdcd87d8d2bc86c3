/**
 * A row of this suite: workloads through all pools, each pool in a process of its own with its workers started and warm. The
 * figures are ours beside the best settings of each package, in which settings it was best, and beside piscina as it is by itself.
 */
import { interleave, type Plan } from "../measure.ts";
import { missing } from "../rival.ts";
import type { Figure, Missing, Row } from "../row.ts";
import type { Sample, Ways } from "../sample.ts";
import type { Runtime } from "../way.ts";
import { byHand } from "./by-hand.ts";
import { type Kind, lack, openPool } from "./ours.ts";
import { type Contestant, processes, threads } from "./pools.ts";
import { python } from "./python.ts";
import { compareAll, type Standing } from "./standings.ts";
import type { Pool, Workload } from "./workload.ts";

export const workers = 2;

/** Until each worker has answered: it has started, and has loaded the functions. */
async function warm(pool: Pool, size: number): Promise<void> {
  const seen = new Set<unknown>();
  for (let attempt = 0; seen.size < size; attempt++) {
    if (attempt === 100) throw new Error(`${seen.size} of ${size} workers answered`);
    const answers = await pool((run) => Promise.all(Array.from({ length: 2 * size }, () => run("identify", undefined))));
    for (const answer of answers) seen.add(answer);
  }
}

export async function openRival(contestant: Contestant, size = workers): Promise<Pool> {
  const run = await contestant.open(size);
  const pool: Pool = (body) => body(run);
  await warm(pool, size);
  return pool;
}

export async function openOurs(kind: Kind, size = workers): Promise<Pool> {
  const pool = await openPool(kind, size);
  await warm(pool, size);
  return pool;
}

const own = "espalier";
const keyOf = (workload: string, side: string): string => `${workload}: ${side}`;
const rivalsOf = { threads, processes } satisfies Record<Kind, unknown>;

export function contest(module: string, kind: Kind, workloads: Readonly<Record<string, Workload>>, plan: Plan = {}): { readonly ways: Ways; readonly row: Row } {
  const rivals = rivalsOf[kind];
  const waysOf = ([key, { sample }]: [string, Workload]): [string, () => Promise<Sample>][] => [
    [keyOf(key, own), async () => sample(await openOurs(kind))],
    ...(kind === "threads" ? [[keyOf(key, byHand.maker), async () => sample(await openRival(byHand))] satisfies [string, () => Promise<Sample>]] : []),
    ...Object.entries(rivals).map(([name, contestant]): [string, () => Promise<Sample>] => [keyOf(key, name), async () => sample(await openRival(contestant))]),
  ];
  const row: Row = {
    async measure() {
      const figures: (Figure | Missing)[] = [];
      for (const [key, workload] of Object.entries(workloads)) figures.push(...(await measure(module, kind, key, workload, plan)));
      return figures;
    },
  };
  return { ways: Object.fromEntries(Object.entries(workloads).flatMap(waysOf)), row };
}

async function measure(module: string, kind: Kind, key: string, workload: Workload, plan: Plan): Promise<(Figure | Missing)[]> {
  const { what, shown = (amount: number) => amount } = workload;
  const standingOf = (contestant: Contestant): Contestant & { readonly way: string } => ({ ...contestant, way: keyOf(key, contestant.maker) });
  const rivals = Object.entries(rivalsOf[kind]).map(([name, contestant]) => ({ ...contestant, way: keyOf(key, name) }));
  const installed = rivals.filter(({ maker }) => missing(maker) === undefined);
  const snakes = python(workload.python ?? []).map((one) => ({ ...one, way: keyOf(key, one.name) }));
  const runtimes = Object.fromEntries(snakes.flatMap(({ way, runtime }): [string, Runtime][] => (runtime === undefined ? [] : [[way, runtime]])));
  const absent = lack(kind);
  const bound = kind === "threads" ? [standingOf(byHand)] : [];
  const names = [...(absent === undefined ? [keyOf(key, own)] : []), ...installed.map(({ way }) => way), ...bound.map(({ way }) => way), ...Object.keys(runtimes)];
  const took = await interleave(module, names, { warmUps: 10, rounds: 15, fewest: 7, budget: 30_000, ...plan, runtimes });
  const amounts = (way: string): number[] => took[way]!.map(shown);
  const standing = (way: string, maker: string, label: string): Standing => ({ maker, side: [label, amounts(way)] });
  const figures = compareAll(
    workload,
    absent === undefined ? [`espalier/${kind}`, amounts(keyOf(key, own))] : undefined,
    installed.map(({ way, maker, label }) => standing(way, maker, label)),
    [
      ...bound.map(({ way, maker, label }) => standing(way, maker, label)),
      ...snakes.filter(({ runtime }) => runtime !== undefined).map(({ way, label }) => standing(way, "python", label)),
    ],
  );
  const lacks = [absent, ...new Set(rivals.map(({ maker }) => missing(maker))), ...snakes.map((one) => one.missing)];
  return [...figures, ...lacks.flatMap((reason) => (reason === undefined ? [] : [{ what, missing: reason }]))];
}
