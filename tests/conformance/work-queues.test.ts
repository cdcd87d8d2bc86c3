/** Cases of topic M: queues of work, their shutdown and their end. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { sleep, taskGroup } from "espalier";
import { ClosedError, WorkQueue } from "espalier/channel";
import { isA, same, scenario, thrownBy } from "./case.ts";

/** What a call throws, at once or by its promise. */
async function closedBy(call: () => unknown): Promise<ClosedError> {
  return isA(await thrownBy((async () => call())()), ClosedError);
}

describe("M20: the shutdown of a work queue", () => {
  scenario("M20: fails who waits to take from an empty one, and whatever follows", async ({ clock }) => {
    const queue = new WorkQueue<string>();
    await taskGroup(
      async (group) => {
        const taking = group.spawn((scope) => closedBy(() => queue.take(scope)));
        queue.shutdown();
        assert.equal((await taking.join(group)).code, "ENDED");
        assert.equal((await closedBy(() => queue.tryTake())).code, "ENDED");
        const error = await closedBy(() => queue.put("late", group));
        same([error.code, error.undelivered], ["CLOSED", "late"]);
        assert.equal((await closedBy(() => queue.tryPut("late"))).code, "CLOSED");
        await queue.join(group);
        queue.shutdown();
      },
      { clock },
    );
  });

  scenario("M20: fails who waits to put; what is in it can still be taken, and join() completes when that is done", async ({ clock }) => {
    const queue = new WorkQueue<number>(2);
    const log: string[] = [];
    await taskGroup(
      async (group) => {
        queue.tryPut(1);
        queue.tryPut(2);
        const putting = group.spawn((scope) => closedBy(() => queue.put(3, scope)));
        group.spawn(async (scope) => {
          await queue.join(scope);
          log.push("joined");
        });
        queue.shutdown();
        same([(await putting.join(group)).code, (await putting.join(group)).undelivered], ["CLOSED", 3]);
        for await (const job of queue.jobs(group)) {
          await sleep(10, group);
          log.push(`done ${job.value}`);
          job.done();
        }
      },
      { clock },
    );
    assert.deepEqual(log, ["done 1", "done 2", "joined"]);
  });
});

scenario("M21: shutdownNow() gives what was left, and join() waits only for what was taken", async ({ clock }) => {
  const queue = new WorkQueue<number>(3);
  const log: string[] = [];
  await taskGroup(
    async (group) => {
      for (const n of [1, 2, 3]) queue.tryPut(n);
      const job = await queue.take(group);
      group.spawn(async (scope) => {
        await queue.join(scope);
        log.push("joined");
      });
      await sleep(10, group);
      assert.deepEqual(queue.shutdownNow(), [2, 3]);
      await sleep(10, group);
      log.push("done");
      job.done();
      assert.equal((await closedBy(() => queue.take(group))).code, "ENDED");
    },
    { clock },
  );
  assert.deepEqual(log, ["done", "joined"]);

  const idle = new WorkQueue<number>();
  idle.tryPut(1);
  await taskGroup(
    (group) => {
      group.spawn((scope) => idle.join(scope));
      idle.shutdownNow();
    },
    { clock },
  );
});

scenario("M22: of three who wait to put, the one that was cancelled is passed over", async ({ clock }) => {
  const queue = new WorkQueue<number>(1);
  const log: number[] = [];
  await taskGroup(
    async (group) => {
      const putting = [1, 2, 3].map((n) => group.spawn((scope) => queue.put(n, scope).then(() => log.push(n))));
      await sleep(10, group);
      putting[2]!.cancel();
      assert.equal((await queue.take(group)).value, 1);
      assert.equal((await putting[2]!.settled(group)).status, "cancelled");
      assert.equal((await queue.take(group)).value, 2);
      assert.equal(queue.tryTake(), undefined);
    },
    { clock },
  );
  assert.deepEqual(log, [1, 2]);
});

scenario("M22: a job that is done twice is a MisuseError; its disposal is not", () => {
  const queue = new WorkQueue<string>();
  queue.tryPut("work");
  const job = queue.tryTake()!;
  job.done();
  assert.throws(() => job.done(), { name: "MisuseError", code: "ALREADY_DONE" });
  job[Symbol.dispose]();
  assert.equal(queue.statistics().working, 0);
});
