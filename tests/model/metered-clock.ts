/**
 * What a program from outside needs of a clock, and a count of what was armed on it and not let go.
 *
 * The clock that it meters is changed, not wrapped: an exploration takes only the wake-ups of trees on its very own.
 */
import type { Clock, Timer } from "espalier";

export class MeteredClock {
  /** The clock that the trees are on. */
  readonly metered: Clock;
  readonly #armed = new Set<Timer>();

  constructor(clock: Clock) {
    const { arm, disarm } = clock;
    this.metered = Object.assign(clock, {
      arm: (timer: Timer): void => {
        this.#armed.add(timer);
        arm.call(clock, timer);
      },
      disarm: (timer: Timer): void => {
        this.#armed.delete(timer);
        disarm.call(clock, timer);
      },
    });
  }

  now(): number {
    return this.metered.now();
  }

  /** How many timers are armed now. */
  get armed(): number {
    for (const timer of this.#armed) if (timer.slot < 0) this.#armed.delete(timer);
    return this.#armed.size;
  }

  /** Calls `act` at a time; what is given back takes that back. */
  plan(at: number, act: () => void): () => void {
    const timer: Timer = { at, slot: -1, fire: act };
    this.metered.arm(timer);
    return () => this.metered.disarm(timer);
  }

  /** A promise that is fulfilled after `ms`, and knows nothing of scopes. */
  after(ms: number): Promise<void> {
    return ms > 0 ? new Promise((resolve) => void this.plan(this.now() + ms, resolve)) : Promise.resolve();
  }
}
