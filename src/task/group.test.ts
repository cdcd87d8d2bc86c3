/** How a group starts tasks, queues them, and takes them until its end (G12, G13). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, sleep, sleepForever, type Task, type TaskGroup, taskGroup, TaskGroupError } from "espalier";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("spawn() (G12)", () => {
  scenario("calls the function before it returns, with a scope of the task's own", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const steps: string[] = [];
        const task = group.spawn(async (scope) => {
          steps.push("called");
          assert.notEqual(scope, group);
          assert.equal("spawn" in scope, false);
          await sleep(1, scope);
        });
        steps.push("returned");
        assert.deepEqual(steps, ["called", "returned"]);
        assert.equal(task.status, "running");
        assert.equal(task.outcome, undefined);
      },
      { clock },
    );
  });

  const E = new Error("E");
  const throwing: Record<string, [fn: () => unknown, thrown: unknown]> = {
    "a throw": [
      () => {
        throw E;
      },
      E,
    ],
    "a throw of undefined": [
      () => {
        throw undefined;
      },
      undefined,
    ],
    "a rejection": [() => Promise.reject(E), E],
    "a thenable that rejects": [() => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(E) }), E],
    "a thenable whose then() throws": [
      () => ({
        then() {
          throw E;
        },
      }),
      E,
    ],
    "a result that cannot be asked whether it is a thenable": [
      () => ({
        get then(): never {
          throw E;
        },
      }),
      E,
    ],
  };
  for (const [what, [fn, thrown]] of Object.entries(throwing)) {
    scenario(`never throws what the function throws: ${what} is the group's failure`, async ({ clock }) => {
      let task: Task<unknown> | undefined;
      const error = await thrownBy(
        taskGroup(
          (group) => {
            task = group.spawn(fn);
          },
          { clock },
        ),
      );
      same(isA(error, TaskGroupError).errors, [thrown]);
      assert.ok(task?.outcome?.status === "failed" && task.outcome.error === thrown);
    });
  }

  scenario("awaits a foreign thenable, and takes a plain value as it is", async ({ clock }) => {
    const thenable: PromiseLike<string> = { then: (resolve, reject) => quiet().then(() => "later").then(resolve, reject) };
    await taskGroup(
      async (group) => {
        assert.equal(await group.spawn(() => thenable).join(group), "later");
        assert.deepEqual(group.spawn(() => 42).outcome, { status: "succeeded", value: 42 });
      },
      { clock },
    );
  });

  const wrong: Record<string, unknown> = { "nothing": undefined, "a number": 42, "a promise": Promise.resolve(1) };
  for (const [what, value] of Object.entries(wrong)) {
    scenario(`throws a TypeError for ${what}, as trySpawn() does, and that poisons nothing`, async ({ clock }) => {
      await taskGroup(
        async (group) => {
          isA(await thrownBy(() => group.spawn(value as never)), TypeError);
          isA(await thrownBy(() => group.trySpawn(value as never)), TypeError);
          assert.equal(group.size, 0);
          await sleep(1, group);
        },
        { clock },
      );
    });
  }

  for (const method of ["spawn", "trySpawn"] as const) {
    scenario(`${method}() in an ended group throws MisuseError "SCOPE_ENDED", and calls nothing`, async ({ clock }) => {
      const ends: ((group: TaskGroup) => unknown)[] = [() => {}, (group) => group.cancel(), () => Promise.reject(new Error("E"))];
      for (const end of ends) {
        let kept!: TaskGroup;
        await ending(
          taskGroup(
            (group) => {
              kept = group;
              return end(group);
            },
            { clock },
          ),
        );
        const { code } = isA(await thrownBy(() => kept[method](() => assert.fail("called"))), MisuseError);
        assert.equal(code, "SCOPE_ENDED");
      }
    });
  }
});

describe("a queued task (G12)", () => {
  scenario("is started in the order of spawning, when a place is free", async ({ clock }) => {
    const starts: [number, number][] = [];
    await taskGroup(
      (group) => {
        const tasks = [30, 10, 10, 5].map((ms, index) =>
          group.spawn((scope) => {
            starts.push([index, scope.now()]);
            return sleep(ms, scope);
          }),
        );
        assert.deepEqual(tasks.map(({ status }) => status), ["running", "running", "queued", "queued"]);
        assert.equal(group.size, 4);
        same(group.tasks, tasks);
      },
      { clock, concurrency: 2 },
    );
    assert.deepEqual(starts, [[0, 0], [1, 0], [2, 10], [3, 20]]);
  });

  const cancellations: Record<string, (group: TaskGroup, outer: { cancel(): void }) => unknown> = {
    "its own cancel()": (group) => group.cancel(),
    "the cancellation of an outer scope": (_group, outer) => outer.cancel(),
    "the failure of a task": (group) => [...group.tasks][0]?.cancel("fail"),
    "its deadline": (group) => group.reschedule(5),
  };
  for (const [what, cancel] of Object.entries(cancellations)) {
    scenario(`ends as cancelled and is never called, when its group is cancelled by ${what}`, async ({ clock }) => {
      let queued!: Task<never>;
      let reason: CancelledError | undefined;
      await ending(
        moveOnAfter(
          Infinity,
          (outer) =>
            outer.group(
              async (group) => {
                group.spawn(async (scope) => {
                  const error = await thrownBy(sleepForever(scope));
                  if (isA(error, CancelledError).reason === "fail") throw new Error("E");
                });
                queued = group.spawn(() => assert.fail("called"));
                const join = thrownBy(queued.join());
                cancel(group, outer);
                const end = await ending(sleepForever(group));
                ({ reason } = group);
                assert.ok("error" in end && end.error === reason);
                assert.equal(await join, reason);
              },
              { concurrency: 1 },
            ),
          { clock },
        ),
      );
      assert.ok(reason instanceof CancelledError);
      assert.ok(queued.outcome?.status === "cancelled" && queued.outcome.reason === reason);
    });
  }

  scenario("that is cancelled alone is never called, and holds nobody up", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        const second = group.spawn(() => assert.fail("called"), { name: "second" });
        group.spawn(() => void steps.push(`third at ${clock.now()}`));
        second.cancel("not needed");
        assert.ok(second.outcome?.status === "cancelled" && second.outcome.reason.reason === "not needed" && second.outcome.reason.by === "second");
        assert.equal(group.size, 2);
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(steps, ["third at 10"]);
  });

  for (let ticks = 0; ticks < 8; ticks++) {
    scenario(`that is cancelled about when its place comes free (${ticks} ticks later) is not called if it was queued, and loses no place`, async ({ clock }) => {
      let called = false;
      let last: string | undefined;
      await taskGroup(
        async (group) => {
          const foreign = gate();
          group.spawn(() => foreign.promise);
          const second = group.spawn(() => (called = true));
          const third = group.spawn(() => "third");
          foreign.open();
          for (let tick = 0; tick < ticks; tick++) await Promise.resolve();
          const wasQueued = second.status === "queued";
          second.cancel();
          last = await third.join(group);
          assert.equal(called, !wasQueued);
        },
        { clock, concurrency: 1 },
      );
      assert.equal(last, "third");
    });
  }

  scenario("takes its place before whoever waits for a vacancy", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        group.spawn((scope) => sleep(10, scope).then(() => void steps.push("queued task")));
        await group.vacancy(group);
        steps.push(`vacancy at ${group.now()}`);
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(steps, ["queued task", "vacancy at 20"]);
  });

  scenario("never makes more run than `concurrency` says, whoever ends, fails or is cancelled", async ({ clock }) => {
    let running = 0;
    let most = 0;
    await taskGroup(
      async (group) => {
        for (let n = 0; n < 60; n++) {
          const task = group.spawn(
            async (scope) => {
              most = Math.max(most, ++running);
              try {
                await sleep(n % 7, scope);
                if (n % 5 === 0) throw new Error("E");
              } finally {
                running--;
              }
            },
            { daemon: n % 3 === 0 },
          );
          if (n % 4 === 0) task.cancel();
          if (n % 11 === 0) await group.vacancy(group);
        }
        while (group.size > 0) await sleep(1, group);
      },
      { clock, concurrency: 3, onError: () => {} },
    );
    assert.equal(most, 3);
    assert.equal(running, 0);
  });
});

describe("a group takes tasks while any task or the body runs (G13)", () => {
  scenario("from a chain of tasks, each of which spawns the next, long after the body returned", async ({ clock }) => {
    let length = 0;
    await taskGroup(
      (group) => {
        const link = async (scope: Scope): Promise<void> => {
          await sleep(1, scope);
          if (++length < 50) group.spawn(link);
        };
        group.spawn(link);
      },
      { clock },
    );
    assert.equal(length, 50);
    assert.equal(clock.now(), 50);
  });

  scenario("from the cleanup of a task and of a daemon that are cancelled", async ({ clock }) => {
    const steps: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn((scope) => sleepForever(scope).finally(() => group.spawn((own) => sleep(10, own).then(() => steps.push("spawned by the daemon")))), {
          daemon: true,
        });
      },
      { clock },
    );
    assert.deepEqual(steps, ["spawned by the daemon"]);
  });

  scenario("from outside of the tree", async ({ clock }) => {
    const foreign = gate();
    const steps: string[] = [];
    let kept!: TaskGroup;
    const call = taskGroup(
      (group) => {
        kept = group;
        group.spawn(() => foreign.promise);
      },
      { clock },
    );
    await quiet();
    kept.spawn((scope) => sleep(5, scope).then(() => steps.push("late")));
    foreign.open();
    await call;
    assert.deepEqual(steps, ["late"]);
  });
});
