import type { Mutant } from "./mutant.ts";

export const g04: Mutant = {
  guarantee: "G4",
  mistake: "an operation that begins in a cancelled scope throws once, and the next one waits (edge-triggered)",
  edits: [
    { file: "task/park.ts", find: "const DONE:", put: "const told = new WeakSet();\nconst DONE:" },
    {
      file: "task/park.ts",
      find: "const cause = node.interruption;",
      put: "const cause = told.has(node) ? undefined : node.interruption;\n    if (cause !== undefined) told.add(node);",
    },
  ],
};
