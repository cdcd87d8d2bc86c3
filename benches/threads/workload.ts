/** What a row of this suite has pools do, and what its figures say of it. */
import type { Reach } from "../row.ts";
import type { Sample } from "../sample.ts";
import type { Run } from "./pools.ts";

/** A pool that is open: what `body` calls belongs to it. */
export type Pool = <T>(body: (run: Run) => Promise<T>) => Promise<T>;

export interface Workload {
  readonly what: string;
  readonly items: number;
  readonly unit: string;
  /** Which amount is the better one. */
  readonly better: "more" | "less";
  /** Where an amount may be zero, nothing is divided by it. */
  readonly undivided?: boolean;
  readonly sample: (pool: Pool) => Sample;
  /** From what a sample gives to what is shown. */
  readonly shown?: (amount: number) => number;
  /** What to reach beside the best settings of piscina, or beside the best of all packages. */
  readonly reach?: { readonly beside: "piscina" | "the best"; readonly reach: Reach };
  /** Executors of Python that do the same in `executors.py`. */
  readonly python?: readonly string[];
}

export const atLeast = (limit: number): Reach => ({ of: "ratio", bound: "at least", limit });

/** Calls a second, from µs for each. */
export const perSecond = (micros: number): number => 1e6 / micros;
