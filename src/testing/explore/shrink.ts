/** Leaves out deviations, as many as can be, as long as the run still fails alike. */
import type { Schedule } from "./schedule.ts";

/** Runs a schedule; gives the one that was followed indeed if the run failed alike, else `undefined`. */
export type FailsAlike = (schedule: Schedule) => Promise<Schedule | undefined>;

const MOST_RUNS = 1_000;

/** First halves, then quarters, at last one by one until nothing can go. */
export async function shrink(failing: Schedule, failsAlike: FailsAlike): Promise<Schedule> {
  let smallest = failing;
  let runs = 0;
  for (let size = Math.ceil(failing.length / 2); size >= 1 && runs < MOST_RUNS; ) {
    const before = smallest.length;
    for (let end = smallest.length; end > 0 && runs < MOST_RUNS; end -= size) {
      const without = smallest.toSpliced(Math.max(0, end - size), Math.min(size, end));
      runs++;
      const shorter = await failsAlike(without);
      if (shorter !== undefined && shorter.length < smallest.length) smallest = shorter;
    }
    if (size > 1) size = Math.ceil(size / 2);
    else if (smallest.length === before) break;
  }
  return smallest;
}
