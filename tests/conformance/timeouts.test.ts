/** W: a time limit against a cancellation from outside (G7, G8, G10). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import {
  CancelledError,
  type CancelScope,
  failAfter,
  moveOnAfter,
  type Scope,
  sleep,
  sleepForever,
  taskGroup,
  TaskGroupError,
  TimeoutError,
} from "espalier";
import { park, type Waiter } from "espalier/lowlevel";
import { gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

describe("W01: an outer cancellation before the time limit is a CancelledError, not a TimeoutError", () => {
  const limits: Record<string, (scope: Scope) => Promise<unknown>> = {
    "failAfter()": (scope) => scope.failAfter(1_000, sleepForever),
    "moveOnAfter()": (scope) => scope.moveOnAfter(1_000, sleepForever, { fallback: "moved on" }),
    "failAfter() in a group": (scope) => scope.group((group) => group.failAfter(1_000, sleepForever)),
    "failAfter() in a task": (scope) => scope.group((group) => void group.spawn((own) => own.failAfter(1_000, sleepForever))),
  };
  for (const [name, limit] of Object.entries(limits)) {
    scenario(`W01: … ${name}`, async ({ clock }) => {
      const fallback = await moveOnAfter(
        100,
        async (scope) => {
          const error = await thrownBy(limit(scope));
          assert.equal(error, scope.reason);
          throw error;
        },
        { clock, fallback: "outer" },
      );
      assert.equal(fallback, "outer");
      assert.equal(clock.now(), 100);
    });
  }

  scenario("W01: … also when the time limit was moved in the meantime", async ({ clock }) => {
    await moveOnAfter(
      100,
      async (scope) => {
        const error = await thrownBy(
          scope.failAfter(50, (own) => {
            own.reschedule(500);
            return sleepForever(own);
          }),
        );
        assert.equal(error, scope.reason);
      },
      { clock },
    );
    assert.equal(clock.now(), 100);
  });
});

scenario("W02: a caught TimeoutError leaves nothing behind: later waits work, and the task ends well", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const task = group.spawn(async (scope) => {
        isA(await thrownBy(scope.failAfter(10, sleepForever)), TimeoutError);
        await sleep(100, scope);
        return scope.cancelled;
      });
      assert.equal(await task.join(group), false);
      assert.equal(group.now(), 110);
    },
    { clock },
  );
});

describe("W04: a body that catches the timeout's cancellation and returns gives its value", () => {
  scenario("W04: … of failAfter()", async ({ clock }) => {
    const value = await failAfter(10, (scope) => sleepForever(scope).catch(() => 42), { clock });
    assert.equal(value, 42);
  });
  scenario("W04: … of moveOnAfter()", async ({ clock }) => {
    const value = await moveOnAfter(10, (scope) => sleepForever(scope).catch(() => 42), { clock, fallback: "moved on" });
    assert.equal(value, 42);
  });
  scenario("W04: … of a shield with a timeout", async ({ clock }) => {
    const value = await failAfter(1_000, (scope) => scope.shield((own) => sleepForever(own).catch(() => 42), { timeout: 10 }), { clock });
    assert.equal(value, 42);
  });
});

describe("W05: what the body throws while the deadline cancels it is what the call throws", () => {
  const F = new Error("F");
  const fails = (scope: Scope): Promise<never> => sleepForever(scope).catch(() => Promise.reject(F));
  const calls: Record<string, (scope: Scope) => Promise<unknown>> = {
    "failAfter()": (scope) => scope.failAfter(10, fails),
    "moveOnAfter()": (scope) => scope.moveOnAfter(10, fails, { fallback: "moved on" }),
    "a shield with a timeout": (scope) => scope.shield(fails, { timeout: 10 }),
  };
  for (const [name, call] of Object.entries(calls)) {
    scenario(`W05: … ${name}`, async ({ clock }) => {
      await failAfter(1_000, async (scope) => assert.equal(await thrownBy(call(scope)), F), { clock });
    });
  }
});

describe("W06: a TimeoutError is thrown only after the body's cleanup", () => {
  for (const ms of [0, 10]) {
    scenario(`W06: … with a limit of ${ms}`, async ({ clock }) => {
      const steps: string[] = [];
      const error = await thrownBy(
        failAfter(
          ms,
          async (scope) => {
            scope.defer((own) => sleep(5, own).then(() => steps.push("deferred")));
            try {
              await sleepForever(scope);
            } finally {
              await scope.shield((own) => sleep(20, own));
              steps.push("cleanup");
            }
          },
          { clock },
        ),
      );
      steps.push("thrown");
      assert.equal(isA(error, TimeoutError).ms, ms);
      assert.deepEqual(steps, ["cleanup", "deferred", "thrown"]);
      assert.equal(clock.now(), ms + 25);
    });
  }
});

scenario("W07: cancelling whoever waits for failAfter() cancels its body", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const reached: unknown[] = [];
      const task = group.spawn((scope) => scope.failAfter(1_000, (own) => sleepForever(own).catch((error: unknown) => reached.push(error))));
      task.cancel("enough");
      await task.settled(group);
      assert.equal(isA(reached[0], CancelledError).reason, "enough");
      assert.equal(group.now(), 0);
    },
    { clock },
  );
});

describe("W10: a time limit that is opened in a cancelled scope is cut by that cancellation, never by its own deadline", () => {
  for (const ms of [-1, 0, 10, Infinity]) {
    scenario(`W10: … a limit of ${ms}`, async ({ clock }) => {
      const outcome = await moveOnAfter(
        Infinity,
        async (scope) => {
          scope.cancel();
          assert.equal(await thrownBy(scope.failAfter(ms, sleepForever)), scope.reason);
          assert.equal(await thrownBy(scope.moveOnAfter(ms, sleepForever)), scope.reason);
          await scope.checkpoint();
        },
        { clock, fallback: "outer" },
      );
      assert.equal(outcome, "outer");
      assert.equal(clock.now(), 0);
    });
  }
});

describe("W12: what was handed over before the cancellation is delivered, and the next wait throws (G8)", () => {
  type Waits = (scope: CancelScope) => { wait: Promise<unknown>; handOver: () => void };
  const waits: Record<string, Waits> = {
    "park()": (scope) => {
      let waiter!: Waiter<string>;
      const wait = park<string>(scope, "test", (own) => void (waiter = own));
      return { wait, handOver: () => assert.equal(waiter.resolve("value"), true) };
    },
    "wait()": (scope) => {
      const { promise, open } = gate<string>();
      return { wait: scope.wait(promise), handOver: () => open("value") };
    },
  };
  for (const [name, begin] of Object.entries(waits)) {
    scenario(`W12: … by ${name}`, async ({ clock }) => {
      await moveOnAfter(
        Infinity,
        async (scope) => {
          const { wait, handOver } = begin(scope);
          await quiet();
          handOver();
          scope.cancel();
          assert.equal(await wait, "value");
          assert.equal(await thrownBy(scope.checkpoint()), scope.reason);
        },
        { clock },
      );
    });
  }

  scenario("W12: … by join(): the task's end and the cancellation fall into one turn", async ({ clock }) => {
    await taskGroup(
      (group) =>
        group.moveOnAfter(Infinity, async (scope) => {
          const foreign = gate();
          const task = group.spawn(async () => {
            await foreign.promise;
            return "value";
          });
          // Told first, it cancels when the join has its value and its awaiter has not run yet.
          void task.settled().then(() => scope.cancel());
          const join = task.join(scope);
          foreign.open();
          assert.equal(await join, "value");
          assert.equal(await thrownBy(scope.checkpoint()), scope.reason);
        }),
      { clock },
    );
  });

  scenario("W12: … not what comes after the cancellation", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        let waiter!: Waiter<string>;
        const wait = park<string>(scope, "test", (own) => void (waiter = own));
        scope.cancel();
        assert.equal(waiter.resolve("late"), false);
        assert.equal(await thrownBy(wait), scope.reason);
      },
      { clock },
    );
  });
});

describe("G10: of several causes the recorded one decides", () => {
  scenario("G10: … of two deadlines at the same moment the outer one is the cause", async ({ clock }) => {
    const inner: unknown[] = [];
    const error = await thrownBy(
      failAfter(10, (outer) => outer.failAfter(10, sleepForever, { name: "inner" }).catch((caught: unknown) => inner.push(caught)).then(() => outer.checkpoint()), {
        clock,
        name: "outer",
      }),
    );
    assert.match(isA(error, TimeoutError).message, /outer/);
    assert.equal(isA(inner[0], CancelledError).by, "outer");
  });

  scenario("G10: … a limit of 0 inside a limit of 0 is the outer one's", async ({ clock }) => {
    const error = await thrownBy(failAfter(0, (outer) => outer.failAfter(0, (scope) => scope.checkpoint()), { clock, name: "outer" }));
    assert.match(isA(error, TimeoutError).message, /outer/);
  });

  scenario("G10: … the deadline's CancelledError wrapped in the failures of a group is taken out, and the failures go on", async ({ clock }) => {
    const F = new Error("F");
    const error = await thrownBy(
      failAfter(
        10,
        (scope) =>
          scope.group((group) => {
            group.spawn(sleepForever);
            group.spawn((own) => sleepForever(own).catch(() => Promise.reject(F)));
          }),
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [F]);
  });
});
