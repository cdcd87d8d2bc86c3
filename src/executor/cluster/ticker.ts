import type { Clock, Timer } from "../../ports/clock.ts";

/** Does something every so many ms, while it is wanted. */
export class Ticker {
  readonly #clock: Clock;
  readonly #ms: number;
  readonly #tick: (late: number) => void;
  #timer: Timer | undefined;

  /** @param tick told by how much it comes too late: whoever was asleep has heard nobody */
  constructor(clock: Clock, ms: number, tick: (late: number) => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#tick = tick;
  }

  set(isOn: boolean): void {
    if (isOn === (this.#timer !== undefined)) return;
    if (isOn) this.#arm();
    else {
      this.#clock.disarm(this.#timer!);
      this.#timer = undefined;
    }
  }

  #fire(due: number): void {
    if (this.#timer === undefined) return;
    const late = this.#clock.now() - due;
    this.#arm();
    this.#tick(late);
  }

  #arm(): void {
    const at = this.#clock.now() + this.#ms;
    this.#timer = { at, slot: -1, fire: () => this.#fire(at) };
    this.#clock.arm(this.#timer);
  }
}
