/** How patient debug mode is. */
export interface DebugOptions {
  /** A cancelled task may run on for so many ms, shields aside: 1,000 by default. */
  cancelGrace: number;
  /** The event loop may be blocked for so many ms: 100 by default. */
  blocked: number;
  /** What a task leaves may be asked for so many ms after its end: 1,000 by default. */
  patience: number;
  /** In a pool of which all is held, nobody may get on for so many ms while somebody waits: 5,000 by default. */
  exhausted: number;
  /** So many stacks are taken in a turn of 20 ms before they become rare: 250 by default. */
  stacks: number;
}

export interface DebugSettings extends DebugOptions {
  /** Calls back after so many ms of real time, without keeping the program alive. */
  later: (ms: number, callback: () => void) => void;
}

export const settings: DebugSettings = {
  cancelGrace: 1_000,
  blocked: 100,
  patience: 1_000,
  exhausted: 5_000,
  stacks: 250,
  later(ms, callback) {
    const timer = setTimeout(callback, ms) as unknown as { unref?(): void };
    timer.unref?.();
  },
};

const NUMBERS: readonly (keyof DebugOptions)[] = ["cancelGrace", "blocked", "patience", "exhausted", "stacks"];

/**
 * Changes how patient debug mode is, from now on; in ms. `stacks` is how many stacks are taken in a turn of 20 ms; of what comes beyond, one of 256 has one.
 * Throws RangeError for what is no number above 0.
 *
 * @example
 * ```ts
 * import { configureDebug } from "espalier/debug";
 *
 * configureDebug({ blocked: 500, cancelGrace: 5_000 });
 * ```
 */
export function configureDebug(changes: { readonly [Name in keyof DebugOptions]?: number | undefined }): void {
  for (const name of NUMBERS) {
    const value = changes[name];
    if (value === undefined || (typeof value === "number" && value > 0)) continue;
    throw new RangeError(`configureDebug() needs a number above 0 as ${name}, and got ${String(value)}.`);
  }
  for (const name of NUMBERS) settings[name] = changes[name] ?? settings[name];
  onChange();
}

let onChange: () => void = () => {};

/** Calls `listener` at each change: another thread has what it needs from it. */
export function watchSettings(listener: () => void): void {
  onChange = listener;
}
