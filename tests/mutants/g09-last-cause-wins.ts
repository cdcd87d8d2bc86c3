import type { Mutant } from "./mutant.ts";

export const g09: Mutant = {
  guarantee: "G9",
  mistake: "the cancellation of a scope further out replaces the cause of one that was cancelled before",
  edits: [{ file: "scope/node.ts", find: "|| node.ended || node.cause !== undefined)", put: "|| node.ended)" }],
};
