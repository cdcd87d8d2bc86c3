import type { DebugReport } from "../mistake.ts";

/** What the watchdog saw. */
export interface Stall {
  readonly ms: number;
  /** The line that ran, and what called it, innermost first; empty where it could not be looked at. */
  readonly frames: readonly string[];
  readonly task: { readonly name?: string; readonly path?: readonly string[]; readonly spawnedAt?: string };
  /** Of several short ones in a second, which last `ms` together: how many. */
  readonly count?: number;
  /** It was seen when it was over. */
  readonly isOver?: boolean;
}

const SHOWN = 5;

/** One that calls itself is named once, with how often. */
function folded(frames: readonly string[]): string[] {
  const runs: { frame: string; count: number }[] = [];
  for (const frame of frames) {
    const last = runs.at(-1);
    if (last?.frame === frame) last.count++;
    else runs.push({ frame, count: 1 });
  }
  return runs.map(({ frame, count }) => (count === 1 ? frame : `${count} × ${frame}`));
}

function whatOf({ ms, count, isOver }: Stall): string {
  if (count !== undefined) return `Within a second the event loop stood still ${count} times, for ${ms} ms together: timers, I/O and cancellations come late.`;
  const lasted = isOver === true ? `was blocked for ${ms} ms: no timer, no I/O and no cancellation got through` : `is blocked for ${ms} ms: no timer, no I/O and no cancellation gets through`;
  return `The event loop ${lasted}.`;
}

export function reportOf(stall: Stall): DebugReport {
  const { frames, task } = stall;
  const { name = "(no task)", path = [name], spawnedAt } = task;
  const callers = folded(frames.slice(1)).slice(0, SHOWN);
  const more = callers.length > 0 ? ` Called by ${callers.join(", ")}.` : "";
  return {
    kind: "blocked-loop",
    what: `${whatOf(stall)}${more}`,
    name,
    path,
    spawnedAt,
    standsAt: frames[0],
    advice: "Give the event loop its turn: await scope.checkpoint() in long loops, use the asynchronous form of calls that wait, or run the work in a thread (espalier/threads).",
  };
}
