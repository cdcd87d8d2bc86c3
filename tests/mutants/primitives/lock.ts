import type { Planted } from "./planted.ts";

const waiters = "primitives/waiters.ts";
const lock = "primitives/lock.ts";
const wait = `return park<void>(scope, "lock", (waiter) => {
      if (this.#owner !== undefined) return this.#waiting.add({ waiter, owner });`;
const handOver = "this.#owner = this.#waiting.wake()?.owner;";
const invite = "this.#owner = undefined;\n    this.#waiting.wake();";

export const lockMistakes: readonly Planted[] = [
  {
    name: "ghost waiter",
    mistake: "a cancelled waiter stays in the queue, and swallows the hand-over that comes to it",
    study: ["lock.ts", "exclusion"],
    edits: [
      { file: waiters, find: "return () => void this.#queue.delete(waiting);", put: "return () => {};" },
      { file: waiters, find: "return waiting.waiter.resolve(value);", put: "waiting.waiter.resolve(value);\n    return true;" },
    ],
  },
  {
    name: "lost wake-up",
    mistake: "acquire() sees the lock held, lets others go on, and queues without looking again: the release came in between",
    study: ["lock.ts", "exclusion"],
    edits: [{ file: lock, find: wait, put: `if (this.#owner !== undefined) return scope.checkpoint().then(() => park<void>(scope, "lock", (waiter) => this.#waiting.add({ waiter, owner })));\n    ${wait}` }],
  },
  {
    name: "double release",
    mistake: "release() does not ask who releases: the second one of a careful function frees the lock of another",
    study: ["lock.ts", "doubleRelease"],
    edits: [{ file: lock, find: "if (owner !== this.#owner) return false;", put: "" }],
  },
  {
    name: "barging",
    mistake: "a release frees the lock and wakes the first one, which looks again: a newcomer is faster",
    study: ["lock.ts", "order"],
    edits: [
      { file: lock, find: wait, put: `if (this.#owner !== undefined) return park<void>(scope, "lock", (waiter) => this.#waiting.add({ waiter, owner })).then(() => this.acquire(scope, owner));\n    ${wait}` },
      { file: lock, find: handOver, put: invite },
    ],
  },
  {
    name: "no second look",
    mistake: "a release frees the lock and wakes the first one, which takes it without looking again: so does a newcomer",
    study: ["lock.ts", "exclusion"],
    edits: [
      {
        file: lock,
        find: wait,
        put: `if (this.#owner !== undefined) return park<void>(scope, "lock", (waiter) => this.#waiting.add({ waiter, owner })).then(() => void (this.#owner = owner));\n    ${wait}`,
      },
      { file: lock, find: handOver, put: invite },
    ],
  },
];
