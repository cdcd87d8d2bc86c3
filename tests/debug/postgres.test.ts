/** The pool of pg on a real PostgreSQL. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { taskGroup } from "espalier";
import { watchPool } from "espalier/debug";
import pg from "pg";
import { kinds, listen, lose, reports } from "./listening.ts";
import { programs, startPostgres } from "./postgres-server.ts";

listen();

describe("a pool of pg, on a real server,", { skip: programs === undefined && "postgresql is not installed" }, () => {
  test("tells who holds its connections, and nothing of queries that take their turn", async () => {
    const { host, stop } = await startPostgres(programs!);
    const pool = new pg.Pool({ host, user: "espalier", database: "postgres", max: 2 });
    try {
      watchPool(pool, { name: "orders" });
      await taskGroup(
        async (group) => {
          const sums = await group.map(
            Array.from({ length: 50 }, (_, n) => n),
            async (n) => (await pool.query<{ sum: number }>("SELECT $1::int + 1 AS sum", [n])).rows[0]!.sum,
          );
          assert.deepEqual(sums, Array.from({ length: 50 }, (_, n) => n + 1));
          lose();
          assert.deepEqual(reports, []);

          let finish!: () => void;
          const finished = new Promise<void>((resolve) => (finish = resolve));
          const report = async (): Promise<void> => {
            const client = await pool.connect();
            await client.query("BEGIN");
            await finished;
            await client.query("COMMIT");
            client.release();
          };
          group.spawn(report, { name: "report" });
          group.spawn(report, { name: "export" });
          while (pool.waitingCount > 0 || pool.idleCount > 0) await turn();
          group.spawn(() => pool.query("SELECT 1"), { name: "applicant" });
          while (pool.waitingCount === 0) await turn();
          lose();
          finish();
        },
        { name: "main" },
      );
      lose();
      assert.deepEqual(kinds(), ["exhausted-pool"]);
      assert.match(reports[0]!.what, /^"applicant" waits for the pg pool "orders", .*: all 2 are held, by "report" for \d+ ms since .*postgres\.test\.ts:\d+, "export" for /);
    } finally {
      await pool.end();
      await stop();
    }
  });
});
