/**
 * What a function may do is written in the type that it takes. Each interface adds one right to the one
 * before it: to be cancelled, to wait, to cancel, to start tasks.
 */
import type { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";

/** Anything that carries a signal: a {@link Scope}, a web `Request`, `{ signal }`. */
export interface Cancellable {
  readonly signal: AbortSignal;
}

/**
 * The right to wait, and to open children that end before you do.
 *
 * A scope has a `signal`, so it is the `{ signal }` options bag that the platform's functions take. All its
 * waiting operations throw the scope's CancelledError once it is cancelled, again at each call (G4), and
 * reject with MisuseError `"SCOPE_ENDED"` once it has ended (G17).
 */
export interface Scope extends Cancellable {
  readonly name: string;
  /** Aborted when the scope is cancelled, with the CancelledError as its reason; never by the scope's normal end. */
  readonly signal: AbortSignal;
  /** Cancellation was asked for, here or in an ancestor that no shield keeps away. Reads the clock. */
  readonly cancelled: boolean;
  readonly reason: CancelledError | undefined;
  /** The earliest deadline that holds here, in ms of `now()`; Infinity for none, -Infinity once cancelled. */
  readonly deadline: number;
  /** Milliseconds of the scope's clock, which never run backwards. */
  now(): number;
  /** Throws if the scope is cancelled by now, also inside code that blocks the event loop. */
  throwIfCancelled(): void;
  /** Yields once; lets timers and I/O run when the turn has been long (G22). */
  checkpoint(): Promise<void>;
  /**
   * Awaits a promise that knows nothing of scopes. When the scope is cancelled, only the waiting ends: what
   * the promise stands for goes on, and its later result or failure is dropped.
   */
  wait<T>(promise: PromiseLike<T>): Promise<T>;
  /** Calls `handler` once when the scope is cancelled; at once if it is already. Its failure is reported like a listener's (G19). */
  onCancel(handler: (reason: CancelledError) => void): Disposable;

  /** A task group as a child of this scope: see `taskGroup`. */
  group<T>(body: (group: TaskGroup) => T | PromiseLike<T>, options?: GroupOptions | undefined): Promise<T>;
  /** A time limit that throws: see `failAfter`. */
  failAfter<T>(ms: number, body: (scope: CancelScope) => T | PromiseLike<T>, options?: ScopeOptions | undefined): Promise<T>;
  /** A time limit that gives `fallback`: see `moveOnAfter`. */
  moveOnAfter<T, F = undefined>(
    ms: number,
    body: (scope: CancelScope) => T | PromiseLike<T>,
    options?: (ScopeOptions & { fallback?: F }) | undefined,
  ): Promise<T | F>;
  /**
   * A scope that the cancellation of its ancestors does not reach, for cleanup that must finish. With
   * `timeout` (ms) it gives up by itself, with a TimeoutError; its own `cancel()` gives the CancelledError.
   */
  shield<T>(
    body: (scope: CancelScope) => T | PromiseLike<T>,
    options?: (ScopeOptions & { timeout?: number | undefined }) | undefined,
  ): Promise<T>;
  /**
   * Runs `cleanup` when this scope ends: once, last registered first, shielded, within `timeout` ms. Its
   * failure, a TimeoutError too, is a failure of the scope (G23). Throws MisuseError `"SCOPE_ENDED"` once the scope
   * has ended; in a cancelled scope it still registers.
   */
  defer(cleanup: (scope: Scope) => unknown, options?: { timeout?: number | undefined } | undefined): void;

  /** All results, in the order of the functions; the first failure cancels the rest. See `all`. */
  all<const F extends readonly TaskFunction<unknown>[]>(functions: F): Promise<Results<F>>;
  /** All outcomes; a failure cancels nobody, and a cancellation of the call itself is thrown. See `allSettled`. */
  allSettled<const F extends readonly TaskFunction<unknown>[]>(functions: F): Promise<SettledResults<F>>;
  /** The first to settle; the others are cancelled and waited for. See `race`. */
  race<const F extends readonly TaskFunction<unknown>[]>(functions: F, options?: Discard<F> | undefined): Promise<Results<F>[number]>;
  /** The first to succeed; the others are cancelled and waited for. See `any`. */
  any<const F extends readonly TaskFunction<unknown>[]>(functions: F, options?: Discard<F> | undefined): Promise<Results<F>[number]>;
  /** `fn` for each item, results in the order of the items. See `map`. */
  map<I, R>(
    items: Iterable<I> | AsyncIterable<I>,
    fn: (item: I, scope: Scope, index: number) => R | PromiseLike<R>,
    options?: { concurrency?: number | undefined } | undefined,
  ): Promise<R[]>;
}

/** A {@link Scope} that its holder may cancel, and whose deadline it may move. Handed to the body that opened it. */
export interface CancelScope extends Scope {
  /** Cancels the scope and all in it. Idempotent: the first reason wins; nothing once the scope has ended. */
  cancel(reason?: unknown): void;
  /**
   * Moves this scope's own deadline, in ms of `now()`; never un-cancels. Throws once the scope has ended. The `ms` of
   * a later TimeoutError count from the opening of the scope.
   */
  reschedule(deadline: number): void;
}

/** A {@link CancelScope} in which its holder may start tasks: they end before the call that opened it settles. */
export interface TaskGroup extends CancelScope {
  /** The tasks that have not finished. */
  readonly tasks: Iterable<Task<unknown>>;
  /** How many tasks have not finished. */
  readonly size: number;
  /**
   * Starts a task, at once where the group's `concurrency` allows. Never throws what `fn` throws: that is
   * the group's failure. Throws MisuseError `"SCOPE_ENDED"` once the group has ended. In a cancelled group
   * the function still starts, so that it can take over what it owns, and is cancelled at its first wait (G12).
   */
  spawn<T>(fn: TaskFunction<T>, options?: SpawnOptions | undefined): Task<T>;
  /** As `spawn`; `undefined`, without a call of `fn`, when the group is cancelled or full. */
  trySpawn<T>(fn: TaskFunction<T>, options?: SpawnOptions | undefined): Task<T> | undefined;
  /**
   * Starts a task and waits until it calls `started(value)`. Up to there it obeys `scope`, the caller's, and
   * its failure is the caller's; from there on it is a task of the group like any other (G15).
   *
   * Rejects with the error itself when the task fails before, with the CancelledError when it is cancelled before, and
   * with MisuseError `"NOT_STARTED"` when it returns without; `started` throws `"ALREADY_STARTED"` when called twice.
   */
  start<T, R = void>(
    fn: (scope: Scope, started: (value: R) => void) => T | PromiseLike<T>,
    scope: Cancellable,
    options?: SpawnOptions | undefined,
  ): Promise<StartedTask<T, R>>;
  /**
   * Waits in `scope` until a `spawn` would start at once; first come, first served, behind the tasks that are queued.
   * A place is not reserved: `trySpawn` in the next line, and wait again if it gives `undefined`. Rejects with the
   * CancelledError of `scope`, and with MisuseError `"SCOPE_ENDED"` once the group has ended.
   */
  vacancy(scope: Cancellable): Promise<void>;
}

/** What a task runs: any function that takes a scope, or nothing. */
export type TaskFunction<T> = (scope: Scope) => T | PromiseLike<T>;
/** The results of a list of task functions, in their order. */
export type Results<F extends readonly TaskFunction<unknown>[]> = {
  -readonly [K in keyof F]: F[K] extends TaskFunction<infer T> ? T : never;
};
/** Their outcomes, as `Promise.allSettled` records them. */
export type SettledResults<F extends readonly TaskFunction<unknown>[]> = {
  -readonly [K in keyof F]: F[K] extends TaskFunction<infer T> ? PromiseSettledResult<T> : never;
};
/** For `race` and `any`: what to do with a value that is not returned (a second connection that was opened). Awaited. */
export interface Discard<F extends readonly TaskFunction<unknown>[]> {
  discard?: ((value: Results<F>[number]) => unknown) | undefined;
}

/** How a task is started. */
export interface SpawnOptions {
  /** For errors and diagnostics; by default the function's name. */
  name?: string | undefined;
  /** Cancelled by itself when the body and all other tasks have finished (G14). */
  daemon?: boolean | undefined;
}

/** How a scope is opened. */
export interface ScopeOptions {
  /** For errors and diagnostics; by default the body's name, or the kind of scope. */
  name?: string | undefined;
}

/** How a task group is opened. */
export interface GroupOptions {
  name?: string | undefined;
  /**
   * `"group"` (default) throws a TaskGroupError; `"first"` the first failure itself, which carries the others
   * (`suppressed`), or a TaskGroupError of all where it is a primitive, which can carry nothing.
   */
  errors?: "group" | "first" | undefined;
  /**
   * Isolates: the failure of a task is given to this function and the others go on. It may be asynchronous
   * and is awaited; its own failure is a failure of the group.
   */
  onError?: ((error: unknown, task: Task<unknown>) => unknown) | undefined;
  /** At most so many tasks run at a time, daemons and started ones included; further ones wait in FIFO order. */
  concurrency?: number | undefined;
}

/** How a root is opened: where its cancellation and its time come from. */
export interface RootOptions {
  /** Cancels the root when it aborts. The signal of a scope makes the root a child of that scope. */
  signal?: AbortSignal | undefined;
  clock?: Clock | undefined;
  name?: string | undefined;
}

/**
 * The handle of a started task. Not a thenable, on purpose: the group waits for it, so the statement
 * `group.spawn(f);` is no floating promise.
 */
export interface Task<T> {
  readonly name: string;
  readonly status: "queued" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled";
  /** `undefined` until the task has finished. */
  readonly outcome: Outcome<T> | undefined;
  /**
   * Waits for the result; rejects with the task's own error, or its CancelledError. In `scope` the waiting, not the
   * task, ends when that is cancelled; MisuseError `"SELF_JOIN"` where the task would wait for itself.
   */
  join(scope?: Cancellable | undefined): Promise<T>;
  /** Waits for the outcome; never rejects because of the task. */
  settled(scope?: Cancellable | undefined): Promise<Outcome<T>>;
  /** Cancels this task only. Nothing once it has finished. */
  cancel(reason?: unknown): void;
}

/** A task that has called `started(value)`; `started` is that value. */
export interface StartedTask<T, R> extends Task<T> {
  readonly started: R;
}

/** How a task ended. */
export type Outcome<T> =
  | { status: "succeeded"; value: T }
  | { status: "failed"; error: unknown }
  | { status: "cancelled"; reason: CancelledError };
