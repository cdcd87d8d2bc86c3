/** Who waits for a resource that only they have who wait for it: told at once, and never where another may give one back. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { leaves, openTaskGroup, type Scope, sleep, taskGroup, type TaskGroup } from "espalier";
import { PoolExhaustedError, ResourcePool } from "espalier/sync";
import { DeadlockError } from "espalier/testing";
import { gate, type Given, isA, scenario, thrownBy } from "../../../tests/conformance/case.ts";

type Program = (pool: ResourcePool<string>, scope: Scope, group: TaskGroup) => Promise<unknown>;

const exhausted = (call: Promise<unknown>): Promise<PoolExhaustedError> => thrownBy(call).then((error) => isA(error, PoolExhaustedError));
const warnings = async (takeReports: Given["takeReports"]): Promise<string[]> => (await takeReports()).map(({ error }) => (error as Error).message);

/** Until what can go on by promises alone has gone on: no time passes meanwhile. */
async function promiseWork(): Promise<void> {
  for (let n = 0; n < 50; n++) await Promise.resolve();
}

/** Runs `program` in a task, beside a pool of `max` resources that gives up after 50 ms. */
async function pooled({ clock }: Given, max: number, program: Program): Promise<void> {
  await taskGroup(async (group) => {
    const pool = new ResourcePool(group, { create: () => "connection", name: "db", max, acquireTimeout: 50 });
    const others = group.spawn((scope) => scope.group(async (own) => program(pool, own, own)), { name: "others" });
    await others.join(group);
  }, { clock });
}

/** Runs `program` in a task that does nothing else. */
function alone(given: Given, max: number, program: (pool: ResourcePool<string>, scope: Scope) => Promise<unknown>): Promise<void> {
  return pooled(given, max, (pool, _, group) => group.spawn((scope) => program(pool, scope), { name: "report" }).join(group));
}

describe("an acquire that waits for itself is told at once", () => {
  const programs: Record<string, [max: number, program: (pool: ResourcePool<string>, scope: Scope) => Promise<unknown>]> = {
    "in the function that holds the last one": [1, (pool, scope) => pool.use(() => exhausted(pool.acquire(scope)), scope)],
    "in a scope further in": [1, (pool, scope) => pool.use(() => scope.failAfter(1_000, (own) => exhausted(pool.acquire(own))), scope)],
    "in a task of a group that the holder waits for": [
      2,
      (pool, scope) =>
        pool.use(() => pool.use(() => scope.group((own) => void own.spawn((task) => exhausted(pool.acquire(task)), { name: "inner" })), scope), scope),
    ],
    "after it took them in scopes that have ended": [
      2,
      async (pool, scope) => {
        const leases = [await scope.failAfter(10, (own) => pool.acquire(own)), await scope.shield((own) => pool.acquire(own))];
        await exhausted(pool.acquire(scope));
        for (const lease of leases) lease.release();
      },
    ],
  };
  for (const [where, [max, program]] of Object.entries(programs)) {
    scenario(`an acquire that waits for itself is told at once, ${where}`, async (given) => {
      await alone(given, max, async (pool, scope) => {
        const call = program(pool, scope);
        await promiseWork();
        assert.deepEqual([scope.now(), pool.statistics().selfDeadlocked.length], [0, 1]);
        await call;
        const [warning = "", ...more] = await warnings(given.takeReports);
        assert.match(warning, /waits for a resource of the pool "db", but (the only one is|all 2 are) held by functions that wait for that, by ".*It waits for itself/);
        assert.deepEqual(more, []);
        assert.deepEqual(pool.statistics().selfDeadlocked, []);
      });
    });
  }

  scenario("it is told once for each task, and each error says it again", async (given) => {
    await alone(given, 1, (pool, scope) =>
      pool.use(async () => {
        for (let n = 0; n < 2; n++) {
          const error = await exhausted(pool.acquire(scope));
          assert.equal(error.selfDeadlock, true);
          assert.match(error.message, /Its own task holds 1 of them while it waits for another: that is a deadlock with itself/);
        }
        assert.equal((await warnings(given.takeReports)).length, 1);
      }, scope),
    );
  });

  scenario("the report of a deadlock on a test clock names it", async ({ clock, takeReports }) => {
    const error = await thrownBy(
      taskGroup(async (group) => {
        const pool = new ResourcePool(group, { create: () => "connection", name: "db", max: 1 });
        await group.spawn((scope) => pool.use(() => pool.acquire(scope), scope), { name: "report" }).join(group);
      }, { clock }),
    );
    const [deadlock] = leaves(error);
    assert.match(isA(deadlock, DeadlockError).tree, /report\n.*moveOnAfter "db, held by who waits for this": acquire\(db\)/);
    assert.equal((await warnings(takeReports)).length, 1);
  });

  scenario("it waits all the same, and goes on when a callback gives one back", async (given) => {
    await alone(given, 1, async (pool, scope) => {
      const lease = await pool.acquire(scope);
      const call = pool.acquire(scope);
      assert.deepEqual(pool.statistics().selfDeadlocked, ["report"]);
      lease.release();
      assert.deepEqual(pool.statistics().selfDeadlocked, []);
      (await call).release();
      assert.equal((await warnings(given.takeReports)).length, 1);
    });
  });
});

describe("nothing is told where another may give one back", () => {
  const programs: Record<string, [max: number, program: Program]> = {
    "another task has one of them": [
      2,
      async (pool, _, group) => {
        const other = group.spawn((scope) => pool.use(() => sleep(10, scope), scope));
        await group.spawn((scope) => pool.use(() => pool.use(() => {}, scope), scope)).join(group);
        await other.join(group);
      },
    ],
    "the body of the group has it, which runs beside the task": [
      1,
      async (pool, scope, group) => {
        const lease = await pool.acquire(scope);
        const task = group.spawn((own) => pool.use(() => {}, own));
        assert.equal(pool.statistics().waiting, 1);
        lease.release();
        await task.join(group);
      },
    ],
    "tasks that all use the scope of their group": [
      1,
      async (pool, _, group) => {
        const { promise, open } = gate<void>();
        const first = group.spawn(() => pool.use(() => promise, group));
        await promiseWork();
        const second = group.spawn(() => pool.use(() => {}, group));
        assert.deepEqual([pool.statistics().lent, pool.statistics().waiting], [1, 1]);
        open();
        await Promise.all([first.join(), second.join()]);
      },
    ],
    "a branch of the function is seen to do something else": [
      1,
      (pool, _, group) =>
        group.spawn(async (scope) => {
          const holder = pool.use(() => sleep(10, scope), scope);
          await promiseWork();
          await Promise.all([holder, pool.use(() => {}, scope)]);
        }).join(group),
    ],
    "the holder was a branch itself": [
      1,
      (pool, _, group) =>
        group.spawn(async (scope) => {
          const { promise, open } = gate<void>();
          const nap = sleep(10, scope);
          const holder = pool.use(() => promise, scope);
          await nap;
          assert.equal(pool.statistics().lent, 1);
          const other = pool.use(() => {}, scope);
          open();
          await Promise.all([holder, other]);
        }).join(group),
    ],
    "it waits in a daemon, for which nobody waits": [
      1,
      (pool, scope) => pool.use(() => scope.group((own) => void own.spawn(async (task) => void (await pool.acquire(task)), { daemon: true })), scope),
    ],
    "the block of an open group goes on": [
      1,
      async (pool, scope) => {
        const lease = await scope.shield((own) => pool.acquire(own));
        const open = openTaskGroup({ ...scope });
        open.spawn((task) => pool.use(() => {}, task));
        lease.release();
        await open.join();
      },
    ],
  };
  for (const [where, [max, program]] of Object.entries(programs)) {
    scenario(`nothing is told where another may give one back: ${where}`, (given) => pooled(given, max, program));
  }
});

scenario("an acquire that is cancelled leaves no trace of having waited for itself", async (given) => {
  await alone(given, 1, (pool, scope) =>
    pool.use(async () => {
      await scope.moveOnAfter(1, (own) => pool.acquire(own));
      assert.deepEqual(pool.statistics().selfDeadlocked, []);
      assert.equal((await warnings(given.takeReports)).length, 1);
    }, scope),
  );
});
