/**
 * `group.vacancy()`: who waits until the group has room.
 *
 * A place that comes free, and that no queued task takes, is offered to who waits longest, and to no more than
 * there are places. One that is not taken at once is offered to the next.
 */
import type { Cancellable } from "./capabilities.ts";
import type { Group, RoomTaker } from "./group.ts";
import { scopeEnded } from "./misuse.ts";
import { operation, Parked, passing, quiet } from "./park.ts";

/** From the promise of `vacancy()` through a helper or two to the line that spawns. */
const HOPS_TO_NEXT_LINE = 10;

export function vacancyIn(group: Group, scope: Cancellable): Promise<void> {
  return operation(scope, "group.vacancy()", (node): Promise<void> => {
    if (group.ended) throw scopeEnded(group, "group.vacancy()");
    if (group.room > 0) return passing(node, "vacancy");
    const parked = new Parked<void>(node, "vacancy");
    const { waiting } = group.onRoom instanceof Vacancies ? group.onRoom : new Vacancies(group);
    waiting.add(parked);
    parked.onInterrupt = () => waiting.delete(parked);
    // The place may be taken again before this runs: then it waits once more.
    const vacancy = parked.promise.then(() => (group.room > 0 ? undefined : vacancyIn(group, scope)));
    quiet(vacancy);
    return vacancy;
  });
}

/** Those who wait for room in one group. */
class Vacancies implements RoomTaker {
  readonly waiting: Set<Parked<void>> = new Set();
  readonly #group: Group;
  /** How many were woken a moment ago, and may be about to spawn. */
  #offered = 0;

  constructor(group: Group) {
    this.#group = group;
    group.onRoom = this;
  }

  take(): void {
    for (const parked of this.waiting) {
      if (this.#offered >= this.#group.room) return;
      this.waiting.delete(parked);
      this.#offered++;
      parked.resolve(undefined);
      void this.#withdraw();
    }
  }

  /** An offer stands for as long as the one who was woken needs to come to its next line. */
  async #withdraw(): Promise<void> {
    for (let hop = 0; hop < HOPS_TO_NEXT_LINE; hop++) await Promise.resolve();
    this.#offered--;
    this.take();
  }
}
