/** G15 beyond the handshake itself: callers from outside, places, daemons, and groups that end meanwhile. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, sleep, sleepForever, type StartedTask, type TaskGroup, taskGroup, TaskGroupError, TimeoutError } from "espalier";
import { gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Starts at once and runs until it is cancelled. */
async function service(scope: Scope, started: (name: string) => void): Promise<void> {
  started("service");
  await sleepForever(scope);
}

describe("start() for a caller that has a signal and no scope", () => {
  scenario("rejects with the signal's cancellation when it aborts before started(); the group goes on, and no listener is left", async ({ clock, outside }) => {
    const caller = outside();
    await taskGroup(
      async (group) => {
        const start = thrownBy(group.start(sleepForever, caller));
        assert.equal(caller.listeners, 1);
        caller.abort("client is gone");
        const { source, reason } = isA(await start, CancelledError);
        assert.equal(source, "signal");
        assert.equal(reason, "client is gone");
        assert.equal(caller.listeners, 0);
        await sleep(1, group);
      },
      { clock },
    );
  });

  scenario("is not touched by the signal after started(), and has left it", async ({ clock, outside }) => {
    const caller = outside();
    await taskGroup(
      async (group) => {
        const task = await group.start(service, caller);
        assert.equal(caller.listeners, 0);
        caller.abort();
        await sleep(10, group);
        assert.equal(task.status, "running");
        task.cancel();
      },
      { clock },
    );
  });

  scenario("calls the function though the signal is aborted already; its first wait throws", async ({ clock, outside }) => {
    const caller = outside();
    caller.abort("gone");
    let starts = 0;
    await taskGroup(
      async (group) => {
        const error = await thrownBy(
          group.start(async (scope, started: () => void) => {
            starts++;
            await scope.checkpoint();
            started();
          }, caller),
        );
        assert.equal(isA(error, CancelledError).reason, "gone");
      },
      { clock },
    );
    assert.equal(starts, 1);
  });

  for (const [how, fn] of [["a failure", () => Promise.reject(new Error("E"))], ["a return without started()", () => {}]] as const) {
    scenario(`leaves the signal after ${how}`, async ({ clock, outside }) => {
      const caller = outside();
      await taskGroup((group) => thrownBy(group.start(fn, caller)), { clock });
      assert.equal(caller.listeners, 0);
    });
  }

  scenario("knows the caller's scope by its signal alone", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        await group.moveOnAfter(10, async (caller) => {
          const { signal } = caller;
          assert.equal(await thrownBy(group.start(sleepForever, { signal })), caller.reason);
        });
      },
      { clock },
    );
  });
});

describe("start() is called wrongly", () => {
  const wrong: Record<string, (group: TaskGroup) => Promise<unknown>> = {
    "without a function": (group) => group.start(42 as never, group),
    "with a promise": (group) => group.start(Promise.resolve() as never, group),
    "without a scope": (group) => group.start(() => assert.fail("called"), undefined as never),
    "with a scope that has no signal": (group) => group.start(() => assert.fail("called"), {} as never),
  };
  for (const [how, call] of Object.entries(wrong)) {
    scenario(`rejects with a TypeError ${how}, and the group goes on`, async ({ clock }) => {
      await taskGroup(
        async (group) => {
          isA(await thrownBy(call(group)), TypeError);
          assert.equal(group.size, 0);
          await sleep(1, group);
        },
        { clock },
      );
    });
  }
});

describe("start() in a group with `concurrency`", () => {
  scenario("counts as a running task before started() and after it", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.start(async (scope, started: () => void) => {
          await sleep(10, scope);
          started();
          await sleep(10, scope);
        }, group);
        assert.equal(group.trySpawn(() => {}), undefined);
        await task;
        assert.equal(group.trySpawn(() => {}), undefined);
        await group.vacancy(group);
        assert.equal(group.now(), 20);
        assert.notEqual(group.trySpawn(() => {}), undefined);
      },
      { clock, concurrency: 1 },
    );
  });

  scenario("waits in the queue for its place", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        const task = await group.start(service, group);
        assert.equal(group.now(), 10);
        task.cancel();
      },
      { clock, concurrency: 1 },
    );
  });

  scenario("is never called when its caller is cancelled in the queue; the place is free for the next", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        await group.moveOnAfter(5, async (caller) => {
          const start = thrownBy(group.start(() => void steps.push("called"), caller));
          group.spawn(() => void steps.push(`next at ${clock.now()}`));
          assert.equal(await start, caller.reason);
          assert.equal(clock.now(), 5);
        });
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(steps, ["next at 10"]);
  });
});

describe("a pending start()", () => {
  scenario("keeps its group open when the body has returned and all others have ended", async ({ clock }) => {
    const E = new Error("after started()");
    let task: StartedTask<void, string> | undefined;
    const call = taskGroup(
      (outer) => {
        let inner!: TaskGroup;
        const group = outer.group((own) => {
          inner = own;
          outer.spawn(async (scope) => {
            task = await inner.start(async (own, started: (name: string) => void) => {
              await sleep(10, own);
              started("late");
              await sleep(10, own);
              throw E;
            }, scope);
          });
        });
        return group;
      },
      { clock },
    );
    const error = isA(await thrownBy(call), TaskGroupError);
    // The failure came after started(), so it is the inner group's.
    same(isA(error.errors[0], TaskGroupError).errors, [E]);
    assert.equal(task?.started, "late");
    assert.equal(clock.now(), 20);
  });

  scenario("that the body forgot goes on in the group, which waits for it", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      (group) => {
        void group.start(async (scope, started: () => void) => {
          await sleep(10, scope);
          started();
          await sleep(10, scope);
          steps.push("done");
        }, group);
      },
      { clock },
    );
    assert.deepEqual(steps, ["done"]);
    assert.equal(clock.now(), 20);
  });

  scenario('that was forgotten in a scope which ends is cancelled with source "ended", and handled (G16)', async ({ clock }) => {
    let start!: Promise<unknown>;
    await taskGroup(
      async (group) => {
        await group.failAfter(1_000, (caller) => void (start = group.start(sleepForever, caller)));
        assert.equal(isA(await thrownBy(start), CancelledError).source, "ended");
        assert.equal(group.now(), 0);
        await sleep(1, group);
      },
      { clock },
    );
  });

  scenario("is cancelled by the failure of a sibling in its group where its caller's scope is in that group", async ({ clock }) => {
    const E = new Error("E");
    let thrown: unknown;
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(() => Promise.reject(E));
          thrown = await thrownBy(group.start(sleepForever, group));
          throw thrown;
        },
        { clock },
      ),
    );
    assert.equal(isA(thrown, CancelledError).source, "sibling");
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("is one of the group's tasks, and can be cancelled alone", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const start = thrownBy(group.start(sleepForever, group, { name: "slow" }));
        const [task] = group.tasks;
        assert.equal(group.size, 1);
        assert.equal(task?.name, "slow");
        task?.cancel("enough");
        const { by, reason } = isA(await start, CancelledError);
        assert.equal(by, "slow");
        assert.equal(reason, "enough");
        await sleep(1, group);
      },
      { clock },
    );
  });

  scenario("is listed as a task of the group also when its caller is elsewhere", async ({ clock }) => {
    await taskGroup(
      (outer) =>
        outer.moveOnAfter(10, (caller) =>
          outer.group(async (group) => {
            const start = thrownBy(group.start(sleepForever, outer, { name: "slow" }));
            const [task] = group.tasks;
            assert.equal(task?.name, "slow");
            assert.equal(group.size, 1);
            task?.cancel();
            isA(await start, CancelledError);
            assert.equal(caller.cancelled, false);
          }),
        ),
      { clock },
    );
  });
});

describe("start() with `daemon`", () => {
  scenario("waits for started() as ever; then the group no longer waits for it", async ({ clock }) => {
    let task!: StartedTask<void, string>;
    await taskGroup(
      async (group) => {
        task = await group.start(service, group, { daemon: true });
      },
      { clock },
    );
    assert.ok(task.outcome?.status === "cancelled" && task.outcome.reason.source === "ended");
  });

  scenario("keeps the group open until started() was called", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      (group) => {
        void group.start(
          async (scope, started: () => void) => {
            await sleep(10, scope);
            steps.push("ready");
            started();
            await sleepForever(scope);
          },
          group,
          { daemon: true },
        );
      },
      { clock },
    );
    assert.deepEqual(steps, ["ready"]);
    assert.equal(clock.now(), 10);
  });
});

scenario("the failure of a started task goes to the group's onError, with the handle that start() gave", async ({ clock }) => {
  const E = new Error("E");
  const told: unknown[] = [];
  let task: unknown;
  await taskGroup(
    async (group) => {
      task = await group.start(async (scope, started: () => void) => {
        started();
        await sleep(10, scope);
        throw E;
      }, group);
    },
    { clock, onError: (error, failed) => told.push(error, failed) },
  );
  same(told, [E, task]);
});

scenario("a task that was started for a caller in another tree lives on in its group's when the caller's is gone", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const task = await moveOnAfter(10, async (elsewhere) => {
        const started = await group.start(service, elsewhere);
        elsewhere.cancel();
        return started;
      }, { clock });
      await sleep(100, group);
      assert.equal(task?.status, "running");
      task.cancel();
    },
    { clock },
  );
});

describe("started() and the caller's cancellation in one turn: the first of the two wins (G8)", () => {
  for (const first of ["started", "cancel"] as const) {
    scenario(`… ${first} first`, async ({ clock }) => {
      await taskGroup(
        (group) =>
          group.moveOnAfter(Infinity, async (caller) => {
            const ready = gate();
            const call = group.start(async (scope, started: () => void) => {
              await ready.promise;
              if (first === "cancel") caller.cancel();
              started();
              if (first === "started") caller.cancel();
              await scope.checkpoint();
              return "went on";
            }, caller);
            ready.open();
            if (first === "cancel") return assert.equal(await thrownBy(call), caller.reason);
            const task = await call;
            await quiet();
            assert.deepEqual(task.outcome, { status: "succeeded", value: "went on" });
          }),
        { clock },
      );
    });
  }
});

scenario("start() from inside a task of the same group, with that task's scope, outlives the task", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const starter = group.spawn(async (scope) => group.start(service, scope));
      const started = await starter.join(group);
      await sleep(10, group);
      assert.equal(started.status, "running");
      started.cancel();
    },
    { clock },
  );
});

scenario("start() rejects with the failure of a child scope that the task forgot, before started() too", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const forgets = (scope: Scope): void => void scope.group(sleepForever, { name: "forgotten" });
      const { code, message } = isA(await thrownBy(group.start(forgets, group)), MisuseError);
      assert.equal(code, "UNAWAITED");
      assert.match(message, /forgotten/);
    },
    { clock },
  );
});

scenario("started() comes too late after a deadline of the caller that nobody has seen yet", async () => {
  await taskGroup(async (group) => {
    const call = group.failAfter(5, (scope) =>
      group.start((_own, started: () => void) => {
        for (const until = performance.now() + 20; performance.now() < until; );
        started();
      }, scope),
    );
    isA(await thrownBy(call), TimeoutError);
  });
});
