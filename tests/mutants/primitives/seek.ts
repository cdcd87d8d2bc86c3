/** The ways to look for a mistake, each by itself, and after how many runs it found one. */
import { ExplorationError, explore, type ExploreOptions } from "espalier/testing";
import type { Study } from "../../explore/study.ts";

export type Search = "deviations" | "chance" | "pct";

/** Even seeds decide by chance, odd ones by priorities. */
const from = (first: 0 | 1, runs: number): number[] => Array.from({ length: runs }, (_, index) => 2 * index + first);

const searches: Readonly<Record<Search, (runs: number) => ExploreOptions>> = {
  deviations: (runs) => ({ schedules: runs, seeds: 0 }),
  chance: (runs) => ({ schedules: 0, seeds: from(0, runs) }),
  pct: (runs) => ({ schedules: 0, seeds: from(1, runs) }),
};

/** What was found within so many runs, beside the usual order, which each search begins with. */
export async function seek({ program, faults }: Study, search: Search, runs: number): Promise<ExplorationError | undefined> {
  try {
    await explore(program, { faults, ...searches[search](runs) });
    return undefined;
  } catch (error) {
    if (error instanceof ExplorationError) return error;
    throw error;
  }
}
