/**
 * Calls that no worker has taken, to be tried again: one for each that ends somewhere, since that made room, and some from time to time, more of
 * them while they are taken and ever later while they are not. The higher priority goes first, and in one the older; but from time to time one of each
 * work, so that what nobody serves, or has room for, keeps back nothing else.
 */
import type { Clock, Timer } from "../../../ports/clock.ts";
import { titleOf } from "../survey.ts";
import type { Errand } from "./errand.ts";

const FIRST_MS = 4;
const LAST_MS = 256;

export class Again {
  readonly #clock: Clock;
  readonly #send: (errands: readonly Errand[]) => void;
  #waiting: Errand[] = [];
  #timer: Timer | undefined;
  #delay = FIRST_MS;
  /** How many are tried at a time. */
  #most = 1;
  /** Somebody was refused since the last time. */
  #wasRefused = false;
  /** Somebody found nobody who serves it. */
  #wasUnheard = false;

  constructor(clock: Clock, send: (errands: readonly Errand[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(errand: Errand): void {
    errand.state = "waiting";
    if (errand.unheardSince === undefined) this.#wasRefused = true;
    else this.#wasUnheard = true;
    const before = (other: Errand): boolean => other.priority > errand.priority || (other.priority === errand.priority && other.id < errand.id);
    let at = this.#waiting.length;
    while (at > 0 && !before(this.#waiting[at - 1]!)) at--;
    this.#waiting.splice(at, 0, errand);
    this.#arm();
  }

  remove(errand: Errand): void {
    const at = this.#waiting.indexOf(errand);
    if (at >= 0) this.#waiting.splice(at, 1);
  }

  /** Something ended: there is room for so many. */
  released(count: number): void {
    const next = this.#served(count);
    if (next.length > 0) this.#delay = FIRST_MS;
    this.#try(next);
  }

  /** Somebody has come who may take all. */
  all(): void {
    this.#try(this.#waiting);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.disarm(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #due(): void {
    this.#timer = undefined;
    this.#most = this.#wasRefused ? Math.max(1, this.#most >> 1) : Math.max(1, Math.min(2 * this.#most, this.#waiting.length));
    this.#delay = this.#wasRefused || this.#wasUnheard ? Math.min(LAST_MS, 2 * this.#delay) : FIRST_MS;
    this.#wasRefused = this.#wasUnheard = false;
    const next = new Set(this.#served(this.#most));
    const works = new Set([...next].map(({ work }) => titleOf(work)));
    for (const errand of this.#waiting) {
      const title = titleOf(errand.work);
      if (!works.has(title)) next.add(errand);
      works.add(title);
    }
    this.#try([...next]);
    this.#arm();
  }

  /** The first of those that somebody serves. */
  #served(count: number): Errand[] {
    const first: Errand[] = [];
    for (const errand of this.#waiting) {
      if (first.length >= count) break;
      if (errand.unheardSince === undefined) first.push(errand);
    }
    return first;
  }

  #try(errands: readonly Errand[]): void {
    if (errands.length === 0) return;
    const next = new Set(errands);
    this.#waiting = this.#waiting.filter((errand) => !next.has(errand));
    this.#send(errands);
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    // Somewhat at random, so that those who were refused together do not come together.
    this.#timer = { at: this.#clock.now() + this.#delay * (0.75 + Math.random() / 2), slot: -1, fire: () => this.#due() };
    this.#clock.arm(this.#timer);
  }
}
