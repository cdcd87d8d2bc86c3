/** A failure as it is judged, and what comes of those of a function. */
import { type CancelledError, TaskGroupError } from "espalier";
import type { Expected } from "./shape.ts";

export interface Failure extends Expected {
  /** Its place in the order: when it happened. */
  readonly since: number;
  /** Whether it is the failure of the scope's own function. */
  readonly own: boolean;
  /** False where it depends on what came first within a moment, or on a point that the contract leaves open. */
  readonly required: boolean;
}

export interface Verdict {
  readonly failures: readonly Failure[];
  /** The cancellation that interrupted its function. */
  readonly cancellation: CancelledError | undefined;
  /** Whether the outcome is open: a cancellation came from beyond a shield, by waiting in a scope out there, or is in doubt. */
  readonly open: boolean;
}

export function optional(failure: Failure): Failure {
  return { ...failure, required: false };
}

/** The failures of a function whose first one is thrown and carries the others, as the one who called it sees them. */
export function thrownTogether(failures: readonly Failure[]): Failure[] {
  const [first, ...others] = failures.map((failure): Failure => ({ ...failure, own: false }));
  if (first === undefined) return [];
  return [first.required ? asCarrier(first, others.length > 0) : first, ...others.map(optional)];
}

/** A primitive can carry no others: it comes with them, in a TaskGroupError. */
function asCarrier(first: Failure, isFollowed: boolean): Failure {
  if (!("error" in first) || typeof first.error === "object" || !isFollowed) return first;
  return { ...first, matches: (given) => first.matches(given) || (given instanceof TaskGroupError && first.matches(given.errors[0])) };
}
