import type { ScopeNode } from "../scope/node.ts";
import type { Cancellable, Outcome } from "./capabilities.ts";
import { selfJoin } from "./misuse.ts";
import { operation, Parked, passing, quiet } from "./park.ts";

/** What is to be joined. */
interface Joinable<T> extends ScopeNode {
  readonly outcome: Outcome<T> | undefined;
}

/**
 * Waits in `scope`, or without one, until `task` has ended, and gives what `result` makes of its outcome. Marked as
 * handled: the failure of a task is its group's, so a join that nobody awaits any more loses nothing.
 */
export function joinTask<T, R>(
  task: Joinable<T>,
  scope: Cancellable | undefined,
  call: string,
  result: (outcome: Outcome<T>) => R,
): Promise<R> {
  if (scope !== undefined) {
    let isBegun = false;
    const joined = operation(scope, call, (node) => {
      const own = joinIn(node, task, result);
      isBegun = true;
      return own;
    });
    // What never began is a misuse, and stays loud.
    return isBegun ? quietly(joined) : joined;
  }
  return quietly(
    new Promise<R>((resolve, reject) => {
      const wake = (): void => deliver(task, result, resolve, reject);
      if (task.outcome === undefined) joinersOf(task).add(wake);
      else wake();
    }),
  );
}

function joinIn<T, R>(node: ScopeNode, task: Joinable<T>, result: (outcome: Outcome<T>) => R): Promise<R> {
  const { outcome } = task;
  if (outcome !== undefined) return passing(node, "join").then(() => result(outcome));
  for (let at: ScopeNode | undefined = node; at !== undefined; at = at.parent) if (at === task) throw selfJoin(task.name);
  const joiners = joinersOf(task);
  const parked = new Parked<R>(node, "join");
  const wake = (): void => {
    deliver(
      task,
      result,
      (value) => parked.resolve(value),
      (error) => parked.reject(error),
    );
  };
  joiners.add(wake);
  parked.onInterrupt = () => joiners.delete(wake);
  return parked.promise;
}

function deliver<T, R>(task: Joinable<T>, result: (outcome: Outcome<T>) => R, resolve: (value: R) => unknown, reject: (error: unknown) => unknown): void {
  let value: R;
  try {
    value = result(task.outcome!);
  } catch (error) {
    reject(error);
    return;
  }
  resolve(value);
}

function quietly<R>(promise: Promise<R>): Promise<R> {
  quiet(promise);
  return promise;
}

function joinersOf(task: ScopeNode): Set<() => void> {
  return ((task.rare ??= {}).joiners ??= new Set());
}
