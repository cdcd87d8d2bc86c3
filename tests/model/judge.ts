/** Runs a program and asks all oracles. */
import { History } from "./history.ts";
import { interpret, type Run } from "./interpret.ts";
import { oracles } from "./oracles.ts";
import type { Program } from "./program.ts";

export interface Violation {
  readonly guarantee: string;
  readonly demands: string;
  readonly what: string;
}

export interface Judgement {
  readonly run: Run;
  readonly violations: readonly Violation[];
  /** The schedule that it ran under; `undefined` for the usual order, without an explorer. */
  readonly schedule?: string | undefined;
}

export async function judge(program: Program): Promise<Judgement> {
  const run = await interpret(program);
  return { run, violations: violationsIn(run) };
}

export function violationsIn(run: Run): Violation[] {
  const history = new History(run);
  return oracles.flatMap(({ guarantee, demands, check }) => [...check(history)].map((what) => ({ guarantee, demands, what })));
}
