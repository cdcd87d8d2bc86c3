/**
 * Looks for a mistake as tests do today: the program runs on the real clock, many times, with pauses of random length
 * where it lets others go on, and with a task cancelled at a random time where the study asks for that.
 */
import { type TaskGroup, taskGroup } from "espalier";
import { type Clock, realClock, type Timer } from "espalier/lowlevel";
import type { Trial } from "espalier/testing";
import type { Study } from "../../explore/study.ts";

/** A run that takes longer hangs. */
const PATIENCE_MS = 2_000;
/** So many runs at once: most of the time all of them sleep. */
const ABREAST = 100;
const LONGEST_PAUSE_MS = 3;

/** The real clock, on which every second operation that need not block sleeps for a moment. */
class Jitter implements Clock {
  now(): number {
    return realClock.now();
  }

  arm(timer: Timer): void {
    realClock.arm(timer);
  }

  disarm(timer: Timer): void {
    realClock.disarm(timer);
  }

  pause(): Promise<void> | undefined {
    if (Math.random() < 0.5) return undefined;
    return new Promise((resolve) => void setTimeout(resolve, Math.random() * LONGEST_PAUSE_MS));
  }
}

/** The number of the first run that failed; nothing if none of so many did. */
export async function seekOnRealClock(study: Study, runs: number): Promise<number | undefined> {
  const began = performance.now();
  if (await fails(study, undefined)) return 1;
  const usualMs = performance.now() - began;
  for (let run = 2; run <= runs; run += ABREAST) {
    const size = Math.min(ABREAST, runs + 1 - run);
    const failures = await Promise.all(Array.from({ length: size }, () => fails(study, Math.random() * usualMs)));
    const first = failures.indexOf(true);
    if (first >= 0) return run + first;
  }
  return undefined;
}

/** Whether one run throws or hangs. */
async function fails({ program, faults = [] }: Study, cancelAfterMs: number | undefined): Promise<boolean> {
  const clock = new Jitter();
  const trial: Trial = { clock, choose: (ways) => Math.floor(Math.random() * ways), note: () => {} };
  const timers: NodeJS.Timeout[] = [];
  const body = (group: TaskGroup): unknown => {
    if (faults.includes("cancel") && cancelAfterMs !== undefined) timers.push(setTimeout(() => cancelOne(group), cancelAfterMs));
    return program(group, trial);
  };
  // What hangs may be deaf to a cancellation too, so that no time limit of the library would end it.
  const hangs = new Promise<boolean>((resolve) => void timers.push(setTimeout(resolve, PATIENCE_MS, true)));
  const throws = taskGroup(body, { clock, errors: "first" }).then(
    () => false,
    () => true,
  );
  const isFailure = await Promise.race([throws, hangs]);
  for (const timer of timers) clearTimeout(timer);
  return isFailure;
}

function cancelOne(group: TaskGroup): void {
  const tasks = [...group.tasks];
  tasks[Math.floor(Math.random() * tasks.length)]?.cancel("cancelled at a random time");
}
