import { claim, type Claim, NOTHING, park, type Waiter } from "../lowlevel.ts";
import type { Results, Scope, Task, TaskFunction, TaskGroup } from "../task/capabilities.ts";
import { needFunction, needScope, seen } from "./arguments.ts";
import { DONE, type Flow, type FlowStatistics } from "./flow.ts";
import { GroupFlow } from "./group-flow.ts";
import { HandOver } from "./hand-over.ts";

/**
 * Runs the functions at the same time and gives their results as they come: the fastest first.
 *
 * They start at the first `next()`. A failure cancels the others and is thrown when they have ended, after the results that
 * came before it. Leaving the loop cancels what still runs and waits for it; a cancellation of `scope` does the same.
 *
 * @example
 * ```ts
 * import { type Scope, sleep, taskGroup } from "espalier";
 * import { asCompleted } from "espalier/flow";
 *
 * await taskGroup(async (group) => {
 *   const mirrors = [30, 5, 15].map((ms) => (scope: Scope) => sleep(ms, scope).then(() => `after ${ms}`));
 *   for await (const answer of asCompleted(mirrors, group)) {
 *     console.log(answer); // "after 5", then "after 15"
 *     if (answer === "after 15") break; // the third is cancelled
 *   }
 * });
 * ```
 */
export function asCompleted<const F extends readonly TaskFunction<unknown>[]>(functions: F, scope: Scope): Flow<Results<F>[number]>;
/**
 * Gives the tasks themselves in the order of their ends, however they ended.
 *
 * They are their group's: leaving the loop cancels none, nor does a cancellation of `scope`, which ends the waiting. Another loop over
 * the same flow goes on where the first one stopped.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { asCompleted } from "espalier/flow";
 *
 * await taskGroup(async (group) => {
 *   for (const ms of [20, 5]) group.spawn((scope) => sleep(ms, scope), { name: `${ms} ms` });
 *   for await (const task of asCompleted(group.tasks, group)) console.log(task.name, task.status); // 5 ms succeeded, 20 ms succeeded
 * });
 * ```
 */
export function asCompleted<T>(tasks: Iterable<Task<T>>, scope: Scope): Flow<Task<T>>;
export function asCompleted(all: Iterable<Task<unknown> | TaskFunction<unknown>>, scope: Scope): Flow<unknown> {
  needScope(scope, "asCompleted()");
  const list = [...all];
  if (list.every(isTask)) return new TasksAsTheyEnd(list, scope);
  list.forEach((fn, index) => needFunction(fn, "asCompleted()", `item ${index} (or tasks only, got ${seen(fn)})`));
  return new ResultsAsTheyCome(list as TaskFunction<unknown>[], scope);
}

function isTask(value: Task<unknown> | TaskFunction<unknown>): value is Task<unknown> {
  return typeof value === "object" && value !== null && typeof value.settled === "function";
}

class ResultsAsTheyCome<T> extends GroupFlow<T> {
  readonly #functions: readonly TaskFunction<T>[];
  protected running = 0;

  constructor(functions: readonly TaskFunction<T>[], scope: Scope) {
    super(scope, "asCompleted");
    this.#functions = functions;
  }

  protected produce(group: TaskGroup): Promise<void> {
    this.running = this.#functions.length;
    // The tasks are spawned within `park`, so none of them can end before there is somebody to be told.
    return park(group, "asCompleted", (all: Waiter<void>) => {
      for (const fn of this.#functions) {
        void group.spawn(fn).settled().then((outcome) => {
          if (outcome.status === "succeeded") this.results.put(outcome.value);
          // One that was cancelled by itself has no result, and fails nobody, as in any group.
          if (--this.running === 0) all.resolve();
        });
      }
      if (this.running === 0) all.resolve();
    });
  }
}

class TasksAsTheyEnd<T> implements Flow<Task<T>>, Claim<IteratorResult<Task<T>, undefined>> {
  readonly #scope: Scope;
  readonly #ended = new HandOver<Task<T>>();
  #running: number;

  constructor(tasks: readonly Task<T>[], scope: Scope) {
    this.#scope = scope;
    this.#running = tasks.length;
    if (tasks.length === 0) this.#ended.end();
    for (const task of tasks) {
      void task.settled().then(() => {
        this.#ended.put(task);
        if (--this.#running === 0) this.#ended.end();
      });
    }
  }

  next(scope: Scope = this.#scope): Promise<IteratorResult<Task<T>, undefined>> {
    return claim(scope, "asCompleted", this);
  }

  /** Leaves everything as it is. */
  return(): Promise<IteratorResult<Task<T>, undefined>> {
    return Promise.resolve(DONE);
  }

  statistics(): FlowStatistics {
    return { running: this.#running, ready: this.#ended.kept, waiting: this.#ended.asking };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  attempt(): IteratorResult<Task<T>, undefined> | typeof NOTHING {
    return this.#ended.attempt();
  }

  register(waiter: Waiter<IteratorResult<Task<T>, undefined>>): () => void {
    return this.#ended.register(waiter);
  }
}
