/** `ResourcePool`: what is lent, what becomes of it, and who is told when there is none. */
import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { CancelledError, failAfter, leaves, MisuseError, moveOnAfter, type Scope, sleep, taskGroup, type TaskGroup } from "espalier";
import { ClosedError, type Lease, PoolExhaustedError, ResourcePool, type ResourcePoolOptions } from "espalier/sync";
import { explore, waitAllTasksBlocked } from "espalier/testing";
import { scenario, thrownBy } from "../../../tests/conformance/case.ts";

/** Connections that count themselves. */
class Server {
  made = 0;
  readonly open = new Set<number>();
  readonly ended: number[] = [];

  pool(group: TaskGroup, options: Partial<ResourcePoolOptions<number>> = {}): ResourcePool<number> {
    return new ResourcePool(group, {
      create: async (scope) => {
        await sleep(1, scope);
        this.open.add(++this.made);
        return this.made;
      },
      destroy: async (connection, scope) => {
        await sleep(1, scope);
        this.open.delete(connection);
        this.ended.push(connection);
      },
      max: 2,
      name: "db",
      ...options,
    });
  }
}

scenario("a resource that came back is lent again, the last one first; at the end of the group all are destroyed", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group);
      const [one, two] = [await pool.acquire(group), await pool.acquire(group)];
      one.release();
      two.release();
      assert.deepEqual(await pool.use((connection) => connection, group), 2);
      assert.deepEqual([pool.statistics().idle, server.made], [2, 2]);
    },
    { clock },
  );
  assert.deepEqual([server.open.size, server.ended.toSorted()], [0, [1, 2]]);
});

scenario("no more than max are lent; who waits longest comes first", async ({ clock }) => {
  const server = new Server();
  const order: number[] = [];
  await taskGroup(
    (group) => {
      const pool = server.pool(group, { max: 2 });
      for (let n = 0; n < 6; n++) {
        group.spawn((scope) =>
          pool.use(async () => {
            order.push(n);
            assert.ok(pool.statistics().lent <= 2);
            await sleep(10, scope);
          }, scope),
        );
      }
    },
    { clock },
  );
  assert.deepEqual(order, [0, 1, 2, 3, 4, 5]);
  assert.equal(server.made, 2);
});

scenario("a lease that was given back gives no resource, and discard() has it destroyed", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group);
      const lease = await pool.acquire(group);
      assert.equal(lease.resource, 1);
      lease.discard();
      assert.throws(() => lease.resource, (error) => error instanceof MisuseError && error.code === "NOT_HELD");
      assert.equal(await pool.use((connection) => connection, group), 2);
      await sleep(5, group);
      assert.deepEqual(server.ended, [1]);
    },
    { clock },
  );
});

scenario("an idle one is validated before it is lent, and destroyed when it is not valid any more", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group, { validate: (connection) => connection > 1 });
      assert.equal(await pool.use((connection) => connection, group), 1);
      assert.equal(await pool.use((connection) => connection, group), 2);
      assert.equal(await pool.use((connection) => connection, group), 2);
    },
    { clock },
  );
  assert.deepEqual(server.ended, [1, 2]);
});

scenario("what is idle for too long is destroyed, but min of them stay; what is too old goes in any case", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group, { max: 3, min: 1, idleTime: 100, lifeTime: 1_000 });
      const leases = await Promise.all([1, 2, 3].map(() => pool.acquire(group)));
      for (const lease of leases) lease.release();
      await sleep(99, group);
      assert.equal(pool.statistics().idle, 3);
      await sleep(10, group);
      assert.equal(pool.statistics().idle, 1);
      await sleep(1_000, group);
      assert.deepEqual([pool.statistics().idle, server.open.size], [0, 0]);
    },
    { clock },
  );
});

scenario("in time it gives up, and names who holds what and for how long, also when that is the applicant itself", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group, { acquireTimeout: 50 });
      const holder = group.spawn((scope) => pool.use(() => sleep(1_000, scope), scope), { name: "report" });
      await sleep(10, group);
      const own = await pool.acquire(group);
      const error = await thrownBy(pool.acquire(group));
      assert.ok(error instanceof PoolExhaustedError);
      assert.match(error.message, /pool "db" within 50 ms: all 2 are held, by "report" for 60 ms.*deadlock with itself/);
      assert.deepEqual(error.holders.map(({ name }) => name).includes("report"), true);
      own.release();
      holder.cancel();
    },
    { clock },
  );
});

scenario("where nobody holds one, it says that they are being made", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const create = async (scope: Scope): Promise<string> => (await sleep(1_000, scope), "connection");
      const pool = new ResourcePool(group, { name: "slow", create, max: 1, acquireTimeout: 50 });
      group.spawn((scope) => pool.use(() => {}, scope).catch(() => {}));
      const error = await thrownBy(pool.acquire(group));
      assert.match(String(error), /none is held, and the only one is being made, checked or closed; 0 wait. A create, validate or destroy that is slow .*acquireTimeout/);
      group.cancel();
    },
    { clock },
  );
});

scenario("the deadline of the scope ends the waiting too, and nothing is lost", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group, { max: 1 });
      const lease = await pool.acquire(group);
      const other = group.spawn((scope) => pool.acquire(scope));
      await waitAllTasksBlocked(group);
      await thrownBy(failAfter(10, (scope) => pool.acquire(scope), group));
      other.cancel();
      lease.release();
      assert.equal((await pool.acquire(group)).held, true);
    },
    { clock },
  ).catch(() => {});
});

scenario("who makes a connection and is cancelled meanwhile leaves its place to the next", async ({ clock }) => {
  const server = new Server();
  await taskGroup(
    async (group) => {
      const pool = server.pool(group, { max: 1, create: (scope) => sleep(10, scope).then(() => 1) });
      const first = group.spawn((scope) => pool.acquire(scope));
      const second = group.spawn((scope) => pool.use((connection) => connection, scope));
      await waitAllTasksBlocked(group);
      first.cancel();
      assert.equal(await second.join(group), 1);
    },
    { clock },
  );
});

scenario("what destroy() throws is a failure of the group, or goes to onDestroyError", async ({ clock }) => {
  const E = new Error("E");
  const failing = { create: () => 1, destroy: () => Promise.reject(E) };
  const error = await thrownBy(taskGroup(async (group) => (await new Server().pool(group, failing).acquire(group)).discard(), { clock }));
  assert.deepEqual([...leaves(error)], [E]);
  const told: unknown[] = [];
  await taskGroup(async (group) => (await new Server().pool(group, { ...failing, onDestroyError: (one) => told.push(one) }).acquire(group)).discard(), { clock });
  assert.deepEqual(told, [E]);
});

scenario("after the end of its group a pool lends nothing, and what is still lent is waited for and destroyed", async ({ clock }) => {
  const server = new Server();
  await moveOnAfter(
    Infinity,
    async (outer) => {
      let pool!: ResourcePool<number>;
      let lease: Lease<number> | undefined;
      const ended = outer.group(async (group) => {
        pool = server.pool(group);
        lease = await pool.acquire(outer);
      });
      const closing = outer.group(async (group) => {
        group.spawn(async (scope) => {
          await sleep(100, scope);
          assert.ok((await thrownBy(pool.acquire(outer))) instanceof ClosedError);
          lease?.release();
        });
        await ended;
      });
      await closing;
    },
    { clock },
  );
  assert.deepEqual(server.ended, [1]);
});

test("no resource is lent twice, lost, or left open, in every order and with any task cancelled", async () => {
  await explore(
    async (group) => {
      const open = new Set<number>();
      const lent = new Set<number>();
      let made = 0;
      const user = (pool: ResourcePool<number>) => async (scope: Scope) => {
        const lease = await pool.acquire(scope);
        try {
          assert.ok(!lent.has(lease.resource), "lent twice");
          lent.add(lease.resource);
          await scope.checkpoint();
        } finally {
          lent.delete(lease.resource);
          lease.release();
        }
      };
      const outcome = await group
        .spawn((scope) =>
          scope.group(async (own) => {
            const create = async (at: Scope): Promise<number> => {
              await at.checkpoint();
              open.add(++made);
              assert.ok(open.size <= 1, `${open.size} open`);
              return made;
            };
            const pool = new ResourcePool(own, { create, destroy: (connection) => void open.delete(connection), max: 1 });
            await own.allSettled([user(pool), user(pool), user(pool)]);
            assert.equal(pool.statistics().lent, 0);
          }),
        )
        .settled(group);
      assert.ok(outcome.status !== "failed" || outcome.error instanceof CancelledError, String(outcome.status === "failed" && outcome.error));
      assert.equal(open.size, 0, "left open");
    },
    { faults: ["cancel"], mostFaults: 2, schedules: 2_000, seeds: 1_000 },
  );
});

scenario("connections of a database that runs embedded (node:sqlite) are pooled under load", async () => {
  const rows = await taskGroup(async (group) => {
    const pool = new ResourcePool(group, {
      create: () => new DatabaseSync(":memory:"),
      validate: (db) => db.prepare("select 1 as one").get()?.["one"] === 1,
      destroy: (db) => db.close(),
      max: 4,
      acquireTimeout: 5_000,
    });
    const query = (n: number, scope: Scope): Promise<unknown> => pool.use((db) => db.prepare("select ? * ? as square").get(n, n)?.["square"], scope);
    return group.map(Array.from({ length: 200 }, (_, n) => n), query, { concurrency: 50 });
  });
  assert.deepEqual(rows.slice(0, 4), [0, 1, 4, 9]);
});
