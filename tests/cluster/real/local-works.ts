import { writeFileSync } from "node:fs";
import { sleepForever } from "espalier";
import { cluster, work } from "espalier/cluster";

export const where = work(import.meta, "where", () => process.pid);
export const waits = work(import.meta, "waits", async ({ path, ended }: { path: string; ended: string }, scope) => {
  writeFileSync(path, String(process.pid));
  try {
    await sleepForever(scope);
  } finally {
    writeFileSync(ended, "");
  }
});
/** Calls the cluster that it is in. */
export const calls = work(import.meta, "calls", (input: { path: string; ended: string }, scope) => cluster.run(waits, input, scope));
export const doubles = work(import.meta, "doubles", async (depth: number, scope): Promise<number> => (depth === 0 ? 1 : 2 * (await cluster.run(doubles, depth - 1, scope))));
