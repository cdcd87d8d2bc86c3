/** How many calls a worker is given ahead: enough that it never waits for the next, few enough that they can still go elsewhere. */
import { SLOTS } from "../wire/claims.ts";

/** So much work ahead, in ms. */
const AHEAD_MS = 0.4;
/** Where nothing is known yet. */
const FIRST = 32;
const LEAST = 2;
/** How much a new result counts. */
const WEIGHT = 1 / 16;

export class Depth {
  #average: number | undefined;
  #depth = FIRST;

  /** For workers that run `perWorker` calls at a time. */
  of(perWorker: number): number {
    return Math.min(SLOTS, Math.max(this.#depth, 2 * perWorker));
  }

  /** Told how long a call ran, in ms. */
  learn(ms: number): void {
    this.#average = this.#average === undefined ? ms : this.#average + (ms - this.#average) * WEIGHT;
    this.#depth = Math.min(SLOTS, Math.max(LEAST, Math.floor(AHEAD_MS / Math.max(this.#average, 1e-4))));
  }
}
