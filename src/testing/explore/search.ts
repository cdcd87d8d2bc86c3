/**
 * All schedules with no deviation from the plain order, then all with one, with two, …, each exactly once.
 *
 * A schedule's followers have one deviation more, later than all of its own: so every set of deviations has one line of
 * descent. When no follower is left, every order there is has been tried.
 */
import { plainOrder, type Schedule } from "./schedule.ts";

export class Search {
  #next: Found[] = [];

  /** Says what a run under `schedule` had to decide: of each decision the number of ways. */
  add(schedule: Schedule, counts: readonly number[]): void {
    const from = (schedule.at(-1)?.at ?? -1) + 1;
    if (counts.length > from) this.#next.push({ schedule, from, counts: Uint16Array.from(counts.slice(from)) });
  }

  /** The plain order, and what follows from what is added meanwhile. */
  *schedules(): Generator<Schedule, void, void> {
    yield plainOrder;
    while (this.#next.length > 0) {
      const level = this.#next;
      this.#next = [];
      for (const { schedule, from, counts } of level) {
        for (let index = 0; index < counts.length; index++) {
          for (let way = 1; way < counts[index]!; way++) yield [...schedule, { at: from + index, way }];
        }
      }
    }
  }
}

interface Found {
  readonly schedule: Schedule;
  readonly from: number;
  readonly counts: Uint16Array;
}
