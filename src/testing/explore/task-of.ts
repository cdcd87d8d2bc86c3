import type { ScopeNode } from "../../scope/node.ts";

/** The task in which a scope lies; the outermost scope where it lies in none. */
export function taskOf(scope: ScopeNode): ScopeNode {
  let at = scope;
  while (at.kind !== "task" && at.parent?.parent !== undefined) at = at.parent;
  return at;
}
