/**
 * The room in a pool: how many calls are in it, and who waits to come in.
 *
 * Invariants
 *   1. Who waits comes in in the order of coming, and nobody passes him; and he waits only while there is no room.
 *   2. Who submits is given a place that is kept for him until he takes it or gives it back.
 */
import type { Claim, Waiter } from "../../lowlevel.ts";
import { NOTHING } from "../../lowlevel.ts";
import { Line, type Linked, Place } from "../../sync/line.ts";
import { Call } from "./call.ts";

/** Who waits to submit. */
class Applicant extends Place {
  readonly waiter: Waiter<void>;

  constructor(waiter: Waiter<void>) {
    super();
    this.waiter = waiter;
  }
}

export class Room implements Claim<void> {
  /** How many calls are in. */
  taken = 0;
  /** How many calls wait. */
  waitingCalls = 0;
  readonly #most: number;
  readonly #admit: (call: Call) => void;
  readonly #waiting = new Line<Linked>();
  #kept = 0;

  /** @param admit told of each call that comes in */
  constructor(most: number, admit: (call: Call) => void) {
    this.#most = most;
    this.#admit = admit;
  }

  get isThere(): boolean {
    return this.#waiting.size === 0 && this.#isBelowLimit;
  }

  /** How many wait, those included who want to submit. */
  get waiting(): number {
    return this.#waiting.size;
  }

  attempt(): void | typeof NOTHING {
    if (!this.isThere) return NOTHING;
    this.#kept++;
  }

  register(waiter: Waiter<void>): () => void {
    const applicant = new Applicant(waiter);
    this.#waiting.append(applicant);
    return () => applicant.leave();
  }

  giveBack(): void {
    this.take();
    this.fill();
  }

  /** The place that was kept is to be used at once; `fill` afterwards, in case it was not. */
  take(): void {
    this.#kept--;
  }

  enter(call: Call, hasPlace: boolean): void {
    if (hasPlace || this.isThere) return this.#let(call);
    this.waitingCalls++;
    this.#waiting.append(call);
  }

  /** For a call that was in. */
  leave(): void {
    this.taken--;
    this.fill();
  }

  /** For a call that waits. */
  remove(call: Call): void {
    this.#waiting.remove(call);
    this.waitingCalls--;
    this.fill();
  }

  fill(): void {
    while (this.#isBelowLimit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      if (next instanceof Call) {
        this.waitingCalls--;
        this.#let(next);
      } else if ((next as Applicant).waiter.resolve(undefined)) this.#kept++;
    }
  }

  /** Nobody submits any more. */
  refuse(error: Error): void {
    for (const applicant of this.#waiting.shiftAll((place) => place instanceof Applicant)) (applicant as Applicant).waiter.reject(error);
  }

  calls(): Call[] {
    return [...this.#waiting].filter((place) => place instanceof Call);
  }

  get #isBelowLimit(): boolean {
    return this.taken + this.#kept < this.#most;
  }

  #let(call: Call): void {
    this.taken++;
    this.#admit(call);
  }
}
