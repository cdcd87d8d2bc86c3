import type { Mutant } from "./mutant.ts";

export const g07: Mutant = {
  guarantee: "G7",
  mistake: "when a cancellation interrupted the function, what failed on the way out is dropped",
  edits: [{ file: "task/enclose.ts", find: "if (failures.length > 0) {", put: "if (failures.length > 0 && cancellation === undefined) {" }],
};
