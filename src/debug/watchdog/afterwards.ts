/**
 * Where no other thread can look at what this one does: Bun, Deno, workers. That the event loop was blocked is told when it is over: for
 * how long, and which task was the last to be woken; not the line.
 */
import { tell } from "../report.ts";
import { settings } from "../settings.ts";
import { describeCurrent } from "./current.ts";
import { reportOf } from "./stall.ts";

const BEAT_MS = 20;

export function startWatchdog(): void {
  let last = performance.now();
  const beat = (): void => {
    const now = performance.now();
    const ms = Math.round(now - last - BEAT_MS);
    last = now;
    const task = describeCurrent();
    // While its modules are loaded nothing runs yet that could wait.
    if (ms > settings.blocked && task.name !== undefined) tell(reportOf({ ms, frames: [], task, isOver: true }));
  };
  const timer = setInterval(() => setImmediate(beat), BEAT_MS);
  timer.unref();
}
