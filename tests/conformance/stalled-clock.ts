/**
 * Time under the hand of the test. It moves without anything else running, as it does while code blocks the
 * event loop: timers that have become due fire only when the test lets them.
 */
import type { Clock, Timer } from "espalier";

export class StalledClock implements Clock {
  #now = 0;
  readonly #armed: Timer[] = [];

  /** How many timers are armed: what must be none in the end. */
  get armed(): number {
    return this.#armed.length;
  }

  /** When the first armed timer is due. */
  get next(): number {
    return Math.min(Infinity, ...this.#armed.map(({ at }) => at));
  }

  now(): number {
    return this.#now;
  }

  arm(timer: Timer): void {
    timer.slot = 0;
    this.#armed.push(timer);
  }

  disarm(timer: Timer): void {
    const at = this.#armed.indexOf(timer);
    if (at < 0) return;
    timer.slot = -1;
    this.#armed.splice(at, 1);
  }

  pause(): undefined {
    return undefined;
  }

  /** Time passes and no timer fires. */
  block(ms: number): void {
    this.#now += ms;
  }

  /** The event loop goes round: what is due fires, the earliest first, of equal ones the first armed. */
  turn(): void {
    for (;;) {
      const [due] = this.#armed.filter(({ at }) => at <= this.#now).sort((a, b) => a.at - b.at);
      if (due === undefined) return;
      this.disarm(due);
      due.fire();
    }
  }
}
