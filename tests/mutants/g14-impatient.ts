import type { Mutant } from "./mutant.ts";

export const g14: Mutant = {
  guarantee: "G14",
  mistake: "daemons are cancelled when the body has returned, though other tasks are running",
  edits: [
    { file: "task/group.ts", find: "if (!this.#isEnding) return;", put: "if (this.#bodyRunning) return;" },
    { file: "task/group.ts", find: "task.cancelWith(cause);", put: "if (task.daemon) task.cancelWith(cause);" },
  ],
};
