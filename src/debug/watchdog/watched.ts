/**
 * The side of the thread that is watched: it beats, and says what it was doing. Node.js only: Bun's inspector never pauses, Deno's refuses to
 * connect, and browsers have none.
 */
import { url as inspectorUrl } from "node:inspector";
import { Worker } from "node:worker_threads";
import type { Observed } from "../../lowlevel.ts";
import { lifeOf, pathOf } from "../life.ts";
import { tell, watchListeners } from "../report.ts";
import { settings } from "../settings.ts";
import { Beats } from "./beats.ts";
import { type Stall, reportOf } from "./stall.ts";

const BEAT_MS = 20;

/** The function that was the last to be woken: it is what runs, as far as can be told. */
let current: WeakRef<Observed> | undefined;

export function runs(scope: Observed): void {
  current = new WeakRef(scope);
}

/** Asked by the watchdog, in the paused program. */
function describeCurrent(): string {
  const scope = current?.deref();
  if (scope === undefined) return "{}";
  return JSON.stringify({ name: scope.name, path: pathOf(scope), spawnedAt: lifeOf(scope)?.startedAt.place });
}

export function startWatchdog(): void {
  const beats = new Beats();
  const entry = new URL(import.meta.url.endsWith(".ts") ? "./watchdog.ts" : "./watchdog.js", import.meta.url);
  Object.defineProperty(globalThis, Symbol.for("espalier.debug"), { value: { describeCurrent, stalls: () => beats.reports }, configurable: true });
  const worker = new Worker(entry, { workerData: { memory: beats.memory }, stdin: false });
  worker.on("message", (stall: Stall) => tell(reportOf(stall)));
  worker.unref();
  const beat = (): void => beats.beat(settings.blocked, inspectorUrl() !== undefined);
  beat();
  watchListeners((hasListeners) => beats.listens(hasListeners));
  setInterval(beat, BEAT_MS).unref();
}
