/** B: what is cancelled before it starts. A function still starts, to take over what it owns; a wait does nothing. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type Clock, type Scope, sleep, sleepForever, sleepUntil, type Task, type TaskGroup, taskGroup, failAfter, moveOnAfter, TimeoutError } from "espalier";
import { park } from "espalier/lowlevel";
import { ending, isA, scenario, thrownBy } from "./case.ts";

const cancellations: [by: string, cancel: (group: TaskGroup, outer: TaskGroup) => void][] = [
  ["its own cancel()", (group) => group.cancel()],
  ["an outer scope's cancel()", (_group, outer) => outer.cancel()],
  ["the failure of a sibling", (group) => void group.spawn(() => assert.fail("sibling"))],
  ["a deadline that has passed", (group) => group.reschedule(-1)],
];

describe("B01: a task that is spawned into a cancelled group starts, and runs to its first wait", () => {
  for (const [by, cancel] of cancellations) {
    scenario(`B01: … cancelled by ${by}`, async ({ clock }) => {
      const steps: string[] = [];
      let task!: Task<void>;
      let reason: CancelledError | undefined;
      await ending(
        taskGroup(
          (outer) =>
            outer.group(async (group) => {
              cancel(group, outer);
              task = group.spawn(async (scope) => {
                steps.push("task starts");
                await sleep(1, scope);
                steps.push("task goes on");
              });
              steps.push("body goes on");
              reason = group.reason;
              await sleep(1, group);
              steps.push("body waited");
            }),
          { clock },
        ),
      );
      assert.deepEqual(steps, ["task starts", "body goes on"]);
      assert.ok(reason instanceof CancelledError);
      assert.ok(task.outcome?.status === "cancelled" && task.outcome.reason === reason);
      assert.equal(clock.now(), 0);
    });
  }
});

scenario("B02: what was handed to a task in its first statement is disposed of, though its group was cancelled before", async ({ clock }) => {
  let disposed = 0;
  const error = await thrownBy(
    taskGroup(
      async (group) => {
        group.cancel();
        const resource: AsyncDisposable = { [Symbol.asyncDispose]: async () => void disposed++ };
        group.spawn(async (scope) => {
          try {
            await sleepForever(scope);
          } finally {
            await resource[Symbol.asyncDispose]();
          }
        });
        await group.checkpoint();
      },
      { clock },
    ),
  );
  isA(error, CancelledError);
  assert.equal(disposed, 1);
});

/** A clock that counts what was armed on it. */
function counting(clock: Clock): Clock & { armed: number } {
  return {
    armed: 0,
    now: () => clock.now(),
    arm(timer) {
      this.armed++;
      clock.arm(timer);
    },
    disarm: (timer) => clock.disarm(timer),
    pause: () => clock.pause(),
  };
}

describe("B03: a library operation in a cancelled scope rejects with its CancelledError, and has no side effect", () => {
  type Attempt = (scope: Scope, group: TaskGroup, effect: () => void) => Promise<unknown>;
  const operations: Record<string, Attempt> = {
    "sleep()": (scope) => sleep(10, scope),
    "sleep(0)": (scope) => sleep(0, scope),
    "sleepUntil()": (scope) => sleepUntil(10, scope),
    "sleepForever()": (scope) => sleepForever(scope),
    "checkpoint()": (scope) => scope.checkpoint(),
    "wait() for a promise that is settled": (scope) => scope.wait(Promise.resolve("value")),
    // A thenable may be lazy: asking it is what starts it.
    "wait() for a thenable that does nothing before it is asked": (scope, _group, effect) => scope.wait(lazy(effect)),
    "join() of a running task": (scope, group) => group.spawn(sleepForever).join(scope),
    "join() of a finished task": (scope, group) => group.spawn(() => "value").join(scope),
    "settled()": (scope, group) => group.spawn(() => "value").settled(scope),
    "vacancy()": (scope, group) => group.vacancy(scope),
    "park()": (scope, _group, effect) => park(scope, "test", effect),
  };
  for (const [name, attempt] of Object.entries(operations)) {
    scenario(`B03: … ${name}`, async ({ clock }) => {
      const counted = counting(clock);
      let effects = 0;
      await taskGroup(
        (group) =>
          group.moveOnAfter(Infinity, async (scope) => {
            scope.cancel();
            assert.equal(await thrownBy(attempt(scope, group, () => effects++)), scope.reason);
            for (const task of group.tasks) task.cancel();
          }),
        { clock: counted },
      );
      assert.equal(effects, 0);
      assert.equal(counted.armed, 0);
    });
  }

  scenario("B03: … wait() for a promise that fails later: the failure is dropped, as when the wait was interrupted", async ({ clock }) => {
    await moveOnAfter(
      Infinity,
      async (scope) => {
        scope.cancel();
        await scope.wait(Promise.reject(new Error("dropped")));
      },
      { clock },
    );
  });

  function lazy(start: () => void): PromiseLike<string> {
    return {
      then(resolve, reject) {
        start();
        return Promise.resolve("value").then(resolve, reject);
      },
    };
  }
});

describe("B05: a time limit of zero or less lets the body start, and its first wait throws", () => {
  for (const ms of [0, -1, -Infinity]) {
    scenario(`B05: … failAfter(${ms})`, async ({ clock }) => {
      let starts = 0;
      const call = failAfter(
        ms,
        async (scope) => {
          starts++;
          await scope.checkpoint();
          starts++;
        },
        { clock },
      );
      isA(await thrownBy(call), TimeoutError);
      assert.equal(starts, 1);
      assert.equal(await failAfter(ms, () => "value", { clock }), "value");
      assert.equal(await failAfter(ms, async () => "value", { clock }), "value");
    });

    scenario(`B05: … moveOnAfter(${ms})`, async ({ clock }) => {
      assert.equal(await moveOnAfter(ms, (scope) => scope.checkpoint(), { clock, fallback: "moved on" }), "moved on");
      assert.equal(await moveOnAfter(ms, () => "value", { clock, fallback: "moved on" }), "value");
    });

    scenario(`B05: … shield() with the timeout ${ms}`, async ({ clock }) => {
      await taskGroup(
        async (group) => {
          const error = await thrownBy(group.shield((scope) => scope.checkpoint(), { timeout: ms }));
          isA(error, TimeoutError);
          assert.equal(await group.shield(() => "value", { timeout: ms }), "value");
        },
        { clock },
      );
    });
  }
});

scenario("B06: start() from a cancelled caller calls the function and rejects with the caller's CancelledError; the group goes on", async ({ clock }) => {
  const steps: string[] = [];
  await taskGroup(
    async (group) => {
      const fallback = await group.moveOnAfter(
        Infinity,
        async (caller) => {
          caller.cancel("too late");
          const start = group.start(async (scope, started: () => void) => {
            steps.push("starts");
            await scope.checkpoint();
            steps.push("goes on");
            started();
          }, caller);
          assert.deepEqual(steps, ["starts"]);
          assert.equal(await thrownBy(start), caller.reason);
          await start;
        },
        { fallback: "absorbed" },
      );
      assert.equal(fallback, "absorbed");
      assert.equal(group.cancelled, false);
      assert.equal(group.size, 0);
      await sleep(1, group);
    },
    { clock },
  );
});
