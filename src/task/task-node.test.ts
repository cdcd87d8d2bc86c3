/** What the handle of a task gives: its status, its outcome, and two ways to wait for it (G8, G24). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, type Scope, sleep, sleepForever, type StartedTask, type Task, taskGroup, TaskGroupError } from "espalier";
import { ending, gate, isA, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("join() and settled()", () => {
  for (const withScope of [true, false]) {
    const how = withScope ? "with a scope" : "without a scope";

    for (const late of [true, false]) {
      scenario(`give the result, the very error, or the CancelledError ${how}, ${late ? "after the end" : "before the end"}`, async ({ clock }) => {
        const E = new Error("E");
        await taskGroup(
          async (group) => {
            const scope = withScope ? group : undefined;
            const value = group.spawn((own) => sleep(10, own).then(() => "value"));
            const failure = group.spawn((own) => sleep(10, own).then(() => Promise.reject(E)));
            const cancelled = group.spawn((own) => sleepForever(own));
            cancelled.cancel("enough");
            if (late) await sleep(20, group);
            const ends = await Promise.all([value, failure, cancelled].map((task) => ending<unknown>(task.join(scope))));
            const reason = cancelled.outcome?.status === "cancelled" ? cancelled.outcome.reason : undefined;
            assert.ok(reason instanceof CancelledError);
            assert.deepEqual(ends, [{ value: "value" }, { error: E }, { error: reason }]);
            assert.ok("error" in ends[1]! && ends[1].error === E && "error" in ends[2]! && ends[2].error === reason);
            const outcomes = await Promise.all([value, failure, cancelled].map((task: Task<unknown>) => task.settled(scope)));
            same(outcomes, [value.outcome, failure.outcome, cancelled.outcome]);
            assert.deepEqual(outcomes.map(({ status }) => status), ["succeeded", "failed", "cancelled"]);
          },
          { clock, onError: () => {} },
        );
      });
    }
  }

  scenario("with a scope stop waiting when that is cancelled; the task goes on", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn((own) => sleep(100, own).then(() => "value"));
        await group.moveOnAfter(10, async (scope) => {
          const ends = await Promise.all([ending(task.join(scope)), ending(task.settled(scope))]);
          for (const end of ends) assert.ok("error" in end && end.error === scope.reason);
        });
        assert.equal(await task.join(group), "value");
      },
      { clock },
    );
  });

  scenario("without a scope wait on, whatever is cancelled around them: the task ends with its group", async ({ clock }) => {
    const foreign = gate<string>();
    await taskGroup(
      (group) =>
        group.moveOnAfter(Infinity, async (scope) => {
          const task = group.spawn(() => foreign.promise);
          scope.cancel();
          const join = task.join();
          foreign.open("value");
          assert.equal(await join, "value");
        }),
      { clock },
    );
  });

  scenario("take any signal for a scope, and leave it", async ({ clock, outside }) => {
    const outer = outside();
    await taskGroup(
      async (group) => {
        const task = group.spawn((own) => sleep(10, own).then(() => "value"));
        const stopped = thrownBy(task.join(outer));
        assert.equal(outer.listeners, 1);
        outer.abort("gone");
        assert.equal(isA(await stopped, CancelledError).reason, "gone");
        assert.equal(outer.listeners, 0);
        assert.equal(await task.join(group), "value");
      },
      { clock },
    );
  });

  scenario("reject with a TypeError for what is no scope, and with SCOPE_ENDED for one that has ended", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const task = group.spawn(() => "value");
        let kept!: Scope;
        await group.shield((scope) => void (kept = scope));
        for (const wait of [task.join.bind(task), task.settled.bind(task)]) {
          isA(await thrownBy(wait(42 as never)), TypeError);
          assert.equal(isA(await thrownBy(wait(kept)), MisuseError).code, "SCOPE_ENDED");
        }
      },
      { clock },
    );
  });

  scenario("the CancelledError of a task that was cancelled alone is an ordinary error where it is not expected (G5)", async ({ clock }) => {
    let task!: Task<never>;
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          task = group.spawn(sleepForever);
          task.cancel();
          await task.join(group);
        },
        { clock },
      ),
    );
    const reason = task.outcome?.status === "cancelled" ? task.outcome.reason : undefined;
    same(isA(error, TaskGroupError).errors, [reason]);
  });

  scenario("a joined task's failure reaches the joiner before the cancellation that it causes (G8)", async ({ clock }) => {
    const E = new Error("E");
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn((own) => sleep(10, own).then(() => Promise.reject(E)));
          const ends = await Promise.all([ending(task.join(group)), task.settled(group)]);
          assert.deepEqual(ends, [{ error: E }, { status: "failed", error: E }]);
          assert.equal(isA(await thrownBy(group.checkpoint()), CancelledError).reason, E);
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("a task may be joined by many, who are told in the order of joining", async ({ clock }) => {
    const told: number[] = [];
    await taskGroup(
      async (group) => {
        const task = group.spawn((own) => sleep(10, own));
        await Promise.all(Array.from({ length: 5 }, (_, n) => task.join(n % 2 === 0 ? group : undefined).then(() => told.push(n))));
      },
      { clock },
    );
    assert.deepEqual(told, [0, 1, 2, 3, 4]);
  });
});

describe('joining a task with a scope that lies in it rejects with MisuseError "SELF_JOIN" (G24)', () => {
  type InTask = (scope: Scope, join: (scope: Scope) => Promise<void>) => unknown;
  const places: Record<string, InTask> = {
    "its own scope": (scope, join) => join(scope),
    "its own scope, after a wait": (scope, join) => sleep(1, scope).then(() => join(scope)),
    "a time limit in it": (scope, join) => scope.failAfter(100, join),
    "a shield in it": (scope, join) => scope.shield(join),
    "a task of a group in it": (scope, join) => scope.group((group) => void group.spawn(join)),
    "a cleanup of it": (scope, join) => scope.defer(join),
    "its signal": ({ signal }, join) => join({ signal } as Scope),
  };
  for (const [where, place] of Object.entries(places)) {
    scenario(`… ${where}`, async ({ clock }) => {
      const codes: unknown[] = [];
      await taskGroup(
        async (group) => {
          const named: { task?: Task<unknown> } = {};
          const join = async (scope: Scope): Promise<void> => {
            for (const wait of ["join", "settled"] as const) {
              const error = isA(await thrownBy(named.task![wait](scope)), MisuseError);
              assert.match(error.message, /"selfish"/);
              codes.push(error.code);
            }
          };
          named.task = group.spawn(
            async (scope) => {
              await scope.checkpoint();
              await place(scope, join);
            },
            { name: "selfish" },
          );
        },
        { clock },
      );
      assert.deepEqual(codes, ["SELF_JOIN", "SELF_JOIN"]);
    });
  }

  scenario("… a started task after it changed its place, too", async ({ clock }) => {
    const ready = gate<StartedTask<void, void>>();
    await taskGroup(
      async (group) => {
        const task = await group.failAfter(100, (caller) =>
          group.start(async (scope, started: () => void) => {
            started();
            const self = await ready.promise;
            assert.equal(isA(await thrownBy(self.join(scope)), MisuseError).code, "SELF_JOIN");
          }, caller),
        );
        ready.open(task);
      },
      { clock },
    );
  });

  scenario("… a sibling, a parent's other task, and the task from its group's body are none", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const first = group.spawn((scope) => sleep(10, scope).then(() => "first"));
        const second = group.spawn((scope) => scope.group((inner) => inner.spawn((own) => first.join(own)).join(inner)));
        assert.equal(await second.join(group), "first");
      },
      { clock },
    );
  });
});

for (const joining of ["join", "settled"] as const) {
  scenario(`${joining}() with a signal from outside need not be awaited either`, async ({ outside }) => {
    const ended = await ending(
      taskGroup((group) => {
        for (const fails of [true, false]) {
          const task = group.spawn((scope) => scope.checkpoint().then(() => (fails ? Promise.reject(new Error("E")) : undefined)));
          void task[joining](outside());
        }
      }),
    );
    assert.ok("error" in ended);
  });
}
