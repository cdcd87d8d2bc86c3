/** G11: what the call of a group gives. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, moveOnAfter, type Scope, sleep, sleepForever, type TaskGroup, taskGroup } from "espalier";
import { ending, gate, isA, quiet, scenario, thrownBy } from "../case.ts";

const swallow = (scope: Scope): Promise<unknown> => sleepForever(scope).catch(() => "swallowed");

describe("G11: the group's own cancellation", () => {
  const own: Record<string, (group: TaskGroup) => void> = {
    "cancel()": (group) => group.cancel("enough"),
    "its own deadline": (group) => group.reschedule(group.now() - 1),
  };
  for (const [what, cancel] of Object.entries(own)) {
    const source = what === "cancel()" ? "explicit" : "deadline";

    for (const tasks of ["no tasks", "interrupted tasks", "tasks that swallow it"] as const) {
      const spawn = (group: TaskGroup): void => {
        if (tasks !== "no tasks") group.spawn(tasks === "interrupted tasks" ? sleepForever : swallow);
      };
      scenario(`G11: after ${what}, with ${tasks}, a body that returned gives its value`, async ({ clock }) => {
        const value = await taskGroup(
          (group) => {
            spawn(group);
            cancel(group);
            return "value";
          },
          { clock },
        );
        assert.equal(value, "value");
      });

      scenario(`G11: after ${what}, with ${tasks}, a body that was interrupted makes the call reject with the CancelledError`, async ({ clock }) => {
        let reason: CancelledError | undefined;
        const error = await thrownBy(
          taskGroup(
            async (group) => {
              spawn(group);
              cancel(group);
              try {
                await group.checkpoint();
              } finally {
                ({ reason } = group);
              }
            },
            { clock },
          ),
        );
        assert.equal(error, reason);
        assert.equal(isA(error, CancelledError).source, source);
      });
    }

    scenario(`G11: ${what} while the group is draining interrupts the tasks and leaves the body's value`, async ({ clock }) => {
      const value = await taskGroup(
        (group) => {
          group.spawn((scope) => sleep(1_000, scope));
          group.spawn((scope) => sleep(10, scope).then(() => cancel(group)));
          return "value";
        },
        { clock },
      );
      assert.equal(value, "value");
      assert.equal(clock.now(), 10);
    });

    scenario(`G11: after ${what} a body that swallowed it and returns gives its value`, async ({ clock }) => {
      assert.equal(await taskGroup((group) => (cancel(group), swallow(group)), { clock }), "swallowed");
    });
  }

  scenario("G11: a deadline that passes while the group is draining interrupts the tasks and leaves the body's value", async ({ clock }) => {
    const value = await taskGroup(
      (group) => {
        group.reschedule(10);
        group.spawn(sleepForever);
        return "value";
      },
      { clock },
    );
    assert.equal(value, "value");
    assert.equal(clock.now(), 10);
  });

  scenario("G11: a task that was cancelled by itself is no interruption of the group", async ({ clock }) => {
    const value = await taskGroup(
      (group) => {
        group.spawn(sleepForever).cancel();
        return "value";
      },
      { clock },
    );
    assert.equal(value, "value");
  });
});

/** Cancellations that come from further out, each as something that opens the outer scope, cancels it, and gives how the group's call ended. */
const outers: Record<string, { around: (body: (scope: Scope, cancel: () => void) => Promise<unknown>) => Promise<unknown>; source: string }> = {
  "cancel() of the scope around": { around: (body) => moveOnAfter(Infinity, (scope) => body(scope, () => scope.cancel())), source: "explicit" },
  "the deadline of the scope around": { around: (body) => moveOnAfter(Infinity, (scope) => body(scope, () => scope.reschedule(-Infinity))), source: "deadline" },
  "a failing sibling of the task around": {
    around: (body) => {
      const fail = gate();
      return taskGroup((group) => {
        group.spawn(() => fail.promise.then(() => Promise.reject(new Error("E"))));
        group.spawn((scope) => body(scope, () => fail.open()));
      }).catch(() => {});
    },
    source: "sibling",
  },
  "cancel() of the task around": {
    around: (body) =>
      taskGroup(async (group) => {
        const task = group.spawn(async (scope) => {
          await Promise.resolve();
          await body(scope, () => task.cancel());
        });
        await task.settled();
      }),
    source: "explicit",
  },
};

describe("G11: a cancellation from further out", () => {
  for (const [what, { around, source }] of Object.entries(outers)) {
    /** Runs a group in the outer scope; cancels when the body has ended or waits, and gives how the call ended. */
    const groupIn = async (body: (group: TaskGroup) => unknown): Promise<{ value?: unknown; error?: unknown }> => {
      let end: { value?: unknown; error?: unknown } = {};
      await around(async (scope, cancel) => {
        const call = ending(scope.group(body));
        await quiet();
        cancel();
        end = await call;
      });
      return end;
    };
    const rejectsWithIt = ({ error }: { error?: unknown }): void => assert.equal(isA(error, CancelledError).source, source);

    scenario(`G11: ${what} that interrupted the body makes the call reject with it`, async () => {
      rejectsWithIt(await groupIn((group) => sleepForever(group)));
    });

    scenario(`G11: ${what} that interrupted a task makes the call reject with it, though the body had returned`, async () => {
      rejectsWithIt(await groupIn((group) => void group.spawn(sleepForever)));
    });

    scenario(`G11: ${what} that interrupted a task of a task does so too`, async () => {
      rejectsWithIt(await groupIn((group) => void group.spawn((scope) => scope.group((inner) => void inner.spawn(sleepForever)))));
    });

    scenario(`G11: ${what} that interrupted a task which translated it into an abort error does so too`, async () => {
      rejectsWithIt(await groupIn((group) => void group.spawn((scope) => sleepForever(scope).catch(() => Promise.reject(AbortSignal.abort().reason)))));
    });

    scenario(`G11: ${what} that interrupted only one of several tasks does so too`, async () => {
      rejectsWithIt(
        await groupIn((group) => {
          group.spawn(swallow);
          group.spawn(sleepForever);
          group.spawn(() => "done before");
          return "value";
        }),
      );
    });

    scenario(`G11: ${what} that every task swallowed leaves the body's value`, async () => {
      const end = await groupIn((group) => {
        group.spawn(swallow);
        return "value";
      });
      assert.deepEqual(end, { value: "value" });
    });

    scenario(`G11: ${what} that the body swallowed leaves what it returned`, async () => {
      assert.deepEqual(await groupIn(swallow), { value: "swallowed" });
    });

    scenario(`G11: ${what} that came when nothing waited any more leaves the body's value`, async () => {
      const peer = gate();
      const end = groupIn((group) => {
        group.spawn(() => peer.promise);
        return "value";
      });
      await quiet();
      await quiet();
      peer.open();
      assert.deepEqual(await end, { value: "value" });
    });

    scenario(`G11: ${what} makes a group with onError reject with it as well`, async () => {
      let end: { value?: unknown; error?: unknown } = {};
      await around(async (scope, cancel) => {
        const call = ending(scope.group((group) => void group.spawn(sleepForever), { onError: () => assert.fail("called") }));
        await quiet();
        cancel();
        end = await call;
      });
      rejectsWithIt(end);
    });
  }

  scenario("G11: with tasks still queued it makes the call reject: what they stand for was not done", async ({ clock }) => {
    let outer: CancelScope | undefined;
    const peer = gate();
    const call = moveOnAfter(
      Infinity,
      (scope) => {
        outer = scope;
        return scope.group(
          (group) => {
            group.spawn(() => peer.promise);
            group.spawn(() => assert.fail("called"));
            return "value";
          },
          { concurrency: 1 },
        );
      },
      { clock, fallback: "absorbed" },
    );
    outer!.cancel();
    peer.open();
    assert.equal(await call, "absorbed");
  });

  scenario("G11: after the group's own cancel() had interrupted the tasks, a later outer one leaves the body's value", async ({ clock }) => {
    const log: unknown[] = [];
    const value = await moveOnAfter(
      Infinity,
      async (outer) => {
        log.push(
          await outer.group((group) => {
            group.spawn((scope) => sleepForever(scope).finally(() => outer.cancel()));
            group.cancel();
            return "the group's value";
          }),
        );
        await outer.checkpoint();
        log.push("a line that must not run");
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(value, "absorbed");
    assert.deepEqual(log, ["the group's value"]);
  });

  scenario("G11: inside a shield the group's value stands, and the outer operation after it throws", async ({ clock }) => {
    const log: unknown[] = [];
    const value = await moveOnAfter(
      10,
      async (outer) => {
        log.push(
          await outer.shield((shield) =>
            shield.group((group) => {
              group.spawn((scope) => sleep(100, scope));
              return "the group's value";
            }),
          ),
        );
        await outer.checkpoint();
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(value, "absorbed");
    assert.deepEqual(log, ["the group's value"]);
  });

  scenario("G11: the group's CancelledError for its own cancel() passes through an outer cancellation as that", async ({ clock }) => {
    const value = await moveOnAfter(
      Infinity,
      async (outer) => {
        const error = await thrownBy(
          outer.group(async (group) => {
            group.cancel("own");
            await sleepForever(group).finally(() => outer.cancel("outer"));
          }),
        );
        assert.equal(error, outer.reason);
        throw error;
      },
      { clock, fallback: "absorbed" },
    );
    assert.equal(value, "absorbed");
  });
});
