/**
 * Time as the core sees it: the real clock, or a test clock. A scope
 * inherits the clock of its parent, so that a whole tree lives in one time.
 */
export interface Clock {
  /** Milliseconds that never run backwards; the origin is the clock's own. */
  now(): number;
  /**
   * Calls `timer.fire()` once, as soon as `now() >= timer.at` and never before. Timers that are due together
   * fire in the order of `at`, then of arming. An armed timer keeps the process alive.
   */
  arm(timer: Timer): void;
  /** Forgets an armed timer; nothing for one that is not. */
  disarm(timer: Timer): void;
  /**
   * A promise of a later turn of the event loop when the present one has been long, so that timers and I/O
   * get theirs; else `undefined`. Whatever waits asks this when it need not block (G22).
   */
  pause(): Promise<void> | undefined;
}

/** One thing to do at a time. Owned by whoever arms it; `slot` belongs to the clock while it is armed. */
export interface Timer {
  /** When, in milliseconds of the clock's `now()`. */
  readonly at: number;
  /** Where the clock keeps it; -1 while it is not armed. */
  slot: number;
  /** Must not throw. */
  fire(): void;
}
