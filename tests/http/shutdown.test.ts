/** What becomes of requests and connections at the end of a service: one suite, over each framework. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gate, thrownBy } from "../conformance/case.ts";
import { connection, GET } from "./connection.ts";
import { frameworks } from "./frameworks.ts";
import { serving, untilCancelled } from "./trial.ts";

for (const framework of frameworks) {
  describe(`at the end of a service of ${framework.name}`, () => {
    test("who is being answered gets the answer, on a connection that then ends, and nobody new comes in", async () => {
      const begun = gate();
      const answer = gate<string>();
      await serving(
        framework,
        (_path, group) => {
          begun.open();
          return group.wait(answer.promise);
        },
        { drain: 60_000 },
        async ({ origin, get, stop, ended, service, server }) => {
          const reply = get();
          await begun.promise;
          stop();
          while (server.listening) await new Promise((resolve) => setImmediate(resolve));
          assert.deepEqual([service.statistics().state, service.statistics().running], ["draining", 1]);
          await assert.rejects(connection(origin), { code: "ECONNREFUSED" });
          answer.open("in time");
          const { status, text, headers } = await reply;
          assert.deepEqual([status, text, headers["connection"]], [200, "in time", "close"]);
          await ended;
          assert.equal(service.statistics().state, "closed");
        },
      );
    });

    test("who takes longer than the drain is cancelled and gets a 503, and the service waits for the handler's end", async () => {
      const begun = gate();
      const steps: string[] = [];
      await serving(
        framework,
        async (_path, group) => {
          try {
            begun.open();
            return await untilCancelled(group, () => steps.push("cancelled"));
          } finally {
            await group.shield(async (scope) => scope.checkpoint());
            steps.push("cleaned up");
          }
        },
        { drain: 10 },
        async ({ get, stop, ended, service }) => {
          const reply = get();
          await begun.promise;
          stop();
          await ended.then(() => steps.push("ended"));
          const { status, headers } = await reply;
          assert.deepEqual([status, headers["connection"]], [503, "close"]);
          assert.deepEqual(steps, ["cancelled", "cleaned up", "ended"]);
          assert.equal(service.statistics().ended.SHUTDOWN, 1);
        },
      );
    });

    test("a request that was on its way on an idle connection is answered; then the connection ends", async () => {
      await serving(framework, async (path) => `this is ${path}`, { linger: 200 }, async ({ origin, stop, server, ended }) => {
        const client = await connection(origin);
        client.send(GET("/before"));
        await client.read(/this is \/before/);
        stop();
        while (server.listening) await new Promise((resolve) => setImmediate(resolve));
        client.send(GET("/after"));
        assert.match(await client.read(/this is \/after/), /connection: close/i);
        assert.equal(await client.over, "end");
        await ended;
      });
    });

    test("connections without a request are closed: those that had one, and those that had none", async () => {
      await serving(framework, async () => "", { drain: 60_000 }, async ({ origin, stop, ended }) => {
        const used = await connection(origin);
        const fresh = await connection(origin);
        used.send(GET("/"));
        await used.read(/200/);
        stop();
        await Promise.all([used.over, fresh.over]);
        await ended;
      });
    });

    test("what cannot be sent is cut: a client that does not read, and one that does not finish its request", async () => {
      const begun = gate();
      await serving(
        framework,
        async () => {
          begun.open();
          return "x".repeat(20_000_000);
        },
        { drain: 10, close: 10 },
        async ({ origin, stop, ended }) => {
          const half = await connection(origin);
          half.send("GET / HTTP/1.1\r\nHost:");
          const deaf = await fetch(origin);
          await begun.promise;
          stop();
          await ended;
          await half.over;
          await thrownBy(deaf.text());
        },
      );
    });

    test("the connections that a handler had to others are whole: each is free again", async () => {
      const begun = gate();
      await serving(
        framework,
        (_path, group) => {
          begun.open();
          return untilCancelled(group, () => {});
        },
        { drain: 5 },
        async ({ get, stop, ended, agent, origin }) => {
          const replies = Array.from({ length: 5 }, () => get());
          await begun.promise;
          stop();
          // Those that were not let in any more are refused; nobody waits for nothing.
          const answers = await Promise.allSettled(replies);
          await ended;
          for (const answer of answers) if (answer.status === "fulfilled") assert.equal(answer.value.status, 503);
          const { pending = 0, running = 0 } = agent.stats[origin] ?? {};
          assert.deepEqual([pending, running], [0, 0]);
        },
      );
    });
  });
}
