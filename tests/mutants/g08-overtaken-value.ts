import type { Mutant } from "./mutant.ts";

export const g08: Mutant = {
  guarantee: "G8",
  mistake: "a cancellation in the same turn overtakes the value that a promise was fulfilled with before",
  edits: [{ file: "task/park.ts", find: "void DONE.then(() => this.letGo(cause));", put: "this.letGo(cause);" }],
};
