import type { Planted } from "./planted.ts";

export const sessionMistakes: readonly Planted[] = [
  {
    name: "logged in again",
    mistake: "a token is kept though the visitor logged out while the server was asked for it",
    study: ["session.ts", "visit"],
    edits: [{ file: "programs/session.ts", find: "if (this.token !== undefined) this.token = fresh;", put: "this.token = fresh;" }],
  },
];
