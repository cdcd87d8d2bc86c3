import type { Planted } from "./planted.ts";

const queue = "primitives/work-queue.ts";

export const workQueueMistakes: readonly Planted[] = [
  {
    name: "join() looks at the queue only",
    mistake: "join() is over when the queue is empty: what a worker has in hand, and puts in while it has it, is missed",
    study: ["work-queue.ts", "joining"],
    edits: [{ file: queue, find: "if (--this.#unfinished === 0)", put: "this.#unfinished--;\n    if (this.#items.length === 0)" }],
  },
  {
    name: "woken without an item",
    mistake: "put() wakes a worker, which takes the item when its turn comes: another one was faster",
    study: ["work-queue.ts", "joining"],
    edits: [
      { file: queue, find: "if (this.#workers.wake(item) === undefined) this.#items.push(item);", put: "this.#items.push(item);\n    this.#workers.wake(undefined as T);" },
      { file: queue, find: "return void waiter.resolve(this.#items.shift()!);\n    });", put: "return void waiter.resolve(this.#items.shift()!);\n    }).then((item) => item ?? this.#items.shift()!);" },
    ],
  },
];
