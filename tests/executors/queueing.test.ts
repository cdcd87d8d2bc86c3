/** Who runs when: room, order, priorities, limits, turns. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { CancelledError, moveOnAfter, openTaskGroup, type Task, type TaskGroup, taskGroup } from "espalier";
import type { OpenExecutor, RunOptions } from "espalier/executor";
import { ending, isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { type Kind, onEach } from "./executors.ts";
import { appears, newMark, set, until } from "./marks.ts";
import * as works from "./works.ts";

/** A pool of one place that is taken until `free()`. */
async function busyPool(on: Kind, group: TaskGroup, options: { maxQueued?: number } = {}): Promise<{ pool: OpenExecutor; free: () => void; freed: Promise<unknown> }> {
  const [begun, end] = [newMark(), newMark()];
  const pool = on.open({ size: 1, ...options });
  const freed = pool.run(works.deaf, { path: begun, until: end }, group);
  await appears(begun);
  return { pool, free: () => set(end), freed };
}

/** Calls that write down their names as they run, by a callback. */
function logging(pool: OpenExecutor): { log: unknown[]; call: (name: string, group: TaskGroup, options?: RunOptions) => Task<unknown> } {
  const log: unknown[] = [];
  const offers = [works.other.by((name) => log.push(name))];
  return { log, call: (name, group, options) => group.spawn((scope) => pool.run(works.asks, name, scope, { ...options, offers })) };
}

onEach((on) => {
  describe("maxQueued", () => {
    scenario("submit() waits until there is room, run() too; trySubmit() gives undefined", async () => {
      await taskGroup(async (group) => {
        const { pool, free } = await busyPool(on, group, { maxQueued: 1 });
        const first = await pool.submit(works.echo, 1, group);
        assert.equal(pool.trySubmit(works.echo, 2, group), undefined);
        const submitting = group.spawn((scope) => scope.wait(pool.submit(works.echo, 3, group)));
        const running = group.spawn((scope) => pool.run(works.echo, 4, scope));
        await quiet();
        same([submitting.outcome, running.outcome, pool.statistics().waiting, pool.statistics().queued], [undefined, undefined, 2, 1]);
        free();
        const second = await submitting.join(group);
        assert.deepEqual(await Promise.all([first.join(group), second.join(group), running.join(group)]), [1, 3, 4]);
        assert.equal(await pool.trySubmit(works.echo, 5, group)?.join(group), 5);
        await pool.close();
      });
    });

    scenario("who waits for room comes in in the order of coming, and nobody passes", async () => {
      await taskGroup(async (group) => {
        const { pool, free } = await busyPool(on, group, { maxQueued: 0 });
        const { log, call } = logging(pool);
        for (const name of ["a", "b", "c"]) call(name, group);
        group.spawn(async () => {
          const offers = [works.other.by((name) => log.push(name))];
          await pool.submit(works.asks, "d", group, { offers });
        });
        await quiet();
        call("e", group);
        assert.equal(pool.statistics().waiting, 5);
        free();
        await until(() => log.length === 5);
        assert.deepEqual(log, ["a", "b", "c", "d", "e"]);
        await group.vacancy(group);
        await pool.close();
      });
    });

    scenario("who is cancelled while he waits for room has left nothing, and takes nobody's place", async () => {
      await taskGroup(async (group) => {
        const { pool, free } = await busyPool(on, group, { maxQueued: 0 });
        const cancelled = [group.spawn((scope) => pool.run(works.echo, 1, scope)), group.spawn((scope) => scope.group((own) => pool.submit(works.echo, 2, own).then(() => {})))];
        const stays = group.spawn((scope) => pool.run(works.echo, 3, scope));
        await quiet();
        for (const task of cancelled) task.cancel();
        await quiet();
        same([pool.statistics().waiting, ...cancelled.map(({ status }) => status)], [1, "cancelled", "cancelled"]);
        free();
        assert.equal(await stays.join(group), 3);
        await pool.close();
      });
    });

    scenario("a place that was given to who does not take it goes to the next", async () => {
      await taskGroup(async (group) => {
        const { pool, free, freed } = await busyPool(on, group, { maxQueued: 0 });
        const other = openTaskGroup(group);
        const submitting = ending(pool.submit(works.forever, undefined, other).then((task) => task.join()));
        const next = group.spawn((scope) => pool.run(works.echo, 2, scope));
        await quiet();
        free();
        // In the turn in which the other one was let in.
        await freed;
        other.cancel();
        isA((await submitting as { error: unknown }).error, CancelledError);
        assert.equal(await next.join(group), 2);
        await other[Symbol.asyncDispose]();
        await pool.close();
      });
    });

    scenario("never more than maxQueued are queued, and a flood through submit() runs all", async () => {
      await taskGroup(async (group) => {
        const pool = on.open({ size: 2, maxQueued: 3 });
        const tasks: Task<unknown>[] = [];
        for (let n = 0; n < 50; n++) {
          tasks.push(await pool.submit(works.echo, n, group));
          const { queued, running } = pool.statistics();
          assert.ok(queued + running <= 5);
        }
        assert.deepEqual(await Promise.all(tasks.map((task) => task.join(group))), Array.from({ length: 50 }, (_, index) => index));
        await pool.close();
      });
    });
  });

  scenario("a submitted work is a task of its group, by the name of the work, and fails it", async () => {
    const task = await taskGroup(async (group) => {
      const submitted = await on.shared.submit(works.add, { a: 1, b: 2 }, group);
      assert.equal(submitted.name, "add");
      const sum: number = await submitted.join(group);
      assert.equal(sum, 3);
      return submitted;
    });
    assert.equal(task.status, "succeeded");
    isA(await thrownBy(taskGroup(async (group) => void (await on.shared.submit(works.fails, "later", group)))), AggregateError);
  });

  scenario("of those that are queued the higher priority goes first, and in one who came first", async () => {
    await taskGroup(async (group) => {
      const { pool, free } = await busyPool(on, group);
      const { log, call } = logging(pool);
      for (const [name, priority] of [["a", 0], ["low", -1], ["b", 0], ["high", 5], ["higher", 7.5], ["c", undefined], ["high too", 5]] as const) call(name, group, { priority });
      await quiet();
      free();
      await until(() => log.length === 7);
      // One may have been with the worker already: it goes first, whatever came later.
      const begun = log.indexOf("a") === 0 ? 1 : 0;
      assert.deepEqual(log.slice(begun), ["higher", "high", "high too", "a", "b", "c", "low"].filter((name) => begun === 0 || name !== "a"));
      await group.vacancy(group);
      await pool.close();
    });
  });

  scenario("groups take turns: one call does not wait for a hundred of another group", async () => {
    await taskGroup(async (group) => {
      const { pool, free } = await busyPool(on, group);
      const { log, call } = logging(pool);
      await Promise.all([
        group.group((many) => {
          for (let n = 0; n < 20; n++) call("many", many);
        }),
        group.group((few) => {
          call("few", few);
          call("few", few);
        }),
        quiet().then(free),
      ]);
      const last = log.lastIndexOf("few");
      assert.ok(last <= 4, log.join(" "));
      await pool.close();
    });
  });

  scenario("of a work with a limit no more run at a time; others pass it", async () => {
    const pool = on.open({ size: 2 });
    await taskGroup(async (group) => {
      const marks = [newMark(), newMark(), newMark()];
      const ends = [newMark(), newMark(), newMark()];
      const tasks = marks.map((path, index) => group.spawn((scope) => pool.run(works.alone, { path, until: ends[index]! }, scope)));
      await appears(marks[0]!);
      assert.equal(await pool.run(works.echo, "passes", group), "passes");
      same([pool.statistics().running, pool.statistics().queued], [1, 2]);
      set(ends[0]!);
      await appears(marks[1]!);
      tasks[1]!.cancel();
      tasks[2]!.cancel();
      await until(() => tasks[2]!.outcome !== undefined);
      assert.equal(tasks[1]!.outcome, undefined);
      set(ends[1]!);
      await until(() => tasks[1]!.outcome !== undefined);
      const again = newMark();
      set(ends[2]!);
      await pool.run(works.alone, { path: again, until: ends[2]! }, group);
    });
    await pool.close();
  });

  scenario("those that wait for a limited work go by priority, and groups take turns among them too", async () => {
    const pool = on.open({ size: 2 });
    await taskGroup(async (group) => {
      const [begun, end] = [newMark(), newMark()];
      const log: unknown[] = [];
      const call = (name: string, own: TaskGroup, priority = 0): unknown =>
        own.spawn((scope) => pool.run(works.alone, { until: end }, scope, { priority }).then(() => log.push(name)));
      group.spawn((scope) => pool.run(works.alone, { path: begun, until: end }, scope));
      await appears(begun);
      await Promise.all([
        group.group((many) => {
          for (let n = 0; n < 10; n++) call("many", many);
        }),
        (async () => {
          // All of them are held.
          await pool.run(works.echo, 1, group);
          await group.group(async (few) => {
            call("high", few, 1);
            call("few", few);
            call("few", few);
            await pool.run(works.echo, 1, few);
            set(end);
          });
        })(),
      ]);
      assert.equal(log.indexOf("high"), 0, log.join(" "));
      assert.ok(log.lastIndexOf("few") <= 5, log.join(" "));
    });
    await pool.close();
  });

  scenario("perWorker: so many that wait run at a time, and not one more", async () => {
    const pool = on.open({ size: 1, perWorker: 3 });
    await taskGroup(async (group) => {
      const marks = Array.from({ length: 5 }, newMark);
      const end = newMark();
      const tasks = marks.map((path) => group.spawn((scope) => pool.run(works.deaf, { path, until: end }, scope)));
      await Promise.all(marks.slice(0, 3).map(appears));
      await quiet();
      same([pool.statistics().running, pool.statistics().queued], [3, 2]);
      set(end);
      for (const task of tasks) await task.join(group);
      // When one is through, the next begins, though the others go on.
      const [first, second] = [newMark(), newMark()];
      const long = group.spawn((scope) => pool.run(works.deaf, { path: first, until: second }, scope));
      await appears(first);
      for (let n = 0; n < 10; n++) assert.equal(await pool.run(works.echo, n, group), n);
      assert.equal(long.outcome, undefined);
      set(second);
    });
    await pool.close();
  });

  scenario("perWorker: calls whose input is handed over run beside each other, too", async () => {
    const pool = on.open({ size: 1, perWorker: 3 });
    await taskGroup(async (group) => {
      const marks = Array.from({ length: 4 }, newMark);
      const end = newMark();
      const tasks = marks.map((path) => group.spawn((scope) => pool.run(works.deaf, { path, until: end }, scope, { transfer: [new ArrayBuffer(8)] })));
      await Promise.all(marks.slice(0, 3).map(appears));
      await quiet();
      same([pool.statistics().running, pool.statistics().queued], [3, 1]);
      set(end);
      for (const task of tasks) assert.equal(await task.join(group), "done");
    });
    await pool.close();
  });

  scenario("statistics() add up", async () => {
    const pool = on.open({ size: 2, name: "counted" });
    assert.deepEqual([pool.name, pool.statistics().succeeded, pool.statistics().waitTime.count], ["counted", 0, 0]);
    await taskGroup(async (group) => {
      await Promise.all(Array.from({ length: 7 }, (_, n) => pool.run(works.echo, n, group)));
      await Promise.all(Array.from({ length: 3 }, () => thrownBy(pool.run(works.fails, "later", group))));
      const begun = newMark();
      await moveOnAfter(Infinity, async (scope) => {
        const called = pool.run(works.forever, begun, scope);
        await appears(begun);
        assert.equal(pool.statistics().running, 1);
        scope.cancel();
        return called;
      });
      const { succeeded, failed, cancelled, died, running, queued, waiting, abandoned, runTime, waitTime } = pool.statistics();
      assert.deepEqual({ succeeded, failed, cancelled, died, running, queued, waiting, abandoned }, { succeeded: 7, failed: 3, cancelled: 1, died: 0, running: 0, queued: 0, waiting: 0, abandoned: 0 });
      same([runTime.count, waitTime.count], [11, 11]);
      assert.ok(runTime.max >= runTime.p99 && runTime.p99 >= runTime.p50 && runTime.mean <= runTime.max);
    });
    await pool.close();
  });
});
