import type { Mutant } from "./mutant.ts";

export const g01: Mutant = {
  guarantee: "G1",
  mistake: "a scope whose function threw does not wait for the child scopes that are left in it",
  edits: [{ file: "task/enclose.ts", find: "if (isBusy(node)) failures", put: "if (returned && isBusy(node)) failures" }],
};
