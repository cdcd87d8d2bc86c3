/** The calls whose workers are ended if they do not end by themselves. */
import type { Call } from "./call.ts";
import type { Launcher } from "./carrier.ts";
import type { Lane } from "./lane.ts";

const DEFAULT_GRACE_MS = 100;

export class Terminations {
  readonly #launcher: Launcher;
  readonly #armed = new Map<Call, () => void>();

  readonly #onDue: (call: Call, lane: Lane) => void;

  constructor(launcher: Launcher, onDue: (call: Call, lane: Lane) => void) {
    this.#launcher = launcher;
    this.#onDue = onDue;
  }

  arm(call: Call, lane: Lane, grace: number = DEFAULT_GRACE_MS): void {
    lane.carrier.warn?.();
    this.#armed.set(call, this.#launcher.later(grace, () => this.#onDue(call, lane)));
  }

  /** Whether it was to be ended. */
  disarm(call: Call): boolean {
    this.#armed.get(call)?.();
    return this.#armed.delete(call);
  }
}
