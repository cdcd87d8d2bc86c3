/**
 * What tests need of the runtime beside the library: Node.js, Bun and Deno here. Bundles for browsers get
 * browser/runtime.ts in its place, with the same names.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { armedTimers } from "./timers.ts";

/** What the platform reported: an error that reached nobody, or a warning. */
export interface Report {
  readonly event: "unhandledRejection" | "uncaughtException" | "warning";
  readonly error: unknown;
}

/** Hears of each report alone: other listeners, such as a test runner's, are put back by the function that it gives. */
export function hearReports(listener: (report: Report) => void): () => void {
  const restore = (["unhandledRejection", "uncaughtException", "warning"] as const).map((event) => {
    const others = process.rawListeners(event);
    const own = (error: unknown): void => listener({ event, error });
    process.removeAllListeners(event);
    process.on(event, own);
    return (): void => {
      process.off(event, own);
      for (const other of others) process.on(event, other as (error: unknown) => void);
    };
  });
  return () => {
    for (const undo of restore) undo();
  };
}

/** Hears of rejections that nobody handles, alone, in the same way. */
export function hearRejections(listener: (error: unknown, promise: Promise<unknown>) => void): () => void {
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", listener);
  return () => {
    process.off("unhandledRejection", listener);
    for (const other of others) process.on("unhandledRejection", other);
  };
}

/** How many timers of the platform are armed. */
export { armedTimers as nativeTimers } from "./timers.ts";

/** How many are left once there are no more than expected, or so long after. (Browsers wait a moment in any case: there the looks of a test clock cannot be told from what keeps a program alive.) */
export async function timersLeft(expected: number, patienceMs: number): Promise<number> {
  const began = performance.now();
  while (armedTimers() > expected && performance.now() - began < patienceMs) await turn();
  return armedTimers();
}

/** A later turn of the event loop: all promise work comes before it. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Until the platform has reported every rejection that nobody handles by now. */
export const reported: () => Promise<void> = turn;

/** So many random programs: fewer where they run a second time, on another runtime. */
export function programs(count: number): number {
  return Math.ceil(count / ((globalThis as { fewerPrograms?: number }).fewerPrograms ?? 1));
}

/** A variable of the environment. */
export function variable(name: string): string | undefined {
  return process.env[name];
}

/** Collects all garbage now, where it can be made to. */
export function collectGarbage(): void {
  collect ??= collector();
  collect();
}

let collect: (() => void) | undefined;

function collector(): () => void {
  const { gc, Bun } = globalThis as { gc?: () => void; Bun?: { gc(synchronously: boolean): void } };
  if (Bun !== undefined) return () => Bun.gc(true);
  if (gc !== undefined) return () => gc();
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc") as () => void;
}

/** The bytes of the heap that are in use. */
export function heapUsed(): number {
  return process.memoryUsage().heapUsed;
}
