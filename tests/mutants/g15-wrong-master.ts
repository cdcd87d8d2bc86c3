import type { Mutant } from "./mutant.ts";

export const g15: Mutant = {
  guarantee: "G15",
  mistake: "a task that is being started obeys the group and not its caller",
  edits: [{ file: "task/start.ts", find: "new TaskNode<T>(caller,", put: "new TaskNode<T>(group.node," }],
};
