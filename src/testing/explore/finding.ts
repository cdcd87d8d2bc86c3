/** What can be wrong with a run, beside what the program throws. */
import type { ScopeNode } from "../../scope/node.ts";
import type { Wait } from "../../scope/wait.ts";

/** Nothing in the run can go on any more. */
export class DeadlockFound extends Error {
  override readonly name = "DeadlockFound";

  constructor(root: ScopeNode) {
    super(`Deadlock: nothing is ready and no timer is armed.\n${waitingIn(root)}`);
  }
}

/** The run goes on and on. */
export class EndlessRun extends Error {
  override readonly name = "EndlessRun";

  constructor(steps: number, root: ScopeNode) {
    super(`No end after ${steps} steps (option \`steps\`): the program goes round in circles, or is larger than one explores.\n${waitingIn(root)}`);
  }
}

function waitingIn(node: ScopeNode, depth = 1): string {
  const { waits } = node;
  const all = waits instanceof Set ? [...waits] : waits === undefined ? [] : [waits];
  const labels = all.map((wait) => (wait as Wait).label).join(", ");
  const line = `${"  ".repeat(depth)}${node.kind} ${node.name}${labels === "" ? "" : `: waits for ${labels}`}`;
  return [line, ...node.children().map((child) => waitingIn(child, depth + 1))].join("\n");
}
