/** Python's executors: measured by `executors.py`, in its own processes and the same rounds. */
import { spawnSync } from "node:child_process";
import { fileOf } from "../child.ts";
import type { Runtime } from "../way.ts";

export interface Snake {
  readonly name: string;
  readonly label: string;
  readonly runtime?: Runtime;
  readonly missing?: string;
}

function output(...args: readonly string[]): string | undefined {
  const { status, stdout } = spawnSync("python3", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? stdout.trim() : undefined;
}

export const executors: Omit<Runtime, "name"> = { command: "python3", args: [], program: fileOf("executors.py", import.meta.url) };

/** Each of the names as something that measures, or with what is missing. */
export function python(names: readonly string[]): Snake[] {
  if (names.length === 0) return [];
  const version = output("--version");
  if (version === undefined) return names.map((name) => ({ name, label: name, missing: `${name}: python3 is not installed` }));
  const runtime = { name: version, ...executors };
  return names.map((name) => ({ name, label: `${version} ${name}`, runtime }));
}

/** The version of a module that Python has. */
export const moduleOfPython = (name: string): string | undefined => output("-c", `import ${name}; print(${name}.__version__)`);
