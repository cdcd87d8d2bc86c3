/**
 * A board: systems side by side at one workload, with what was measured of each, as the tables of a guide have it.
 *
 * Rows say how espalier stands beside one other (`row.ts`); a board says how all stand, whatever they are written in.
 */
import { median } from "./ratio.ts";
import { percentile } from "../src/cli/bench/http/statistics.ts";

/** Whose a line is: ours, of the platform itself, another package's, Python's, what the machine can do at most, or of the guide. */
export type Family = "espalier" | "platform" | "package" | "python" | "limit" | "guide";

/** A median, with the 10th and the 90th percentile where there were rounds. */
export interface Quantity {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  readonly rounds?: number;
}

export interface Column {
  readonly key: string;
  readonly head: string;
  readonly unit?: string | undefined;
}

export interface Line {
  readonly system: string;
  readonly family: Family;
  /** What runs it, where that differs between lines. */
  readonly on?: string | undefined;
  /** By the column's key; what was not measured is not there. */
  readonly cells: Readonly<Record<string, Quantity | string>>;
  /** Instead of cells: what is missing, and how to get it. */
  readonly missing?: string | undefined;
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly low?: number | undefined;
  readonly high?: number | undefined;
}

/** A line of a plot. */
export interface Curve {
  readonly name: string;
  readonly family: Family;
  readonly points: readonly Point[];
  /** Where the points are of a model, which is drawn as one: those that were measured. */
  readonly measured?: readonly Point[];
}

export interface Axis {
  readonly label: string;
  readonly log?: boolean;
}

/** How a board is drawn: one column as bars, the best first or in the board's order; several that add up as parts of a bar; or curves. */
export type Plot =
  | { readonly kind: "bars"; readonly column: string; readonly better: "less" | "more"; readonly inOrder?: boolean; readonly log?: boolean; readonly label: string }
  | { readonly kind: "parts"; readonly columns: readonly string[]; readonly label: string }
  | { readonly kind: "curves"; readonly x: Axis; readonly y: Axis; readonly curves: readonly Curve[] };

export interface Board {
  readonly board: string;
  /** The workload in a sentence. */
  readonly about: string;
  readonly columns: readonly Column[];
  readonly lines: readonly Line[];
  readonly plot?: Plot | undefined;
  /** What must be known to read it. */
  readonly notes?: readonly string[] | undefined;
}

/** What the rounds of one amount say. */
export function quantity(values: readonly number[]): Quantity {
  if (values.length < 2) return { value: median(values), rounds: values.length };
  return { value: median(values), low: percentile(values, 0.1), high: percentile(values, 0.9), rounds: values.length };
}

/** A quantity in another unit: `turn` must keep or reverse the order. */
export function converted({ value, low, high, ...rest }: Quantity, turn: (value: number) => number): Quantity {
  if (low === undefined || high === undefined) return { value: turn(value), ...rest };
  const [one, other] = [turn(low), turn(high)];
  return { value: turn(value), low: Math.min(one, other), high: Math.max(one, other), ...rest };
}
