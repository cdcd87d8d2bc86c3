import type { Planted } from "./planted.ts";

const event = "primitives/event.ts";
const wait = `  wait(scope: Scope): Promise<void> {
    return park<void>(scope, "event", (waiter) => {
      if (!this.#isSet) return this.#waiting.add({ waiter });
      return void waiter.resolve();
    });
  }`;

export const eventMistakes: readonly Planted[] = [
  {
    name: "looks again when woken",
    mistake: "wait() looks whether the event is still set when its turn comes: one that was cleared meanwhile is missed for ever",
    study: ["event.ts", "pulse"],
    edits: [{ file: event, find: wait, put: `  async wait(scope: Scope): Promise<void> {\n    do await this.#wait(scope);\n    while (!this.#isSet);\n  }\n\n${wait.replace("wait", "#wait")}` }],
  },
  {
    name: "missed cancellation",
    mistake: "wait() looks for a cancellation, takes a step, and then listens for one: an aborted signal calls no new listener",
    study: ["event.ts", "givingUp"],
    edits: [
      {
        file: event,
        find: wait,
        put: `  wait(scope: Scope): Promise<void> {
    scope.throwIfCancelled();
    return scope.shield(async (deaf) => {
      await deaf.checkpoint();
      await park<void>(deaf, "event", (waiter) => {
        scope.signal.addEventListener("abort", () => waiter.reject(scope.signal.reason));
        if (this.#isSet) waiter.resolve();
        else this.#waiting.add({ waiter });
      });
    });
  }`,
      },
    ],
  },
  {
    name: "wakes one of many",
    mistake: "set() wakes the first one that waits, and forgets the others",
    study: ["event.ts", "everyone"],
    edits: [{ file: event, find: "this.#waiting.wakeAll();", put: "this.#waiting.wake();" }],
  },
];
