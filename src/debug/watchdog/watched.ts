/**
 * The side of the thread that is watched: it beats once a turn of its event loop, and says what it was doing. Node.js only: Bun's inspector
 * never pauses, and Deno's refuses to connect. Nor can a worker be looked at, only the main thread.
 */
import { url as inspectorUrl } from "node:inspector";
import { isMainThread, Worker } from "node:worker_threads";
import { warn } from "../../host/warn.ts";
import { answers } from "../outside.ts";
import { tell, watchListeners } from "../report.ts";
import { settings, watchSettings } from "../settings.ts";
import { startWatchdog as startHeartbeat } from "./afterwards.ts";
import { Beats } from "./beats.ts";
import { type Stall, reportOf } from "./stall.ts";

const BEAT_MS = 20;

/** Its work in ms, and not that of other programs; before Node.js 22.19 with that of the collector's threads. */
function worked(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
}

export function startWatchdog(): void {
  if (!isMainThread) return startHeartbeat();
  const beats = new Beats();
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./watchdog.ts" : "./watchdog.js", import.meta.url);
  answers.stalls = () => beats.reports;
  // What the program preloads, by --import or NODE_OPTIONS, is not for a thread that it does not know of.
  const worker = new Worker(entry, { workerData: { memory: beats.memory }, stdin: false, execArgv: [], env: {} });
  worker.on("message", (stall: Stall) => tell(reportOf(stall)));
  worker.unref();
  let last = worked();
  const beat = (): void => {
    const now = worked();
    beats.beat(settings.blocked, inspectorUrl() !== undefined, now - last - BEAT_MS);
    last = now;
  };
  beat();
  // At once: what comes next may take longer than a turn did so far.
  watchSettings(() => (beats.limit = settings.blocked));
  watchListeners((hasListeners) => beats.listens(hasListeners));
  // At the end of the turn: ten callbacks of 10 ms keep everybody waiting as long as one of 100 ms does.
  const beating = setInterval(() => setImmediate(beat), BEAT_MS);
  beating.unref();
  // Its failure is not the program's.
  worker.on("error", (error: unknown) => {
    clearInterval(beating);
    warn(`The watchdog of the event loop has failed (${String(error)}): from now on a blocked loop is told when it is over, without the line.`);
    startHeartbeat();
  });
}
