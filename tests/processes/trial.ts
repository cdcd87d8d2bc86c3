import { taskGroup, type TaskGroup } from "espalier";
import type { OpenExecutor } from "espalier/executor";
import { openProcessPool, type ProcessOptions } from "espalier/processes";

export const isBun = process.versions["bun"] !== undefined;
export const isDeno = process.versions["deno"] !== undefined;
export const isNode = !isBun && !isDeno;

/** Runs `body` with a pool and a group; nothing is left of them. */
export async function withPool(options: ProcessOptions, body: (pool: OpenExecutor, group: TaskGroup) => Promise<void>): Promise<void> {
  const pool = openProcessPool(options);
  try {
    await taskGroup((group) => body(pool, group));
  } finally {
    await pool[Symbol.asyncDispose]();
  }
}

/** Whether a process is there no more. One whose parent died may be kept as a name only: that counts as gone. */
export async function isGone(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch {
    return true;
  }
  if (process.platform !== "linux") return false;
  const { readFile } = await import("node:fs/promises");
  // After the name, in parentheses, follows the state: Z for what has ended.
  return readFile(`/proc/${pid}/stat`, "utf8").then((text) => /^ [ZX]/.test(text.slice(text.lastIndexOf(")") + 1)), () => true);
}

export async function untilGone(pid: number): Promise<void> {
  while (!(await isGone(pid))) await new Promise((resolve) => setImmediate(resolve));
}

