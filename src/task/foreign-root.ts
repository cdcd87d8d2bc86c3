import { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import { forest, ScopeNode } from "../scope/node.ts";
import { watcher } from "../scope/watch.ts";
import { realClock } from "./clock.ts";

/**
 * A signal from outside, as the outer scope that it stands for: cancelled when the signal aborts. Whatever is
 * opened with the signal is its child, until `close()`, which leaves no listener behind (G19).
 */
export class ForeignRoot extends ScopeNode {
  readonly clock: Clock;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => this.cancelWith(new CancelledError("signal", this.name, this.#signal.reason));

  constructor(signal: AbortSignal, name: string | undefined, clock: Clock = realClock) {
    super(forest, name);
    this.clock = clock;
    this.#signal = signal;
    if (watcher !== undefined) watcher.opened(this);
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort);
  }

  get kind(): string {
    return "signal";
  }

  /**
   * `call`, which has left the signal by the time it settles. A promise of its own, so that a failure that nobody
   * awaits stays loud; a cancellation by the signal does not (decision 0011).
   */
  closeAfter<T>(call: Promise<T>): Promise<T> {
    const closed = call.finally(() => this.close());
    call.catch((error: unknown) => {
      if (error === this.cause) closed.catch(() => {});
    });
    return closed;
  }

  close(): void {
    this.#signal.removeEventListener("abort", this.#onAbort);
    this.finish();
    this.leave();
  }
}
