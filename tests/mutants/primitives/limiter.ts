import type { Planted } from "./planted.ts";

const limiter = "primitives/limiter.ts";
const giveUp = "takeOut();\n        this.#lend();";

export const limiterMistakes: readonly Planted[] = [
  {
    name: "over-grant",
    mistake: "a borrower that is cancelled while it waits brings back tokens that it never had",
    study: ["limiter.ts", "tokens"],
    edits: [{ file: limiter, find: giveUp, put: "takeOut();\n        this.bringBack(tokens);" }],
  },
  {
    name: "nobody looks after a cancellation",
    mistake: "when the first one gives up, those behind it, who want less, are not looked at",
    study: ["limiter.ts", "givesUp"],
    edits: [{ file: limiter, find: giveUp, put: "takeOut();" }],
  },
  {
    name: "wakes before it counts",
    mistake: "what is brought back is lent before it is counted: the last one to wait sees too little, and is never looked at again",
    study: ["limiter.ts", "tokens"],
    edits: [{ file: limiter, find: "this.#free += tokens;\n    this.#lend();", put: "this.#lend();\n    this.#free += tokens;" }],
  },
  {
    name: "overtaking",
    mistake: "one that wants few tokens is served at once if there are as many, and one that wants all of them waits on",
    study: ["limiter.ts", "tokens"],
    edits: [
      {
        file: limiter,
        find: "const takeOut = this.#waiting.add({ waiter, tokens });",
        put: "if (tokens <= this.#free) return (this.#free -= tokens), void waiter.resolve();\n      const takeOut = this.#waiting.add({ waiter, tokens });",
      },
    ],
  },
  {
    name: "grant against time limit",
    mistake: "borrowWithin() looks at the clock once more when it has the tokens: they are lent, and it says that they are not",
    study: ["limiter.ts", "timeLimit"],
    edits: [{ file: limiter, find: ".then(() => true)", put: ".then(() => !limited.cancelled)" }],
  },
  {
    name: "handed to one that is gone",
    mistake: "of two that are cancelled together, the first one's clean-up lends to the second one, and does not see that this fails",
    study: ["limiter.ts", "together"],
    edits: [{ file: limiter, find: "if (this.#waiting.hand(first, undefined)) this.#free -= first.tokens;", put: "this.#waiting.hand(first, undefined);\n      this.#free -= first.tokens;" }],
  },
];
