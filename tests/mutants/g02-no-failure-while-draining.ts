import type { Mutant } from "./mutant.ts";

export const g02: Mutant = {
  guarantee: "G2",
  mistake: "when the body has returned, a failure cancels no sibling any more",
  edits: [
    {
      file: "task/group.ts",
      find: 'this.cancelWith(new CancelledError("sibling", by, error));',
      put: 'if (this.#bodyRunning) this.cancelWith(new CancelledError("sibling", by, error));',
    },
  ],
};
