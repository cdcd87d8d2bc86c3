/** `WorkQueue`: who joins it waits for all work, and for no more than that. (The rest: M20 to M22.) */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Scope, sleep, taskGroup } from "espalier";
import { WorkQueue } from "espalier/channel";
import { explore } from "espalier/testing";
import { scenario } from "../../tests/conformance/case.ts";

scenario("join() waits for work that is found while other work is done", async ({ clock }) => {
  const queue = new WorkQueue<number>();
  const done: number[] = [];
  await taskGroup(
    async (group) => {
      for (let worker = 0; worker < 3; worker++) {
        group.spawn(async (scope) => {
          for await (const job of queue.jobs(scope)) {
            await sleep(10, scope);
            for (let found = 0; found < job.value; found++) queue.tryPut(job.value - 1);
            done.push(job.value);
            job.done();
          }
        });
      }
      queue.tryPut(3);
      await queue.join(group);
      assert.equal(done.length, 1 + 3 + 6 + 6);
      queue.shutdown();
    },
    { clock },
  );
});

scenario("join() of an idle queue gives at once, and statistics() tell what goes on", async ({ clock }) => {
  const queue = new WorkQueue<string>(1, { name: "work" });
  const none = { capacity: 1, buffered: 0, peak: 0, working: 0, waitingToPut: 0, waitingToTake: 0, waitingToJoin: 0 };
  await taskGroup(
    async (group) => {
      await queue.join(group);
      assert.deepEqual(queue.statistics(), none);
      const taking = group.spawn((scope) => queue.take(scope));
      assert.deepEqual(queue.statistics(), { ...none, waitingToTake: 1 });
      await queue.put("a", group);
      const job = await taking.join(group);
      const joining = group.spawn((scope) => queue.join(scope));
      assert.deepEqual(queue.statistics(), { ...none, working: 1, waitingToJoin: 1 });
      const cancelled = group.spawn((scope) => queue.join(scope));
      cancelled.cancel();
      job[Symbol.dispose]();
      assert.throws(() => job.done(), { code: "ALREADY_DONE" });
      await joining.join(group);
      assert.deepEqual(queue.statistics(), none);
    },
    { clock },
  );
});

test("a capacity below 1 is a RangeError", () => {
  for (const capacity of [0, -1, 1.5, Number.NaN]) assert.throws(() => new WorkQueue(capacity), RangeError);
});

test("join() completes, and not before all that was put is done, in every order and with any task cancelled", async () => {
  await explore(
    async (group) => {
      const queue = new WorkQueue<string>(1);
      const put: string[] = [];
      const done: string[] = [];
      const work = async (scope: Scope): Promise<void> => {
        for await (const job of queue.jobs(scope)) {
          try {
            await scope.checkpoint();
          } finally {
            done.push(job.value);
            job.done();
          }
        }
      };
      const putting = (item: string) => async (scope: Scope) => {
        await queue.put(item, scope);
        put.push(item);
      };
      const workers = [work, work].map((task) => group.spawn(task));
      const putters = ["a", "b", "c"].map((item) => group.spawn(putting(item)));
      // The last worker is one that nobody cancels.
      const last = group.spawn((scope) => scope.shield((own) => work(own)));
      for (const task of putters) await task.settled(group);
      await group.shield((own) => queue.join(own));
      assert.deepEqual(done.toSorted(), put.toSorted());
      queue.shutdown();
      for (const task of [...workers, last]) await task.settled(group);
      assert.equal(queue.statistics().working, 0);
    },
    { faults: ["cancel"], mostFaults: 2, schedules: 2_000, seeds: 200 },
  );
});
