/** G14: daemons are cancelled when the body and all other tasks have finished; their errors count. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, moveOnAfter, type Scope, sleep, sleepForever, TaskGroupError, taskGroup } from "espalier";
import { gate, isA, quiet, same, scenario, thrownBy } from "../case.ts";

const E = new Error("E");
const daemon = { daemon: true };

describe("G14: when a daemon ends", () => {
  scenario("G14: it runs as long as the body or any other task does, and is cancelled then", async ({ clock }) => {
    let beats = 0;
    const task = await taskGroup(
      async (group) => {
        const heart = group.spawn(async (scope) => {
          for (;;) {
            await sleep(10, scope);
            beats++;
          }
        }, daemon);
        group.spawn((scope) => sleep(105, scope));
        await sleep(55, group);
        return heart;
      },
      { clock },
    );
    assert.equal(beats, 10);
    assert.equal(clock.now(), 105);
    assert.ok(task.outcome?.status === "cancelled");
    assert.equal(task.outcome.reason.source, "ended");
  });

  scenario("G14: the group itself is not cancelled by that, and gives the body's value", async ({ clock }) => {
    const told: unknown[] = [];
    const group = await taskGroup(
      (open) => {
        open.onCancel((reason) => void told.push(reason));
        open.spawn(sleepForever, daemon);
        return open;
      },
      { clock },
    );
    assert.equal(group.cancelled, false);
    assert.equal(group.signal.aborted, false);
    assert.deepEqual(told, []);
  });

  scenario("G14: a group of nothing but daemons ends at once", async ({ clock }) => {
    const value = await taskGroup(
      (group) => {
        for (let n = 0; n < 3; n++) group.spawn(sleepForever, daemon);
        return "value";
      },
      { clock },
    );
    assert.equal(value, "value");
    assert.equal(clock.now(), 0);
  });

  scenario("G14: what is below a daemon is cancelled with it, its cleanup is waited for", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(
          (scope) =>
            scope.group((inner) => {
              inner.spawn((leaf) => sleepForever(leaf).finally(async () => {
                await quiet();
                log.push("cleaned up");
              }));
            }),
          daemon,
        );
      },
      { clock },
    );
    assert.deepEqual(log, ["cleaned up"]);
  });

  scenario("G14: one that nothing can interrupt is waited for", async ({ clock }) => {
    const peer = gate();
    let settled = false;
    const call = taskGroup((group) => void group.spawn(() => peer.promise, daemon), { clock }).then(() => (settled = true));
    await quiet();
    assert.equal(settled, false);
    peer.open();
    await call;
  });

  scenario("G14: one that ends by itself leaves the others and the group alone", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const brief = group.spawn((scope) => sleep(5, scope).then(() => "value"), daemon);
        const lasting = group.spawn(sleepForever, daemon);
        assert.equal(await brief.join(group), "value");
        await sleep(5, group);
        assert.equal(lasting.status, "running");
      },
      { clock },
    );
  });

  scenario("G14: a task that a daemon spawned last keeps the daemons running", async ({ clock }) => {
    const log: string[] = [];
    await taskGroup(
      (group) => {
        group.spawn(async (scope: Scope) => {
          await sleep(10, scope);
          group.spawn((own) => sleep(100, own));
          await sleep(50, scope);
          log.push("the daemon goes on");
          await sleepForever(scope);
        }, daemon);
        group.spawn((scope) => sleep(20, scope));
      },
      { clock },
    );
    assert.deepEqual(log, ["the daemon goes on"]);
    assert.equal(clock.now(), 110);
  });

  scenario("G14: one that is spawned while the group is ending is cancelled at its first wait", async ({ clock }) => {
    const log: unknown[] = [];
    await taskGroup(
      (group) => {
        group.spawn(
          (scope) =>
            sleepForever(scope).finally(() => {
              group.spawn(async (late) => {
                log.push("started");
                log.push(isA(await thrownBy(late.checkpoint()), CancelledError).source);
                await late.checkpoint();
              }, daemon);
            }),
          daemon,
        );
      },
      { clock },
    );
    assert.deepEqual(log, ["started", "ended"]);
  });
});

describe("G14: its errors count", () => {
  scenario("G14: a daemon that fails cancels the body and the tasks", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup(
        async (group) => {
          group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)), { daemon: true, name: "heart" });
          group.spawn(sleepForever);
          assert.equal(isA(await thrownBy(sleepForever(group)), CancelledError).by, "heart");
        },
        { clock },
      ),
    );
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("G14: a daemon that fails in its cleanup fails the group", async ({ clock }) => {
    const error = await thrownBy(
      taskGroup((group) => void group.spawn((scope) => sleepForever(scope).catch(() => Promise.reject(E)), daemon), { clock }),
    );
    same(isA(error, TaskGroupError).errors, [E]);
  });

  scenario("G14: they go to onError where there is one", async ({ clock }) => {
    const told: unknown[] = [];
    await taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope).then(() => Promise.reject(E)), daemon);
        await sleep(20, group);
      },
      { clock, onError: (error) => void told.push(error) },
    );
    same(told, [E]);
  });
});

describe("G14: daemons and cancellation", () => {
  scenario("G14: an outer cancellation reaches a daemon, and its own task.cancel() ends it alone", async ({ clock }) => {
    const value = await moveOnAfter(
      20,
      (outer) =>
        outer.group(async (group) => {
          const stopped = group.spawn(sleepForever, daemon);
          const lasting = group.spawn(sleepForever, daemon);
          stopped.cancel();
          await stopped.settled(group);
          assert.equal(lasting.status, "running");
          await sleepForever(group).finally(() => assert.equal(lasting.status === "cancelling" || lasting.status === "cancelled", true));
        }),
      { clock, fallback: "absorbed" },
    );
    assert.equal(value, "absorbed");
    assert.equal(clock.now(), 20);
  });

  scenario("G14: a queued daemon is cancelled without being called when the group ends", async ({ clock }) => {
    const queued = await taskGroup(
      (group) => {
        group.spawn(sleepForever, daemon);
        return group.spawn(() => assert.fail("called"), daemon);
      },
      { clock, concurrency: 1 },
    );
    assert.equal(queued.status, "cancelled");
  });
});
