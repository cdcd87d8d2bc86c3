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
import { mainThread } from "./main-thread.ts";
import { reportOf, type Stall } from "./stall.ts";

const LOOK_MS = 25;

/** Given at the start; the next one comes from the event loop. */
const FIRST_BEAT = 1;

const SECOND = 1_000;
/** So much of a second may be short stalls. */
const MOST_STALLED = SECOND / 2;
/** So much of the time at a lock counts. On a busy machine the collector's threads come late, and all wait for them. */
const AT_LOCK = 1 / 5;
/** Short stalls are told once in a while. */
const QUIET_MS = 60_000;

const beats = new Beats((workerData as { memory: SharedArrayBuffer }).memory);
let lastLook = performance.now();

/** The last beat, and how the main thread stood. */
let beat = { count: beats.beats, at: lastLook, cpu: mainThread()?.cpu ?? 0 };
/** For how long it has waited in a call since then, as far as was seen. */
let asleep = 0;
let isTold = false;

/** What there was when the second began: one of the time that the machine gives the program. */
let second = { at: lastLook - (mainThread()?.starved ?? 0), stalls: 0, ms: 0 };
let quietUntil = 0;
/** Too many short stalls were seen: the next one shows what they are. */
let suspected: { readonly count: number; readonly ms: number } | undefined;

setInterval(() => {
  const now = performance.now();
  const main = mainThread();
  const sinceLook = Math.min(now - lastLook, 2 * LOOK_MS);
  lastLook = now;
  if (beats.beats !== beat.count) {
    beat = { count: beats.beats, at: now, cpu: main?.cpu ?? 0 };
    asleep = 0;
    isTold = false;
  } else {
    // What no look confirms is the time of a machine that slept. What is neither work nor waiting is the time of other programs.
    if (main === undefined || main.asleep === "call") asleep += sinceLook;
    else if (main.asleep === "lock") asleep += sinceLook * AT_LOCK;
    const ms = Math.round(main === undefined ? asleep : main.cpu - beat.cpu + asleep);
    if (suspected !== undefined && now - beat.at > LOOK_MS) tellShort(suspected);
    else if (!isTold && ms > beats.limit) tellLong(ms);
  }
  const given = now - (main?.starved ?? 0);
  if (given - second.at >= SECOND) countSecond(now, given);
}, LOOK_MS);

function tellLong(ms: number): void {
  isTold = true;
  tell({ ms });
}

/** Whether the short stalls of the last second are too many together. */
function countSecond(now: number, given: number): void {
  const { stalls, stalledMs } = beats;
  const count = stalls - second.stalls;
  const ms = stalledMs - second.ms;
  if (ms >= MOST_STALLED && count > 1 && given - second.at < 2 * SECOND && now > quietUntil) {
    suspected = { count, ms };
    quietUntil = now + QUIET_MS;
  } else if (suspected !== undefined) {
    // It does not stand still any more; it did.
    write({ ...suspected, frames: [], task: {} });
    suspected = undefined;
  }
  second = { at: given, stalls, ms: stalledMs };
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
  if (beats.hasListeners || !writeDirectly(`${reportText(reportOf(stall))}\n`)) parentPort!.postMessage(stall);
  beats.reported();
}

/** The streams of a thread go through the one that is blocked. False where it has to wait for that: a pipe is full. Where nobody reads, nothing is told. */
function writeDirectly(text: string): boolean {
  try {
    writeSync(2, text);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EAGAIN";
  }
}
