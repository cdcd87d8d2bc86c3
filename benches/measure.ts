/**
 * The harness: ways of writing one workload, measured in rounds.
 *
 *   1. Every way is measured once a round, in an order of chance, after a warm-up of all of them.
 *   2. Each way has its own process and collects its young garbage before a sample: it pays for its own.
 *   3. A bare spin runs in every round. It does the same work each time, so its spread is the machine's noise.
 *   4. A round is whole or is not counted. When the budget is used up, fewer rounds are measured, and the figures say
 *      how many.
 *   5. With a base (`revision.ts`) every way is measured twice in each round, with the two builds of espalier.
 */
import { shuffled } from "../src/cli/bench/http/statistics.ts";
import { canAsk, computed, family, occupied, peakOf } from "./proc.mjs";
import { baseBuild, keepCompared } from "./revision.ts";
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
  /** A process for each sample: for what a process can show once. */
  readonly fresh?: boolean;
  /** Asks the system what each sample computed and what is occupied after it, by the way's process and all below it. */
  readonly accounts?: boolean;
}

/** What the system says of a sample, where it can be asked: in ms and in MB. */
export interface Account {
  readonly computed: number;
  readonly occupied: number;
}

/** Who takes part: a way of a module, on a runtime. */
export interface Entrant {
  readonly name: string;
  /** Its name in the module, where that is another. */
  readonly way?: string;
  readonly runtime?: Runtime;
  /** What its samples are told. */
  readonly about?: unknown;
}

export interface Measured<A> {
  /** By round. */
  readonly amounts: readonly A[];
  /** As many, where they were asked for and can be had. */
  readonly accounts: readonly Account[];
  /** What its process occupied at most, in MB, where that can be read. */
  readonly peak: number | undefined;
  /** Why there are no amounts: the error that it ended with. It ends nobody else. */
  readonly lost: string | undefined;
}

/** A look at what is done: with `--quick` everything runs, and no figure means anything. */
export const quick: boolean = process.env["BENCH_QUICK"] === "1";

type OnRound = (round: number, rounds: number) => void;
let onRound: OnRound = () => {};

/** Calls `listener` before each round, of so many. */
export function watchRounds(listener: OnRound): void {
  onRound = listener;
}

/** For rows that have rounds of their own. */
export const tellRound: OnRound = (round, rounds) => onRound(round, rounds);

/** Measures the named ways of a row's module. Gives the amounts per item of each, by round. */
export async function interleave<W extends string>(module: string, names: readonly W[], plan: Plan = {}): Promise<Record<W, number[]>> {
  const { runtime = node, runtimes = {} } = plan;
  const entrants = names.map((name) => ({ name, runtime: runtimes[name] ?? runtime }));
  const measured = await measureRounds(module, entrants, plan);
  const amounts = [...measured].map(([name, { amounts, lost }]): [string, readonly number[]] => {
    if (lost !== undefined) throw new Error(lost);
    return [name, amounts];
  });
  return Object.fromEntries(amounts) as Record<W, number[]>;
}

/** The same where one that fails is no reason to lose the others, and where a sample may be of several amounts. */
export async function measureRounds<A = number>(module: string, entrants: readonly Entrant[], plan: Plan = {}): Promise<Map<string, Measured<A>>> {
  const { rounds, fewest, budget, warmUps } = quick ? { rounds: 1, fewest: 1, budget: 1_000, warmUps: 0 } : { rounds: 41, fewest: 11, budget: 40_000, warmUps: 10, ...plan };
  const head = entrants.map((entrant) => new Entry<A>(module, entrant, plan));
  const base = baseBuild === undefined ? [] : entrants.map((entrant) => new Entry<A>(module, entrant, plan, baseBuild));
  const entries = [...head, ...base];
  try {
    let began = 0;
    for (let round = -warmUps; round < rounds; round++) {
      if (round === 0) began = performance.now();
      if (round >= fewest && performance.now() - began > budget) break;
      onRound(round + warmUps, rounds + warmUps);
      if (round >= 0) spin();
      for (const entry of shuffled(entries)) await entry.take(round >= 0);
    }
  } finally {
    for (const entry of entries) entry.end();
  }
  base.forEach(({ amounts }, place) => keepCompared(module, head[place]!.entrant.name, amounts, head[place]!.amounts));
  return new Map(head.map((entry) => [entry.entrant.name, entry]));
}

/** One way in a run: its process, and what it gave. */
class Entry<A> implements Measured<A> {
  readonly entrant: Entrant;
  readonly amounts: A[] = [];
  readonly accounts: Account[] = [];
  peak: number | undefined;
  lost: string | undefined;
  readonly #open: () => Way;
  readonly #plan: Plan;
  #way: Way | undefined;

  constructor(module: string, entrant: Entrant, plan: Plan, build?: string) {
    const { name, way = name, runtime = node } = entrant;
    this.entrant = entrant;
    this.#plan = plan;
    const chosen = build === undefined ? runtime : { ...runtime, environment: { ...runtime.environment, ESPALIER_DIST: build } };
    this.#open = () => new Way(module, way, chosen);
    // All at once: what is started late would find a machine that is busy.
    if (plan.fresh !== true) this.#way = this.#open();
  }

  async take(counted: boolean): Promise<void> {
    if (this.lost !== undefined) return;
    this.#way ??= this.#open();
    try {
      const account = this.#plan.accounts === true && canAsk ? accountOf(this.#way.pid!) : undefined;
      const amount = await this.#way.sample<A>(this.entrant.about);
      if (counted) {
        this.amounts.push(amount);
        if (account !== undefined) this.accounts.push(account());
      }
      if (this.#plan.fresh === true) this.end();
    } catch (error) {
      this.lost = error instanceof Error ? error.message : String(error);
      this.amounts.length = 0;
      this.end();
    }
  }

  end(): void {
    if (this.#way === undefined) return;
    this.peak = Math.max(this.peak ?? 0, peakOf(this.#way.pid) ?? 0) || undefined;
    this.#way.close();
    this.#way = undefined;
  }
}

/** From now until it is called. */
function accountOf(pid: number): () => Account {
  const before = computed(family(pid));
  return () => {
    const all = family(pid);
    return { computed: computed(all) - before, occupied: occupied(all) };
  };
}
