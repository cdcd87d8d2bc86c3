import { forest, ScopeNode } from "../scope/node.ts";

/** A scope or task that is alive, and what is below it. */
export interface TreeEntry {
  readonly name: string;
  /** `"task"`, or how the scope was opened. */
  readonly kind: string;
  readonly state: "running" | "cancelling" | "ending";
  readonly children: TreeEntry[];
}

/**
 * What runs now: the roots of this program and all below them, as plain data. Finished scopes and tasks are
 * not in it. Cost: one pass over what is alive.
 *
 * @example
 * ```ts
 * import { sleep, taskGroup } from "espalier";
 * import { tree } from "espalier/lowlevel";
 *
 * await taskGroup(
 *   async (group) => {
 *     group.spawn((scope) => sleep(10, scope), { name: "heartbeat" });
 *     console.log(tree()[0]?.children[0]?.name); // "heartbeat"
 *   },
 *   { name: "server" },
 * );
 * ```
 */
export function tree(): TreeEntry[] {
  const entries = new Map<ScopeNode, TreeEntry>();
  const roots: TreeEntry[] = [];
  ScopeNode.walk(forest, (node) => {
    if (node === forest) return true;
    const state = node.ended ? "ending" : node.cause === undefined ? "running" : "cancelling";
    const entry: TreeEntry = { name: node.name, kind: node.kind, state, children: [] };
    entries.set(node, entry);
    const parent = node.parent === undefined ? undefined : entries.get(node.parent);
    (parent?.children ?? roots).push(entry);
    return true;
  });
  return roots;
}
