/**
 * Counts the timers that are armed where the platform does not tell: in Bun and in browsers. Node.js and Deno tell. To be
 * imported before whatever shall be counted.
 */

type Arm = (callback: (...args: unknown[]) => void, ms?: number, ...args: unknown[]) => unknown;

const globals = globalThis as unknown as {
  setTimeout: Arm;
  clearTimeout(timer: unknown): void;
  readonly Bun?: object;
  readonly process?: { getActiveResourcesInfo?(): string[] };
};
const { setTimeout: arm, clearTimeout: disarm } = globals;
const armed = new Set<unknown>();
const tells = globals.process?.getActiveResourcesInfo !== undefined && globals.Bun === undefined;

if (!tells) {
  globals.setTimeout = (callback, ms, ...args) => {
    const timer = arm.call(globalThis, () => {
      armed.delete(timer);
      callback(...args);
    }, ms);
    armed.add(timer);
    return timer;
  };
  globals.clearTimeout = (timer) => {
    armed.delete(timer);
    disarm.call(globalThis, timer);
  };
}

/** How many timers of the platform are armed. */
export function armedTimers(): number {
  if (tells) return (globals.process?.getActiveResourcesInfo?.() ?? []).filter((kind) => kind === "Timeout").length;
  // Those that keep nothing alive are not told either.
  return [...armed].filter((timer) => (timer as { hasRef?: () => boolean }).hasRef?.() ?? true).length;
}

/** A timer of the harness: nobody counts it, and it keeps nothing alive. Gives what disarms it. */
export function armUncounted(callback: () => void, ms: number): () => void {
  const timer = arm.call(globalThis, callback, ms);
  (timer as { unref?: () => void }).unref?.();
  return () => disarm.call(globalThis, timer);
}
