import type { Readable } from "node:stream";
import type { TaskGroup } from "../../index.ts";

/** The outputs that are open, by the group of their process. */
const open = new WeakMap<TaskGroup, Set<Readable>>();

/** Closes `output` when `group` ends, should nobody have read it to its end: else its descriptor would be used for ever. */
export function closeWith(group: TaskGroup, output: Readable): void {
  const outputs = open.get(group) ?? opened(group);
  outputs.add(output);
  output.once("close", () => outputs.delete(output));
}

/** One for all of a group, which may start any number of processes. */
function opened(group: TaskGroup): Set<Readable> {
  const outputs = new Set<Readable>();
  open.set(group, outputs);
  group.defer(() => {
    for (const output of outputs) output.destroy();
  });
  return outputs;
}
