/** Workers that die: exactly what they held fails, says how, and everything else goes on (T05). */
import assert from "node:assert/strict";
import { isPromise } from "node:util/types";
import { sleepForever, type Task, taskGroup } from "espalier";
import { work, WorkerDiedError } from "espalier/executor";
import { gate, isA, same, scenario, thrownBy } from "../conformance/case.ts";
import { elsewhere } from "./executors.ts";
import { appears, newMark, set, until } from "./marks.ts";
import * as works from "./works.ts";
import { Broken } from "./works.ts";

elsewhere((on) => {
  if (on.repeats) return;

  scenario("T05: process.exit() in a work fails that call, with the exit code; all others run, on another worker too", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      const before = await pool.run(works.place, undefined, group);
      const dying = thrownBy(pool.run(works.exits, 7, group));
      const others = Array.from({ length: 40 }, (_, index) => pool.run(works.echo, index, group));
      const error = isA(await dying, WorkerDiedError);
      same([error.code, error.exit], ["WORKER_DIED", 7]);
      assert.match(error.message, /exit code 7/);
      assert.deepEqual(await Promise.all(others), Array.from({ length: 40 }, (_, index) => index));
      assert.notEqual(await pool.run(works.place, undefined, group), before);
      same([pool.statistics().died, pool.statistics().failed], [1, 1]);
    });
    await pool.close();
  });

  scenario("T05: an error that nothing catches, in a timer or in a promise, fails what its worker ran, and is the cause", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      for (const [call, message] of [[works.throwsInTimer, "in a timer"], [works.rejectsAlone, "nobody's"]] as const) {
        const error = isA(await thrownBy(pool.run(call, undefined, group)), WorkerDiedError);
        assert.equal(error.code, "WORKER_DIED");
        assert.match(String((error.cause as Error).message), new RegExp(message));
        assert.match(error.message, new RegExp(message));
      }
      assert.equal(await pool.run(works.echo, "goes on", group), "goes on");
    });
    await pool.close();
  });

  scenario("T05: a lack of memory fails the call that used it up", async () => {
    const pool = on.open({ size: 1, memory: 40 });
    await taskGroup(async (group) => {
      assert.equal(isA(await thrownBy(pool.run(works.fillsMemory, undefined, group)), WorkerDiedError).code, "WORKER_DIED");
      assert.equal(await pool.run(works.echo, "goes on", group), "goes on");
    });
    await pool.close();
  });

  scenario("T05: of several that a worker ran at a time all fail with it, and those of another worker do not", async () => {
    const pool = on.open({ size: 2, perWorker: 2 });
    await taskGroup(async (group) => {
      const [end, die] = [newMark(), newMark()];
      const marks = Array.from({ length: 4 }, newMark);
      const tasks: Task<unknown>[] = marks.map((path, index) =>
        group.spawn((scope) => (index === 0 ? pool.run(works.exitsLater, { path, until: die }, scope) : pool.run(works.where, { path, until: end }, scope)).catch((error: unknown) => error)),
      );
      await Promise.all(marks.map(appears));
      set(die);
      await until(() => tasks.filter((task) => task.outcome !== undefined).length === 2);
      const dead = tasks.filter((task) => task.outcome !== undefined);
      assert.ok(dead.includes(tasks[0]!));
      for (const task of dead) same([isA(await task.join(group), WorkerDiedError).exit], [7]);
      set(end);
      const alive = await Promise.all(tasks.filter((task) => !dead.includes(task)).map((task) => task.join(group)));
      same([typeof alive[0], alive[0]], ["string", alive[1]]);
    });
    await pool.close();
  });

  scenario("T05: an abandoned call whose worker dies is a late failure, for onError", async () => {
    const told: unknown[] = [];
    const pool = on.open({ size: 1, onError: (error, name) => told.push(error, name) });
    const [begun, die] = [newMark(), newMark()];
    await taskGroup(async (group) => {
      const task = group.spawn((scope) => pool.run(works.exitsLater, { path: begun, until: die }, scope, { whenCancelled: "abandon" }));
      await appears(begun);
      task.cancel();
      set(die);
    });
    await pool.close();
    isA(told[0], WorkerDiedError);
    assert.equal(told[1], "exitsLater");
  });

  scenario("T05: what an abandoned call asked for is cancelled when its worker dies: nobody waits for it", async () => {
    if (!on.ownsWorkers) return;
    const told: unknown[] = [];
    const pool = on.open({ size: 1, onError: (error) => told.push(error) });
    const [begun, ask, die] = [newMark(), newMark(), newMark()];
    const [asked, ended] = [gate(), gate<unknown>()];
    const offers = [works.other.by(async (_, scope) => {
      asked.open();
      await sleepForever(scope).catch(() => ended.open(scope.cancelled));
    })];
    await taskGroup(async (group) => {
      const task = group.spawn((scope) => pool.run(works.diesAsking, { path: begun, until: ask, die }, scope, { whenCancelled: "abandon", offers }));
      await appears(begun);
      task.cancel();
      await task.settled(group);
      set(ask);
      await asked.promise;
      set(die);
      assert.equal(await ended.promise, true);
    });
    await pool.close();
    isA(told[0], WorkerDiedError);
  });

  scenario("T05: a worker that dies of what a work left behind fails nobody, and its error is told", async () => {
    const told: unknown[] = [];
    const pool = on.open({ size: 1, onError: (error, name) => told.push(error, name) });
    const leave = newMark();
    await taskGroup(async (group) => {
      const before = await pool.run(works.place, undefined, group);
      await pool.run(works.leavesTimer, leave, group);
      set(leave);
      await until(() => told.length === 2 && (pool.statistics().died === 1 || !on.ownsWorkers));
      assert.notEqual(await pool.run(works.place, undefined, group), before);
      same([pool.statistics().failed, told.length], [0, 2]);
      assert.match(isA(told[0], WorkerDiedError).message, /left behind/);
      assert.equal((isA(told[0], WorkerDiedError).cause as Broken).message, "left behind");
    });
    await pool.close();
  });

  scenario("T05: a module that ends its worker when it is imported fails its calls, without end", async () => {
    const pool = on.open({ size: 2 });
    const url = "data:text/javascript,process.exit(9)";
    await taskGroup(async (group) => {
      const calls = Array.from({ length: 5 }, () => thrownBy(pool.run(work({ url }, "any", () => {}), undefined, group)));
      for (const error of await Promise.all(calls)) same([isA(error, WorkerDiedError).exit], [9]);
      assert.equal(await pool.run(works.echo, "goes on", group), "goes on");
      assert.ok(pool.statistics().died <= 20, `${pool.statistics().died} workers`);
    });
    await pool.close();
  });

  scenario("close() and disposal end a pool whose workers die meanwhile", async () => {
    for (const end of ["close", Symbol.asyncDispose] as const) {
      const pool = on.open({ size: 2 });
      await taskGroup(async (group) => {
        const calls = [1, 2, 3].map((code) => group.spawn((scope) => thrownBy(pool.run(works.exits, code, scope))));
        const ending = pool[end]();
        assert.ok(isPromise(ending));
        await ending;
        for (const task of calls) isA(await task.join(group), Error);
      });
      assert.equal(pool.statistics().workers, 0);
    }
  });
});
