import type { Mutant } from "./mutant.ts";

export const g13: Mutant = {
  guarantee: "G13",
  mistake: "a group whose body has returned accepts no tasks, though others are running",
  edits: [{ file: "task/group.ts", find: "if (this.ended) throw", put: "if (this.ended || !this.#bodyRunning) throw" }],
};
