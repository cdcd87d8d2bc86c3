/** G18: deadlines never fire early, work at any distance, leave no timer, and are seen by code that blocked beyond them. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type CancelScope, failAfter, moveOnAfter, type Scope, sleep, sleepForever, sleepUntil, type Task, taskGroup, TimeoutError } from "espalier";
import { ending, isA, quiet, scenario, thrownBy } from "../case.ts";
import { StalledClock } from "../stalled-clock.ts";

describe("G18: a deadline that passed while the event loop was blocked", () => {
  /** How code can learn of it without waiting for a turn of the event loop. */
  const looks: Record<string, (scope: Scope) => unknown> = {
    "cancelled": (scope) => assert.equal(scope.cancelled, true),
    "reason": (scope) => assert.equal(scope.reason?.source, "deadline"),
    "deadline": (scope) => assert.equal(scope.deadline, -Infinity),
    "a signal that is read for the first time": (scope) => assert.equal(scope.signal.aborted, true),
    "throwIfCancelled()": (scope) => assert.throws(() => scope.throwIfCancelled(), CancelledError),
    "checkpoint()": async (scope) => isA(await thrownBy(scope.checkpoint()), CancelledError),
    "sleep(0)": async (scope) => isA(await thrownBy(sleep(0, scope)), CancelledError),
    "wait() for a settled promise": async (scope) => isA(await thrownBy(scope.wait(Promise.resolve())), CancelledError),
    "onCancel(), which calls its handler at once": (scope) => {
      let told: unknown;
      scope.onCancel((reason) => (told = reason));
      assert.equal(isA(told, CancelledError).source, "deadline");
    },
    "a scope opened then": (scope) => scope.failAfter(1_000, (inner) => assert.equal(inner.cancelled, true)),
    "a group opened then": (scope) => scope.group((group) => assert.equal(group.trySpawn(() => assert.fail("called")), undefined)),
  };
  /** Where in the limited scope the code runs. */
  const places: Record<string, (limited: Scope, look: (scope: Scope) => unknown) => unknown> = {
    "the scope itself": (limited, look) => look(limited),
    "a scope in it with a later limit": (limited, look) => limited.failAfter(1_000, look),
    "a group in it": (limited, look) => limited.group(look),
    "a task in it": (limited, look) => limited.group((group) => void group.spawn(look)),
  };
  for (const [where, place] of Object.entries(places)) {
    for (const [what, look] of Object.entries(looks)) {
      scenario(`G18: in ${where} is seen by ${what}`, async () => {
        const clock = new StalledClock();
        let looked = false;
        await moveOnAfter(
          10,
          (limited) =>
            place(limited, async (scope) => {
              clock.block(9.99);
              assert.equal(scope.cancelled, false);
              clock.block(0.01);
              await look(scope);
              looked = true;
            }),
          { clock },
        );
        assert.equal(looked, true);
        assert.equal(clock.armed, 0);
      });
    }
  }

  scenario("G18: whoever looks first tells all: other waits are interrupted, handlers called, signals aborted", async () => {
    const clock = new StalledClock();
    const log: unknown[] = [];
    await moveOnAfter(
      10,
      async (scope) => {
        scope.onCancel(({ source }) => log.push(source));
        scope.signal.addEventListener("abort", () => log.push("aborted"));
        const wait = sleepForever(scope);
        clock.block(10);
        assert.deepEqual(log, []);
        assert.equal(scope.cancelled, true);
        assert.deepEqual(log.sort(), ["aborted", "deadline"]);
        assert.equal(await thrownBy(wait), scope.reason);
      },
      { clock },
    );
  });

  scenario("G18: inside a shield it is not seen, after the shield it is", async () => {
    const clock = new StalledClock();
    await moveOnAfter(
      10,
      async (outer) => {
        await outer.shield(async (shield) => {
          clock.block(20);
          assert.equal(shield.cancelled, false);
          await shield.checkpoint();
        });
        assert.throws(() => outer.throwIfCancelled(), CancelledError);
      },
      { clock },
    );
  });

  scenario("G18: of two that passed in one block, the earlier is the inner scope's cause, and the outer absorbs", async () => {
    for (const [outerMs, innerMs, innerBy] of [
      [10, 5, "inner"],
      [5, 10, "outer"],
      [5, 5, "outer"],
    ] as const) {
      const clock = new StalledClock();
      const log: unknown[] = [];
      const value = await moveOnAfter(
        outerMs,
        async (outer) => {
          const error = await thrownBy(
            outer.failAfter(
              innerMs,
              async (inner) => {
                clock.block(20);
                isA(await thrownBy(inner.checkpoint()), CancelledError);
                log.push(inner.reason?.by, outer.reason?.by);
                await inner.checkpoint();
              },
              { name: "inner" },
            ),
          );
          assert.equal(error, outer.reason);
          throw error;
        },
        { clock, name: "outer", fallback: "absorbed" },
      );
      assert.equal(value, "absorbed");
      assert.deepEqual(log, [innerBy, "outer"]);
    }
  });

  scenario("G18: a sleep that was due before the deadline ends well, and the next operation throws", async () => {
    const clock = new StalledClock();
    const log: string[] = [];
    const value = await moveOnAfter(
      20,
      async (scope) => {
        const nap = sleep(10, scope).then(() => log.push("slept"));
        clock.block(50);
        clock.turn();
        await nap;
        await scope.checkpoint();
        log.push("a line that must not run");
      },
      { clock, fallback: "fallback" },
    );
    assert.equal(value, "fallback");
    assert.deepEqual(log, ["slept"]);
  });

  scenario("G18: a body that never looks gives its value", async () => {
    const clock = new StalledClock();
    assert.equal(await failAfter(10, () => (clock.block(20), "value"), { clock }), "value");
    const value = await failAfter(10, (scope) => scope.group((group) => void group.spawn(() => clock.block(20))).then(() => "value"), { clock });
    assert.equal(value, "value");
  });

  scenario("G18: on the real clock, a loop that asks `cancelled` ends, and the next operation throws", async () => {
    const error = await thrownBy(
      failAfter(2, async (scope) => {
        const until = scope.deadline;
        while (!scope.cancelled);
        assert.ok(scope.now() >= until);
        assert.throws(() => scope.throwIfCancelled(), CancelledError);
        await scope.checkpoint();
      }),
    );
    assert.equal(isA(error, TimeoutError).ms, 2);
  });
});

describe("G18: exactly then, by the scope's clock", () => {
  scenario("G18: sleeps and deadlines end at their times, in the order of these, whatever the order of opening", async ({ clock }) => {
    const times = [7, 3, 11, 3, 0.5, 5, 2 ** 31, 2 ** 40, 100];
    const log: number[] = [];
    await taskGroup(
      (group) => {
        for (const ms of times) {
          group.spawn(async (scope) => {
            await sleep(ms, scope);
            assert.equal(scope.now(), ms);
            log.push(ms);
          });
          group.spawn(async (scope) => {
            await scope.moveOnAfter(ms, sleepForever);
            assert.equal(scope.now(), ms);
            log.push(ms);
          });
          group.spawn(async (scope) => {
            await sleepUntil(ms, scope);
            assert.equal(scope.now(), ms);
            log.push(ms);
          });
        }
      },
      { clock },
    );
    assert.deepEqual(log, times.flatMap((ms) => [ms, ms, ms]).sort((a, b) => a - b));
  });

  scenario("G18: two roots live each in its own time", async ({ clock }) => {
    const other = new StalledClock();
    const task: { handle?: Task<unknown> } = {};
    const call = taskGroup(
      (group) => {
        task.handle = group.spawn((scope) => scope.moveOnAfter(10, sleepForever, { fallback: "moved on" }));
      },
      { clock: other },
    );
    await moveOnAfter(1_000, sleepForever, { clock });
    assert.equal(task.handle?.status, "running");
    other.block(10);
    other.turn();
    await call;
    assert.deepEqual(task.handle.outcome, { status: "succeeded", value: "moved on" });
  });

  scenario("G18: beyond 2^31 ms, and at any distance, nothing fires and nothing is warned of on the real clock", async () => {
    const far = [2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53, Number.MAX_VALUE, Infinity];
    await taskGroup(async (group) => {
      const sleepers = far.map((ms) => group.spawn((scope) => sleep(ms, scope)));
      const limited = far.map((ms) => group.spawn((scope) => scope.failAfter(ms, sleepForever)));
      await sleep(3, group);
      await quiet();
      for (const { status } of [...sleepers, ...limited]) assert.equal(status, "running");
      group.cancel();
    });
  });
});

describe("G18: no timer is left behind", () => {
  const uses: Record<string, (scope: CancelScope) => unknown> = {
    "a limit whose body returned": (scope) => scope.failAfter(60_000, () => {}),
    "a limit whose body waited and returned": (scope) => scope.moveOnAfter(60_000, (inner) => inner.checkpoint()),
    "a limit whose body threw": (scope) => ending(scope.failAfter(60_000, () => Promise.reject(new Error("E")))),
    "a limit whose body was cancelled": (scope) => scope.moveOnAfter(60_000, (inner) => (inner.cancel(), sleepForever(inner))),
    "a limit that was moved away": (scope) => scope.failAfter(60_000, (inner) => inner.reschedule(Infinity)),
    "a limit that was moved on, again and again": (scope) => scope.failAfter(60_000, (inner) => [1, 2, 3].forEach((n) => inner.reschedule(inner.now() + n * 60_000))),
    "a limit given to a group": (scope) => scope.group((group) => group.reschedule(group.now() + 60_000)),
    "a shield's timeout": (scope) => scope.shield(() => {}, { timeout: 60_000 }),
    "a cleanup's timeout": (scope) => scope.moveOnAfter(Infinity, (inner) => inner.defer(() => {}, { timeout: 60_000 })),
    "a sleep that was interrupted": (scope) => scope.moveOnAfter(Infinity, (inner) => (void sleep(60_000, inner), inner.cancel())),
    "a sleep that nobody awaited": (scope) => scope.moveOnAfter(Infinity, (inner) => void sleep(60_000, inner)),
    "sleeping tasks that were cancelled": (scope) => scope.group((group) => {
      for (let n = 0; n < 10; n++) group.spawn((own) => sleep(60_000, own));
      group.cancel();
    }),
    "a limit in a cancelled scope": (scope) => scope.moveOnAfter(Infinity, (inner) => (inner.cancel(), inner.failAfter(60_000, sleepForever))),
  };
  for (const [what, use] of Object.entries(uses)) {
    scenario(`G18: ${what}`, async () => {
      // On the real clock the frame of each case looks for a native timer; here, already inside the tree that goes on.
      const clock = new StalledClock();
      await moveOnAfter(
        Infinity,
        async (scope) => {
          await use(scope);
          assert.equal(clock.armed, 0);
        },
        { clock },
      );
      await moveOnAfter(Infinity, use);
    });
  }
});
