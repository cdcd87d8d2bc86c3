/**
 * Calls that no worker has taken, to be tried again: one for each that ends somewhere, since that made room, and some from time to time, more of
 * them while they are taken and ever later while they are not. The higher priority goes first, and in one the older.
 */
import type { Clock, Timer } from "../../../ports/clock.ts";
import type { Errand } from "./errand.ts";

const FIRST_MS = 4;
const LAST_MS = 256;

export class Again {
  readonly #clock: Clock;
  readonly #send: (errands: readonly Errand[]) => void;
  readonly #waiting: Errand[] = [];
  #timer: Timer | undefined;
  #delay = FIRST_MS;
  /** How many are tried at a time. */
  #most = 1;
  /** Somebody was refused since the last time. */
  #wasRefused = false;

  constructor(clock: Clock, send: (errands: readonly Errand[]) => void) {
    this.#clock = clock;
    this.#send = send;
  }

  get size(): number {
    return this.#waiting.length;
  }

  add(errand: Errand): void {
    errand.state = "waiting";
    this.#wasRefused = true;
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
    if (this.#waiting.length === 0) return;
    this.#delay = FIRST_MS;
    this.#try(count);
  }

  /** Somebody has come who may take all. */
  all(): void {
    this.#try(Infinity);
  }

  stop(): void {
    if (this.#timer !== undefined) this.#clock.disarm(this.#timer);
    this.#timer = undefined;
    this.#waiting.length = 0;
  }

  #due(): void {
    this.#timer = undefined;
    this.#most = this.#wasRefused ? Math.max(1, this.#most >> 1) : 2 * this.#most;
    this.#delay = this.#wasRefused ? Math.min(LAST_MS, 2 * this.#delay) : FIRST_MS;
    this.#wasRefused = false;
    this.#try(this.#most);
    this.#arm();
  }

  #try(count: number): void {
    const next = this.#waiting.splice(0, Math.min(count, this.#waiting.length));
    if (next.length > 0) this.#send(next);
  }

  #arm(): void {
    if (this.#timer !== undefined || this.#waiting.length === 0) return;
    // Somewhat at random, so that those who were refused together do not come together.
    this.#timer = { at: this.#clock.now() + this.#delay * (0.75 + Math.random() / 2), slot: -1, fire: () => this.#due() };
    this.#clock.arm(this.#timer);
  }
}
