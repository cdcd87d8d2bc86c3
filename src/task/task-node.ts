/**
 * One task: a function that runs in a node of its own, and its outcome.
 *
 *   queued ──admitted──▶ running ──cancel()──▶ cancelling
 *     │                     │                      │
 *     │ cancelled           └── function, then what it left running, then its cleanups have ended ──┐
 *     ▼                                                                                             ▼
 *   cancelled                                                            succeeded | failed | cancelled
 *
 * Invariants
 *   1. The outcome is set once, and everything that was opened in the task has ended by then.
 *   2. A rejection handler is on the function's promise from the moment it exists, so that a failure which
 *      nobody joins is no unhandled rejection: it is the group's (G3).
 *   3. Joiners are woken before the group learns of the end: the error that was handed to a joiner beats
 *      the cancellation that it causes (G8).
 */
import type { CancelledError } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { Clock } from "../ports/clock.ts";
import { type Label, ScopeNode } from "../scope/node.ts";
import { recognise } from "../scope/recognise.ts";
import type { Outcome, Scope, TaskFunction } from "./capabilities.ts";
import { closeDown, isBusy } from "./enclose.ts";
import { TaskHandle } from "./task-handle.ts";

/** Who has a task and is told when it ends. */
export interface Keeper {
  /** `called` is false for a task that was dismissed before its function was called. */
  taskEnded(task: TaskNode<unknown>, called: boolean): void;
}

export class TaskNode<T> extends ScopeNode {
  readonly keeper: Keeper;
  readonly daemon: boolean;
  /** What the user holds of it. */
  readonly handle: TaskHandle<T>;
  outcome: Outcome<T> | undefined = undefined;
  /** Until it is called: from then on nothing here keeps it alive. */
  #fn: TaskFunction<T> | undefined;
  /** Takers of an `Outcome<T>`, declared so that a `TaskNode<T>` is a `TaskNode<unknown>`. */
  #joiners: Set<(outcome: never) => void> | undefined = undefined;

  constructor(parent: ScopeNode, label: Label, clock: Clock, fn: TaskFunction<T>, keeper: Keeper, daemon: boolean) {
    super(parent, label, clock);
    this.keeper = keeper;
    this.daemon = daemon;
    this.#fn = fn;
    this.handle = new TaskHandle(this);
  }

  get kind(): string {
    return "task";
  }

  get isQueued(): boolean {
    return this.#fn !== undefined;
  }

  /** Calls the function. */
  run(scope: Scope): void {
    const fn = this.#fn!;
    this.#fn = undefined;
    let result: T | PromiseLike<T>;
    try {
      result = fn(scope);
    } catch (error) {
      return this.#threw(error);
    }
    const promise = result instanceof Promise ? result : isThenable(result) ? Promise.resolve(result) : undefined;
    if (promise === undefined) return this.#returned(result as T);
    promise.then(
      (value: T) => this.#returned(value),
      (error: unknown) => this.#threw(error),
    );
  }

  /** Ends a task that was never called, because of `reason`. */
  dismiss(reason: CancelledError): void {
    this.finish();
    this.#end({ status: "cancelled", reason });
  }

  /** Calls `wake` when the task has ended; the returned function takes it back. */
  onEnd(wake: (outcome: Outcome<T>) => void): () => void {
    const joiners = (this.#joiners ??= new Set());
    joiners.add(wake);
    return () => joiners.delete(wake);
  }

  #returned(value: T): void {
    if (isBusy(this)) return void closeDown(this, true).then((failures) => this.#conclude(failures, undefined, value));
    this.finish();
    this.#end({ status: "succeeded", value });
  }

  #threw(error: unknown): void {
    const { cancellation, failure } = recognise(error, this);
    if (isBusy(this)) return void closeDown(this, false).then((more) => this.#conclude([...failure, ...more], cancellation));
    this.finish();
    this.#conclude(failure, cancellation);
  }

  #conclude(failures: readonly unknown[], cancellation: CancelledError | undefined, value?: T): void {
    if (failures.length > 0) this.#end({ status: "failed", error: firstOf(failures) });
    else if (cancellation !== undefined) this.#end({ status: "cancelled", reason: cancellation });
    else this.#end({ status: "succeeded", value: value as T });
  }

  #end(outcome: Outcome<T>): void {
    const called = !this.isQueued;
    this.#fn = undefined;
    this.outcome = outcome;
    this.leave();
    const joiners = this.#joiners;
    if (joiners !== undefined) {
      this.#joiners = undefined;
      for (const wake of joiners) wake(outcome as never);
    }
    this.keeper.taskEnded(this as TaskNode<unknown>, called);
  }
}

function isThenable(value: unknown): value is PromiseLike<never> {
  return (typeof value === "object" || typeof value === "function") && value !== null && typeof (value as { then?: unknown }).then === "function";
}
