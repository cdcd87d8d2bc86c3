/**
 * The watchdog: a thread that sees the other one's event loop stand still, and looks at what it is doing, while it does it.
 *
 *   watching ── no turn came to its end within the limit ───▶ looking ── paused, read, resumed ──▶ told ── beats again ──▶ watching
 *      │                                                        ▲
 *      └── short stalls are half of a second ──▶ lying in wait ─┘ it stands still again
 *
 * The debugger of the other thread is on only while it is looked at: turned on, it slows every await down many times.
 */
import { writeSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { reportText } from "../report-text.ts";
import { Beats } from "./beats.ts";
import { look } from "./look.ts";
import { reportOf, type Stall } from "./stall.ts";
import { starvedMs } from "./starved.ts";

const LOOK_MS = 25;

/** Given at the start; the next one comes from the event loop. */
const FIRST_BEAT = 1;

const SECOND = 1_000;
/** So much of a second may be short stalls. */
const MOST_STALLED = SECOND / 2;
/** Short stalls are told once in a while. */
const QUIET_MS = 60_000;

const beats = new Beats((workerData as { memory: SharedArrayBuffer }).memory);
let seen = beats.beats;
let since = performance.now();
let isTold = false;
let lastLook = since;
let starved = starvedMs();

/** What there was when the second began. */
let second = { at: since, stalls: 0, ms: 0, starved };
let quietUntil = 0;
/** Too many short stalls were seen: the next one shows what they are. */
let suspected: { readonly count: number; readonly ms: number } | undefined;

setInterval(() => {
  const now = performance.now();
  // Who was not looking has seen nothing: a machine that slept, or is busy with others.
  if (now - lastLook > 2 * LOOK_MS) since += now - lastLook - LOOK_MS;
  lastLook = now;
  if (beats.beats !== seen) {
    seen = beats.beats;
    since = now;
    starved = starvedMs();
    isTold = false;
  } else if (suspected !== undefined && now - since > LOOK_MS) tellShort(suspected);
  else if (!isTold && now - since > beats.limit) tellLong(now);
  if (now - second.at >= SECOND) countSecond(now);
}, LOOK_MS);

function tellLong(now: number): void {
  const ms = Math.round(now - since - (starvedMs() - starved));
  if (ms <= beats.limit) return;
  isTold = true;
  tell({ ms });
}

/** Whether the short stalls of the last second are too many together. */
function countSecond(now: number): void {
  const { stalls, stalledMs } = beats;
  const inAll = starvedMs();
  const ms = Math.round(stalledMs - second.ms - (inAll - second.starved));
  const count = stalls - second.stalls;
  if (ms >= MOST_STALLED && count > 1 && now > quietUntil && now - second.at < 2 * SECOND) {
    suspected = { count, ms };
    quietUntil = now + QUIET_MS;
  } else if (suspected !== undefined) {
    // It does not stand still any more; it did.
    write({ ...suspected, frames: [], task: {} });
    suspected = undefined;
  }
  second = { at: now, stalls, ms: stalledMs, starved: inAll };
}

function tellShort(stalls: NonNullable<typeof suspected>): void {
  suspected = undefined;
  tell(stalls);
}

function tell(stall: Pick<Stall, "ms" | "count">): void {
  if (beats.isDebugged) write({ ...stall, frames: [], task: {} });
  else look((frames, task) => write({ ...stall, frames, task }));
}

function write(stall: Stall): void {
  // While its modules are loaded nothing runs yet that could wait.
  if (stall.task.name === undefined && beats.beats <= FIRST_BEAT) return;
  // Directly: the streams of a thread go through the one that is blocked.
  if (!beats.hasListeners) writeSync(2, `${reportText(reportOf(stall))}\n`);
  else parentPort!.postMessage(stall);
  beats.reported();
}
