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
}

export async function judge(program: Program): Promise<Judgement> {
  const run = await interpret(program);
  const history = new History(run);
  const violations = oracles.flatMap(({ guarantee, demands, check }) => [...check(history)].map((what) => ({ guarantee, demands, what })));
  return { run, violations };
}
