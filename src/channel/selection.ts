/** One call of `select`: who waits in several places, and is served in one. */
import type { ClosedCode } from "../errors/closed.ts";
import { type Claim, NOTHING, type Waiter } from "../lowlevel.ts";
import { Giver } from "./intake.ts";
import type { Place } from "../sync/line.ts";
import { Taker } from "./outlet.ts";
import type { OutletEnd } from "./reception.ts";
import { refusedReceive, refusedSend } from "./refusal.ts";
import { intakeOf, type Sender } from "./sender.ts";

/** What a selection gives. */
export interface Outcome {
  readonly index: number;
  readonly done: boolean;
  readonly value: unknown;
}

/** A receive or a send among others. */
export interface SelectCase {
  /** Does it, if that needs no waiting. Throws as it would alone. */
  attempt(index: number): Outcome | typeof NOTHING;
  /** Lines up for it. */
  enlist(index: number, selection: Selection): Place;
}

/**
 * Invariants
 *   1. It waits in all its places or in none: whoever serves or refuses it takes it out of the others in the same call.
 *   2. Served means that its waiter said so, once; a place whose selection is gone refuses, and the next one is tried.
 *   3. It cannot be served by itself, though it sends and receives in the same channel: it lines up only when no case was
 *      possible, and nobody looks at the lines meanwhile.
 */
export class Selection implements Claim<Outcome> {
  readonly #cases: readonly SelectCase[];
  #places: Place[] = [];
  #waiter: Waiter<Outcome> | undefined = undefined;

  constructor(cases: readonly SelectCase[]) {
    this.#cases = cases;
  }

  attempt(): Outcome | typeof NOTHING {
    let index = 0;
    for (const one of this.#cases) {
      const outcome = one.attempt(index++);
      if (outcome !== NOTHING) return outcome;
    }
    return NOTHING;
  }

  register(waiter: Waiter<Outcome>): () => void {
    this.#waiter = waiter;
    this.#places = this.#cases.map((one, index) => one.enlist(index, this));
    return () => this.#leave();
  }

  settle(outcome: Outcome): boolean {
    this.#leave();
    return this.#waiter!.resolve(outcome);
  }

  fail(error: Error): void {
    this.#leave();
    this.#waiter!.reject(error);
  }

  #leave(): void {
    for (const place of this.#places) place.leave();
  }
}

export class ReceiveCase<T> implements SelectCase {
  readonly #end: OutletEnd<T>;

  constructor(end: OutletEnd<T>) {
    this.#end = end;
  }

  attempt(index: number): Outcome | typeof NOTHING {
    const value = this.#end.take();
    if (value !== NOTHING) return { index, done: false, value };
    const { name, over } = this.#end.outlet;
    if (over === undefined) return NOTHING;
    if (over === "ENDED") return ended(index);
    throw refusedReceive(over, name);
  }

  enlist(index: number, selection: Selection): Place {
    const place = new SelectingTaker(selection, index, this.#end);
    this.#end.outlet.takers.append(place);
    return place;
  }
}

export class SendCase<T> implements SelectCase {
  readonly #sender: Sender<T>;
  readonly #item: T;

  constructor(sender: Sender<T>, item: T) {
    this.#sender = sender;
    this.#item = item;
  }

  attempt(index: number): Outcome | typeof NOTHING {
    return this.#sender.trySend(this.#item) ? sent(index) : NOTHING;
  }

  enlist(index: number, selection: Selection): Place {
    const place = new SelectingGiver(selection, index, this.#sender, this.#item);
    intakeOf(this.#sender).enqueue(place);
    return place;
  }
}

const sent = (index: number): Outcome => ({ index, done: false, value: undefined });
const ended = (index: number): Outcome => ({ index, done: true, value: undefined });

class SelectingTaker<T> extends Taker<T> {
  readonly end: OutletEnd<T>;
  readonly #selection: Selection;
  readonly #index: number;

  constructor(selection: Selection, index: number, end: OutletEnd<T>) {
    super();
    this.#selection = selection;
    this.#index = index;
    this.end = end;
  }

  accept(value: T): boolean {
    return this.#selection.settle({ index: this.#index, done: false, value });
  }

  refuse(code: ClosedCode): void {
    if (code === "ENDED") this.#selection.settle(ended(this.#index));
    else this.#selection.fail(refusedReceive(code, this.end.outlet.name));
  }
}

class SelectingGiver<T> extends Giver<T> {
  readonly end: Sender<T>;
  readonly item: T;
  readonly #selection: Selection;
  readonly #index: number;

  constructor(selection: Selection, index: number, end: Sender<T>, item: T) {
    super();
    this.#selection = selection;
    this.#index = index;
    this.end = end;
    this.item = item;
  }

  taken(): boolean {
    return this.#selection.settle(sent(this.#index));
  }

  refuse(code: ClosedCode): void {
    this.#selection.fail(refusedSend(code, intakeOf(this.end).name, this.item));
  }
}
