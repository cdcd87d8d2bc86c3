/** A finding as text: what is wrong, the smallest program that shows it, what happened in it, and how to see it again. */
import { describeEntry } from "./describe.ts";
import { type Found, shrunk } from "./hunt.ts";
import type { Judgement } from "./judge.ts";
import { print } from "./print.ts";
import { type Program, sizeOf } from "./program.ts";

const COMMAND = "node --conditions=espalier:source tests/model/run.ts";

export async function report(found: Found): Promise<string> {
  const { seed, schedule, program } = found;
  const smaller = await shrunk(found);
  const order = schedule === undefined ? "" : ` under schedule "${schedule}" (the shrunk one under "${smaller.schedule}")`;
  return [
    `The program of seed ${seed} (${sizeOf(program)} steps, shrunk to ${sizeOf(smaller.program)}) is against a guarantee${order}:`,
    ...smaller.violations.map(({ guarantee, what }) => `  ${guarantee}: ${what}`),
    "",
    describeRun(smaller),
    "",
    `To see it again: ${COMMAND} --seed ${seed}${schedule === undefined ? "" : ` --schedule "${schedule}"`}`,
  ].join("\n");
}

/** A program, and what happened in it. */
export function describeRun({ program, run }: Judgement & { readonly program: Program }): string {
  return [print(program), "", "    at  order", ...run.entries.map(describeEntry)].join("\n");
}
