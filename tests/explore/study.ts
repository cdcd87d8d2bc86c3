/** What is explored of a primitive: a program that throws when something is wrong, and how far to go. */
import type { Scope } from "espalier";
import type { FaultKind, Program } from "espalier/testing";

export interface Study {
  readonly program: Program;
  /** What may go wrong in it; by default nothing. */
  readonly faults?: readonly FaultKind[];
  /** Whether all its orders are tried; else some thousands. */
  readonly isSmall?: boolean;
}

/** So many steps of something else: any other task may go on before each. */
export async function work(steps: number, scope: Scope): Promise<void> {
  for (let step = 0; step < steps; step++) await scope.checkpoint();
}

/** Longer than chance leaves any task waiting that could go on. */
export const LONG = 32;
