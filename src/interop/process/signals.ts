import type { Scope } from "../../index.ts";
import { park, type Waiter } from "../../lowlevel.ts";
import { signalNamed } from "./settings.ts";

/** For who waits when the loop is left. */
const OVER = Symbol("over");

/**
 * The signals that this process gets, as they come: `for await (const name of signals(["SIGHUP"], scope))`.
 *
 * It listens from the call on, until the loop is left or `scope` ends: what these signals do by themselves they do not meanwhile. One that
 * comes again before it was taken is told once, as systems do. Cancelled, the loop ends with the CancelledError. Throws a TypeError
 * for a signal that there is not, and the system's error for one that cannot be caught. It does not keep the process alive.
 *
 * @example
 * ```ts
 * import { run } from "espalier";
 * import { signals } from "espalier/process";
 *
 * await run(async (scope) => {
 *   const reloads = signals(["SIGHUP"], scope);
 *   process.kill(process.pid, "SIGHUP");
 *   for await (const name of reloads) {
 *     console.log(name); // "SIGHUP": read the configuration again
 *     break;
 *   }
 * });
 * ```
 */
export function signals<N extends string>(names: readonly N[], scope: Scope): AsyncIterableIterator<N> {
  const waiting = new Set<Waiter<N | typeof OVER>>();
  const pending = new Set<N>();
  const came = (name: N): void => {
    for (const waiter of waiting) {
      waiting.delete(waiter);
      if (waiter.resolve(name)) return;
    }
    pending.add(name);
  };
  const listeners = [...new Set(names)].map((name) => [signalNamed(name), (): void => came(name)] as const);
  let isOver = false;
  const stop = (): void => {
    isOver = true;
    for (const [name, listener] of listeners) process.off(name, listener);
    for (const waiter of waiting) waiter.resolve(OVER);
    waiting.clear();
  };
  scope.throwIfCancelled();
  try {
    for (const [name, listener] of listeners) process.on(name, listener);
    scope.defer(stop);
  } catch (error) {
    stop();
    throw error;
  }
  return {
    async next() {
      scope.throwIfCancelled();
      const [first] = pending;
      if (first !== undefined) pending.delete(first);
      if (isOver) return { done: true, value: undefined };
      const value = first ?? (await park<N | typeof OVER>(scope, "signals", (waiter) => {
        waiting.add(waiter);
        return () => waiting.delete(waiter);
      }));
      return value === OVER ? { done: true, value: undefined } : { done: false, value };
    },
    async return() {
      stop();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
