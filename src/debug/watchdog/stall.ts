import type { DebugReport } from "../mistake.ts";

/** What the watchdog saw. */
export interface Stall {
  readonly ms: number;
  /** The line that ran, and what called it, innermost first; empty where it could not be looked at. */
  readonly frames: readonly string[];
  readonly task: { readonly name?: string; readonly path?: readonly string[]; readonly spawnedAt?: string };
}

export function reportOf({ ms, frames, task }: Stall): DebugReport {
  const { name = "(no task)", path = [name], spawnedAt } = task;
  const more = frames.length > 1 ? ` Called by ${frames.slice(1, 6).join(", ")}.` : "";
  return {
    kind: "blocked-loop",
    what: `The event loop is blocked for ${ms} ms: no timer, no I/O and no cancellation gets through.${more}`,
    name,
    path,
    spawnedAt,
    standsAt: frames[0],
    advice: "Give the event loop its turn: await scope.checkpoint() in long loops, use the asynchronous form of calls that wait, or run the work in a thread (espalier/threads).",
  };
}
