/**
 * Those who wait for the same thing, in the order of coming: linked through themselves, since a Set that is emptied from the front
 * walks over what was there, and n waiters would cost n².
 *
 * Invariants
 *   1. A place is in one line at most, and knows it.
 *   2. To line up, to be the next, and to leave from anywhere each take the same few steps, however many wait.
 */
export interface Linked {
  /** Of whichever kind of places: a place is only ever taken out of the line that it was put into. */
  line: Line<never> | undefined;
  before: Linked | undefined;
  after: Linked | undefined;
}

/** One that does nothing else. */
export class Place implements Linked {
  line: Line<never> | undefined = undefined;
  before: Linked | undefined = undefined;
  after: Linked | undefined = undefined;

  /** Nothing for one that has left. */
  leave(): void {
    if (this.line !== undefined) this.line.remove(this as never);
  }
}

export class Line<P extends Linked> {
  #first: P | undefined = undefined;
  #last: P | undefined = undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  append(place: P): void {
    const last = this.#last;
    place.line = this as unknown as Line<never>;
    place.before = last;
    if (last === undefined) this.#first = place;
    else last.after = place;
    this.#last = place;
    this.#size++;
  }

  remove(place: P): void {
    const before = place.before as P | undefined;
    const after = place.after as P | undefined;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    place.line = place.before = place.after = undefined;
    this.#size--;
  }

  /** Takes out who has waited for longest. */
  shift(): P | undefined {
    const first = this.#first;
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Lines up before all others. */
  prepend(place: P): void {
    const first = this.#first;
    place.line = this as unknown as Line<never>;
    place.after = first;
    if (first === undefined) this.#last = place;
    else first.before = place;
    this.#first = place;
    this.#size++;
  }

  /** Who came last. */
  get last(): P | undefined {
    return this.#last;
  }

  /** In the order of coming; who leaves while it is gone through ends it. */
  *[Symbol.iterator](): IterableIterator<P> {
    for (let place = this.#first; place !== undefined; place = place.after as P | undefined) yield place;
  }

  /** Takes out all to whom it applies. */
  shiftAll(applies: (place: P) => boolean): P[] {
    const taken: P[] = [];
    let place = this.#first;
    while (place !== undefined) {
      const next = place.after as P | undefined;
      if (applies(place)) {
        this.remove(place);
        taken.push(place);
      }
      place = next;
    }
    return taken;
  }
}
