import type { Scheduler } from "../ports/scheduler.ts";

/** Who decides in which order what is ready goes on; `undefined` but for explorations (decision 0015). */
export let scheduler: Scheduler | undefined;

export function setScheduler(next: Scheduler | undefined): void {
  scheduler = next;
}
