/**
 * Those who wait for the same thing, in the order of coming: linked through themselves, since a Set that is emptied from the front
 * walks over what was there, and n waiters would cost n².
 *
 * Invariants
 *   1. A place is in one line at most, and knows it.
 *   2. To line up, to be the next, and to leave from anywhere each take the same few steps, however many wait.
 */
export class Place {
  /** Of whichever kind of places: a place is only ever taken out of the line that it was put into. */
  line: Line<never> | undefined = undefined;
  before: Place | undefined = undefined;
  after: Place | undefined = undefined;

  /** Nothing for one that has left. */
  leave(): void {
    if (this.line !== undefined) this.line.remove(this as never);
  }
}

export class Line<P extends Place> {
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
