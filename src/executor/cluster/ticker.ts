import type { Clock, Timer } from "../../ports/clock.ts";

/** Does something every so many ms, while it is wanted. */
export class Ticker implements Timer {
  at: number = Infinity;
  slot = -1;
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #tick: (late: number) => void;
  #isOn = false;

  /** @param tick told by how much it comes too late: whoever was asleep has heard nobody */
  constructor(clock: Clock, ms: number, tick: (late: number) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#tick = tick;
  }

  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (isOn) this.#arm();
    else this.#clock.disarm(this);
  }

  fire(): void {
    const late = this.#clock.now() - this.at;
    if (!this.#isOn) return;
    this.#arm();
    this.#tick(late);
  }

  #arm(): void {
    this.at = this.#clock.now() + this.#ms;
    this.#clock.arm(this);
  }
}
