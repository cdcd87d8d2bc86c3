import { CancelledError } from "../errors/cancelled.ts";
import type { ScopeNode } from "../scope/node.ts";
import type { Cancellable, Outcome, Task } from "./capabilities.ts";
import { selfJoin } from "./misuse.ts";
import { operation, Parked, passing, quiet } from "./park.ts";

/** What a handle needs of its task. */
export interface TaskBehind<T> extends ScopeNode {
  readonly isQueued: boolean;
  readonly outcome: Outcome<T> | undefined;
  onEnd(wake: (outcome: Outcome<T>) => void): () => void;
}

/** What a user holds of a task. */
export class TaskHandle<T> implements Task<T> {
  readonly #task: TaskBehind<T>;

  constructor(task: TaskBehind<T>) {
    this.#task = task;
  }

  get name(): string {
    return this.#task.name;
  }

  get status(): Task<T>["status"] {
    const { outcome, isQueued, cause } = this.#task;
    if (outcome !== undefined) return outcome.status;
    if (isQueued) return "queued";
    return cause === undefined ? "running" : "cancelling";
  }

  get outcome(): Outcome<T> | undefined {
    return this.#task.outcome;
  }

  cancel(reason?: unknown): void {
    const task = this.#task;
    if (task.outcome === undefined && task.interruption === undefined) task.cancelWith(new CancelledError("explicit", task.name, reason));
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

  #whenEnded<R>(scope: Cancellable | undefined, call: string, result: (outcome: Outcome<T>) => R): Promise<R> {
    // The failure of a task is its group's: a join that nobody awaits any more loses nothing.
    const quietly = (ended: Promise<Outcome<T>>): Promise<R> => {
      const joined = ended.then(result);
      quiet(joined);
      return joined;
    };
    return scope === undefined ? quietly(this.#ended()) : operation(scope, call, (node) => quietly(this.#joinIn(node)));
  }

  #ended(): Promise<Outcome<T>> {
    const { outcome } = this.#task;
    return outcome === undefined ? new Promise((resolve) => this.#task.onEnd(resolve)) : Promise.resolve(outcome);
  }

  #joinIn(node: ScopeNode): Promise<Outcome<T>> {
    const task = this.#task;
    const { outcome } = task;
    if (outcome !== undefined) return passing(node, "join").then(() => outcome);
    for (let at: ScopeNode | undefined = node; at !== undefined; at = at.parent) if (at === task) throw selfJoin(task.name);
    const parked = new Parked<Outcome<T>>(node, "join");
    parked.onInterrupt = task.onEnd((ended) => parked.resolve(ended));
    return parked.promise;
  }
}
