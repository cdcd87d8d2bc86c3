/** The pools of this suite behind one face: threads and processes of ours, of piscina and of tinypool, and no pool at all. */
import { pathToFileURL } from "node:url";
import type { ExecutorOptions, OpenExecutor, Work } from "../../src/executor/contract.ts";
import type { Family } from "../board.ts";
import { fileOf } from "../child.ts";
import { taskGroup } from "../espalier.ts";
import { multiplyBand, multiplyCopies, totals } from "./functions.mjs";

const functions = { multiplyBand, multiplyCopies, totals };
export type Name = keyof typeof functions;
export type Call = (name: Name, input: unknown) => PromiseLike<unknown>;
/** A pool that is open: what `body` calls belongs to it. */
export type Pool = <T>(body: (call: Call) => Promise<T>) => Promise<T>;

export interface PoolKind {
  readonly system: string;
  readonly family: Family;
  readonly maker?: string;
  /** Whether its workers have this program's memory. */
  readonly shares: boolean;
  open(workers: number): Promise<Pool>;
}

const functionsFile = fileOf("functions.mjs", import.meta.url);
const folder = process.env["ESPALIER_DIST"];

type Open = (options: ExecutorOptions) => OpenExecutor;

async function ours(kind: "threads" | "processes", workers: number): Promise<Pool> {
  const entry = folder === undefined ? new URL(`../../dist/executor/${kind}/index.js`, import.meta.url) : pathToFileURL(`${folder}/executor/${kind}/index.js`);
  const { openThreadPool, openProcessPool } = (await import(entry.href)) as { readonly openThreadPool: Open; readonly openProcessPool: Open };
  const works = (await import("./works.mjs")) as unknown as Readonly<Record<Name, Work<unknown, unknown>>>;
  const executor = (kind === "threads" ? openThreadPool : openProcessPool)({ size: workers, min: workers });
  return (body) => taskGroup((group) => body((name, input) => executor.run(works[name], input, group)));
}

async function piscina(workers: number): Promise<Pool> {
  const { Piscina } = await import("piscina");
  const pool = new Piscina({ filename: functionsFile, minThreads: workers, maxThreads: workers });
  return (body) => body((name, input) => pool.run(input, { name }));
}

async function tinypool(workers: number, runtime: "worker_threads" | "child_process"): Promise<Pool> {
  const { Tinypool } = await import("tinypool");
  const pool = new Tinypool({ filename: functionsFile, minThreads: workers, maxThreads: workers, runtime, ...(runtime === "child_process" ? { serialization: "advanced" } : {}) });
  return (body) => body((name, input) => pool.run(input, { name }));
}

const inline: Pool = (body) => body(async (name, input) => functions[name](input as never));

export const pools = {
  "inline": { system: "inline, no worker", family: "platform", shares: true, open: async () => inline },
  "threads": { system: "espalier/threads", family: "espalier", shares: true, open: (workers) => ours("threads", workers) },
  "processes": { system: "espalier/processes", family: "espalier", shares: false, open: (workers) => ours("processes", workers) },
  "piscina": { system: "piscina", family: "package", maker: "piscina", shares: true, open: piscina },
  "tinypool": { system: "tinypool", family: "package", maker: "tinypool", shares: true, open: (workers) => tinypool(workers, "worker_threads") },
  "tinypool processes": { system: "tinypool, processes", family: "package", maker: "tinypool", shares: false, open: (workers) => tinypool(workers, "child_process") },
} satisfies Readonly<Record<string, PoolKind>>;

export type PoolName = keyof typeof pools;
