/**
 * Who waits for what, on one clock: how far the tree itself can tell.
 *
 * A function that waits in an operation of the library has a wait in its scope. One that waits for what it opened, or for
 * its tasks, has a child. Any other may run, or await something of the outside: nobody can know.
 */
import type { Clock } from "../ports/clock.ts";
import { forest, ScopeNode } from "../scope/node.ts";
import { Wait } from "../scope/wait.ts";
import { Group } from "../task/group.ts";
import { OpenedScope } from "../task/opened-scope.ts";
import { TaskNode } from "../task/task-node.ts";

/** What a look at the trees of one clock finds. */
export interface Census {
  /** Every scope and task. */
  readonly nodes: readonly ScopeNode[];
  /** Every operation of the library that waits. */
  readonly waits: readonly Wait[];
  /** Those whose function does not visibly wait in the library. */
  readonly unseen: readonly ScopeNode[];
  /** Whether something outside may wake them: a signal from outside, a `scope.wait()`. */
  readonly isOpenToOutside: boolean;
}

/** Looks at all trees on `clock`. Cost: one pass over what is alive. */
export function census(clock: Clock): Census {
  const nodes: ScopeNode[] = [];
  const waits: Wait[] = [];
  let isOpenToOutside = false;
  let joiners = 0;
  ScopeNode.walk(forest, (node) => {
    if (node === forest) return true;
    if (node.clock !== clock) return false;
    nodes.push(node);
    waits.push(...waitsOf(node));
    joiners += node.rare?.joiners?.size ?? 0;
    if (node.kind === "signal") isOpenToOutside = true;
    return true;
  });
  // `task.join()` without a scope is no wait in the tree, but the task knows of it.
  const looseJoins = joiners - waits.filter(({ label }) => label === "join").length;
  const unseen = nodes.filter((node) => !isBlocked(node, looseJoins > 0));
  return { nodes, waits, unseen, isOpenToOutside: isOpenToOutside || waits.some(({ label }) => label === "wait") };
}

/** What waits in a node, in the order of coming. */
export function waitsOf(node: ScopeNode): Wait[] {
  const waiting = node.waits === undefined ? [] : node.waits instanceof Set ? [...node.waits] : [node.waits];
  return waiting.filter((wait): wait is Wait => wait instanceof Wait);
}

/** Whether the function of a node visibly waits in the library. */
function isBlocked(node: ScopeNode, hasLooseJoins: boolean): boolean {
  if (node.waits !== undefined || node.kind === "signal") return true;
  if (node instanceof TaskNode && !node.isCalled) return true;
  if (!(node instanceof Group) || node.awaitsTasks) return node.first !== undefined;
  const children = node.children();
  if (children.some((child) => child instanceof OpenedScope && !child.isOpenedByTask)) return true;
  return hasLooseJoins && children.some((child) => (child.rare?.joiners?.size ?? 0) > 0);
}

/** How many native timers the programs (`run`) on any clock have set to keep the process alive. */
export function programTimers(): number {
  let scopes = 0;
  ScopeNode.walk(forest, (node) => {
    if (node.kind === "run") scopes++;
    return true;
  });
  // Each is two scopes, one in the other.
  return Math.ceil(scopes / 2);
}
