import type { Scope } from "../task/capabilities.ts";

/** What follows a task through its awaits, where the runtime has such a thing. */
export interface AmbientStorage {
  run<A extends unknown[], R>(scope: Scope, fn: (...args: A) => R, ...args: A): R;
  getStore(): Scope | undefined;
}
