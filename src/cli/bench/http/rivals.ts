/**
 * Packages that are measured beside espalier and are no dependency of it: imported when they are there.
 * A missing one is told with the command that installs it; it never ends the benchmark.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";

export type Rival<T> = { readonly module: T; readonly version: string } | { readonly missing: string };

/**
 * Looks beside espalier first, then from the folder the command was called in.
 * The specifier is never a literal, so that no bundler takes the package along.
 */
export async function importRival<T>(name: string, folders: readonly string[] = [import.meta.url, join(process.cwd(), "package.json")]): Promise<Rival<T>> {
  const file = folders.map((folder) => locate(name, folder)).find((found) => found !== undefined);
  if (file === undefined) return { missing: `not installed: npm install ${name}` };
  // Bun gives the bare name of a package that it answers for itself: what would be measured is not what it says.
  if (!isAbsolute(file)) return { missing: "not measured: the runtime puts something of its own in its place" };
  try {
    return { module: (await import(pathToFileURL(file).href)) as T, version: versionOf(name, file) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { missing: `installed, but cannot be loaded here (${reason.split("\n")[0]})` };
  }
}

function locate(name: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}

function versionOf(name: string, file: string): string {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    try {
      const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: string; version?: string };
      if (manifest.name === name) return manifest.version ?? "?";
    } catch {
      // No manifest in this folder: the package's is further up.
    }
  }
  return "?";
}
