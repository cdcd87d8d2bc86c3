/**
 * The built package's executors under the face of the rivals' pools (`pools.ts`): see `../espalier.ts`. All that the suite
 * knows of them is here and in `works.mjs`.
 */
import { existsSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Chunk, parallelFor as ParallelFor } from "../../src/executor/index.ts";
import type { ExecutorOptions, OpenExecutor, Work } from "../../src/executor/contract.ts";
import { taskGroup } from "../espalier.ts";
import type { FunctionName } from "./pools.ts";
import type { Pool } from "./workload.ts";

export type Kind = "threads" | "processes";

const folder = process.env["ESPALIER_DIST"];
const entryOf = (kind: Kind): URL => (folder === undefined ? new URL(`../../dist/executor/${kind}/index.js`, import.meta.url) : pathToFileURL(`${folder}/executor/${kind}/index.js`));

/** What is missing; `undefined` when there is something to measure. */
export function lack(kind: Kind): string | undefined {
  return existsSync(fileURLToPath(entryOf(kind))) ? undefined : `espalier/${kind} is not built`;
}

type Open = (options: ExecutorOptions) => OpenExecutor;

/** All calls of a body under one group. As many workers as there may be are kept, as the rivals keep theirs. */
export async function openPool(kind: Kind, size: number): Promise<Pool> {
  const entry = (await import(entryOf(kind).href)) as { readonly openThreadPool: Open; readonly openProcessPool: Open };
  const works = (await import("./works.mjs")) as unknown as Readonly<Record<FunctionName, Work<unknown, unknown>>>;
  const executor = (kind === "threads" ? entry.openThreadPool : entry.openProcessPool)({ size, min: size });
  return (body) =>
    taskGroup((group) =>
      body((name, input, transfer) => (transfer === undefined ? executor.run(works[name], input, group) : executor.run(works[name], input, group, { transfer }))),
    );
}

/** Products by `parallelFor`. */
export async function openParallel(size: number): Promise<(fours: number, memory: WebAssembly.Memory) => Promise<void>> {
  const { openThreadPool } = (await import(entryOf("threads").href)) as { readonly openThreadPool: Open };
  const { parallelFor } = (await import(new URL("../index.js", entryOf("threads")).href)) as { readonly parallelFor: typeof ParallelFor };
  const { multiplyFours } = (await import("./works.mjs")) as unknown as { readonly multiplyFours: Work<Chunk<WebAssembly.Memory>, void> };
  const on = openThreadPool({ size, min: size });
  return (fours, shared) => taskGroup((group) => parallelFor(multiplyFours, { to: fours, shared }, group, { on }));
}
