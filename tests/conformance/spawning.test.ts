/** Cases of topic L about what spawn does: at once, in a cancelled group, with a limit (G12, G13). */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, type Scope, sleep, TaskGroupError, taskGroup } from "espalier";
import { gate, isA, same, scenario, thrownBy } from "./case.ts";

describe("spawn and cancellation", () => {
  scenario("L23: spawn() after group.cancel() runs the function to its first wait; trySpawn() does not call it", async ({ clock }) => {
    const log: string[] = [];
    const task = await taskGroup(
      (group) => {
        group.cancel();
        assert.equal(
          group.trySpawn(() => log.push("trySpawn")),
          undefined,
        );
        const spawned = group.spawn(async (scope) => {
          log.push("started");
          await sleep(10, scope);
          log.push("a line that must not run");
        });
        log.push("spawn() returned");
        return spawned;
      },
      { clock },
    );
    assert.deepEqual(log, ["started", "spawn() returned"]);
    assert.equal(task.status, "cancelled");
  });

  scenario("L24: spawn() after a failure is as after cancel(), and adds no error", async ({ clock }) => {
    const E = new Error("E");
    const log: string[] = [];
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn(() => {
            throw E;
          });
          assert.equal(
            group.trySpawn(() => log.push("trySpawn")),
            undefined,
          );
          group.spawn(async (scope) => {
            log.push("started");
            await sleep(10, scope);
          });
        },
        { clock },
      ),
    );
    assert.deepEqual(log, ["started"]);
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("L26: spawn() calls the function at once, and gives a task though the function throws", async ({ clock }) => {
    const E = new Error("E");
    const log: string[] = [];
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          const task = group.spawn(() => {
            log.push("called");
            throw E;
          });
          log.push(`spawn() returned: ${task.status}`);
          await Promise.resolve();
          log.push("the body runs on");
          await sleep(10, group);
          log.push("a line that must not run");
        },
        { clock },
      ),
    );
    assert.deepEqual(log, ["called", "spawn() returned: failed", "the body runs on"]);
    same(isA(error, TaskGroupError).errors, [E]);
  });
});

describe("concurrency", () => {
  scenario("L31: of 1,000 spawns never more than the limit run, and they start in the order of spawning", async ({ clock }) => {
    const limit = 7;
    let running = 0;
    let most = 0;
    const order: number[] = [];
    await taskGroup(
      (group) => {
        for (let index = 0; index < 1_000; index++) {
          group.spawn(async (scope) => {
            order.push(index);
            most = Math.max(most, ++running);
            await sleep((index * 7) % 5, scope);
            running--;
          });
        }
      },
      { clock, concurrency: limit },
    );
    assert.equal(most, limit);
    assert.deepEqual(order, [...Array(1_000).keys()]);
  });

  scenario('L31: a spawn beyond the limit is "queued", and trySpawn() gives undefined', async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const first = group.spawn((scope) => sleep(10, scope));
        const second = group.spawn((scope) => sleep(10, scope));
        assert.equal(first.status, "running");
        assert.equal(second.status, "queued");
        assert.equal(second.outcome, undefined);
        assert.equal(group.size, 2);
        same(group.tasks, [first, second]);
        assert.equal(
          group.trySpawn(() => assert.fail("called without room")),
          undefined,
        );
        await first.join(group);
        await group.checkpoint();
        assert.equal(second.status, "running");
      },
      { clock, concurrency: 1 },
    );
    assert.equal(clock.now(), 20);
  });

  scenario("L31: vacancy() resolves when a task has finished, and a spawn then starts at once", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(30, scope));
        group.spawn((scope) => sleep(50, scope));
        await group.vacancy(group);
        assert.equal(clock.now(), 30);
        assert.equal(group.spawn((scope) => sleep(50, scope)).status, "running");
        await group.vacancy(group);
        assert.equal(clock.now(), 50);
        assert.equal(group.trySpawn((scope) => sleep(1, scope))?.status, "running");
      },
      { clock, concurrency: 2 },
    );
  });

  scenario("L31: a place that comes free lets one of two that wait for a vacancy go on", async ({ clock }) => {
    const starts: string[] = [];
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        const produce = async (name: string, scope: Scope): Promise<void> => {
          await group.vacancy(scope);
          starts.push(`${name} ${group.spawn((own) => sleep(10, own)).status}`);
        };
        await taskGroup(
          (producers) => {
            producers.spawn((scope) => produce("first", scope));
            producers.spawn((scope) => produce("second", scope));
          },
          group,
        );
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(starts, ["first running", "second running"]);
  });

  scenario("L31: who was told of a vacancy and does not take it leaves it to the next", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        await group.all([
          (scope) => group.vacancy(scope).then(() => void log.push("first")),
          (scope) => group.vacancy(scope).then(() => void log.push("second")),
        ]);
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(log, ["first", "second"]);
    assert.equal(clock.now(), 10);
  });

  scenario("L31: vacancy() is interrupted like any wait, and leaves nobody in line", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const busy = gate();
        group.spawn(() => busy.promise);
        const value = await group.moveOnAfter(20, (scope) => group.vacancy(scope).then(() => "vacancy"), { fallback: "fallback" });
        assert.equal(value, "fallback");
        busy.open();
        await group.vacancy(group);
        assert.equal(group.spawn(() => "room").status, "succeeded");
      },
      { clock, concurrency: 1 },
    );
  });

  scenario("G12: a task that is queued when its group is cancelled ends as cancelled and is never called", async ({ clock }) => {
    const queued = await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(1_000, scope));
        const tasks = [group.spawn(() => assert.fail("called")), group.spawn(() => assert.fail("called"))];
        group.cancel("enough");
        assert.deepEqual(tasks.map(({ status }) => status), ["cancelled", "cancelled"]);
        return [...tasks, group.spawn((scope) => sleep(1_000, scope))];
      },
      { clock, concurrency: 1, name: "full" },
    );
    for (const { outcome } of queued) {
      assert.ok(outcome?.status === "cancelled");
      assert.equal(outcome.reason.reason, "enough");
      assert.equal(outcome.reason.by, "full");
    }
    assert.equal(clock.now(), 0);
  });

  scenario("G12: a queued task that is cancelled itself is never called and takes no place", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn((scope) => sleep(10, scope));
        const second = group.spawn(() => log.push("second"));
        const third = group.spawn(() => log.push("third"));
        second.cancel();
        assert.equal(second.status, "cancelled");
        assert.equal(third.status, "queued");
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(log, ["third"]);
  });

  scenario("G12: one that is cancelled in the queue, or on its way out of it, leaves the places as they were", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      async (group) => {
        const first = group.spawn((scope) => sleep(10, scope));
        group.spawn(() => assert.fail("called")).cancel();
        const called = group.spawn(() => assert.fail("called"));
        const last = group.spawn(() => log.push("last"));
        assert.deepEqual([called.status, last.status], ["queued", "queued"]);
        // Called as the first one ends: the place is the second one's by then, and its function still to be called.
        void first.settled().then(() => called.cancel());
        await last.join(group);
        assert.deepEqual([called.status, log], ["cancelled", ["last"]]);
      },
      { clock, concurrency: 1 },
    );
  });

  scenario("G12: a limit counts daemons and started tasks", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const daemon = group.spawn((scope) => sleep(10_000, scope), { daemon: true });
        const server = await group.start(async (scope, started: (value: number) => void) => {
          started(1);
          await sleep(10, scope);
        }, group);
        assert.equal(group.trySpawn(() => {}), undefined);
        await server.join(group);
        assert.equal(group.trySpawn(() => {})?.status, "succeeded");
        daemon.cancel();
      },
      { clock, concurrency: 2 },
    );
  });

  scenario("G12: in a group with room a cancelled task's wait is the first thing that throws", async ({ clock }) => {
    const seen: unknown[] = [];
    await taskGroup(
      (group) => {
        group.cancel();
        group.spawn(async (scope) => {
          seen.push(scope.cancelled, scope.signal.aborted);
          seen.push(isA(await thrownBy(scope.checkpoint()), CancelledError) === group.reason);
        });
      },
      { clock, concurrency: 1 },
    );
    assert.deepEqual(seen, [true, true, true]);
  });
});
