import type { Mutant } from "./mutant.ts";

export const g06: Mutant = {
  guarantee: "G6",
  mistake: "an AbortError with the cancellation as its cause is taken for a failure",
  edits: [{ file: "scope/recognise.ts", find: "if (at.cause === cause) byCause ??= at.cause;", put: "" }],
};
