/** How a group takes what a task's function gives or throws, and how it queues tasks (G12). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, moveOnAfter, sleep, sleepForever, type Task, type TaskGroup, taskGroup, TaskGroupError } from "espalier";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("spawn() (G12)", () => {
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
});

describe("a queued task (G12)", () => {
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
