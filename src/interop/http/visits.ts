import type { Visit } from "./visit.ts";

/** The requests that are under way: a list through themselves, for a Set would cost more than all else that is done for one of them. */
export class Visits {
  #first: Visit<unknown> | undefined;
  size = 0;

  add(visit: Visit<unknown>): void {
    const next = this.#first;
    visit.next = next;
    if (next !== undefined) next.previous = visit;
    this.#first = visit;
    this.size++;
  }

  /** Takes out one that is in it. */
  delete(visit: Visit<unknown>): void {
    const { next, previous } = visit;
    if (next !== undefined) next.previous = previous;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    visit.next = visit.previous = undefined;
    this.size--;
  }

  *[Symbol.iterator](): Generator<Visit<unknown>> {
    for (let visit = this.#first; visit !== undefined; visit = visit.next) yield visit;
  }
}
