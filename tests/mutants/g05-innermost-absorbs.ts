import type { Mutant } from "./mutant.ts";

export const g05: Mutant = {
  guarantee: "G5",
  mistake: "the innermost cancelled scope absorbs, though one further out was cancelled after it",
  edits: [{ file: "task/enclose.ts", find: "const outer = node.shielded ?", put: "const outer = node.shielded || cancellation === node.cause ?" }],
};
