/**
 * How anything waits: an operation is checked and parked in a scope, and settled by whoever wakes it or by the
 * scope that lets it go.
 *
 * Guarantees, for every operation of the library
 *   - In an ended scope it rejects with MisuseError `"SCOPE_ENDED"`, in a cancelled one with the CancelledError,
 *     and has done nothing then (G4, G17).
 *   - It yields at each call, also when it need not block, and lets timers and I/O run after a long turn (G22).
 *   - Settled is settled: what was handed over beats a later cancellation (G8).
 *   - A CancelledError that nobody awaits is no unhandled rejection; any other error is.
 */
import { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import type { ScopeNode } from "../scope/node.ts";
import { guarded } from "../scope/report.ts";
import { scheduler } from "../scope/schedule.ts";
import { announce, Wait } from "../scope/wait.ts";
import { watcher } from "../scope/watch.ts";
import type { Cancellable } from "./capabilities.ts";
import { findNode } from "./face.ts";
import { ForeignRoot } from "./foreign-root.ts";
import { scopeEnded } from "./misuse.ts";

/** The side of a parked operation that wakes it. */
export interface Waiter<T> {
  readonly label: string;
  /** Hands over a value. False, and nothing happened, if the operation was cancelled or settled before. */
  resolve(value: T): boolean;
  /** As `resolve`, with a failure. */
  reject(error: unknown): boolean;
}

/** Puts a waiter where it will be found; may give a function that takes it out again. */
type Register<T> = (waiter: Waiter<T>) => void | ((cause: CancelledError) => unknown);

const ignore = (): void => {};
const DONE: Promise<void> = Promise.resolve();

// The executor runs inside `new Promise`, so one function and two variables serve all of them.
let takeResolve!: (value: never) => void;
let takeReject!: (error: unknown) => void;
const take = (resolve: (value: never) => void, reject: (error: unknown) => void): void => {
  takeResolve = resolve;
  takeReject = reject;
};

/** A parked operation, in the fewest words: for those of which there are many. */
export abstract class Parking<T> extends Wait {
  readonly promise: Promise<T>;
  readonly #resolve: (value: T) => void;
  readonly #reject: (error: unknown) => void;

  constructor(node: ScopeNode) {
    super(node);
    this.promise = new Promise<T>(take);
    this.#resolve = takeResolve as (value: T) => void;
    this.#reject = takeReject;
  }

  resolve(value: T): boolean {
    if (!this.parked) return false;
    this.leave();
    this.fulfil(value);
    return true;
  }

  reject(error: unknown): boolean {
    if (!this.parked) return false;
    this.leave();
    this.refuse(error);
    return true;
  }

  /** As `resolve`, where a scheduler has decided already. */
  pass(value: T): void {
    if (!this.parked) return;
    this.leave();
    this.#resolve(value);
  }

  interrupt(cause: CancelledError): void {
    // Before it is rejected: afterwards the platform would note it as unhandled, and take the note back.
    quiet(this.promise);
    this.refuse(cause);
  }

  protected fulfil(value: T): void {
    if (scheduler === undefined) this.#resolve(value);
    else scheduler.ready(this, () => this.#resolve(value), this.#reject);
  }

  protected refuse(error: unknown): void {
    if (scheduler === undefined) this.#reject(error);
    else scheduler.ready(this, () => this.#reject(error));
  }
}

/** A parked operation that somebody else wakes. */
export class Parked<T> extends Parking<T> implements Waiter<T> {
  readonly label: string;
  /** Takes the waiter out of wherever it is queued, when its scope lets it go. */
  onInterrupt: ((cause: CancelledError) => unknown) | undefined = undefined;
  /** Why its scope let it go. */
  interruption: CancelledError | undefined = undefined;

  constructor(node: ScopeNode, label: string) {
    super(node);
    this.label = label;
    announce(this);
  }

  override interrupt(cause: CancelledError): void {
    this.interruption = cause;
    if (this.onInterrupt !== undefined) guarded(this.onInterrupt, cause);
    super.interrupt(cause);
  }
}

/** Parked after a long turn: what it is handed it has after timers and I/O, though who wakes it and whom it wakes may never look (G22). */
class Late<T> extends Parked<T> {
  readonly #pause: Promise<void>;

  constructor(node: ScopeNode, label: string, pause: Promise<void>) {
    super(node, label);
    this.#pause = pause;
  }

  protected override fulfil(value: T): void {
    void this.#pause.then(() => super.fulfil(value));
  }
}

/** Keeps `promise` from being reported as unhandled. */
export function quiet(promise: Promise<unknown>): void {
  promise.then(undefined, ignore);
}

/**
 * What is made of operations, as one: a cancellation that nobody awaits is no unhandled rejection, any other failure is
 * (decision 0011). Cost: a promise.
 */
export function operationOf<T>(call: Promise<T>): Promise<T> {
  const own: Promise<T> = call.catch((error: unknown) => {
    // Before it is rejected, as above.
    if (error instanceof CancelledError) quiet(own);
    throw error;
  });
  return own;
}

/** A promise that rejects with a cancellation. */
function cancelledPromise(cause: CancelledError): Promise<never> {
  const promise = Promise.reject(cause);
  quiet(promise);
  return promise;
}

/**
 * Runs `begin` as an operation in the scope behind `scope`, if one may wait there now. For a foreign signal
 * the scope is a root that lives as long as the operation.
 */
export function operation<T>(scope: Cancellable, call: string, begin: (node: ScopeNode) => Promise<T>): Promise<T> {
  let promise: Promise<T>;
  let node: ScopeNode | undefined;
  try {
    node = nodeFor(scope, call);
    if (node.ended) throw scopeEnded(node, call);
    const cause = node.interruption;
    if (cause !== undefined && watcher !== undefined) watcher.refused(node, call);
    promise = cause === undefined ? begin(node) : cancelledPromise(cause);
  } catch (error) {
    promise = Promise.reject(error);
  }
  return node instanceof ForeignRoot ? node.closeAfter(promise) : promise;
}

/** The node behind `scope`; for a foreign signal a new root. */
export function nodeFor(scope: Cancellable, call: string, clock?: Clock): ScopeNode {
  const own = typeof scope === "object" && scope !== null ? findNode(scope) : undefined;
  if (own !== undefined) return own;
  const signal = (scope as Cancellable | undefined)?.signal;
  if (signal === undefined || typeof signal.addEventListener !== "function") {
    throw new TypeError(
      `${call} waits, so it needs the scope to wait in as its last argument (or anything with a signal), and got ` +
        `${scope === undefined ? "nothing" : String(scope)}. Pass on the scope that your function was handed.`,
    );
  }
  return new ForeignRoot(signal, call, clock);
}

/** For an operation that need not block: yields, and lets timers and I/O have their turn when this one has been long. */
export function passing(node: ScopeNode, label: string): Promise<void> {
  const pause = node.clock.pause();
  if (pause === undefined && scheduler === undefined) return DONE;
  const parked = new Parked<void>(node, label);
  if (pause === undefined) scheduler!.ready(parked, () => parked.pass(undefined));
  else void pause.then(() => parked.resolve());
  return parked.promise;
}

/**
 * Waits for a promise that knows nothing of scopes. A promise that was settled before the cancellation wins,
 * though its reaction had not run yet: the rejection lets the reactions that are queued go first (G8).
 */
class ForeignWait<T> extends Parking<T> {
  isLetGo = false;

  constructor(node: ScopeNode) {
    super(node);
    announce(this);
  }

  get label(): string {
    return "wait";
  }

  /** Also to one that was let go a moment ago: of the two, the first to be called counts. */
  deliver(value: T): void {
    this.leave();
    this.fulfil(value);
  }

  fail(error: unknown): void {
    if (this.isLetGo && watcher !== undefined) watcher.dropped(this.scope, error);
    this.leave();
    this.refuse(error);
  }

  override interrupt(cause: CancelledError): void {
    void DONE.then(() => this.letGo(cause));
  }

  letGo(cause: CancelledError): void {
    this.isLetGo = true;
    super.interrupt(cause);
  }
}

export function waitFor<T>(node: ScopeNode, promise: PromiseLike<T>): Promise<T> {
  const parked = new ForeignWait<T>(node);
  const pause = node.clock.pause();
  const settle = (deliver: () => void): void => {
    if (pause === undefined) deliver();
    else void pause.then(deliver);
  };
  Promise.resolve(promise).then(
    (value) => settle(() => parked.deliver(value)),
    (error: unknown) => settle(() => parked.fail(error)),
  );
  return parked.promise;
}

/**
 * Waits until somebody wakes the operation: the way in for whoever builds something that waits.
 *
 * `register` gets the waiter to put where it will be found, and may return a function that takes it out
 * again; that function runs when the scope lets the operation go, before its promise rejects. Whoever wakes
 * calls `waiter.resolve(value)`; `false` means that the waiter is gone and the next one is to be tried, so
 * nothing handed over is lost. Cost: one promise.
 *
 * @example
 * ```ts
 * import { park, type Waiter } from "espalier/lowlevel";
 * import { taskGroup, type Scope } from "espalier";
 *
 * const waiters = new Set<Waiter<string>>();
 * const bell = (scope: Scope) =>
 *   park<string>(scope, "bell", (waiter) => {
 *     waiters.add(waiter);
 *     return () => waiters.delete(waiter);
 *   });
 *
 * await taskGroup(async (group) => {
 *   const task = group.spawn(bell);
 *   for (const waiter of waiters) waiter.resolve("ding");
 *   console.log(await task.join()); // "ding"
 * });
 * ```
 */
export function park<T>(
  scope: Cancellable,
  label: string,
  register: (waiter: Waiter<T>) => void | ((cause: CancelledError) => unknown),
): Promise<T> {
  return operation(scope, label, (node) => parkIn(node, label, register));
}

/** As `park`, in a node that may wait. */
export function parkIn<T>(node: ScopeNode, label: string, register: Register<T>): Promise<T> {
  const pause = node.clock.pause();
  const parked = pause === undefined ? new Parked<T>(node, label) : new Late<T>(node, label, pause);
  try {
    const takeOut = register(parked) as ((cause: CancelledError) => unknown) | undefined;
    parked.onInterrupt = takeOut;
    // Cancelled from within `register`: what it put somewhere is taken out all the same.
    if (parked.interruption !== undefined && takeOut !== undefined) guarded(takeOut, parked.interruption);
  } catch (error) {
    parked.reject(error);
  }
  return parked.promise;
}
