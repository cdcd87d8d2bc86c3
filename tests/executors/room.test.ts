/** A pool with a limit lets in as many as it may, keeps the place of who was told to come, and stands still for nobody. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { sleep, taskGroup, type TaskGroup } from "espalier";
import { openThreadPool, threadPool } from "espalier/threads";
import { gate } from "../conformance/case.ts";
import { until } from "./marks.ts";
import { add, asks, busyFor, other } from "./works.ts";

describe("a pool with room for one call", () => {
  test("runs it", () =>
    threadPool((pool) => taskGroup(async (group) => assert.equal(await pool.run(add, { a: 1, b: 2 }, group), 3)), { size: 1, maxQueued: 0 }));

  test("lets those who submit in one after the other", () =>
    threadPool(
      (pool) =>
        taskGroup(async (group) => {
          const order: number[] = [];
          for (let n = 0; n < 5; n++) {
            group.spawn(async () => {
              const task = await pool.submit(busyFor, { ms: 1 }, group);
              const { running, queued, waiting } = pool.statistics();
              assert.deepEqual({ inside: running + queued, waiting }, { inside: 1, waiting: 5 - n });
              order.push(n);
              await task.join(group);
            });
          }
          await group.spawn(async () => {
            await pool.run(add, { a: 1, b: 2 }, group);
            assert.deepEqual(order, [0, 1, 2, 3, 4]);
          }).join(group);
        }),
      { size: 1, maxQueued: 0 },
    ));

  test("gives the place of a task that was never started to the next", () =>
    threadPool(
      (pool) =>
        taskGroup(async (group) => {
          const narrow = async (own: TaskGroup): Promise<void> => {
            const other = own.spawn((scope) => sleep(1, scope));
            const late = await pool.submit(busyFor, { ms: 0 }, own);
            late.cancel();
            await other.join(own);
          };
          await group.group(narrow, { concurrency: 1 });
          assert.equal(await pool.run(add, { a: 1, b: 2 }, group), 3);
        }),
      { size: 1, maxQueued: 0 },
    ));

  test("has no room to try while it holds one", () =>
    threadPool(
      (pool) =>
        taskGroup(async (group) => {
          const first = pool.trySubmit(busyFor, { ms: 1 }, group);
          assert.equal(pool.trySubmit(busyFor, { ms: 1 }, group), undefined);
          await first?.join(group);
          assert.notEqual(pool.trySubmit(busyFor, { ms: 1 }, group), undefined);
        }),
      { size: 1, maxQueued: 0 },
    ));
});

describe("a thread with hundreds of places", () => {
  test("fills them, also where its calls come one after the other", async () => {
    const held = gate();
    let begun = 0;
    const offers = [other.by(() => {
      begun++;
      return held.promise;
    })];
    await threadPool(
      (pool) =>
        taskGroup(async (group) => {
          for (let n = 1; n <= 300; n++) {
            group.spawn((scope) => pool.run(asks, n, scope, { offers }));
            await until(() => begun === n);
          }
          assert.equal(pool.statistics().running, 300);
          held.open();
        }),
      { size: 1, perWorker: 300 },
    );
  });

  test("has no more than it says", () => {
    assert.throws(() => openThreadPool({ perWorker: 513 }), /perWorker must be at most 512, .* and is 513/);
  });
});
