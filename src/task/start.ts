/**
 * `group.start`: a task in two lives (G15).
 *
 *   starting ── started(value) ──▶ adopted by the group
 *      │  obeys the caller's scope      obeys the group's
 *      └── ends before ──▶ its end is the caller's: the error itself, or NOT_STARTED
 */
import type { Cancellable, Outcome, Scope, SpawnOptions, StartedTask } from "./capabilities.ts";
import { requireFunction } from "./face.ts";
import { ForeignRoot } from "./foreign-root.ts";
import type { Group } from "./group.ts";
import { labelOf } from "./label.ts";
import { alreadyStarted, clockMismatch, notStarted, scopeEnded } from "./misuse.ts";
import { nodeFor, quiet } from "./park.ts";
import { TaskNode } from "./task-node.ts";

export function startIn<T, R>(
  group: Group,
  fn: (scope: Scope, started: (value: R) => void) => T | PromiseLike<T>,
  scope: Cancellable,
  options: SpawnOptions | undefined,
): Promise<StartedTask<T, R>> {
  const call = "group.start()";
  try {
    requireFunction(fn, call, "the task");
    if (group.ended) throw scopeEnded(group, call);
    const caller = nodeFor(scope, call, group.clock);
    if (caller.ended) throw scopeEnded(caller, call);
    if (caller.clock !== group.clock) throw clockMismatch(caller.name);

    let resolve!: (task: StartedTask<T, R>) => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<StartedTask<T, R>>((...settle) => ([resolve, reject] = settle));
    let hasStarted = false;
    const leaveCaller = (): void => {
      if (caller instanceof ForeignRoot) caller.close();
    };
    const started = (value: R): void => {
      if (hasStarted) throw alreadyStarted(task.name);
      // Too late: the caller was cancelled, and the task with it.
      if (task.interruption !== undefined || task.ended) return;
      hasStarted = true;
      group.adopt(task);
      leaveCaller();
      resolve(Object.assign(task, { started: value }));
    };
    const task = new TaskNode<T>(caller, labelOf(options, fn), group, options?.daemon === true);
    group.expect(task, (outcome: Outcome<unknown>) => {
      leaveCaller();
      if (outcome.status === "failed") return reject(outcome.error);
      const cancellation = outcome.status === "cancelled" ? outcome.reason : task.cause;
      reject(cancellation ?? notStarted(task.name));
      // A cancellation that nobody awaits is no unhandled rejection; a failure is.
      if (cancellation !== undefined) quiet(promise);
    });
    group.admit(task, (own) => fn(own, started));
    return promise;
  } catch (error) {
    return Promise.reject(error);
  }
}
