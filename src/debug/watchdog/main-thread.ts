import { readFileSync } from "node:fs";

/** What the main thread does, as Linux tells it. */
export interface MainThread {
  /** Its time on a processor, and its time waiting for one, in ms. */
  readonly cpu: number;
  readonly starved: number;
  /** What it waits for, if it is neither on a processor nor ready to be: a call, or a lock, which may be the collector's. */
  readonly asleep: "call" | "lock" | undefined;
}

const folder = `/proc/self/task/${process.pid}`;
const read = (name: string): string => readFileSync(`${folder}/${name}`, "utf8");

/** `undefined` where nobody tells. */
export function mainThread(): MainThread | undefined {
  try {
    // After the name, which is in brackets, and may have some in it.
    const isAsleep = /.*\) [SD] /s.test(read("stat"));
    const [cpu, starved] = read("schedstat").split(" ").map((ns) => Number(ns) / 1e6) as [number, number];
    return { cpu, starved, asleep: isAsleep ? (read("wchan").includes("futex") ? "lock" : "call") : undefined };
  } catch {
    return undefined;
  }
}
