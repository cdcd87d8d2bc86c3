import type { Planted } from "./planted.ts";

const condition = "primitives/condition.ts";
const program = "programs/condition.ts";
const queue = '    const parked = park<void>(scope, "condition", (waiter) => this.#waiting.add({ waiter }));\n';
const letGo = "    this.#lock.release(scope);\n";

export const conditionMistakes: readonly Planted[] = [
  {
    name: "if instead of while",
    mistake: "who was notified takes for granted that the state is still what it was then",
    study: ["condition.ts", "takenBack"],
    edits: [{ file: program, find: "while (!(await this.#hasAny(scope)))", put: "if (!(await this.#hasAny(scope)))" }],
  },
  {
    name: "lets go before it waits",
    mistake: "wait() releases the lock, which takes a step, and queues after that: the only notification came in between",
    study: ["condition.ts", "oneLetter"],
    edits: [{ file: condition, find: queue + letGo, put: `${letGo}    await scope.checkpoint();\n${queue}` }],
  },
  {
    name: "notifies without the lock",
    mistake: "the state is changed without the lock, after a waiter has looked at it and before that one waits",
    study: ["condition.ts", "oneLetter"],
    edits: [
      {
        file: program,
        find: "post(letter: string, scope: Scope): Promise<void> {\n    return this.lock.hold(scope, () => {\n      this.letters.push(letter);\n      this.arrived.notify();\n    });",
        put: "async post(letter: string, _scope: Scope): Promise<void> {\n    this.letters.push(letter);\n    this.arrived.notify();",
      },
    ],
  },
];
