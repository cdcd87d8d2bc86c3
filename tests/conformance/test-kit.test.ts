/** The test kit: virtual time, waiting for blocked tasks, forced orders. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, failAfter, type Scope, sleep, sleepForever, sleepUntil, taskGroup } from "espalier";
import { realClock } from "espalier/lowlevel";
import { testClock, waitAllTasksBlocked } from "espalier/testing";
import { gate, isA, scenario, thrownBy } from "./case.ts";

const clocks = { "a test clock": () => testClock(), "a test clock without autojump": () => testClock({ autojump: false }), "the real clock": () => realClock };

for (const [name, make] of Object.entries(clocks)) {
  describe(`K01: waitAllTasksBlocked() on ${name}`, () => {
    scenario("K01: resolves only after a task has done its ten checkpoints, and is blocked", async () => {
      const record: string[] = [];
      await taskGroup(
        async (group) => {
          const busy = group.spawn(async (scope) => {
            for (let n = 0; n < 10; n++) await scope.checkpoint();
            record.push("busy is done");
            await sleepForever(scope);
          });
          await waitAllTasksBlocked(group);
          record.push("all blocked");
          busy.cancel();
        },
        { clock: make() },
      );
      assert.deepEqual(record, ["busy is done", "all blocked"]);
    });

    scenario("K01: a task that takes turns of the event loop is not blocked", async () => {
      const record: string[] = [];
      await taskGroup(
        async (group) => {
          group.spawn(async () => {
            for (let n = 0; n < 10; n++) await new Promise((resolve) => void setImmediate(resolve));
            record.push("busy is done");
          });
          await waitAllTasksBlocked(group);
          record.push("all blocked");
        },
        { clock: make() },
      );
      assert.deepEqual(record, ["busy is done", "all blocked"]);
    });

    scenario("K01: is cancellable itself, and leaves the others waiting", async () => {
      const { promise, open } = gate();
      await taskGroup(
        async (group) => {
          // A foreign await while a timer of the platform runs: not blocked.
          const alive = setTimeout(() => {}, 60_000);
          group.spawn(() => promise);
          const waiting = group.spawn(waitAllTasksBlocked);
          const other = group.spawn(waitAllTasksBlocked);
          await group.checkpoint();
          waiting.cancel();
          const { status } = await waiting.settled();
          assert.equal(status, "cancelled");
          assert.equal(other.status, "running");
          clearTimeout(alive);
          open();
          await other.join(group);
        },
        { clock: make() },
      );
    });

    scenario("K01: all who wait go on together; in a cancelled scope it throws at once", async () => {
      const record: string[] = [];
      await taskGroup(
        async (group) => {
          const waiter = (scope: Scope): Promise<unknown> => waitAllTasksBlocked(scope).then(() => record.push("on"));
          group.spawn(waiter);
          group.spawn(waiter);
          await waiter(group);
          await group.checkpoint();
          assert.deepEqual(record, ["on", "on", "on"]);
          await group.moveOnAfter(Infinity, async (scope) => {
            scope.cancel();
            isA(await thrownBy(waitAllTasksBlocked(scope)), CancelledError);
          });
        },
        { clock: make() },
      );
    });

    scenario("K01: a task that joins another one without a scope is blocked, and so is one that waits for a foreign promise", async () => {
      const { promise, open } = gate();
      await taskGroup(
        async (group) => {
          group.spawn((scope) => scope.wait(promise));
          await group.group(async (inner) => {
            const task = inner.spawn((scope) => scope.wait(promise));
            group.spawn(async (scope) => {
              await waitAllTasksBlocked(scope);
              open();
            });
            await task.join();
          });
        },
        { clock: make() },
      );
    });
  });
}

describe("K02: autojump", () => {
  scenario("K02: 450 virtual seconds of sleeps pass exactly, at once", async ({ clock }) => {
    const spent: number[] = [];
    await taskGroup(
      async (group) => {
        for (const seconds of [10, 5, 10, 15, 10, 100, 300]) {
          const since = group.now();
          await sleep(seconds * 1_000, group);
          spent.push((group.now() - since) / 1_000);
        }
      },
      { clock },
    );
    assert.deepEqual(spent, [10, 5, 10, 15, 10, 100, 300]);
    assert.equal(clock.now(), 450_000);
  });

  scenario("K02: waiting for blocked tasks wins over the jump", async ({ clock }) => {
    const record: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(async (scope) => {
          await sleep(100, scope);
          record.push("slept");
        });
        group.spawn(async (scope) => {
          await waitAllTasksBlocked(scope);
          record.push(`blocked at ${scope.now()}`);
          await waitAllTasksBlocked(scope);
          record.push(`blocked at ${scope.now()}`);
        });
      },
      { clock },
    );
    assert.deepEqual(record, ["blocked at 0", "blocked at 0", "slept"]);
  });

  scenario("K02: a sleep of 10,000 seconds is over at once, in a time limit of twice that", async ({ clock }) => {
    await failAfter(20_000_000, (scope) => sleep(10_000_000, scope), { clock });
    assert.equal(clock.now(), 10_000_000);
  });

  scenario("K02: what the clock was advanced to before the first root is where it goes on from", async ({ clock }) => {
    await clock.advance(10_000);
    await taskGroup((group) => sleepUntil(10_001, group), { clock });
    assert.equal(clock.now(), 10_001);
  });
});

describe("K12: a program on a test clock, without real I/O", () => {
  scenario("K12: gives the identical order of events in every run", async () => {
    const run = async (): Promise<string[]> => {
      const events: string[] = [];
      await taskGroup(
        (group) => {
          for (let n = 0; n < 20; n++) {
            group.spawn(async (scope) => {
              for (let round = 0; round < 5; round++) {
                events.push(`${n}.${round} at ${scope.now()}`);
                if ((n + round) % 3 === 0) await waitAllTasksBlocked(scope);
                await sleep((n * round) % 7, scope);
              }
            });
          }
        },
        { clock: testClock() },
      );
      return events;
    };
    const first = await run();
    for (let round = 0; round < 10; round++) assert.deepEqual(await run(), first);
  });
});
