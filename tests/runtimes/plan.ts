/** What a program is to run, and how it tells what came of it. */
import { type Result, runFile } from "./node-test.ts";

/** A place of skips.json: a test or suite by its title, after those of the suites around where it takes them to tell which. */
export interface LeftOut {
  readonly file: string;
  readonly test: string;
}

export interface Plan {
  /** By their names in the project, with where they lie for the program. */
  readonly files: readonly { readonly file: string; readonly module: string }[];
  readonly leftOut: readonly LeftOut[];
  /** So many times fewer random programs. */
  readonly fewerPrograms: number;
}

/** Runs the files one after another, and tells each result, and then the end, as a line of JSON. */
export async function runPlan({ files, leftOut, fewerPrograms }: Plan, say: (line: string) => void, explain: (error: unknown) => string): Promise<void> {
  Object.assign(globalThis, { fewerPrograms });
  for (const { file, module } of files) {
    const places = leftOut.filter((place) => place.file === file);
    const runner = {
      leavesOut: (path: readonly string[]) => places.some(({ test }) => ` > ${path.join(" > ")}`.endsWith(` > ${test}`)),
      tell: (result: Result) => say(JSON.stringify(result)),
      explain,
    };
    say(JSON.stringify({ begins: file }));
    await runFile(file, () => import(module), runner);
  }
  say(JSON.stringify({ ended: true }));
}
