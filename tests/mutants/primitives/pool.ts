import type { Planted } from "./planted.ts";

const pool = "primitives/pool.ts";
const take = "const resource = await this.#take(scope);";

export const poolMistakes: readonly Planted[] = [
  {
    name: "counts after opening",
    mistake: "the place of a new resource is taken when it is open: two that find the same place free both open one",
    study: ["pool.ts", "limit"],
    edits: [
      { file: pool, find: "if (resource === undefined) this.#places--;\n      else this", put: "if (resource !== undefined) this" },
      { file: pool, find: "if (resource === undefined) return await this.#resources.open(scope);", put: "if (resource === undefined) return await this.#resources.open(scope).finally(() => this.#places--);" },
    ],
  },
  {
    name: "lost place",
    mistake: "an opening that is cancelled keeps its place",
    study: ["pool.ts", "limit"],
    edits: [{ file: pool, find: "this.#giveUp();\n      throw error;", put: "if (scope.cancelled) throw error;\n      this.#giveUp();\n      throw error;" }],
  },
  {
    name: "handed over and put back",
    mistake: "a resource that is handed to one that waits is put on the stack of idle ones as well",
    study: ["pool.ts", "limit"],
    edits: [{ file: pool, find: "if (this.#waiting.wake(resource) !== undefined) return;", put: "this.#waiting.wake(resource);" }],
  },
  {
    name: "ABA",
    mistake: "acquire() checks the top of the stack in place and takes it if it is still the top: it is again, and what was below is not",
    study: ["pool.ts", "twoEach"],
    edits: [
      {
        file: pool,
        find: take,
        put: `const top = this.#idle;
    if (top !== undefined) {
      const next = top.next as R | undefined;
      await this.#resources.check(top, scope);
      if (this.#idle === top) {
        this.#idle = next;
        return top;
      }
    }
    ${take}`,
      },
    ],
  },
];
