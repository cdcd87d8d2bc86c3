import type { Mutant } from "./mutant.ts";

export const g12: Mutant = {
  guarantee: "G12",
  mistake: "a task that is queued when its group is cancelled is called all the same",
  edits: [{ file: "task/group.ts", find: "handlers.add(onCancel);", put: "" }],
};
