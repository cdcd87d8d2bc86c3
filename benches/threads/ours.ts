/**
 * The built package's executors under the face of the rivals' pools (`pools.ts`): see `../espalier.ts`. All that the suite
 * knows of them is here and in `works.mjs`.
 */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Scope } from "../../src/index.ts";
import { taskGroup } from "../espalier.ts";
import type { FunctionName, Run } from "./pools.ts";

export type Kind = "threads" | "processes";

const folder = process.env["ESPALIER_DIST"];
const entryOf = (kind: Kind): URL => (folder === undefined ? new URL(`../../dist/executor/${kind}/index.js`, import.meta.url) : pathToFileURL(`${folder}/executor/${kind}/index.js`));

/** What is missing; `undefined` when there is something to measure. */
export function lack(kind: Kind): string | undefined {
  return existsSync(fileURLToPath(entryOf(kind))) ? undefined : `espalier/${kind} is not built`;
}

export interface ExecutorLike {
  run(work: unknown, input: unknown, scope: Scope, options?: { readonly transfer: readonly ArrayBuffer[] }): Promise<unknown>;
}

type Opened = (options: { readonly size: number }) => ExecutorLike | Promise<ExecutorLike>;

/** A pool, and the works by the names of their functions. */
export async function openOurs(kind: Kind, size: number): Promise<{ readonly pool: ExecutorLike; readonly works: Readonly<Record<FunctionName, unknown>> }> {
  const entry = (await import(entryOf(kind).href)) as { readonly openThreadPool: Opened; readonly openProcessPool: Opened };
  const works = (await import("./works.mjs")) as Readonly<Record<FunctionName, unknown>>;
  return { pool: await (kind === "threads" ? entry.openThreadPool({ size }) : entry.openProcessPool({ size })), works };
}

/** All calls of a body under one group. */
export async function ours(kind: Kind, size: number): Promise<<T>(body: (run: Run) => Promise<T>) => Promise<T>> {
  const { pool, works } = await openOurs(kind, size);
  return (body) =>
    taskGroup((group) => body((name, input, transfer) => (transfer === undefined ? pool.run(works[name], input, group) : pool.run(works[name], input, group, { transfer }))));
}
