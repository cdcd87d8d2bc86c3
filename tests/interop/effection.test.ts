/** What is special beside Effection: spawned operations, contexts, halts that meet failures. (The rest: styles.test.ts.) */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { call, createContext, run, spawn, suspend, withResolvers } from "effection";
import { failAfter, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { asOperation, runOperation } from "espalier/effection";
import { Event } from "espalier/sync";
import { testClock } from "espalier/testing";

const failure = new Error("failed");

describe("asOperation()", () => {
  test("asOperation() calls its function anew at each evaluation", async () => {
    let calls = 0;
    const counted = asOperation(async () => ++calls);
    assert.equal(calls, 0);
    assert.deepEqual(await run(function* () {
      return [yield* counted, yield* counted];
    }), [1, 2]);
  });

  test("asOperation() throws what is no Error as it is", async () => {
    await assert.rejects(run(() => asOperation(() => Promise.reject("text"))), (error) => error === "text");
  });

  test("asOperation() keeps an error in the function that can catch it (en6), and from the operation around", async () => {
    const caught = asOperation((scope) => runOperation(function* () {
      void (yield* spawn(() => call(() => Promise.reject(failure))));
      yield* suspend();
    }, scope).catch((error: unknown) => ["caught", error]));
    assert.deepEqual(await run(() => caught), ["caught", failure]);
  });

  test("asOperation() passes on contexts to the operations in it, past scopes and tasks", async () => {
    const tenant = createContext<string>("tests.tenant");
    const inside = asOperation((scope) => scope.group((group) => group.spawn((task) => runOperation(() => tenant.expect(), task)).join()));
    assert.equal(await run(() => tenant.with("ada", () => inside)), "ada");
  });

  test("asOperation() may wait in the `finally` of an operation that was cancelled", async () => {
    const clock = testClock();
    let cleaned = 0;
    await moveOnAfter(1_000, (scope) => runOperation(function* () {
      try {
        yield* suspend();
      } finally {
        yield* asOperation(async (own) => {
          await sleep(500, own);
          cleaned = own.now();
        });
      }
    }, scope), { clock });
    assert.equal(cleaned, 1_500);
  });

  test("asOperation() that is halted is waited for, though something fails meanwhile", async () => {
    const [began, free, failing] = [new Event(), new Event(), withResolvers<void>()];
    const log: string[] = [];
    const lingering = async (scope: Scope): Promise<never> => {
      try {
        return await sleepForever(scope);
      } finally {
        began.set();
        await scope.shield((own) => free.wait(own));
        log.push("cleaned up");
      }
    };
    const task = run(function* () {
      void (yield* spawn(function* () {
        yield* failing.operation;
        throw failure;
      }));
      yield* asOperation(lingering);
    });
    const halted = task.halt().then(() => log.push("halted"), () => log.push("halted"));
    await taskGroup((group) => began.wait(group));
    failing.resolve();
    free.set();
    await halted;
    assert.deepEqual(log, ["cleaned up", "halted"]);
  });
});

describe("runOperation()", () => {
  test("runOperation() ends what was spawned when the operation has returned, and waits for it", async () => {
    const [log, running] = [[] as string[], withResolvers<void>()];
    const value = await taskGroup((group) => runOperation(function* () {
      void (yield* spawn(function* () {
        try {
          running.resolve();
          yield* suspend();
        } finally {
          yield* asOperation((scope) => sleep(1, scope));
          log.push("ended");
        }
      }));
      yield* running.operation;
      return "value";
    }, group));
    assert.deepEqual([value, log], ["value", ["ended"]]);
  });

  test("runOperation() fails with the error of a spawned operation, which cancels the scope's other tasks", async () => {
    const ending = taskGroup((group) => {
      group.spawn((scope) => sleepForever(scope));
      group.spawn((scope) => runOperation(function* () {
        void (yield* spawn(() => call(() => Promise.reject(failure))));
        yield* suspend();
      }, scope));
    });
    await assert.rejects(ending, (error) => error instanceof TaskGroupError && error.errors[0] === failure);
  });

  test("runOperation() is cancelled with the operation around it, innermost first", async () => {
    const log: string[] = [];
    const noting = (name: string, inside: () => ReturnType<typeof suspend>) =>
      function* () {
        try {
          yield* inside();
        } finally {
          log.push(name);
        }
      };
    const task = run(noting("outer", () => asOperation((scope) => runOperation(noting("inner", suspend), scope))));
    await task.halt();
    assert.deepEqual(log, ["inner", "outer"]);
  });

  test("runOperation() is no hole in the tree: what is inside of it is cancelled by the time limit around", async () => {
    let inner: Scope | undefined;
    const work = asOperation((scope) => runOperation(() => asOperation((own) => sleepForever((inner = own))), scope));
    await failAfter(1_000, (scope) => runOperation(() => work, scope), { clock: testClock() }).catch(() => {});
    assert.equal(inner?.reason?.source, "deadline");
  });
});
