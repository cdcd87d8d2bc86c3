/**
 * One way of writing a workload, as it is measured: in a process of its own, on Node.js, Bun or Deno (`--expose-gc`).
 *
 * A process of its own, because garbage, shapes and compiled code of one way would slow another one down: beside a rival
 * that leaves much, the same tasks were measured at twice their time.
 */
import process from "node:process";

/** One measurement: the amount per item, times in µs; or several amounts, by name. A few are told about what. */
export type Sample<A = number> = (about?: unknown) => A | Promise<A>;

/** What a row's module exports for its processes: each way is made where it is measured. */
export type Ways<A = number> = Readonly<Record<string, () => Sample<A> | Promise<Sample<A>>>>;

/** Deno counts processor time in ticks of 10 ms. */
const byProcessor = process.env["BENCH_CLOCK"] === "cpu" && process.versions["deno"] === undefined;

/**
 * Milliseconds: by the wall, or with BENCH_CLOCK=cpu of this thread's processor time, which other programs do not
 * lengthen (what the collector's own threads do meanwhile is not in it).
 */
export const now: () => number = byProcessor ? cpuTime : () => performance.now();

function cpuTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Shorter samples are repeated within one time: the clock and the first scavenge would weigh too much. */
const shortestMs = 15;

const gc = (options?: { type: "minor"; execution: "sync" }): void => {
  const collector = globalThis.gc;
  if (collector === undefined) throw new Error("a sample must start without the garbage of the one before: run with --expose-gc");
  if (options === undefined) collector();
  else collector(options);
};

/** What the sample before left young is not paid for by the next; what grew old is the way's own to collect. */
export const collectYoung = (): void => gc({ type: "minor", execution: "sync" });

export const collectAll = (): void => gc();

/** A sample of `run`, which does the work of `items` items. */
export function timed(items: number, run: () => unknown): Sample {
  let repeats = 1;
  return async () => {
    const began = now();
    for (let i = 0; i < repeats; i++) await run();
    const took = now() - began;
    const perItem = (took * 1000) / (repeats * items);
    if (took < shortestMs) repeats = Math.ceil(repeats * Math.min(10, shortestMs / took));
    return perItem;
  };
}
