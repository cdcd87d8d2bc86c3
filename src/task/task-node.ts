/**
 * One task: a function that runs in a node of its own, its outcome, and who waits for it. The node is also
 * what the user holds, typed as a `Task`: there are many tasks, and a handle apart would be a tenth of each.
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
 *
 * No private methods here and in what it extends: each class that has some costs every object a field.
 */
import { CancelledError } from "../errors/cancelled.ts";
import type { Clock } from "../ports/clock.ts";
import { type Label, ScopeNode } from "../scope/node.ts";
import { recognise } from "../scope/recognise.ts";
import { calling, watcher } from "../scope/watch.ts";
import type { Cancellable, Outcome, Scope, Task, TaskFunction } from "./capabilities.ts";
import { closeDown, first, isBusy } from "./enclose.ts";
import { joinTask } from "./join.ts";

/** Who has a task and is told when it ends. */
export interface Keeper {
  readonly clock: Clock;
  taskEnded(task: TaskNode<unknown>): void;
}

export class TaskNode<T> extends ScopeNode implements Task<T> {
  readonly keeper: Keeper;
  readonly daemon: boolean;
  isCalled = false;
  outcome: Outcome<T> | undefined = undefined;

  constructor(parent: ScopeNode, label: Label, keeper: Keeper, daemon: boolean) {
    super(parent, label);
    this.keeper = keeper;
    this.daemon = daemon;
    if (watcher !== undefined) watcher.opened(this);
  }

  get kind(): string {
    return "task";
  }

  get clock(): Clock {
    return this.keeper.clock;
  }

  get status(): Task<T>["status"] {
    if (this.outcome !== undefined) return this.outcome.status;
    if (!this.isCalled) return "queued";
    return this.cause === undefined ? "running" : "cancelling";
  }

  join(scope?: Cancellable): Promise<T> {
    return joinTask(this, scope, "task.join()", (outcome) => {
      if (outcome.status === "succeeded") return outcome.value;
      throw outcome.status === "failed" ? outcome.error : outcome.reason;
    });
  }

  settled(scope?: Cancellable): Promise<Outcome<T>> {
    return joinTask(this, scope, "task.settled()", (outcome) => outcome);
  }

  cancel(reason?: unknown): void {
    if (this.outcome === undefined && this.interruption === undefined) this.cancelWith(new CancelledError("explicit", this.name, reason));
  }
}

/** Calls the function of a task. */
export function callTask<T>(task: TaskNode<T>, fn: TaskFunction<T>, scope: Scope): void {
  task.isCalled = true;
  let result: T | PromiseLike<T>;
  let promise: Promise<T> | undefined;
  try {
    // The check that is made anyway, and not a call more: a twentieth of a task that does nothing.
    result = watcher === undefined ? fn(scope) : calling(task, fn, scope);
    // A native promise comes back as it is; of any other thenable at most one call counts.
    if (isThenable(result)) promise = Promise.resolve(result);
  } catch (error) {
    return threw(task, error);
  }
  if (promise === undefined) return returned(task, result as T);
  promise.then(
    (value: T) => returned(task, value),
    (error: unknown) => threw(task, error),
  );
}

/** Ends a task that was never called, because of `reason`. */
export function dismissTask<T>(task: TaskNode<T>, reason: CancelledError): void {
  task.finish();
  end(task, { status: "cancelled", reason });
}

function returned<T>(task: TaskNode<T>, value: T): void {
  if (isBusy(task)) return void closeDown(task, true).then((failures) => conclude(task, failures, undefined, value));
  task.finish();
  end(task, { status: "succeeded", value });
}

function threw<T>(task: TaskNode<T>, error: unknown): void {
  const { cancellation, failures } = recognise(error, task);
  if (isBusy(task)) return void closeDown(task, false).then((more) => conclude(task, [...failures, ...more], cancellation));
  task.finish();
  conclude(task, failures, cancellation);
}

function conclude<T>(task: TaskNode<T>, failures: readonly unknown[], cancellation: CancelledError | undefined, value?: T): void {
  if (failures.length > 0) end(task, { status: "failed", error: first(task, failures) });
  else if (cancellation !== undefined) end(task, { status: "cancelled", reason: cancellation });
  else end(task, { status: "succeeded", value: value as T });
}

function end<T>(task: TaskNode<T>, outcome: Outcome<T>): void {
  task.outcome = outcome;
  task.leave(outcome.status, outcome.status === "failed" ? outcome.error : undefined);
  const joiners = task.rare?.joiners;
  if (joiners !== undefined) for (const wake of joiners) wake();
  task.keeper.taskEnded(task);
}

function isThenable(value: unknown): value is PromiseLike<never> {
  return (typeof value === "object" || typeof value === "function") && value !== null && typeof (value as { then?: unknown }).then === "function";
}
