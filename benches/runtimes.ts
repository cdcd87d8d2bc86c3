/** The runtimes that a way can be measured on. Bun and Deno come with npm; their binaries are called without its wrappers. */
import { existsSync, readFileSync } from "node:fs";
import { missing, packageFolder } from "./rival.ts";
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

/** The Node.js versions that are supported beside the pinned one. */
export function olderNodes(): (Runtime | MissingRuntime)[] {
  return ["node-22", "node-24"].map((name) => {
    const runtime = installed(name, "bin/node", ["--expose-gc", "--disable-warning=ExperimentalWarning"]);
    return "missing" in runtime ? runtime : { ...runtime, name: `Node.js ${versionOf(name)}` };
  });
}

function versionOf(name: string): string {
  return (JSON.parse(readFileSync(`${packageFolder(name)}/package.json`, "utf8")) as { version: string }).version;
}

function installed(name: string, binary: string, args: readonly string[]): Runtime | MissingRuntime {
  const folder = packageFolder(name);
  if (folder === undefined) return { name, missing: missing(name)! };
  const command = `${folder}/${binary}`;
  if (!existsSync(command)) return { name, missing: `the install script of ${name} did not run: npm rebuild ${name}` };
  return { name: `${name[0]!.toUpperCase()}${name.slice(1)} ${versionOf(name)}`, command, args };
}
