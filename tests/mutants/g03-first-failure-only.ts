import type { Mutant } from "./mutant.ts";

export const g03: Mutant = {
  guarantee: "G3",
  mistake: "a group keeps the first failure of its tasks and drops the others",
  edits: [{ file: "task/group.ts", find: "this.#failures.push(error);", put: "if (this.#failures.length === 0) this.#failures.push(error);" }],
};
