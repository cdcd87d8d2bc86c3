import { ByChance, ByPriority, type Decider, Following, InTurn } from "./decider.ts";
import { ExplorationError, NotDeterministicError } from "./exploration-error.ts";
import type { FaultKind } from "./fault.ts";
import { Random } from "./random.ts";
import { formatSchedule, parseSchedule, type Schedule, scheduleOf } from "./schedule.ts";
import { Search } from "./search.ts";
import { shrink } from "./shrink.ts";
import { timeline } from "./timeline.ts";
import { type Program, run, type Run, type TrialLimits } from "./trial.ts";

/** How far an exploration goes. */
export interface ExploreOptions {
  /** At most so many schedules in the search by deviations, which comes first; by default 1,000, and 0 leaves it out. */
  schedules?: number | undefined;
  /** How many seeds after that, or which; by default 1,000. Even ones decide by chance, odd ones by priorities (PCT). */
  seeds?: number | readonly number[] | undefined;
  /** Up to how many turns of events a mistake may need that PCT is to find; by default 5. */
  depth?: number | undefined;
  /** What may go wrong at any step; by default nothing. */
  faults?: readonly FaultKind[] | undefined;
  /** How many things may go wrong in one run; by default 1. */
  mostFaults?: number | undefined;
  /**
   * How close, in virtual ms, two timers have to be due for either to fire first, as real timers may be late; by default 0:
   * only timers that are due together.
   */
  slack?: number | undefined;
  /** After so many steps a run is taken for endless; by default 10,000. */
  steps?: number | undefined;
  /** Ends the exploration between two runs: the test's signal, a scope's. */
  signal?: AbortSignal | undefined;
}

/** What was explored without a finding. */
export interface Exploration {
  /** How many schedules were run. */
  readonly schedules: number;
  /** Whether these are all there are: nothing that the explorer can reorder is left. Never with work of the outside. */
  readonly complete: boolean;
  /** How many decisions the longest run had. */
  readonly decisions: number;
}

/**
 * Runs `program` under many orders of what the library wakes: which of those that are ready goes on, which of the timers
 * that are due together fires first, and, where `faults` say so, what goes wrong. First the usual order; then the plain one,
 * in which a task goes on as long as it can, and all that differ from it in one place, in two, and so on, up to
 * `schedules` of them; unless these were all, then seeds.
 *
 * The program is called anew for each schedule, in a group on a clock of its own, and throws when something is wrong. It
 * waits in library operations only; where native promise code is to be interrupted, it calls `checkpoint()`.
 *
 * Rejects with an {@link ExplorationError} at the first failure, deadlock or endless run, with the shortest schedule that
 * fails alike; with the reason of `signal`, once that is aborted, between two runs; with a {@link NotDeterministicError} where a schedule does not lead to the same run twice. Cost: about
 * 10 µs and one turn of the event loop for each step of each run.
 *
 * @example
 * ```ts
 * import { explore } from "espalier/testing";
 *
 * let found = "nothing";
 * await explore(async function lostUpdate(group) {
 *   let balance = 0;
 *   const deposit = async () => {
 *     const before = balance;
 *     await group.checkpoint();
 *     balance = before + 1;
 *   };
 *   await group.all([deposit, deposit]);
 *   if (balance !== 2) throw new Error(`${balance} instead of 2`);
 * }).catch((error) => (found = error.cause.message));
 * console.log(found); // "1 instead of 2"
 * ```
 */
export async function explore(program: Program, options: ExploreOptions = {}): Promise<Exploration> {
  const explorer = new Explorer(program, options);
  await explorer.usual();
  const { schedules = 1_000, seeds = 1_000 } = options;
  const complete = await explorer.search(atLeast(schedules, 0, "schedules"));
  if (!complete) await explorer.tryAll(typeof seeds === "number" ? Array.from({ length: atLeast(seeds, 0, "seeds") }, (_, seed) => seed) : seeds);
  return { schedules: explorer.runs, complete: complete && !explorer.hasWaited, decisions: explorer.decisions };
}

/**
 * Runs `program` once more: under a schedule that `explore` printed, or as a seed decides. Resolves with the timeline;
 * rejects with the {@link ExplorationError}, as it is, where the run fails. Options that change what is decided (`depth`,
 * `faults`, `mostFaults`) must be those of the exploration.
 *
 * @example
 * ```ts
 * import { replay } from "espalier/testing";
 *
 * const timeline = await replay(async function greeting(group, trial) {
 *   await group.checkpoint();
 *   trial.note("hello");
 * }, "");
 * console.log(timeline.includes("hello")); // true
 * ```
 */
export async function replay(program: Program, seedOrSchedule: number | string, options: ExploreOptions = {}): Promise<string> {
  const explorer = new Explorer(program, options);
  if (typeof seedOrSchedule === "string") return explorer.record(parseSchedule(seedOrSchedule), undefined);
  const { steps } = await explorer.usual();
  return explorer.record(scheduleOf((await explorer.run(explorer.decider(seedOrSchedule, steps))).ways), seedOrSchedule);
}

class Explorer {
  runs = 0;
  decisions = 0;
  hasWaited = false;
  readonly #program: Program;
  readonly #name: string;
  readonly #limits: TrialLimits;
  readonly #depth: number;
  readonly #signal: AbortSignal | undefined;
  #steps = 0;

  constructor(program: Program, { depth = 5, faults = [], mostFaults = 1, slack = 0, steps = 10_000, signal }: ExploreOptions) {
    if (typeof program !== "function") throw new TypeError(`explore() needs a function as the program, and got ${typeof program}.`);
    this.#program = program;
    this.#name = program.name || "program";
    this.#signal = signal;
    this.#depth = atLeast(depth, 1, "depth");
    if (!(slack >= 0)) throw new RangeError(`explore() needs a number of virtual milliseconds from 0 up as slack, and got ${String(slack)}.`);
    this.#limits = { faults: new Set(faults), mostFaults: atLeast(mostFaults, 0, "mostFaults"), steps: atLeast(steps, 1, "steps"), slack };
  }

  async run(decider: Decider, isRecording = false): Promise<Run> {
    this.#signal?.throwIfAborted();
    this.runs++;
    const done = await run(this.#program, decider, this.#limits, isRecording);
    this.hasWaited ||= done.hasWaited;
    this.decisions = Math.max(this.decisions, done.ways.length);
    return done;
  }

  /** The order in which the program runs without an explorer. Run twice: all that follows relies on its being the same. */
  async usual(): Promise<Run> {
    const first = await this.run(new InTurn(), true);
    const second = await run(this.#program, new InTurn(), this.#limits, true);
    const [once, again] = [first, second].map(({ moments, counts }) => `${timeline(moments)}\n(${counts.join()})`);
    if (once !== again) throw new NotDeterministicError(this.#name, `in the usual order it ran like this first:\n${once}\nand like this then:\n${again}\n`);
    if (first.failure.length > 0) throw this.#error(first, scheduleOf(first.ways), undefined, true);
    this.#steps = first.steps;
    return first;
  }

  /** Tries schedules by deviations; true if there are no more. */
  async search(most: number): Promise<boolean> {
    const search = new Search();
    for (const schedule of search.schedules()) {
      if (this.runs >= most) return false;
      const following = new Following(schedule);
      const done = await this.run(following);
      this.#mustHaveFollowed(following, schedule);
      if (done.failure.length > 0) await this.#report(done, undefined);
      search.add(schedule, done.counts);
    }
    return true;
  }

  async tryAll(seeds: readonly number[]): Promise<void> {
    for (const seed of seeds) {
      const done = await this.run(this.decider(seed, this.#steps));
      if (done.failure.length > 0) await this.#report(done, seed);
    }
  }

  decider(seed: number, steps: number): Decider {
    const random = new Random(atLeast(seed, 0, "a seed"));
    const { mostFaults } = this.#limits;
    return seed % 2 === 0 ? new ByChance(random, mostFaults, steps) : new ByPriority(random, 1 + ((seed >> 1) % this.#depth), mostFaults, steps);
  }

  /** Runs a schedule and gives its timeline; throws what is found in it. */
  async record(schedule: Schedule, seed: number | undefined): Promise<string> {
    const following = new Following(schedule);
    const done = await run(this.#program, following, this.#limits, true);
    this.#mustHaveFollowed(following, schedule);
    if (done.failure.length > 0) throw this.#error(done, schedule, seed, false);
    return timeline(done.moments);
  }

  #error({ failure: [cause], moments }: Run, schedule: Schedule, seed: number | undefined, isUsual: boolean): ExplorationError {
    return new ExplorationError({
      cause,
      program: this.#name,
      schedule: formatSchedule(schedule),
      turns: isUsual ? "usual" : schedule.length,
      seed,
      schedules: Math.max(this.runs, 1),
      timeline: timeline(moments),
    });
  }

  #mustHaveFollowed({ wasFollowed }: Following, schedule: Schedule): void {
    if (!wasFollowed) throw new NotDeterministicError(this.#name, `there is nothing to decide where schedule "${formatSchedule(schedule)}" takes a turn`);
  }

  async #report(found: Run, seed: number | undefined): Promise<never> {
    const kind = kindOf(found.failure[0]);
    const smallest = await shrink(scheduleOf(found.ways), async (schedule) => {
      const { failure, ways } = await run(this.#program, new Following(schedule), this.#limits);
      return failure.length > 0 && kindOf(failure[0]) === kind ? scheduleOf(ways) : undefined;
    });
    await this.record(smallest, seed);
    throw new NotDeterministicError(this.#name, `it failed once (${String(found.failure[0])}), and not again under the same schedule`);
  }
}

/** What two failures have in common that are one mistake: numbers may differ. */
function kindOf(error: unknown): string {
  return String(error).split("\n", 1)[0]!.replaceAll(/\d+/g, "…");
}

function atLeast(value: number, least: number, what: string): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new RangeError(`explore() needs a whole number from ${least} up as ${what}, and got ${String(value)}.`);
}
