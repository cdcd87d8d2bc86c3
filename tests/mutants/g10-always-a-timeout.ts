import type { Mutant } from "./mutant.ts";

export const g10: Mutant = {
  guarantee: "G10",
  mistake: "failAfter gives a TimeoutError also when it was its cancel() that interrupted the body",
  edits: [{ file: "task/enclose.ts", find: 'cause.source === "deadline" ?', put: 'cause.source !== "ended" ?' }],
};
