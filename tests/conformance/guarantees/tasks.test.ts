/** G12, G13: when a task's function is called, what its status says, and how long a group accepts tasks. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, sleep, sleepForever, type Task, type TaskGroup, TaskGroupError, taskGroup } from "espalier";
import { gate, isA, quiet, same, scenario, thrownBy } from "../case.ts";

const E = new Error("E");

describe("G12: spawn calls the function at once, as calling an async function does", () => {
  const functions: Record<string, { fn: (scope: Scope) => unknown; outcome: unknown }> = {
    "returns a value": { fn: () => 1, outcome: { status: "succeeded", value: 1 } },
    "returns nothing": { fn: () => {}, outcome: { status: "succeeded", value: undefined } },
    "is asynchronous": { fn: async () => 1, outcome: { status: "succeeded", value: 1 } },
    "gives a promise": { fn: () => Promise.resolve(1), outcome: { status: "succeeded", value: 1 } },
    "gives a promise of a promise": { fn: async () => Promise.resolve(Promise.resolve(1)), outcome: { status: "succeeded", value: 1 } },
    "gives a thenable": { fn: () => ({ then: (resolve: (value: number) => void) => resolve(1) }), outcome: { status: "succeeded", value: 1 } },
    "gives a function that is a thenable": {
      fn: () => Object.assign(() => {}, { then: (resolve: (value: number) => void) => resolve(1) }),
      outcome: { status: "succeeded", value: 1 },
    },
    "gives null": { fn: () => null, outcome: { status: "succeeded", value: null } },
    "throws": { fn: () => { throw E; }, outcome: { status: "failed", error: E } },
    "rejects": { fn: () => Promise.reject(E), outcome: { status: "failed", error: E } },
    "throws undefined": { fn: () => { throw undefined; }, outcome: { status: "failed", error: undefined } },
    "gives a thenable that throws": { fn: () => ({ then() { throw E; } }), outcome: { status: "failed", error: E } },
    "gives an object whose then cannot be read": { fn: () => ({ get then() { throw E; } }), outcome: { status: "failed", error: E } },
  };
  for (const [what, { fn, outcome }] of Object.entries(functions)) {
    scenario(`G12: one that ${what}`, async ({ clock }) => {
      let called = 0;
      const call = (scope: Scope): unknown => {
        called++;
        return fn(scope);
      };
      await taskGroup(
        async (group) => {
          const task = group.spawn(call);
          assert.equal(called, 1, "called within spawn()");
          assert.deepEqual(await task.settled(), outcome);
          assert.deepEqual(task.outcome, outcome);
          assert.equal(called, 1);
        },
        { clock, onError: () => {} },
      );
    });
  }

  scenario("G12: the function runs before spawn() returns, with a scope of its own", async ({ clock }) => {
    const log: string[] = [];
    const scopes: Scope[] = [];
    await taskGroup(
      (group) => {
        for (const name of ["a", "b"]) {
          group.spawn(async (scope) => {
            scopes.push(scope);
            log.push(`${name} begins`);
            await sleep(1, scope);
            log.push(`${name} ends`);
          });
          log.push(`${name} spawned`);
        }
        scopes.push(group);
      },
      { clock },
    );
    assert.deepEqual(log, ["a begins", "a spawned", "b begins", "b spawned", "a ends", "b ends"]);
    assert.equal(new Set(scopes).size, 3);
    assert.equal(new Set(scopes.map(({ signal }) => signal)).size, 3);
  });

  scenario("G12: a task's handle is no thenable, so awaiting it gives the handle", async () => {
    await taskGroup(async (group) => {
      const task = group.spawn(() => 1);
      assert.equal("then" in task, false);
      const awaited: unknown = await Promise.resolve(task);
      assert.equal(awaited, task);
    });
  });
});

describe("G12: in a cancelled group", () => {
  for (const how of ["cancel()", "a failed task", "a cancelled outer scope", "a deadline that passed unseen"] as const) {
    scenario(`G12: (${how}) a task still takes over what it owns: it is called, and disposed by its own finally`, async ({ clock }) => {
      const log: string[] = [];
      const body = (group: TaskGroup): void => {
        if (how === "cancel()") group.cancel();
        if (how === "a failed task") {
          group.spawn(() => {
            throw E;
          });
        }
        if (how === "a deadline that passed unseen") group.reschedule(-1);
        group.spawn(async (scope) => {
          try {
            log.push("took over");
            await scope.checkpoint();
            log.push("a line that must not run");
          } finally {
            log.push("disposed");
          }
        });
      };
      await moveOnAfter(
        Infinity,
        async (outer) => {
          if (how === "a cancelled outer scope") outer.cancel();
          await outer.group(async (group) => {
            await Promise.resolve();
            body(group);
          });
        },
        { clock },
      ).catch(() => {});
      assert.deepEqual(log, ["took over", "disposed"]);
    });
  }

  scenario("G12: a task that does not wait gives its value", async ({ clock }) => {
    const task = await taskGroup(
      (group) => {
        group.cancel();
        return group.spawn(() => "value");
      },
      { clock },
    );
    assert.deepEqual(task.outcome, { status: "succeeded", value: "value" });
  });

  scenario("G12: trySpawn() gives undefined when cancelled, also by an outer scope or a deadline that passed", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (outer) => {
        await outer.group(async (group) => {
          assert.equal(group.trySpawn(() => "value")?.status, "succeeded");
          outer.cancel();
          assert.equal(group.trySpawn(() => assert.fail("called")), undefined);
        });
        await outer.shield((shield) =>
          shield.group((group) => {
            group.reschedule(-1);
            assert.equal(group.trySpawn(() => assert.fail("called")), undefined);
          }),
        );
      },
      { clock },
    );
  });
});

describe("G13: a group accepts tasks while any task or the body runs", () => {
  scenario("G13: a chain of tasks, each spawned by the one before while the group drains", async ({ clock }) => {
    let links = 0;
    await taskGroup(
      (group) => {
        const link = async (scope: Scope): Promise<void> => {
          await sleep(1, scope);
          if (++links < 100) group.spawn(link);
        };
        group.spawn(link);
      },
      { clock },
    );
    assert.equal(links, 100);
  });

  scenario("G13: from outside, while a task of it still runs", async ({ clock }) => {
    const peer = gate();
    let kept: TaskGroup | undefined;
    const log: string[] = [];
    const call = taskGroup(
      (group) => {
        kept = group;
        group.spawn(() => peer.promise);
      },
      { clock },
    );
    await quiet();
    kept!.spawn(() => log.push("from outside"));
    peer.open();
    await call;
    assert.deepEqual(log, ["from outside"]);
  });

  scenario("G13: from the cleanup of the last task, of a daemon, and from an onCancel handler", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      (group) => {
        const late = (name: string) => async (scope: Scope) => {
          await quiet();
          log.push(`${name}, ${scope.cancelled ? "cancelled" : "free"}`);
        };
        group.spawn((scope) => sleepForever(scope).finally(() => void group.spawn(late("by a daemon"))), { daemon: true });
        group.spawn(async (scope) => {
          scope.onCancel(() => void group.spawn(late("by a handler")));
          await sleep(10, scope).finally(() => void group.spawn(late("by a task")));
        });
        group.spawn((scope) => sleep(5, scope).then(() => group.cancel()));
      },
      { clock },
    );
    assert.deepEqual(log.sort(), ["by a daemon, cancelled", "by a handler, cancelled", "by a task, cancelled"]);
  });

  scenario("G13: a task that a daemon spawns while the group ends is waited for, and its error counts", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.spawn(
            (scope) =>
              sleepForever(scope).finally(() => {
                group.spawn(async () => {
                  await quiet();
                  throw E;
                });
              }),
            { daemon: true },
          );
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("G13: not after its end, though the code that learns of the last task's end runs then", async ({ clock }) => {
    const kept: Task<unknown>[] = [];
    const group = await taskGroup(
      (open) => {
        kept.push(open.spawn((scope) => sleep(10, scope)));
        return open;
      },
      { clock },
    );
    for (const call of [() => group.spawn(() => assert.fail("called")), () => group.trySpawn(() => assert.fail("called"))]) {
      assert.equal(isA(await thrownBy(call), MisuseError).code, "SCOPE_ENDED");
    }
    assert.equal(isA(await thrownBy(group.start(() => assert.fail("called"), { signal: new AbortController().signal })), MisuseError).code, "SCOPE_ENDED");
    assert.equal(kept[0]?.status, "succeeded");
    assert.equal(group.size, 0);
    same(group.tasks, []);
  });
});

describe("a task's handle", () => {
  scenario("size and tasks tell those not finished yet", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        assert.equal(group.size, 0);
        const [a, b, c] = [10, 20, 30].map((ms) => group.spawn((scope) => sleep(ms, scope))) as [Task<void>, Task<void>, Task<void>];
        const daemon = group.spawn(sleepForever, { daemon: true });
        group.spawn(() => "finished at once");
        same(group.tasks, [a, b, c, daemon]);
        assert.equal(group.size, 4);
        await a.join(group);
        same(group.tasks, [b, c, daemon]);
        c.cancel();
        await c.settled(group);
        same(group.tasks, [b, daemon]);
        assert.equal(group.size, 2);
      },
      { clock },
    );
  });

  scenario("tasks can be gone through again and again, also while what it gives is cancelled", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const handles = [1, 2, 3].map(() => group.spawn(sleepForever));
        same(group.tasks, handles);
        same(group.tasks, handles);
        for (const task of group.tasks) task.cancel();
        for (const task of handles) assert.equal((await task.settled(group)).status, "cancelled");
        same(group.tasks, []);
      },
      { clock },
    );
  });

  scenario("join() and settled() may be called any number of times, before and after the end, with and without a scope", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => sleep(10, scope).then(() => "value"));
        const waits = [task.join(), task.join(group), task.settled(), task.settled(group)];
        const succeeded = { status: "succeeded", value: "value" };
        assert.deepEqual(await Promise.all(waits), ["value", "value", succeeded, succeeded]);
        assert.deepEqual([await task.join(), await task.join(group), await task.settled(), await task.settled(group)], ["value", "value", succeeded, succeeded]);
      },
      { clock },
    );
  });

  scenario("a cancelled join leaves the task alone", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => sleep(100, scope).then(() => "value"));
        const joiner = group.spawn((scope) => task.join(scope));
        const settler = group.spawn((scope) => task.settled(scope));
        joiner.cancel();
        settler.cancel();
        assert.equal((await joiner.settled()).status, "cancelled");
        assert.equal((await settler.settled()).status, "cancelled");
        assert.equal(await task.join(group), "value");
      },
      { clock },
    );
  });

  scenario("cancel() of a finished task does nothing; a second one changes no reason", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const finished = group.spawn(() => "value");
        finished.cancel();
        assert.equal(finished.status, "succeeded");
        const task = group.spawn(sleepForever);
        task.cancel("first");
        task.cancel("second");
        const error = isA(await thrownBy(task.join(group)), CancelledError);
        assert.deepEqual([error.reason, error.by, error.source], ["first", task.name, "explicit"]);
        const outcome = await task.settled(group);
        assert.ok(outcome.status === "cancelled");
        assert.equal(outcome.reason, error);
      },
      { clock },
    );
  });

  scenario("a task that swallows its cancel() and returns has succeeded", async ({ clock }) => {
    const task = await taskGroup(
      (group) => {
        const stubborn = group.spawn((scope) => sleepForever(scope).catch(() => 42));
        stubborn.cancel();
        return stubborn;
      },
      { clock },
    );
    assert.deepEqual(task.outcome, { status: "succeeded", value: 42 });
  });

  scenario("the status follows the group's cancellation", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const peer = gate();
        const task = group.spawn(() => peer.promise);
        assert.equal(task.status, "running");
        group.cancel();
        assert.equal(task.status, "cancelling");
        peer.open();
        await task.settled();
        assert.equal(task.status, "succeeded");
      },
      { clock },
    );
  });
});
