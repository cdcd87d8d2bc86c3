/**
 * Runs a program under explored orders of the library's wake-ups: the usual one, the plain one, and where that leaves
 * anything to decide, what seeds make of it. What the
 * interpreter waits for beside the library, turns of the event loop, counts as work from outside.
 */
import { ExplorationError, explore, type ExploreOptions, external, NotDeterministicError, replay, type Trial } from "espalier/testing";
import { interpret, type Run } from "./interpret.ts";
import { type Judgement, type Violation, violationsIn } from "./judge.ts";
import type { Program } from "./program.ts";

export type Orders = Pick<ExploreOptions, "schedules" | "seeds">;
export type JudgeRun = (run: Run) => readonly Violation[];

/** What the explorer itself demands. */
export const explorers = {
  guarantee: "explore()",
  ends: "under every order a program ends, without going round in circles",
  repeats: "under the same schedule the same happens",
} as const;

/** The usual order, the plain one, and so many of its own for the program of a seed: by chance and by priorities in turn. */
export function ordersOf(seed: number, orders: number): Orders {
  return { schedules: 2, seeds: Array.from({ length: orders }, (_, order) => seed * orders + order) };
}

/** The first order that is against a guarantee, with the fewest turns from the plain one that show it; `undefined` if none is. */
export async function explored(program: Program, orders: Orders, judgeRun: JudgeRun = violationsIn): Promise<Judgement | undefined> {
  const runs = new Runs(program, judgeRun);
  return runs.found(() => explore(runs.randomProgram, orders));
}

/** What happens under one schedule. */
export async function scheduled(program: Program, schedule: string, judgeRun: JudgeRun = violationsIn): Promise<Judgement> {
  const runs = new Runs(program, judgeRun);
  return (await runs.found(() => replay(runs.randomProgram, schedule))) ?? { run: runs.last!, violations: [], schedule };
}

/** A violation without the names and numbers of its program. */
export function kindOf({ guarantee, what }: Violation): string {
  return `${guarantee}: ${what.replaceAll(/-?#?\b[a-zA-Z]?\d+\b/g, "…")}`;
}

/** Its name is the kind, so that the schedule is shrunk to one under which the same thing is wrong. */
class Against extends Error {
  readonly violations: readonly Violation[];

  constructor(violations: readonly Violation[]) {
    super(violations[0]!.what);
    this.name = kindOf(violations[0]!);
    this.violations = violations;
  }
}

class Runs {
  last: Run | undefined;
  readonly #program: Program;
  readonly #judgeRun: JudgeRun;

  constructor(program: Program, judgeRun: JudgeRun) {
    this.#program = program;
    this.#judgeRun = judgeRun;
  }

  /** One run of the program, in a trial. */
  readonly randomProgram = async (_: unknown, { clock }: Trial): Promise<void> => {
    this.last = undefined;
    this.last = await external(interpret(this.#program, clock));
    const violations = this.#judgeRun(this.last);
    if (violations.length > 0) throw new Against(violations);
  };

  /** What an exploration finds, the run that showed it being the last. */
  async found(exploring: () => Promise<unknown>): Promise<Judgement | undefined> {
    try {
      await exploring();
      return undefined;
    } catch (error) {
      const isFound = error instanceof ExplorationError;
      if (!isFound && !(error instanceof NotDeterministicError)) throw error;
      const schedule = isFound ? error.schedule : "";
      if (isFound && error.cause instanceof Against) return { run: this.last!, violations: error.cause.violations, schedule };
      const { guarantee, ends, repeats } = explorers;
      const violation = isFound ? { guarantee, demands: ends, what: String(error.cause) } : { guarantee, demands: repeats, what: String(error) };
      return { run: this.last ?? unfinished(this.#program), violations: [violation], schedule };
    }
  }
}

/** Of a run that the explorer gave up there is nothing to tell. */
function unfinished(program: Program): Run {
  return { program, isExplored: true, entries: [], outcomes: new Map(), hung: true, timers: 0, listeners: 0, alive: [] };
}
