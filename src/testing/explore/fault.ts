/** What may go wrong in a run, at any step. */
import type { ScopeNode } from "../../scope/node.ts";
import { CancelledError } from "../../errors/cancelled.ts";
import type { Ready, World } from "./world.ts";

/** The kinds: a task is cancelled; a `scope.wait()` fails; what is ready goes on a virtual second later. */
export type FaultKind = "cancel" | "fail" | "delay";

/** One thing that may go wrong now. */
export interface Fault {
  readonly about: string;
  /** Whom it befalls. */
  readonly scope: ScopeNode;
  happen(): void;
}

/**
 * What a `scope.wait()` fails with where `explore` lets it fail.
 *
 * @example
 * ```ts
 * import { explore, InjectedFault } from "espalier/testing";
 *
 * const seen = new Set();
 * await explore(
 *   async (group) => {
 *     const answer = await group.wait(Promise.resolve("answer")).catch((error) => error);
 *     seen.add(answer instanceof InjectedFault ? "fault" : answer);
 *   },
 *   { faults: ["fail"] },
 * );
 * console.log([...seen].sort()); // [ 'answer', 'fault' ]
 * ```
 */
export class InjectedFault extends Error {
  override readonly name = "InjectedFault";
}

const DELAY_MS = 1_000;

/** Everything of these kinds that may go wrong now, in the order of the tree and of the queue. */
export function possibleFaults(kinds: ReadonlySet<FaultKind>, root: ScopeNode, world: World): Fault[] {
  const faults: Fault[] = [];
  if (kinds.has("cancel")) for (const task of runningTasks(root)) faults.push(cancelling(task));
  for (const ready of world.ready) {
    if (kinds.has("fail") && ready.fail !== undefined && ready.wait.label === "wait") faults.push(failing(ready, ready.fail, world));
    if (kinds.has("delay")) faults.push(delaying(ready, world));
  }
  return faults;
}

function runningTasks(root: ScopeNode): ScopeNode[] {
  const tasks: ScopeNode[] = [];
  const look = (node: ScopeNode): void => {
    if (node.kind === "task" && node.cause === undefined && !node.ended) tasks.push(node);
    node.children().forEach(look);
  };
  look(root);
  return tasks;
}

function cancelling(scope: ScopeNode): Fault {
  return { about: "explore() cancels it", scope, happen: () => scope.cancelWith(new CancelledError("explicit", scope.name, "explore() cancelled it")) };
}

function failing(ready: Ready, fail: (error: unknown) => void, world: World): Fault {
  const scope = ready.wait.scope as ScopeNode;
  return {
    about: `explore() lets ${ready.wait.label} fail`,
    scope,
    happen() {
      world.take(ready);
      fail(new InjectedFault(`explore() let a wait of ${scope.name} fail`));
    },
  };
}

function delaying(ready: Ready, world: World): Fault {
  return { about: `explore() lets ${ready.wait.label} take ${DELAY_MS} ms more`, scope: ready.wait.scope as ScopeNode, happen: () => world.delay(ready, DELAY_MS) };
}
