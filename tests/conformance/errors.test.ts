/** Cases of topic E: what a group throws, in which order, and that nothing is lost on the way. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  CancelledError,
  catchErrors,
  leaves,
  type Scope,
  sleep,
  splitErrors,
  suppressed,
  type Task,
  TaskGroupError,
  taskGroup,
} from "espalier";
import { gate, isA, same, scenario, thrownBy } from "./case.ts";

const E = new Error("E");
const F = new Error("F");
const G = new Error("G");

/** A task that fails at a time. */
const failAt =
  (ms: number, error: unknown) =>
  async (scope: Scope): Promise<never> => {
    await sleep(ms, scope);
    throw error;
  };

/** A task that fails in its cleanup, when it is interrupted. */
const failWhenInterrupted =
  (error: unknown) =>
  async (scope: Scope): Promise<void> => {
    await sleep(10_000, scope).catch(() => {
      throw error;
    });
  };

const errorsOf = async (call: Promise<unknown>): Promise<unknown[]> => isA(await thrownBy(call), TaskGroupError).errors;

describe("what is thrown", () => {
  scenario("E01: one failed task gives a TaskGroupError of one, never the bare error", async ({ clock }) => {
    same(await errorsOf(taskGroup((group) => void group.spawn(failAt(10, E)), { clock })), [E]);
  });

  for (const [how, body] of [
    ["throws", () => { throw E; }],
    ["rejects", () => Promise.reject(E)],
    ["gives a thenable that rejects", () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(E) }) as PromiseLike<never>],
  ] as const) {
    scenario(`E02: a body alone that ${how} gives [E]`, async () => {
      same(await errorsOf(taskGroup(body)), [E]);
    });
  }

  scenario("E03: two tasks that throw before the cancellation reaches them are both in errors", async ({ clock }) => {
    const released = gate();
    const call = taskGroup(
      (group) => {
        group.spawn(() => released.promise.then(() => Promise.reject(E)));
        group.spawn(() => released.promise.then(() => Promise.reject(F)));
      },
      { clock },
    );
    released.open();
    same(await errorsOf(call), [E, F]);
  });

  scenario("E05: the interruptions that a failure causes, of siblings and of the body, are not in errors", async ({ clock }) => {
    const errors = await errorsOf(
      taskGroup(
        async (group) => {
          for (let n = 0; n < 3; n++) group.spawn((scope) => sleep(1_000, scope));
          group.spawn(failAt(10, E));
          await sleep(1_000, group);
        },
        { clock },
      ),
    );
    same(errors, [E]);
  });

  scenario("E06: a failure in an inner group stays nested: [[E]]", async ({ clock }) => {
    const outer = await errorsOf(taskGroup((group) => group.group((inner) => void inner.spawn(failAt(10, E))), { clock }));
    assert.equal(outer.length, 1);
    same(isA(outer[0], TaskGroupError).errors, [E]);
  });

  scenario("E10: a group that is cancelled from outside rejects with the CancelledError alone", async ({ clock, outside }) => {
    const client = outside();
    const call = taskGroup(
      async (group) => {
        for (let n = 0; n < 3; n++) group.spawn((scope) => sleep(1_000, scope));
        group.spawn((scope) => sleep(10, scope).then(() => client.abort("gone")));
        await sleep(1_000, group);
      },
      { clock, signal: client.signal },
    );
    assert.equal(isA(await thrownBy(call), CancelledError).source, "signal");
  });

  scenario("E16: errors holds the very objects that were thrown, with their cause, and an AggregateError is one entry", async ({ clock }) => {
    const cause = new Error("cause");
    const withCause = new Error("with cause", { cause });
    const aggregate = new AggregateError([E, F], "the user's own");
    const errors = await errorsOf(
      taskGroup(
        (group) => {
          group.spawn(failAt(10, withCause));
          group.spawn(failAt(10, aggregate));
          return sleep(1_000, group);
        },
        { clock },
      ),
    );
    same(errors, [withCause]);
    assert.equal(withCause.cause, cause);
    same(await errorsOf(taskGroup(() => Promise.reject(aggregate))), [aggregate]);
    same(aggregate.errors, [E, F]);
  });

  scenario("E17: a TaskGroupError has no cause of its own", async () => {
    const error = await thrownBy(taskGroup(() => Promise.reject(E)));
    assert.equal("cause" in isA(error, TaskGroupError), false);
  });

  for (const value of [undefined, null, "text", 0, NaN, false, Symbol("s")]) {
    for (const from of ["body", "task"] as const) {
      scenario(`E18: ${String(value)}, thrown by the ${from}, is an entry and counts as a failure`, async ({ clock }) => {
        const sibling: { task?: Task<void> } = {};
        const errors = await errorsOf(
          taskGroup(
            async (group) => {
              sibling.task = group.spawn((scope) => sleep(1_000, scope));
              if (from === "body") throw value;
              group.spawn(() => Promise.reject(value));
              await sleep(1_000, group);
            },
            { clock },
          ),
        );
        same(errors, [value]);
        assert.equal(sibling.task?.status, "cancelled");
        assert.equal(clock.now(), 0);
      });
    }
  }

  scenario("E18: two tasks that throw equal primitives are two failures", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.spawn(failWhenInterrupted("text"));
          group.spawn((scope) => sleep(10, scope).then(() => Promise.reject("text")));
        },
        { clock },
      ),
    );
    same(leaves(error), ["text", "text"]);
  });

  scenario("E20: a failed task that nobody joins is no unhandled rejection, and a late join() rejects with E", async ({ takeReports }) => {
    const tasks: Task<unknown>[] = [];
    await thrownBy(
      taskGroup((group) => {
        tasks.push(group.spawn(() => Promise.reject(E)));
        throw F;
      }),
    );
    assert.deepEqual(await takeReports(), []);
    assert.equal(await thrownBy(tasks[0]!.join()), E);
    assert.deepEqual(await tasks[0]!.settled(), { status: "failed", error: E });
  });

  scenario("E21: errors are in the order of failure, the body's own last", async ({ clock }) => {
    const inOrder = taskGroup(
      (group) => {
        group.spawn(failWhenInterrupted(F));
        group.spawn(failAt(10, E));
      },
      { clock },
    );
    same(await errorsOf(inOrder), [E, F]);
    const bodyFirst = taskGroup(
      (group) => {
        group.spawn(failWhenInterrupted(E));
        group.spawn(failWhenInterrupted(F));
        throw G;
      },
      { clock },
    );
    same(await errorsOf(bodyFirst), [E, F, G]);
  });
});

describe("E22: onError isolates", () => {
  scenario("E22: a task's failure goes to onError with its task; siblings and body go on and the call fulfils", async ({ clock }) => {
    const told: [unknown, Task<unknown>][] = [];
    const log: string[] = [];
    const failed = await taskGroup(
      async (group) => {
        const task = group.spawn(failAt(10, E));
        group.spawn((scope) => sleep(50, scope).then(() => log.push("sibling")));
        await sleep(20, group);
        log.push("body");
        return task;
      },
      { clock, onError: (error, task) => void told.push([error, task]) },
    );
    assert.deepEqual(log, ["body", "sibling"]);
    assert.equal(told.length, 1);
    same(told[0]!, [E, failed]);
    assert.deepEqual(failed.outcome, { status: "failed", error: E });
  });

  scenario("E22: an error of the body cancels the tasks and is no business of onError", async ({ clock }) => {
    const tasks: Task<unknown>[] = [];
    const errors = await errorsOf(
      taskGroup(
        (group) => {
          tasks.push(group.spawn((scope) => sleep(1_000, scope)));
          throw E;
        },
        { clock, onError: () => assert.fail("called") },
      ),
    );
    same(errors, [E]);
    assert.equal(tasks[0]?.status, "cancelled");
  });

  scenario("E22: a cancellation from outside cancels the tasks and is no business of onError", async ({ clock, outside }) => {
    const client = outside();
    const call = taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(1_000, scope));
        client.abort();
        await sleep(1_000, group);
      },
      { clock, signal: client.signal, onError: () => assert.fail("called") },
    );
    assert.equal(isA(await thrownBy(call), CancelledError).source, "signal");
  });

  scenario("E22: what a task throws when the group is cancelled goes to onError too", async ({ clock }) => {
    const told: unknown[] = [];
    await taskGroup(
      (group) => {
        group.spawn(failWhenInterrupted(E));
        group.spawn(failWhenInterrupted(F), { daemon: true });
        group.cancel();
      },
      { clock, onError: (error) => void told.push(error) },
    );
    same(told, [E, F]);
  });

  scenario("E22: an asynchronous onError is awaited before the call settles", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup((group) => void group.spawn(failAt(10, E)), {
      clock,
      async onError() {
        await taskGroup((own) => sleep(100, own), { clock });
        log.push("reported");
      },
    });
    assert.deepEqual(log, ["reported"]);
    assert.equal(clock.now(), 110);
  });

  for (const [how, onError] of [
    ["throws", () => { throw F; }],
    ["rejects", () => Promise.reject(F)],
  ] as const) {
    scenario(`E22: an onError that ${how} is a failure of the group, which cancels the others`, async ({ clock }) => {
      const errors = await errorsOf(
        taskGroup(
          async (group) => {
            group.spawn(failAt(10, E));
            await sleep(1_000, group);
          },
          { clock, onError },
        ),
      );
      same(errors, [F]);
      assert.equal(clock.now(), 10);
    });
  }
});

describe('E23: errors: "first"', () => {
  scenario("E23: the first failure itself is thrown, after all have finished; suppressed() has the others", async ({ clock }) => {
    const log: string[] = [];
    const first = new Error("first");
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(failWhenInterrupted(F));
          group.spawn(async (scope) => {
            await sleep(1_000, scope).finally(() => log.push("cleaned up"));
          });
          group.spawn(failAt(10, first));
          await sleep(1_000, group);
        },
        { clock, errors: "first" },
      ),
    );
    assert.equal(error, first);
    same(suppressed(error), [F]);
    assert.deepEqual(log, ["cleaned up"]);
  });

  scenario("E23: a single failure has nothing suppressed", async () => {
    const alone = new Error("alone");
    const error = await thrownBy(taskGroup(() => Promise.reject(alone), { errors: "first" }));
    assert.equal(error, alone);
    same(suppressed(error), []);
  });

  scenario('E23: with errors: "first", a body that failed first is the first failure, though the list has it last', async ({ clock }) => {
    const first = new Error("first");
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.spawn(failWhenInterrupted(F));
          throw first;
        },
        { clock, errors: "first" },
      ),
    );
    assert.equal(error, first);
    same(suppressed(error), [F]);
  });

  for (const [what, first] of [
    ["a primitive", "text"],
    ["undefined", undefined],
    ["a frozen object", Object.freeze(new Error("frozen"))],
  ] as const) {
    scenario(`E23: where the first failure is ${what}, which can carry nothing, nothing is lost`, async ({ clock }) => {
      const error = await thrownBy(
        taskGroup(
          (group) => {
            group.spawn(failWhenInterrupted(F));
            group.spawn(failAt(10, first));
          },
          { clock, errors: "first" },
        ),
      );
      same(leaves(error), [first, F]);
    });
  }
});

describe("E26: trees of errors", () => {
  const typeA = new TypeError("a");
  const range = new RangeError("b");
  const typeC = new TypeError("c");
  const inner = new TaskGroupError([range, typeC], "inner");
  const outer = new TaskGroupError([typeA, inner], "outer");
  const isType = (error: unknown): boolean => error instanceof TypeError;

  scenario("E26: leaves() flattens in order", () => {
    same(leaves(outer), [typeA, range, typeC]);
  });

  scenario("E26: splitErrors() gives [matched, rest] with the structure kept", () => {
    const [matched, rest] = splitErrors(outer, isType);
    const [first, second] = isA(matched, TaskGroupError).errors as unknown[];
    assert.equal(first, typeA);
    same(isA(second, TaskGroupError).errors, [typeC]);
    const [left] = isA(rest, TaskGroupError).errors as unknown[];
    same(isA(left, TaskGroupError).errors, [range]);
  });

  scenario("E26: catchErrors() calls each handler once on what matches and rethrows what none matched, nested as it was", async () => {
    const told: unknown[][] = [];
    const rest = await thrownBy(catchErrors(outer, [TypeError, (group) => void told.push(leaves(group))], [SyntaxError, () => assert.fail("called")]));
    assert.equal(told.length, 1);
    same(told[0]!, [typeA, typeC]);
    const [left] = isA(rest, TaskGroupError).errors as unknown[];
    same(isA(left, TaskGroupError).errors, [range]);
  });

  scenario("E26: catchErrors() ends well when everything was handled", async () => {
    const told: unknown[] = [];
    await catchErrors(outer, [TypeError, (group) => void told.push(...leaves(group))], [RangeError, (group) => void told.push(...leaves(group))]);
    same(told, [typeA, typeC, range]);
  });
});
