/** The test clock, with what a program from outside needs of it, and a count of what was armed and not let go. */
import type { Clock, Timer } from "espalier";
import { testClock } from "espalier/testing";

export class MeteredClock implements Clock {
  readonly #clock: Clock = testClock();
  readonly #armed = new Set<Timer>();

  now(): number {
    return this.#clock.now();
  }

  arm(timer: Timer): void {
    this.#armed.add(timer);
    this.#clock.arm(timer);
  }

  disarm(timer: Timer): void {
    this.#armed.delete(timer);
    this.#clock.disarm(timer);
  }

  pause(): Promise<void> | undefined {
    return this.#clock.pause();
  }

  /** How many timers are armed now. */
  get armed(): number {
    for (const timer of this.#armed) if (timer.slot < 0) this.#armed.delete(timer);
    return this.#armed.size;
  }

  /** Calls `act` at a time; what is given back takes that back. */
  plan(at: number, act: () => void): () => void {
    const timer: Timer = { at, slot: -1, fire: act };
    this.arm(timer);
    return () => this.disarm(timer);
  }

  /** A promise that is fulfilled after `ms`, and knows nothing of scopes. */
  after(ms: number): Promise<void> {
    return ms > 0 ? new Promise((resolve) => void this.plan(this.now() + ms, resolve)) : Promise.resolve();
  }
}
