/** How patient debug mode is. */
export interface DebugSettings {
  /** A cancelled task may run on for so many ms, shields aside: 1,000 by default. */
  cancelGrace: number;
  /** The event loop may be blocked for so many ms: 100 by default. */
  blocked: number;
  /** What a task leaves may be asked for so many ms after its end: 1,000 by default. */
  patience: number;
  /** In a pool of which all is held, nobody may get on for so many ms while somebody waits: 5,000 by default. */
  exhausted: number;
  /** Calls back after so many ms of real time, without keeping the program alive. */
  later: (ms: number, callback: () => void) => void;
}

const TIMES = ["cancelGrace", "blocked", "patience", "exhausted"] as const;

type Patience = { [Name in (typeof TIMES)[number]]?: number | undefined };

export const settings: DebugSettings = {
  cancelGrace: 1_000,
  blocked: 100,
  patience: 1_000,
  exhausted: 5_000,
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
export function configureDebug(changes: Patience): void {
  for (const name of TIMES) {
    const ms = changes[name];
    if (ms === undefined) continue;
    if (typeof ms !== "number" || !(ms > 0)) throw new RangeError(`configureDebug() needs a number of milliseconds above 0 as ${name}, and got ${String(ms)}.`);
  }
  for (const name of TIMES) settings[name] = changes[name] ?? settings[name];
}
