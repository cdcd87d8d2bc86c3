/**
 * Who cannot go on before an operation has ended: as far as the tree can tell.
 *
 * A function waits for each scope that it opens, and a group for its tasks. So what waits in a scope holds up the functions
 * of the scopes around it. Not those that are seen to do something else beside; nor, past a task, the body of its group;
 * nor the block of an `openTaskGroup` that goes on. What the tree does not see are branches of a function that await
 * promises of the outside, and callbacks: whoever concludes something from it says so.
 */
import { forest, type ScopeNode } from "../scope/node.ts";
import type { Cancellable } from "./capabilities.ts";
import { findNode } from "./face.ts";
import { Group } from "./group.ts";
import { OpenedScope } from "./opened-scope.ts";
import { TaskNode } from "./task-node.ts";

/**
 * Whether an operation that is about to wait in `scope` holds up all who have what was handed out in `holders`. What was
 * handed out in a scope that has ended is with the first around that has not. Cost: the depth of the tree.
 */
export function holdsUp(scope: Cancellable, holders: Iterable<Cancellable>): boolean {
  const above = heldUp(scope);
  const hasSeen = new Set<ScopeNode>();
  for (const holder of holders) {
    const home = homeOf(holder);
    if (home === undefined || !above.has(home)) return false;
    if (!hasSeen.has(home) && hasTasks(home)) return false;
    hasSeen.add(home);
  }
  return true;
}

/** Whether the function of `scope` is seen to do something already: then it has branches. */
export function isSplit(scope: Cancellable): boolean {
  const node = findNode(scope);
  return node !== undefined && isSplitBeside(node, undefined);
}

/** The scopes whose functions wait for one that waits in `scope`, and that one. */
function heldUp(scope: Cancellable): Set<ScopeNode> {
  const found = new Set<ScopeNode>();
  let from: ScopeNode | undefined;
  for (let at = findNode(scope); at !== undefined && at !== forest; from = at, at = at.parent) {
    if (from instanceof TaskNode) {
      // No group waits for a daemon.
      if (from.daemon) break;
    } else {
      if (isSplitBeside(at, from)) break;
      found.add(at);
    }
    if (isOpenBlock(at)) break;
  }
  return found;
}

function homeOf(holder: Cancellable): ScopeNode | undefined {
  let at = findNode(holder);
  while (at?.ended === true) at = at.parent;
  return at;
}

/** Whether something waits in `node`, or it has opened another scope than `from`. */
function isSplitBeside(node: ScopeNode, from: ScopeNode | undefined): boolean {
  return node.waits !== undefined || (node.rare?.scopes ?? 0) > (from instanceof OpenedScope ? 1 : 0);
}

/** Whether somebody beside its body may use what the body of a group has. */
function hasTasks(node: ScopeNode): boolean {
  return node instanceof Group && node.tasks.some((task) => !task.daemon);
}

/** A group whose opener does not wait for it yet. */
function isOpenBlock(node: ScopeNode): boolean {
  return node instanceof Group && node.rare?.onDisowned !== undefined && !node.awaitsTasks;
}
