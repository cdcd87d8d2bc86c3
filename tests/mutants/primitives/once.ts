import type { Planted } from "./planted.ts";

const once = "primitives/once.ts";
const keep = "if (drops === this.#drops) this.#kept = { value };";
const hold = "return this.#making.hold(scope, async () => {";

export const onceMistakes: readonly Planted[] = [
  {
    name: "keeps a cancellation",
    mistake: "what is kept is the promise of the first one that asked: when that one is cancelled, all others are too, for ever",
    study: ["once.ts", "secondTry"],
    edits: [
      { file: once, find: "#drops = 0;", put: "#drops = 0;\n  #promise: Promise<T> | undefined;" },
      { file: once, find: hold, put: `this.#promise ??= this.#make(scope);\n    if (this.#promise !== undefined) return this.#promise;\n    ${hold}` },
    ],
  },
  {
    name: "two makers",
    mistake: "nobody holds the others back between the look at what is kept and the keeping",
    study: ["once.ts", "shared"],
    edits: [
      { file: once, find: hold, put: "void this.#making;\n    return (async () => {" },
      { file: once, find: "return value;\n    });", put: "return value;\n    })();" },
    ],
  },
  {
    name: "wakes before it keeps",
    mistake: "the value is kept a step after the lock was released: the next one finds nothing, and makes it again",
    study: ["once.ts", "shared"],
    edits: [
      { file: once, find: keep, put: "" },
      { file: once, find: "return value;\n    });", put: "return { value, drops };\n    }).then(async (made) => {\n      if (typeof made !== 'object' || made === null || !('drops' in made)) return made as T;\n      await scope.checkpoint();\n      this.#kept = made;\n      return made.value;\n    });" },
    ],
  },
  {
    name: "keeps what is old",
    mistake: "a maker that was slow keeps what it read before the value was dropped",
    study: ["once.ts", "fresh"],
    edits: [{ file: once, find: keep, put: "this.#kept = { value };\n      void drops;" }],
  },
];
