import type { Mutant } from "./mutant.ts";

export const g11: Mutant = {
  guarantee: "G11",
  mistake: "a group gives the value of its body though an outer cancellation interrupted a task",
  edits: [{ file: "task/group.ts", find: "cancellation ??= group.interruptionOfTasks;", put: "" }],
};
