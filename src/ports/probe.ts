/**
 * What a watcher is told. Facts go to it, and nothing comes back: a probe cannot answer, and what it throws
 * disables it with one report. All methods are optional, called synchronously, and get live objects that
 * are to be read, not kept (as keys of a WeakMap they may be).
 */
export interface Probe {
  /** A scope or task was opened; it is in the tree from now on. */
  opened?(scope: Observed): void;
  /**
   * Its function is called: by `call`, which is to be called at once, and gives and throws nothing. For what follows the async context of the
   * runtime (`AsyncLocalStorage.run`). Not told of what has no function of its own: a call that runs in another thread, a disposable group.
   */
  calling?(scope: Observed, call: () => void): void;
  /** It has ended and left the tree; `error` is what it failed with. */
  ended?(scope: Observed, how: Ending, error?: unknown): void;
  /** A cancellation reached it (each scope below the cancelled one is told of, once). */
  cancelled?(scope: Observed): void;
  /** A library operation began to wait in it. */
  parked?(wait: ObservedWait): void;
  /** … and waits no more, for whatever reason. */
  unparked?(wait: ObservedWait): void;
  /** An operation was begun in a cancelled scope, and threw its cancellation. */
  refused?(scope: Observed, call: string): void;
  /** Several things failed in it: `error` goes on, and carries the others (`suppressed`). */
  carried?(scope: Observed, error: unknown): void;
  /** A promise rejected after the scope that waited for it had let go: nobody hears of it. */
  dropped?(scope: Observed, error: unknown): void;
}

/** How a scope or task ended: what it swallowed is no cancellation, what its own deadline cut short is one. */
export type Ending = "succeeded" | "failed" | "cancelled";

/** A scope or task as a probe, or `tree()`, sees it. */
export interface Observed {
  readonly name: string;
  /** `"task"`, or how the scope was opened: `"taskGroup"`, `"failAfter"`, `"moveOnAfter"`, `"shield"`, `"run"`, … */
  readonly kind: string;
  /** Who it belongs to; `undefined` for a root. */
  readonly owner: Observed | undefined;
  readonly cause: Error | undefined;
}

/** A library operation that waits. */
export interface ObservedWait {
  /** What it waits for: `"sleep"`, `"join"`, … */
  readonly label: string;
  readonly scope: Observed;
}
