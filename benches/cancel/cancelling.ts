/** A sample of a cancellation: how long until all had ended, and what is left. */
import process from "node:process";
import { setImmediate as nextTurn } from "node:timers/promises";
import { collectAll, collectYoung, now, type Sample } from "../sample.ts";
import type { Begin } from "./sleepers.ts";

export interface Amount {
  /** From the cancellation until the last one had ended, µs for each. */
  readonly micros: number;
  /** How many had not ended when the caller was told that all was over. */
  readonly running: number;
  /** Timers that were armed then; none where they cannot be asked for. */
  readonly timers?: number;
  /** Of the heap, for each, after a collection. */
  readonly bytes: number;
}

function occupied(): number {
  // Twice: what the first one finds dead may have kept something else.
  collectAll();
  collectAll();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Bun and Deno do not tell. */
function timers(): number | undefined {
  if (process.versions["bun"] !== undefined || process.versions["deno"] !== undefined) return undefined;
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

/** Told about how many tasks. */
export const cancelling =
  (begin: Begin): Sample<Amount> =>
  async (about) => {
    const tasks = about as number;
    const before = occupied();
    const armed = timers();
    let begun = 0;
    let ended = 0;
    let allEnded!: () => void;
    const all = new Promise<void>((resolve) => (allEnded = resolve));
    const count = {
      begun: () => void begun++,
      ended: () => {
        if (++ended === tasks) allEnded();
      },
    };
    const { cancel, over } = await begin(tasks, count);
    while (begun < tasks) await nextTurn();
    collectYoung();
    const began = now();
    cancel();
    await over;
    const running = tasks - ended;
    const left = timers();
    await all;
    const micros = ((now() - began) * 1000) / tasks;
    await nextTurn();
    return { micros, running, ...(left === undefined ? {} : { timers: left - armed! }), bytes: Math.max(0, occupied() - before) / tasks };
  };
