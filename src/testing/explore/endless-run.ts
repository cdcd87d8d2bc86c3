/**
 * A run that goes on and on: more than `steps` steps.
 *
 * @example
 * ```ts
 * import type { TaskGroup } from "espalier";
 * import { EndlessRun, explore } from "espalier/testing";
 *
 * const spin = async (group: TaskGroup) => {
 *   for (;;) await group.checkpoint();
 * };
 * await explore(spin, { steps: 100 }).catch((error) => console.log(error.cause instanceof EndlessRun)); // true
 * ```
 */
export class EndlessRun extends Error {
  override readonly name = "EndlessRun";

  constructor(steps: number, tree: string) {
    super(
      `No end after ${steps} steps (option \`steps\`): the program goes round in circles, or is larger than one explores.\n\n${tree.replace(/^/gm, "  ")}`,
    );
  }
}
