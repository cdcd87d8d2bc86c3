/** W: a time limit against a cancellation from outside, and what a deadline is by the clock (G10, G18). */
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
  sleepUntil,
  taskGroup,
  TaskGroupError,
  TimeoutError,
} from "espalier";
import { park, type Waiter } from "espalier/lowlevel";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

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

describe("G10: failAfter() throws a TimeoutError only if its own deadline was the recorded cause", () => {
  scenario("G10: … its own cancel() is a CancelledError, also when the deadline passes during the cleanup", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(
        10,
        async (scope) => {
          scope.cancel("enough");
          try {
            await sleepForever(scope);
          } finally {
            await scope.shield((own) => sleep(100, own));
          }
        },
        { clock },
      ),
    );
    assert.equal(isA(error, CancelledError).reason, "enough");
  });

  scenario("G10: … its deadline stays the cause when cancel() comes during the cleanup", async ({ clock }) => {
    const error = await thrownBy(
      failAfter(
        10,
        async (scope) => {
          try {
            await sleepForever(scope);
          } finally {
            scope.cancel("late");
          }
        },
        { clock },
      ),
    );
    assert.equal(isA(error, TimeoutError).cause.source, "deadline");
  });

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

describe("G18: a deadline that passed while the event loop was blocked is seen at once", () => {
  /** Blocks until the scope's own clock says that its time is over. */
  const block = (scope: Scope, until: number): void => {
    while (scope.now() < until) void 0;
  };

  scenario("G18: … by `cancelled`, `reason`, `deadline` and throwIfCancelled() inside the blocking code, and by its signal", async () => {
    await moveOnAfter(3, async (scope) => {
      const { signal, deadline } = scope;
      assert.equal(scope.cancelled, false);
      block(scope, deadline);
      assert.equal(scope.cancelled, true);
      assert.equal(signal.aborted, true);
      assert.equal(scope.reason?.source, "deadline");
      assert.equal(scope.deadline, -Infinity);
      assert.equal(await thrownBy(() => scope.throwIfCancelled()), scope.reason);
    });
  });

  const operations: Record<string, (scope: Scope) => unknown> = {
    "throwIfCancelled()": (scope) => scope.throwIfCancelled(),
    "checkpoint()": (scope) => scope.checkpoint(),
    "sleep(0)": (scope) => sleep(0, scope),
    "sleepUntil()": (scope) => sleepUntil(0, scope),
    "wait()": (scope) => scope.wait(Promise.resolve()),
    "park()": (scope) => park(scope, "test", () => assert.fail("it was registered")),
  };
  for (const [name, operation] of Object.entries(operations)) {
    scenario(`G18: … by ${name} as the very next operation, also in a scope further in`, async () => {
      const error = await thrownBy(
        failAfter(2, (outer) =>
          outer.moveOnAfter(60_000, async (scope) => {
            block(scope, outer.deadline);
            await operation(scope);
            assert.fail("it ended well");
          }),
        ),
      );
      isA(error, TimeoutError);
    });
  }

  scenario("G18: … by trySpawn(), which then calls nothing", async () => {
    await ending(
      taskGroup(async (group) => {
        group.reschedule(group.now() + 2);
        block(group, group.deadline);
        assert.equal(group.trySpawn(() => assert.fail("called")), undefined);
      }),
    );
  });

  scenario("G18: … and it came before a cancel() that follows it (G9)", async () => {
    const error = await thrownBy(
      failAfter(2, async (scope) => {
        block(scope, scope.deadline);
        scope.cancel("late");
        await scope.checkpoint();
      }),
    );
    assert.equal(isA(error, TimeoutError).cause.source, "deadline");
  });

  scenario("G18: … but a body that never waits again gives its value", async () => {
    const value = await failAfter(2, (scope) => {
      block(scope, scope.deadline);
      return "value";
    });
    assert.equal(value, "value");
  });
});
