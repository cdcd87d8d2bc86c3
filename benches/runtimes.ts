/** The runtimes that a way can be measured on. Bun and Deno come with npm; their binaries are called without its wrappers. */
import { existsSync } from "node:fs";
import { missing, packageFolder, versioned } from "./rival.ts";
import { node, type Runtime } from "./way.ts";

export interface MissingRuntime {
  readonly name: string;
  readonly missing: string;
}

export function runtimes(): (Runtime | MissingRuntime)[] {
  return [
    node,
    installed("bun", "bin/bun.exe", ["--expose-gc"]),
    installed("deno", process.platform === "win32" ? "deno.exe" : "deno", ["run", "--allow-all", "--no-lock", "--v8-flags=--expose-gc"]),
  ];
}

function installed(name: string, binary: string, args: readonly string[]): Runtime | MissingRuntime {
  const folder = packageFolder(name);
  if (folder === undefined) return { name, missing: missing(name)! };
  const command = `${folder}/${binary}`;
  if (!existsSync(command)) return { name, missing: `the install script of ${name} did not run: npm rebuild ${name}` };
  return { name: versioned(name), command, args };
}
