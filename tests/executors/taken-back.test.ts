/** Calls that a worker has and never begins: it goes on, and rests, as if they had never been. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { CancelledError, moveOnAfter, taskGroup } from "espalier";
import { type ExecutorOptions, NotCloneableError, type OpenExecutor } from "espalier/executor";
import { isA, same, scenario, thrownBy } from "../conformance/case.ts";
import { commandOf } from "../conformance/programs/this-runtime.ts";
import { elsewhere, onEach } from "./executors.ts";
import { late, lateAlone } from "./loaded-late.ts";
import { newMark, set, until } from "./marks.ts";
import * as works from "./works.ts";

elsewhere((on) => {
  /** One worker, which loads the module of `late` when `mark` is set. */
  const open = (mark: string, options?: ExecutorOptions): OpenExecutor => on.open({ size: 1, ...options, ...({ argv: [`loaded-by=${mark}`] } as object) });

  /** Calls what the worker of `pool` cannot begin, and cancels it there. */
  async function takenBack(pool: OpenExecutor, work = late): Promise<void> {
    await moveOnAfter(Infinity, async (scope) => {
      await pool.run(works.echo, 0, scope);
      const call = thrownBy(pool.run(work, undefined, scope));
      await new Promise((resolve) => setImmediate(resolve));
      scope.cancel();
      isA(await call, CancelledError);
    });
  }

  scenario("a module that is never loaded holds up no work of another one, and not the end of the executor", async () => {
    const pool = open(newMark());
    await taskGroup(async (group) => {
      await takenBack(pool);
      assert.equal(await pool.run(works.echo, "after", group), "after");
      const call = thrownBy(pool.run(late, undefined, group));
      if (on.name === "threads") assert.equal(await pool.run(works.echo, "beside", group), "beside");
      await pool[Symbol.asyncDispose]();
      isA(await call, CancelledError);
    });
  });

  scenario("a worker that was started for a call that does not come ends as an idle one", async () => {
    // Of a cluster it is known when it has answered, and then it has the call.
    if (!on.ownsWorkers) return;
    const pool = open(newMark(), { idle: 20 });
    await moveOnAfter(Infinity, async (scope) => {
      const call = thrownBy(pool.run(works.echo, 1, scope));
      await until(() => pool.statistics().workers === 1);
      scope.cancel();
      await call;
    });
    await until(() => pool.statistics().workers === 0);
    same([pool.statistics().cancelled, pool.statistics().died], [1, 0]);
    await pool.close();
  });

  scenario("a worker whose calls were all taken back keeps no program alive", async () => {
    const child = execFile(...commandOf(fileURLToPath(new URL("./taken-back-program.ts", import.meta.url)), on.name, newMark()));
    const [code] = (await once(child, "close")) as [number];
    assert.equal(code, 0);
  });

  scenario("a worker that is to be recycled, and whose last call was taken back, is replaced", async () => {
    const pool = open(newMark(), { recycle: { calls: 1 } });
    await taskGroup(async (group) => {
      await moveOnAfter(Infinity, async (scope) => {
        const [first, second] = [pool.run(works.echo, 1, scope), thrownBy(pool.run(late, undefined, scope))];
        await first;
        scope.cancel();
        isA(await second, CancelledError);
      });
      assert.equal(await pool.run(works.echo, 2, group), 2);
    });
    await pool.close();
  });

  scenario("of a work with a limit, one that was taken back leaves its place to the next", async () => {
    const mark = newMark();
    const pool = open(mark);
    await taskGroup(async (group) => {
      group.spawn(async () => {
        await takenBack(pool, lateAlone);
        set(mark);
      });
      const waits = group.spawn(async (scope) => {
        await until(() => pool.statistics().succeeded === 1);
        return pool.run(lateAlone, undefined, scope);
      });
      assert.equal(await waits.join(group), "ran");
    });
    await pool.close();
  });
});

onEach((on) => {
  if (!on.copies) return;
  scenario("what cannot be sent, of a work with a limit, leaves its place to the next", async () => {
    const pool = on.open({ size: 1 });
    await taskGroup(async (group) => {
      assert.equal(await pool.run(works.echo, 1, group), 1);
      const [refused, sent] = await group.allSettled([
        (scope) => pool.run(works.echoAlone, () => {}, scope),
        (scope) => pool.run(works.echoAlone, "sent", scope),
      ]);
      isA((refused as PromiseRejectedResult).reason, NotCloneableError);
      assert.equal((sent as PromiseFulfilledResult<unknown>).value, "sent");
    });
    await pool.close();
  });
});
