/**
 * One task: a function that runs in a node of its own, its outcome, and who waits for it.
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
import { CancelledError } from "../errors/cancelled.ts";
import { firstOf } from "../errors/suppressed.ts";
import type { ScopeNode } from "../scope/node.ts";
import { recognise } from "../scope/recognise.ts";
import type { Cancellable, Outcome, Scope, Task, TaskFunction } from "./capabilities.ts";
import { closeDown, isBusy } from "./enclose.ts";
import { selfJoin } from "./misuse.ts";
import { operation, Parked, passing, quiet } from "./park.ts";

/** Who has a task and is told when it ends. */
export interface Keeper {
  /** `called` is false for a task that was dismissed before its function was called. */
  taskEnded(task: TaskHandle<unknown>, called: boolean): void;
}

export class TaskHandle<T> implements Task<T> {
  /** @internal */
  readonly node: ScopeNode;
  /** @internal */
  readonly daemon: boolean;
  /** @internal Until it is called; then only its closure's own frames hold it. */
  fn: TaskFunction<T> | undefined;
  #outcome: Outcome<T> | undefined = undefined;
  /** Takers of an `Outcome<T>`, declared so that a `TaskHandle<T>` is a `TaskHandle<unknown>`. */
  #joiners: ((outcome: never) => void)[] | undefined = undefined;
  /** @internal */
  readonly keeper: Keeper;

  constructor(node: ScopeNode, fn: TaskFunction<T>, keeper: Keeper, daemon: boolean) {
    this.node = node;
    this.fn = fn;
    this.daemon = daemon;
    this.keeper = keeper;
    node.holder = this;
  }

  get name(): string {
    return this.node.name;
  }

  get status(): Task<T>["status"] {
    if (this.#outcome !== undefined) return this.#outcome.status;
    if (this.fn !== undefined) return "queued";
    return this.node.cause === undefined ? "running" : "cancelling";
  }

  get outcome(): Outcome<T> | undefined {
    return this.#outcome;
  }

  join(scope?: Cancellable): Promise<T> {
    return this.#whenEnded(scope, "task.join()", (outcome) => {
      if (outcome.status === "succeeded") return outcome.value;
      throw outcome.status === "failed" ? outcome.error : outcome.reason;
    });
  }

  settled(scope?: Cancellable): Promise<Outcome<T>> {
    return this.#whenEnded(scope, "task.settled()", (outcome) => outcome);
  }

  cancel(reason?: unknown): void {
    if (this.#outcome === undefined) this.node.cancel(new CancelledError("explicit", this.name, reason));
  }

  /** @internal Calls the function. */
  run(scope: Scope): void {
    const fn = this.fn!;
    this.fn = undefined;
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

  /** @internal Ends a task that was never called, because of `reason`. */
  dismiss(reason: CancelledError): void {
    this.node.finish();
    this.#end({ status: "cancelled", reason });
  }

  #returned(value: T): void {
    if (isBusy(this.node)) return void closeDown(this.node, true).then((failures) => this.#conclude(failures, undefined, value));
    this.node.finish();
    this.#end({ status: "succeeded", value });
  }

  #threw(error: unknown): void {
    const { cancellation, failure } = recognise(error, this.node);
    if (isBusy(this.node)) return void closeDown(this.node, false).then((more) => this.#conclude([...failure, ...more], cancellation));
    this.node.finish();
    this.#conclude(failure, cancellation);
  }

  #conclude(failures: readonly unknown[], cancellation: CancelledError | undefined, value?: T): void {
    if (failures.length > 0) this.#end({ status: "failed", error: firstOf(failures) });
    else if (cancellation !== undefined) this.#end({ status: "cancelled", reason: cancellation });
    else this.#end({ status: "succeeded", value: value as T });
  }

  #end(outcome: Outcome<T>): void {
    const called = this.fn === undefined;
    this.fn = undefined;
    this.#outcome = outcome;
    this.node.leave();
    const joiners = this.#joiners;
    if (joiners !== undefined) {
      this.#joiners = undefined;
      for (const wake of joiners) wake(outcome as never);
    }
    this.keeper.taskEnded(this as TaskHandle<unknown>, called);
  }

  #whenEnded<R>(scope: Cancellable | undefined, call: string, result: (outcome: Outcome<T>) => R): Promise<R> {
    const promise =
      scope !== undefined
        ? operation(scope, call, (node) => this.#joinIn(node, result))
        : new Promise<R>((resolve, reject) => this.#onEnd(settler(result, resolve, reject)));
    // The failure of a task is its group's: a join that nobody awaits any more loses nothing.
    quiet(promise);
    return promise;
  }

  #joinIn<R>(node: ScopeNode, result: (outcome: Outcome<T>) => R): Promise<R> {
    for (let at: ScopeNode | undefined = node; at !== undefined; at = at.parent) {
      if (at === this.node && this.#outcome === undefined) throw selfJoin(this.name);
    }
    const outcome = this.#outcome;
    if (outcome !== undefined) return passing(node, "join").then(() => result(outcome));
    const parked = new Parked<R>(node, "join");
    const wake = settler(
      result,
      (value: R) => parked.resolve(value),
      (error: unknown) => parked.reject(error),
    );
    parked.onInterrupt = () => {
      this.#joiners?.splice(this.#joiners.indexOf(wake), 1);
    };
    this.#onEnd(wake);
    return parked.promise;
  }

  #onEnd(wake: (outcome: Outcome<T>) => void): void {
    if (this.#outcome === undefined) (this.#joiners ??= []).push(wake);
    else wake(this.#outcome);
  }
}

function settler<T, R>(
  result: (outcome: Outcome<T>) => R,
  resolve: (value: R) => unknown,
  reject: (error: unknown) => unknown,
): (outcome: Outcome<T>) => void {
  return (outcome) => {
    let value: R;
    try {
      value = result(outcome);
    } catch (error) {
      return void reject(error);
    }
    resolve(value);
  };
}

function isThenable(value: unknown): value is PromiseLike<never> {
  return (typeof value === "object" || typeof value === "function") && value !== null && typeof (value as { then?: unknown }).then === "function";
}
