/** Goes through seeds until a program shows something that a guarantee forbids. */
import { generate } from "./generate.ts";
import { type Judgement, judge, type Violation } from "./judge.ts";
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
  /** Called with each program that is against a guarantee; the hunt goes on if it gives true. */
  readonly onFound: (found: Found) => boolean | Promise<boolean>;
  readonly onProgress?: (trees: number) => void;
}

/** Resolves with how many trees were run. */
export async function hunt({ from, trees, onFound, onProgress }: Hunt): Promise<number> {
  for (let run = 0; run < trees; run++) {
    const seed = from + run;
    const program = generate(seed);
    const judgement = await judge(program);
    if (judgement.violations.length > 0 && !(await onFound({ ...judgement, seed, program }))) return run + 1;
    onProgress?.(run + 1);
  }
  return trees;
}

/** The smallest program that is against the same guarantee in the same way. */
export async function shrunk({ program, violations: [violation] }: Found): Promise<Judgement & { readonly program: Program }> {
  const wanted = kindOf(violation!);
  const smaller = await shrink(program, async (candidate) => (await judge(candidate)).violations.some((one) => kindOf(one) === wanted));
  return { ...(await judge(smaller)), program: smaller };
}

/** A violation without the names and numbers of its program. */
export function kindOf({ guarantee, what }: Violation): string {
  return `${guarantee}: ${what.replaceAll(/-?#?\b[a-zA-Z]?\d+\b/g, "…")}`;
}
