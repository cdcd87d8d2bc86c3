import type { ScopeNode } from "../scope/node.ts";
import type { Cancellable, Outcome } from "./capabilities.ts";
import { selfJoin } from "./misuse.ts";
import { operation, Parked, passing, quiet } from "./park.ts";

/** What is to be joined. */
interface Joinable<T> extends ScopeNode {
  readonly outcome: Outcome<T> | undefined;
}

/** Waits in `scope`, or without one, until `task` has ended, and gives what `result` makes of its outcome. */
export function joinTask<T, R>(
  task: Joinable<T>,
  scope: Cancellable | undefined,
  call: string,
  result: (outcome: Outcome<T>) => R,
): Promise<R> {
  // The failure of a task is its group's: a join that nobody awaits any more loses nothing.
  const quietly = (ended: Promise<void>): Promise<R> => {
    const joined = ended.then(() => result(task.outcome!));
    quiet(joined);
    return joined;
  };
  if (scope !== undefined) return operation(scope, call, (node) => quietly(joinIn(node, task)));
  return quietly(task.outcome === undefined ? new Promise((resolve) => joinersOf(task).add(resolve)) : Promise.resolve());
}

function joinIn<T>(node: ScopeNode, task: Joinable<T>): Promise<void> {
  if (task.outcome !== undefined) return passing(node, "join");
  for (let at: ScopeNode | undefined = node; at !== undefined; at = at.parent) if (at === task) throw selfJoin(task.name);
  const joiners = joinersOf(task);
  const parked = new Parked<void>(node, "join");
  const wake = (): void => void parked.resolve();
  joiners.add(wake);
  parked.onInterrupt = () => joiners.delete(wake);
  return parked.promise;
}

function joinersOf(task: ScopeNode): Set<() => void> {
  return ((task.rare ??= {}).joiners ??= new Set());
}
