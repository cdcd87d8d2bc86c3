/**
 * A pool under load: many requests share a few connections to a database that runs embedded. Who comes first is served first, a
 * request that waits too long is told who holds the connections, and when all is done every connection is closed.
 *
 *   npx node --conditions=espalier:source examples/pool.ts
 */
import { DatabaseSync } from "node:sqlite";
import { run, type Scope, sleep } from "espalier";
import { PoolExhaustedError, ResourcePool } from "espalier/sync";

const CONNECTIONS = 3;
const REQUESTS = 60;

function open(): DatabaseSync {
  const database = new DatabaseSync(":memory:");
  database.exec("create table orders (id integer primary key, total integer)");
  for (let id = 1; id <= 10; id++) database.prepare("insert into orders values (?, ?)").run(id, id * 10);
  return database;
}

await run(async (scope: Scope) => {
  let closed = 0;
  const answers = await scope.group(
    async (group) => {
      const pool = new ResourcePool(group, {
        name: "orders",
        create: open,
        validate: (database) => database.isOpen,
        destroy(database) {
          database.close();
          closed++;
        },
        max: CONNECTIONS,
        acquireTimeout: 500,
      });
      const ask = (id: number, own: Scope): Promise<unknown> =>
        pool.use(async (database) => {
          await sleep(1, own); // a query takes its time
          return database.prepare("select total from orders where id = ?").get(1 + (id % 10))?.["total"];
        }, own);

      const totals = await group.map(Array.from({ length: REQUESTS }, (_, id) => id), ask, { concurrency: 10 });
      console.log(`${totals.length} requests over ${pool.statistics().idle} connections`);

      // Somebody keeps all of them: the next one learns who.
      const leases = await group.map([1, 2, 3], (_, own) => pool.acquire(own));
      const next = group.spawn((own) => pool.acquire(own).catch((thrown: unknown) => thrown));
      const error: unknown = await next.join(group);
      if (error instanceof PoolExhaustedError) console.log(`nothing in time: held by ${error.holders.map(({ name }) => name).join(", ")}`);
      for (const lease of leases) lease.release();
      return totals;
    },
    { name: "requests" },
  );
  console.log(`in total ${answers.reduce((sum: number, total) => sum + Number(total), 0)}, ${closed} connections closed`);
});
