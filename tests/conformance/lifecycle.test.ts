/** Cases of topic L: what a task group does from the call that opens it to its end. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, MisuseError, type Scope, sleep, type Task, TaskGroupError, taskGroup } from "espalier";
import { testClock } from "espalier/testing";
import { ending, gate, isA, quiet, same, scenario, thrownBy } from "./case.ts";

describe("the call and its tasks", () => {
  scenario("L01: the call settles when the slowest task has finished, and each task has its outcome", async ({ clock }) => {
    const tasks = await taskGroup(
      (group) => [
        group.spawn((scope) => sleep(100, scope).then(() => 42)),
        group.spawn((scope) => sleep(200, scope).then(() => 11)),
      ],
      { clock },
    );
    assert.equal(clock.now(), 200);
    assert.deepEqual(tasks.map(({ status }) => status), ["succeeded", "succeeded"]);
    assert.deepEqual(tasks.map(({ outcome }) => outcome), [
      { status: "succeeded", value: 42 },
      { status: "succeeded", value: 11 },
    ]);
  });

  scenario("L03: a group that is only draining accepts a task from one of its own, and waits for it", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(async (scope) => {
          await sleep(100, scope);
          group.spawn(async (inner) => {
            await sleep(50, inner);
            log.push("late task");
          });
        });
      },
      { clock },
    );
    assert.deepEqual(log, ["late task"]);
    assert.equal(clock.now(), 150);
  });

  scenario('L04: spawn() in a group whose call has fulfilled throws MisuseError "SCOPE_ENDED" and calls nothing', async () => {
    const group = await taskGroup((open) => open);
    let called = false;
    const error = await thrownBy(() => group.spawn(() => void (called = true)));
    assert.equal(isA(error, MisuseError).code, "SCOPE_ENDED");
    assert.equal(called, false);
  });

  scenario("L25: the call gives what the body returned, and only after the tasks have finished", async ({ clock }) => {
    const value = await taskGroup(
      (group) => {
        group.spawn((scope) => sleep(300, scope));
        return "the body's";
      },
      { clock },
    );
    assert.equal(value, "the body's");
    assert.equal(clock.now(), 300);
  });

  scenario("L13: outcome is undefined and status tells the state until the task has finished", async ({ clock }) => {
    const released = gate();
    const task = await taskGroup(
      async (group) => {
        const running = group.spawn(() => released.promise);
        assert.equal(running.outcome, undefined);
        assert.equal(running.status, "running");
        running.cancel();
        assert.equal(running.outcome, undefined);
        assert.equal(running.status, "cancelling");
        const waiting = group.spawn((scope) => sleep(1_000, scope));
        waiting.cancel();
        assert.equal(waiting.status, "cancelling");
        await waiting.settled(group);
        assert.equal(waiting.status, "cancelled");
        released.open();
        return waiting;
      },
      { clock },
    );
    const { outcome } = task;
    assert.ok(outcome?.status === "cancelled");
    assert.equal(outcome.reason.source, "explicit");
    assert.equal(clock.now(), 0);
  });
});

describe("failure and cancellation", () => {
  scenario("L07: a body that throws at once interrupts its tasks, and the call rejects with [E] after they finished", async ({ clock }) => {
    const E = new Error("E");
    const log: string[] = [];
    const long = (name: string) => async (scope: Scope) => {
      try {
        await sleep(10_000, scope);
      } finally {
        await quiet();
        log.push(name);
      }
    };
    const error = await thrownBy(
      taskGroup(
        (group) => {
          group.spawn(long("first"));
          group.spawn(long("second"));
          throw E;
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
    assert.deepEqual(log, ["first", "second"]);
    assert.equal(clock.now(), 0);
  });

  scenario('L09: a failing task interrupts the body and its siblings with source "sibling", and only its error is thrown', async ({ clock }) => {
    const E = new Error("E");
    const interruptions: unknown[] = [];
    const log: string[] = [];
    const wait = async (scope: Scope): Promise<void> => {
      await sleep(10_000, scope).catch((error: unknown) => {
        interruptions.push(error);
        throw error;
      });
      log.push("a line that must not run");
    };
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(wait);
          group.spawn(
            async (scope) => {
              await sleep(100, scope);
              throw E;
            },
            { name: "culprit" },
          );
          group.spawn(wait);
          await wait(group);
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
    assert.equal(clock.now(), 100);
    assert.deepEqual(log, []);
    assert.equal(interruptions.length, 3);
    assert.equal(new Set(interruptions).size, 1, "one cancellation is one object");
    const { source, reason, by } = isA(interruptions[0], CancelledError);
    assert.deepEqual({ source, by }, { source: "sibling", by: "culprit" });
    assert.equal(reason, E);
  });

  scenario("L11: task.cancel() ends that task alone; siblings, body and group go on", async ({ clock }) => {
    const log: string[] = [];
    const cancelled = await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => sleep(1_000, scope));
        group.spawn(async (scope) => {
          await sleep(200, scope);
          log.push("sibling");
        });
        task.cancel();
        await sleep(100, group);
        log.push("body");
        assert.equal(group.cancelled, false);
        return task;
      },
      { clock },
    );
    assert.equal(cancelled.status, "cancelled");
    assert.deepEqual(log, ["body", "sibling"]);
    assert.equal(clock.now(), 200);
  });

  scenario("L12: a failure that the body caught from join() is still thrown by the group, once", async ({ clock }) => {
    const E = new Error("E");
    let joined: unknown;
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn(async (scope) => {
            await sleep(10, scope);
            throw E;
          });
          joined = await thrownBy(task.join(group));
        },
        { clock },
      ),
    );
    assert.equal(joined, E, "what was handed over beats the cancellation that it causes");
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("L12: a failure that the body let pass from join() is in the group's error once", async ({ clock }) => {
    const E = new Error("E");
    const error = await thrownBy(taskGroup((group) => group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E))).join(group), { clock }));
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("L12: also where what was thrown is a primitive", async ({ clock }) => {
    const error = await thrownBy(taskGroup((group) => group.spawn((scope) => sleep(10, scope).then(() => Promise.reject("text"))).join(group), { clock }));
    same(isA(error, TaskGroupError).errors, ["text"]);
  });

  for (const from of ["body", "task", "outside"] as const) {
    for (const ends of ["is interrupted", "returns"] as const) {
      const gives = ends === "returns" ? "gives the body's value" : "rejects with the CancelledError";
      scenario(`L18: group.cancel("stop") from the ${from}: the call ${gives} when the body ${ends}`, async () => {
        const clock = testClock({ autojump: false });
        let sleeper: Task<void> | undefined;
        let cancel: (() => void) | undefined;
        const call = taskGroup(
          async (group) => {
            sleeper = group.spawn((scope) => sleep(10_000, scope));
            cancel = () => group.cancel("stop");
            if (from === "task") group.spawn((scope) => sleep(100, scope).then(cancel));
            if (from === "body") cancel();
            if (ends === "is interrupted") await sleep(10_000, group);
            return "value";
          },
          { clock, name: "stopped" },
        );
        const ended = ending(call);
        await clock.advance(100);
        if (from === "outside") cancel?.();
        const end = await ended;
        if (ends === "returns") assert.deepEqual(end, { value: "value" });
        else {
          assert.ok("error" in end);
          const { source, reason, by } = isA(end.error, CancelledError);
          assert.deepEqual({ source, reason, by }, { source: "explicit", reason: "stop", by: "stopped" });
        }
        assert.equal(sleeper?.status, "cancelled");
      });
    }
  }

  scenario("L19: of two cancel() the first gives the reason; cancel() after the end does nothing", async ({ clock }) => {
    const group = await taskGroup(
      (open) => {
        open.spawn((scope) => sleep(1_000, scope));
        open.cancel("a");
        open.cancel("b");
        return open;
      },
      { clock },
    );
    assert.equal(group.reason?.reason, "a");
    group.cancel("c");
    assert.equal(group.reason.reason, "a");

    const untouched = await taskGroup((open) => open, { clock });
    untouched.cancel("late");
    assert.equal(untouched.cancelled, false);
    assert.equal(untouched.signal.aborted, false);
  });

  scenario("L20: what a task throws in its cleanup after group.cancel() is thrown, not the cancellation", async ({ clock }) => {
    const F = new Error("F");
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(async (scope) => {
            await sleep(1_000, scope).catch(() => {
              throw F;
            });
          });
          group.cancel();
          await sleep(1_000, group);
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [F]);
  });
});

describe("names and arguments", () => {
  scenario("L29: a task is named after its function or by its options, wherever the name shows", async ({ clock }) => {
    async function fetchPage(scope: Scope): Promise<string> {
      await sleep(10, scope);
      return scope.name;
    }
    await taskGroup(
      async (group) => {
        const byFunction = group.spawn(fetchPage);
        const byOption = group.spawn(fetchPage, { name: "front page" });
        assert.equal(byFunction.name, "fetchPage");
        assert.equal(byOption.name, "front page");
        assert.equal(await byFunction.join(group), "fetchPage");
        assert.equal(await byOption.join(group), "front page");

        const stopped = group.spawn(fetchPage, { name: "stopped" });
        stopped.cancel();
        const outcome = await stopped.settled(group);
        assert.ok(outcome.status === "cancelled");
        assert.equal(outcome.reason.by, "stopped");
      },
      { clock },
    );

    let interruption: CancelledError | undefined;
    await thrownBy(
      taskGroup(
        async (group) => {
          group.onCancel((reason) => (interruption = reason));
          group.spawn(function failing() {
            throw new Error("E");
          });
        },
        { clock },
      ),
    );
    assert.equal(interruption?.by, "failing");
  });

  for (const value of [undefined, null, 42, "text", {}, Promise.resolve()]) {
    scenario(`L30: ${value instanceof Promise ? "a promise" : JSON.stringify(value)} as a task is a TypeError that does not poison the group`, async () => {
      const fn = value as never;
      const given = await taskGroup(async (group) => {
        isA(await thrownBy(() => group.spawn(fn)), TypeError);
        isA(await thrownBy(() => group.trySpawn(fn)), TypeError);
        const start = group.start(fn, group);
        isA(await thrownBy(start), TypeError);
        assert.equal(group.size, 0);
        return "fine";
      });
      assert.equal(given, "fine");
    });
  }
});
