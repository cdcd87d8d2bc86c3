/** How a program is run in a process of its own, by the runtime that runs the tests: Node.js, Bun or Deno. */

/** From source or as built: as the tests themselves. */
const conditions = process.execArgv.filter((flag) => flag.startsWith("--conditions"));

const { Deno } = globalThis as { Deno?: object };

/** The command of a module. */
export function commandOf(file: string, ...args: string[]): [program: string, args: string[]] {
  return [process.execPath, [...(Deno === undefined ? conditions : ["run", "--allow-all"]), file, ...args]];
}

/** The command of a module's text; it imports as this folder does, where the process is to run. */
export function commandOfText(source: string): [program: string, args: string[], options: { cwd: string }] {
  const args = Deno !== undefined ? ["eval", source] : "bun" in process.versions ? ["-e", source] : [...conditions, "--input-type=module", "-e", source];
  return [process.execPath, args, { cwd: import.meta.dirname }];
}
