import type { Mutant } from "./mutant.ts";

export const g12: Mutant = {
  guarantee: "G12",
  mistake: "spawn calls the function a moment later instead of at once",
  edits: [{ file: "task/task-node.ts", find: "result = watcher === undefined ? fn(scope) : calling(task, fn, scope);", put: "result = Promise.resolve().then(() => fn(scope));" }],
};
