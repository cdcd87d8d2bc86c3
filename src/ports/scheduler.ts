import type { ObservedWait } from "./probe.ts";

/**
 * Who decides when what is ready goes on. There is one only while interleavings are explored; in any other program what
 * is ready goes on at once.
 */
export interface Scheduler {
  /**
   * `wait` was settled, or its scope let it go. Its function goes on when `go` is called: once, now or later. `fail`, where
   * given, may be called instead: the operation rejects with `error` then.
   */
  ready(wait: ObservedWait, go: () => void, fail?: (error: unknown) => void): void;
}
