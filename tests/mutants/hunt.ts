/** Runs the model test on a copy of the core, in a process of its own: what is planted may well never end. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Violation } from "../model/judge.ts";
import type { Copy } from "./copy.ts";
import type { Mutant } from "./mutant.ts";

export interface Result {
  readonly trees: number;
  readonly findings: readonly { readonly seed: number; readonly violations: readonly Violation[] }[];
}

/** A mistake that takes more trees to be found is not found. */
const MOST_TREES = 4_000;
const PATIENCE_MS = 170_000;

/** Until the oracle of the mutant's guarantee finds something; without a mutant, until any does. */
export async function hunted(copy: Copy, mutant: Mutant | undefined, trees: number = MOST_TREES): Promise<Result> {
  using _ = copy.change(mutant?.edits ?? []);
  const model = join(copy.folder, "tests/model/run.ts");
  const options = ["--json", "--trees", String(trees), ...(mutant === undefined ? [] : ["--guarantee", mutant.guarantee])];
  const env = { ...process.env, NODE_COMPILE_CACHE: join(copy.folder, ".compiled") };
  const { stdout } = await promisify(execFile)(process.execPath, ["--conditions=espalier:source", model, ...options], { timeout: PATIENCE_MS, env });
  return JSON.parse(stdout) as Result;
}
