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
  const primitives = failures.filter((failure) => "error" in failure && typeof failure.error !== "object");
  if (others.length === 0) return [first];
  return [first, ...others.map(optional)].map((failure) => orWith(failure, primitives));
}

/** A primitive can carry no others: where one is the first, of a moment that may have several, all come together in a TaskGroupError. */
function orWith(failure: Failure, primitives: readonly Failure[]): Failure {
  const isTogether = (given: unknown): boolean => given instanceof TaskGroupError && primitives.some(({ matches }) => matches(given.errors[0]));
  return { ...failure, matches: (given) => failure.matches(given) || isTogether(given) };
}
