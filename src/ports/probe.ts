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
  /** In debug mode: `applicant` begins to wait, since all there is of `pool` is held. */
  queued?(pool: ObservedPool, applicant: Applicant): void;
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

/** Something of which there is so much and no more: a semaphore, a pool. */
export interface ObservedPool {
  /** `"semaphore"`, `"pool"`, … */
  readonly kind: string;
  readonly name: string;
  /** Who holds some of it, in the order of coming. */
  readonly holders: readonly Applicant[];
  /** Who waits for some, in the order of coming. */
  readonly waiting: readonly Applicant[];
  /** How often some was handed out or came back: as long as that stays the same, nobody gets on. */
  readonly moves: number;
  /** Whether all there is is held. */
  readonly isFull: boolean;
  /** What to do where it does not suffice. */
  readonly wayOut: string;
}

/** Who asked for some of it. */
export interface Applicant {
  readonly name: string;
  /** The scope in which it was asked for, if that is known. */
  readonly scope: Observed | undefined;
  /** When it was asked for, and, of what it holds, when it got it: in ms of its clock. */
  readonly since: number;
  /** How long that is by now, in ms. */
  readonly ms: number;
  /** Where it was asked for: `/srv/app.ts:12`. */
  readonly place: string | undefined;
  /** Whether it was seen to wait for what only those hold who wait for it. */
  readonly waitsForItself: boolean;
}
