/** Goes through seeds until a program shows something that a guarantee forbids. */
import { explored, kindOf, ordersOf } from "./explored.ts";
import { generate } from "./generate.ts";
import { type Judgement, judge, violationsIn } from "./judge.ts";
import type { Program } from "./program.ts";
import { shrink } from "./shrink.ts";

export interface Found extends Judgement {
  readonly seed: number;
  readonly program: Program;
}

export interface Hunt {
  /** The seeds are `from`, `from + 1`, … */
  readonly from: number;
  readonly trees: number;
  /** Under how many orders each is explored; by default it is run in the usual order, without an explorer. */
  readonly orders?: number | undefined;
  /** Called with each program that is against a guarantee; the hunt goes on if it gives true. */
  readonly onFound: (found: Found) => boolean | Promise<boolean>;
  readonly onProgress?: (trees: number) => void;
}

/** What a smaller program is explored under: its decisions are others than those of the larger one. */
const SEARCH = { schedules: 60, seeds: 20 };
/** An exploration of each smaller program takes its time. */
const EXPLORED_PATIENCE = 500;

/** Resolves with how many trees were run. */
export async function hunt({ from, trees, orders, onFound, onProgress }: Hunt): Promise<number> {
  for (let run = 0; run < trees; run++) {
    const seed = from + run;
    const program = generate(seed);
    const judgement = orders === undefined ? await judge(program) : await explored(program, ordersOf(seed, orders));
    const isFound = judgement !== undefined && judgement.violations.length > 0;
    if (isFound && !(await onFound({ ...judgement, seed, program }))) return run + 1;
    onProgress?.(run + 1);
  }
  return trees;
}

/** The smallest program that is against the same guarantee in the same way. */
export async function shrunk(found: Found): Promise<Judgement & { readonly program: Program }> {
  const { program, schedule, violations: [violation] } = found;
  const wanted = kindOf(violation!);
  if (schedule !== undefined) return shrunkExploring(found, wanted);
  const smaller = await shrink(program, async (candidate) => (await judge(candidate)).violations.some((one) => kindOf(one) === wanted));
  return { ...(await judge(smaller)), program: smaller };
}

/** The same where it takes an order that the explorer makes. */
async function shrunkExploring(found: Found, wanted: string): Promise<Judgement & { readonly program: Program }> {
  const judgements = new Map<Program, Judgement>();
  const isWanted = async (candidate: Program): Promise<boolean> => {
    const judgement = await explored(candidate, SEARCH, (run) => violationsIn(run).filter((one) => kindOf(one) === wanted));
    if (judgement === undefined || kindOf(judgement.violations[0]!) !== wanted) return false;
    judgements.set(candidate, judgement);
    return true;
  };
  const smaller = await shrink(found.program, isWanted, EXPLORED_PATIENCE);
  return { ...(judgements.get(smaller) ?? found), program: smaller };
}
