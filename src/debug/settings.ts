/** How patient debug mode is. */
export interface DebugSettings {
  /** A cancelled task may run on for so many ms, shields aside: 1,000 by default. */
  cancelGrace: number;
  /** The event loop may be blocked for so many ms: 100 by default. */
  blocked: number;
  /** Calls back after so many ms of real time, without keeping the program alive. */
  later: (ms: number, callback: () => void) => void;
}

export const settings: DebugSettings = {
  cancelGrace: 1_000,
  blocked: 100,
  later(ms, callback) {
    const timer = setTimeout(callback, ms) as unknown as { unref?(): void };
    timer.unref?.();
  },
};

/**
 * Changes how patient debug mode is, from now on; in ms. Throws RangeError for what is no time.
 *
 * @example
 * ```ts
 * import { configureDebug } from "espalier/debug";
 *
 * configureDebug({ blocked: 500, cancelGrace: 5_000 });
 * ```
 */
export function configureDebug({ cancelGrace = settings.cancelGrace, blocked = settings.blocked }: { cancelGrace?: number; blocked?: number }): void {
  for (const [name, ms] of Object.entries({ cancelGrace, blocked })) {
    if (typeof ms !== "number" || !(ms > 0)) throw new RangeError(`configureDebug() needs a number of milliseconds above 0 as ${name}, and got ${String(ms)}.`);
  }
  settings.cancelGrace = cancelGrace;
  settings.blocked = blocked;
}
