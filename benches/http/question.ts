/** What the harness asks a client's process, and what it is told. `asking.py` has the same words. */
import { quick } from "../measure.ts";

export interface BatchQuestion {
  readonly kind: "batch";
  readonly url: string;
  readonly requests: number;
  readonly connections: number;
  /** Batches are measured until so many ms have passed. */
  readonly ms: number;
}

export interface BatchAnswer {
  /** In ms, of each batch; none where the client knows no batches. */
  readonly batches: readonly number[];
  /** Of all requests, in ms. */
  readonly p50: number;
  readonly p99: number;
  readonly requestsPerSecond: number;
  /** Processor time of a batch, in ms. */
  readonly cpu?: number;
}

/** A batch of which one fails; then, on the same process, the end of everything it began. */
export interface FailureQuestion {
  readonly kind: "failure";
  readonly url: string;
  readonly requests: number;
  readonly connections: number;
}

export interface FailureAnswer {
  /** In ms, from the client's own word of the failure until the caller has it. */
  readonly errorAfter: number;
}

export interface QuietQuestion {
  readonly kind: "quiet";
}

export type Question = BatchQuestion | FailureQuestion | QuietQuestion;

/** Of the pools that have a limit, and of the ways that have one. */
export const connections: number = quick ? 20 : 100;
export const requests: number = quick ? 60 : 1_000;
/** Among the first in every way: those that are under way when it fails are the same ones. */
export const failing: number = connections / 2;
