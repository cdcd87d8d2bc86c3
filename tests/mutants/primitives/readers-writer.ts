import type { Planted } from "./planted.ts";

const door = "primitives/readers-writer.ts";
const queue = "const takeOut = this.#waiting.add({ waiter, isWriter });";

export const readersWriterMistakes: readonly Planted[] = [
  {
    name: "readers pass the writer",
    mistake: "a reader goes in while others read, though a writer waits: it may wait for ever",
    study: ["readers-writer.ts", "exclusion"],
    edits: [{ file: door, find: queue, put: `if (!isWriter && !this.#isWriting) return void (this.#readers++, waiter.resolve());\n      ${queue}` }],
  },
  {
    name: "a writer that gave up holds the door",
    mistake: "readers are held back by a count of waiting writers, which a cancelled writer stays in",
    study: ["readers-writer.ts", "exclusion"],
    edits: [
      { file: door, find: "#readers = 0;", put: "#readers = 0;\n  #writersWaiting = 0;" },
      { file: door, find: queue, put: `if (isWriter) this.#writersWaiting++;\n      ${queue}` },
      { file: door, find: "if (first.isWriter) this.#isWriting = true;", put: "if (first.isWriter) (this.#isWriting = true), this.#writersWaiting--;" },
      { file: door, find: "(!isWriter || this.#readers === 0)", put: "(isWriter ? this.#readers === 0 : this.#writersWaiting === 0)" },
    ],
  },
  {
    name: "one flag for all readers",
    mistake: "the first reader to leave lets the writer in, though others still read",
    study: ["readers-writer.ts", "exclusion"],
    edits: [{ file: door, find: "this.#readers--;", put: "this.#readers = 0;" }],
  },
];
