/** Foreign pools: those of undici on a server of their own, those of pg with a client that stands for a connection. */
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, describe, test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { type Scope, taskGroup } from "espalier";
import { watchPool } from "espalier/debug";
import pg from "pg";
import { Agent, Pool, request } from "undici";
import { kinds, listen, lose, reports } from "./listening.ts";

listen();

/** Answers that have begun, and end when they are told to. */
const answers: ServerResponse[] = [];
const server = createServer((_, response) => {
  response.write("begun");
  answers.push(response);
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
after(() => server.close().closeAllConnections());

async function until(is: () => boolean): Promise<void> {
  while (!is()) await turn();
}

const dispatchers = {
  "an Agent": () => new Agent({ connections: 1 }),
  "a Pool": () => new Pool(origin, { connections: 1 }),
};

for (const [what, make] of Object.entries(dispatchers)) {
  describe(`${what} of undici`, () => {
    const program = async (watch: (dispatcher: Agent | Pool) => void): Promise<void> => {
      const dispatcher = make();
      watch(dispatcher);
      await taskGroup(
        async (group) => {
          const reading = async (scope: Scope): Promise<unknown> => {
            const { body } = await request(origin, { dispatcher, signal: scope.signal });
            return body.text();
          };
          group.spawn(reading, { name: "slow" });
          await until(() => answers.length > 0);
          group.spawn(reading, { name: "late" });
          await turn();
          lose();
          answers.shift()!.end();
          await until(() => answers.length > 0);
          answers.shift()!.end();
        },
        { name: "main" },
      );
      lose();
      await dispatcher.close();
    };

    test("tells whose request has the connection for which another one waits", async () => {
      await program((dispatcher) => watchPool(dispatcher, { name: "api" }));
      assert.deepEqual(kinds(), ["exhausted-pool"]);
      const [{ what: said, path }] = reports as [(typeof reports)[0]];
      const named = what === "a Pool" ? "api" : `api: ${origin}`;
      assert.ok(said.startsWith(`"late" waits for the undici pool "${named}", and in the last 5000 ms nobody got on: the only one is held, by "slow" for `), said);
      assert.match(said, /since .*watch-pool\.test\.ts:\d+\. Waiting is "late" for \d+ ms since .*watch-pool\.test\.ts:\d+\.$/);
      assert.deepEqual(path, ["main", "late"]);
    });

    test("is as it was when it is watched no more", async () => {
      await program((dispatcher) => {
        const { dispatch } = dispatcher;
        const watching = watchPool(dispatcher);
        assert.equal(watchPool(dispatcher), watching);
        watching[Symbol.dispose]();
        assert.equal(dispatcher.dispatch, dispatch);
      });
      assert.deepEqual(reports, []);
    });
  });
}

test("requests that fail, are cancelled or come by fetch give the connection back", async () => {
  const agent = new Agent({ connections: 1 });
  watchPool(agent);
  await taskGroup(async (group) => {
    const cancelled = group.spawn((scope) => request(origin, { dispatcher: agent, signal: scope.signal }).then(({ body }) => body.text()));
    await until(() => answers.length === 1);
    cancelled.cancel();
    await cancelled.settled(group);
    answers.pop()!.destroy();
    await assert.rejects(request("http://127.0.0.1:1", { dispatcher: agent }));
    const { fetch } = await import("undici");
    const fetched = group.spawn(async () => (await fetch(origin, { dispatcher: agent })).text());
    await until(() => answers.length === 1);
    answers.pop()!.end(".");
    assert.equal(await fetched.join(group), "begun.");
  });
  lose();
  assert.deepEqual(reports, []);
  await agent.close();
});

/** What the pool of pg needs of a connection. */
class Client extends EventEmitter {
  static refuses = false;
  readonly _queryable = true;

  connect(done: (error?: Error) => void): void {
    queueMicrotask(() => done(Client.refuses ? new Error("refused") : undefined));
  }

  query(_text: string, _values: unknown, done: (error: undefined, result: object) => void): void {
    setImmediate(done, undefined, { rows: [] });
  }

  end(done?: () => void): void {
    done?.();
  }
}

const pgPool = (max: number): pg.Pool => new pg.Pool({ max, Client: Client as never });

describe("a pool of pg", () => {
  test("tells who has its clients since when and where, who waits, and that a task waits for itself", async () => {
    const pool = pgPool(2);
    watchPool(pool, { name: "orders" });
    await taskGroup(
      async (group) => {
        let finish!: () => void;
        const finished = new Promise<void>((resolve) => (finish = resolve));
        group.spawn(
          async () => {
            const client = await pool.connect();
            await finished;
            client.release();
          },
          { name: "report" },
        );
        group.spawn(
          async () => {
            const client = await pool.connect();
            const another = pool.query("SELECT 1");
            await finished;
            client.release();
            await another;
          },
          { name: "transfer" },
        );
        await until(() => pool.waitingCount === 1);
        lose();
        finish();
      },
      { name: "main" },
    );
    lose();
    assert.deepEqual(kinds(), ["exhausted-pool"]);
    const [{ what, path, advice }] = reports as [(typeof reports)[0]];
    assert.match(what, /^"transfer" waits for the pg pool "orders", .*: all 2 are held, by "report" for \d+ ms since .*watch-pool\.test\.ts:\d+, "transfer" for \d+ ms since .*watch-pool\.test\.ts:\d+\. Waiting is "transfer" for .*watch-pool\.test\.ts:\d+\. Its own task holds 1 of them: that may be a deadlock with itself\.$/);
    assert.deepEqual(path, ["main", "transfer"]);
    assert.match(advice, /finally/);
    await pool.end();
  });

  test("that is busy, fails to connect, or is used with callbacks is not told", async () => {
    const pool = pgPool(2);
    watchPool(pool);
    await taskGroup(async (group) => {
      for (let n = 0; n < 50; n++) {
        group.spawn(async () => {
          await pool.query("SELECT 1");
          lose(1);
        });
      }
    });
    await new Promise<void>((resolve) => {
      pool.connect((_, client, done) => {
        assert.ok(client instanceof Client);
        done();
        resolve();
      });
    });
    await pool.end();
    Client.refuses = true;
    const refused = pgPool(1);
    watchPool(refused);
    await assert.rejects(refused.connect(), /refused/);
    await assert.rejects(refused.query("SELECT 1"), /refused/);
    Client.refuses = false;
    lose();
    assert.deepEqual(reports, []);
    await refused.end();
  });

  test("that is used outside of all tasks is told too", async () => {
    const pool = pgPool(1);
    watchPool(pool);
    const client = await pool.connect();
    const second = pool.connect();
    lose();
    client.release();
    (await second).release();
    assert.deepEqual(reports.map(({ name }) => name), ["(no task)"]);
    await pool.end();
  });

  test("is as it was when it is watched no more", async () => {
    const pool = pgPool(1);
    const { connect } = pool;
    watchPool(pool)[Symbol.dispose]();
    assert.equal(pool.connect, connect);
    assert.equal(pool.listenerCount("release"), 0);
    await pool.end();
  });
});

test("what is no pool is refused", () => {
  for (const none of [undefined, null, {}, "pool", { connect() {} }]) assert.throws(() => watchPool(none as never), TypeError);
});
