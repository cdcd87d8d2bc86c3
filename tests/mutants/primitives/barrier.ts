import type { Planted } from "./planted.ts";

const barrier = "primitives/barrier.ts";
const counter = { file: barrier, find: "#round = 0;", put: "#round = 0;\n  #arrived = 0;\n  #left = 0;" };
const count = "if (this.#waiting.size < this.#parties) return takeOut;";

export const barrierMistakes: readonly Planted[] = [
  {
    name: "emptied by who leaves last",
    mistake: "a round is over when all its parties have left: with a slow one still inside, the next round counts it too",
    study: ["barrier.ts", "rounds"],
    edits: [
      counter,
      { file: barrier, find: count, put: "if (++this.#arrived < this.#parties) return takeOut;" },
      {
        file: barrier,
        find: "return this.#waiting.wakeAll(this.#round++);\n    });",
        put: "return this.#waiting.wakeAll(this.#round++);\n    }).then((round) => {\n      if (++this.#left === this.#parties) this.#arrived = this.#left = 0;\n      return round;\n    });",
      },
    ],
  },
  {
    name: "counts the cancelled",
    mistake: "a party that was cancelled while it waited stays counted: the next ones are let through with one too few",
    study: ["barrier.ts", "leftOver"],
    edits: [counter, { file: barrier, find: count, put: "if (++this.#arrived < this.#parties) return takeOut;\n      this.#arrived = this.#left = 0;" }],
  },
  {
    name: "not reset",
    mistake: "the count of the first round is still there in the second one",
    study: ["barrier.ts", "rounds"],
    edits: [counter, { file: barrier, find: count, put: "if (++this.#arrived < this.#parties) return takeOut;\n      void this.#left;" }],
  },
];
