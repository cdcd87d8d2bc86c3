/**
 * For Node.js 20, to be given to `--import`: the suite is JavaScript under the names of its sources (`.ts`), which that version
 * knows no format of. Programs and workers that a test starts get it from NODE_OPTIONS.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

// Hooks have a thread of their own, which imports this module as well: only for `load`. What has replaced `register` came after Node.js 20.
if (!import.meta.url.endsWith("?hooks")) createRequire(import.meta.url)("node:module").register(`${import.meta.url}?hooks`);

/** @type {import("node:module").LoadHook} */
export async function load(url, context, next) {
  return new URL(url).pathname.endsWith(".ts") ? { format: "module", source: await readFile(new URL(url)), shortCircuit: true } : next(url, context);
}
