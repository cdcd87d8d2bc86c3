/**
 * The calls whose workers are ended if they do not end by themselves.
 *
 * Invariants
 *   1. Of one that is armed its worker is ended, or looked at again, until the call has ended: whatever stands in the way may go.
 */
import type { Call } from "./call.ts";
import type { Launcher } from "./carrier.ts";
import type { Lane } from "./lane.ts";

const DEFAULT_GRACE_MS = 100;
/** Where another call had its worker when the time was over: the result of one of the two is on its way. */
const AGAIN_MS = 5;

export class Terminations {
  readonly #launcher: Launcher;
  readonly #armed = new Map<Call, () => void>();
  readonly #end: (call: Call, lane: Lane) => boolean;

  /** @param end ends the worker of a call, and says whether it did */
  constructor(launcher: Launcher, end: (call: Call, lane: Lane) => boolean) {
    this.#launcher = launcher;
    this.#end = end;
  }

  arm(call: Call, lane: Lane, grace: number = DEFAULT_GRACE_MS): void {
    lane.carrier.warn?.();
    this.#endAfter(grace, call, lane);
  }

  /** Whether it was to be ended. */
  disarm(call: Call): boolean {
    this.#armed.get(call)?.();
    return this.#armed.delete(call);
  }

  #endAfter(ms: number, call: Call, lane: Lane): void {
    const due = (): void => {
      if (!this.#end(call, lane)) this.#endAfter(AGAIN_MS, call, lane);
    };
    this.#armed.set(call, this.#launcher.later(ms, due));
  }
}
