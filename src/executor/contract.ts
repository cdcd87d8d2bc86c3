/** The words of an executor: what a work is, what it is handed, and what runs it. */
import type { Cancellable, Scope, Task, TaskGroup } from "../task/capabilities.ts";
import type { HistogramFigures } from "./histogram.ts";

/** How a work is recognised, whichever copy of the package declared it. */
export const DECLARATION: unique symbol = Symbol.for("espalier.work") as never;

/** Executors whose workers are threads of this program say so: what one writes into shared memory, all see. */
export interface MayShareMemory {
  readonly sharesMemory?: boolean;
}

/** What a declared function is known by. */
export interface Declaration<in I = never, out R = unknown> {
  /** The address of the module that exports it. */
  readonly url: string;
  /** The name under which that module exports it. */
  readonly name: string;
  readonly fn: (input: I, scope: WorkScope) => R;
  /** At most so many of it run at a time in one pool. */
  readonly concurrency: number;
  /** Of what it takes, gives and means, for those who may have another one. */
  readonly version?: string | undefined;
  /** The completion of each call is recorded, where calls may be done again. */
  readonly once?: boolean | undefined;
  /** It runs others, of which its input has the `name`: that is what a call of it is known by. */
  readonly isCarrier?: boolean | undefined;
}

/** A function that executors can run: see {@link work}. `R` is what it returns, a promise or not. */
export interface Work<in I, out R> {
  readonly [DECLARATION]: Declaration<I, R>;
}

/** What a work is handed: a scope of its own, which is cancelled with the caller's, and the way back to the caller. */
export interface WorkScope extends Scope {
  readonly caller: Caller;
}

/** The way back from a work to whoever called it. */
export interface Caller {
  /**
   * Runs what the caller offered with the call, there, in a scope below the call, and gives its result.
   *
   * Rejects with what it threw; with MisuseError `"NOT_OFFERED"` if the caller did not offer it; with the CancelledError of
   * `scope`, by default that of the work. Cost: a message there and one back.
   */
  call<I, R>(offered: Work<I, R>, input: I, scope?: Cancellable): Promise<Awaited<R>>;
  /**
   * As `call`, and blocks this worker until the result is there: for works that are synchronous. Throws MisuseError `"WOULD_BLOCK"` where
   * that would block the caller itself (called in place, inline executors) or where threads cannot wait for one another (no shared memory).
   */
  callBlocking<I, R>(offered: Work<I, R>, input: I): Awaited<R>;
  /** By what name the caller knows this call, if it gave one. On a durable cluster: what may be written together with what the work does, so that it is done once. */
  readonly key: string | undefined;
  /** Hands these over with the result, instead of copying them. */
  transfer(...objects: readonly Transferable[]): void;
}

/** Objects that can be handed over to another thread, after which the one who had them has them no more. */
export type Transferable = ArrayBuffer | MessagePort | object;

/** A function that a work may call back: what `callback(…).by(fn)` gives. */
export interface Offer {
  readonly id: string;
  readonly fn: (input: never, scope: Scope) => unknown;
}

/** How a work is run. */
export interface RunOptions {
  /**
   * What happens to a work that runs when its call is cancelled. (One that has not begun never runs.) In every case its scope is
   * cancelled, and a work that looks can end early.
   *
   * `"wait"` (default): the caller waits for its end, and gets its value if it has one. `"abandon"`: the call rejects at once; the work goes on and
   * keeps its place, closing the executor waits for it, and its late failure goes to the executor's `onError`. `"terminate"`: a worker that has not
   * ended the work after `grace` ms is ended with it, and replaced; the call rejects when it is gone.
   */
  whenCancelled?: "wait" | "abandon" | "terminate" | undefined;
  /** How long a terminated work has to end by itself, in ms: 100 by default. */
  grace?: number | undefined;
  /** Of the calls that wait in the pool the higher ones go first: 0 by default. */
  priority?: number | undefined;
  /** Objects of the input to be handed over instead of copied: the caller has them no more. */
  transfer?: readonly Transferable[] | undefined;
  /**
   * What this call is known by: the work has it as `scope.caller.key`. On a durable cluster, a call of a work by a key of which one has been completed is not
   * run again, whoever made it: it gives what came of that.
   */
  key?: string | undefined;
  /** What the work may call back. */
  offers?: readonly (Offer | Work<never, unknown>)[] | undefined;
}

/** What runs works: in this thread, in others, in other processes. */
export interface Executor {
  readonly name: string;
  /** How many calls it runs at a time, once all its workers are there. */
  readonly size: number;
  /**
   * Runs `work` with `input` and gives what it returns. The call is a scope below `scope`: cancelled with it, by its deadlines too, and not to be
   * forgotten (G16). Where the pool is full (`maxQueued`) it waits for room first.
   *
   * Rejects with what the work threw, whole; with NotCloneableError for an input or a result that cannot be sent, with WorkerDiedError when the worker
   * died of it; with MisuseError `"NOT_DECLARED"` for what is no work, `"EXECUTOR_CLOSED"` after the end. Cancelled: see {@link RunOptions.whenCancelled}.
   */
  run<I, R>(work: Work<I, R>, input: I, scope: Cancellable, options?: RunOptions | undefined): Promise<Awaited<R>>;
  /** Waits, in `group`, until the pool has room, and starts a task of the group that runs the work. */
  submit<I, R>(work: Work<I, R>, input: I, group: TaskGroup, options?: RunOptions | undefined): Promise<Task<Awaited<R>>>;
  /** As `submit`, where nothing has to be waited for; else `undefined`. */
  trySubmit<I, R>(work: Work<I, R>, input: I, group: TaskGroup, options?: RunOptions | undefined): Task<Awaited<R>> | undefined;
  statistics(): ExecutorStatistics;
}

/** An executor that its holder opened, and ends. */
export interface OpenExecutor extends Executor, AsyncDisposable {
  /** Takes no more calls, waits for those there are, the abandoned ones too, and ends the workers. */
  close(): Promise<void>;
}

/** How an executor is opened. */
export interface ExecutorOptions {
  name?: string | undefined;
  /** At most so many workers: by default as many as the machine runs at once. */
  size?: number | undefined;
  /** So many workers are kept, and started at once: 0 by default. */
  min?: number | undefined;
  /** How many calls a worker runs at a time, where they wait for something: 1 by default, in threads at most 512. */
  perWorker?: number | undefined;
  /** At most so many calls wait for a worker; who calls further waits for room. Infinity by default. */
  maxQueued?: number | undefined;
  /** A worker beyond `min` that had nothing to do for so many ms is ended: 10,000 by default. */
  idle?: number | undefined;
  /** Ends a worker, once it has nothing to do, and starts another when there is work again. */
  recycle?: Recycling | undefined;
  /**
   * Told of failures that reach no caller; by default the runtime warns of them: of an abandoned call, by the name of its work; of a worker that
   * died of an error while it ran nothing, or could not dispose of what it had, by the name of the executor.
   */
  onError?: ((error: unknown, name: string) => void) | undefined;
}

/** When a worker has done its part. */
export interface Recycling {
  /** After so many calls. */
  calls?: number | undefined;
  /** After so many ms. */
  age?: number | undefined;
  /** With so many bytes of heap in use, where the runtime tells. */
  heap?: number | undefined;
}

/** What an executor is doing, and has done. */
export interface ExecutorStatistics {
  readonly workers: number;
  /** Calls that wait until there is room in the pool. */
  readonly waiting: number;
  /** Calls that wait for a worker. */
  readonly queued: number;
  /** Calls that a worker has, abandoned ones included. */
  readonly running: number;
  readonly abandoned: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Workers that ended otherwise than they were meant to. */
  readonly died: number;
  /** From the call to its end without the time it ran, in ms. */
  readonly waitTime: HistogramFigures;
  /** How long it ran, in ms. */
  readonly runTime: HistogramFigures;
}
