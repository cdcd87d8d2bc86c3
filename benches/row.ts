/**
 * What a suite is made of: rows. A row is one workload; its figures are what the table shows, and none of them says
 * more than was measured: an absolute amount per item on both sides, their ratio with its spread, and what to reach.
 */
import type { Board } from "./board.ts";
import { median, pairedRatio, type Ratio } from "./ratio.ts";

export interface Amount {
  /** The way of writing it. */
  readonly name: string;
  readonly value: number;
}

export interface Reach {
  /** What is held against the limit: the ratio, or our own amount. */
  readonly of: "ratio" | "amount";
  readonly bound: "at most" | "at least";
  readonly limit: number;
  /** Where the limit is a goal, what is still acceptable. */
  readonly tolerated?: number;
}

export interface Figure {
  readonly what: string;
  /** How many items a sample has. */
  readonly items: number | undefined;
  /** Of the amounts: "µs", "bytes", … per item. */
  readonly unit: string;
  readonly ours: Amount;
  readonly beside?: Amount | undefined;
  readonly ratio?: Ratio | undefined;
  /** None: the figure is there to compare with. */
  readonly reach?: Reach | undefined;
}

/** In the place of a figure: what is missing, and how to get it. */
export interface Missing {
  readonly what: string;
  readonly missing: string;
}

/** What a row found: figures, or boards, or what was missing. */
export type Finding = Figure | Missing | Board;

export interface Row {
  measure(): Promise<readonly Finding[]>;
  /** How often it measures rounds, for the progress: once, where it does not say. */
  readonly parts?: number;
}

export const isBoard = (finding: Finding): finding is Board => "board" in finding;

export type Verdict = "reached" | "tolerated" | "short" | "–";

export const atMost = (limit: number, tolerated?: number): Reach => ({ of: "ratio", bound: "at most", limit, ...(tolerated === undefined ? {} : { tolerated }) });

/** One side of a figure: the name of a way, and its amounts by round. */
export type Side = readonly [name: string, amounts: readonly number[]];

/** A figure of two ways that were measured in the same rounds. */
export function compare(about: Pick<Figure, "what" | "items" | "unit" | "reach">, [name, ours]: Side, [besideName, beside]: Side): Figure {
  return { ...about, ours: { name, value: median(ours) }, beside: { name: besideName, value: median(beside) }, ratio: pairedRatio(ours, beside) };
}

export function verdict({ reach, ratio, ours }: Figure): Verdict {
  if (reach === undefined) return "–";
  const value = reach.of === "ratio" ? ratio!.median : ours.value;
  const within = (limit: number): boolean => (reach.bound === "at most" ? value <= limit : value >= limit);
  if (within(reach.limit)) return "reached";
  return reach.tolerated !== undefined && within(reach.tolerated) ? "tolerated" : "short";
}
