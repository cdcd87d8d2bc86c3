/** What every framework must do with a request that has a scope: one suite, over each of them. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { downstream, HttpService, RequestError } from "espalier/http";
import { gate, isA, quiet, thrownBy } from "../conformance/case.ts";
import { withDownstream } from "./downstream.ts";
import { frameworks } from "./frameworks.ts";
import { serving, untilCancelled } from "./trial.ts";

for (const framework of frameworks) {
  describe(`a request of ${framework.name}`, () => {
    test("is answered with what its handler gave, when its tasks have ended", async () => {
      const steps: string[] = [];
      await serving(
        framework,
        async (path, group) => {
          group.spawn(async (scope) => {
            await scope.checkpoint();
            steps.push("task");
          });
          return `this is ${path}`;
        },
        {},
        async ({ get, service }) => {
          const { status, text } = await get("/page");
          assert.deepEqual([status, text], [200, "this is /page"]);
          assert.deepEqual(steps, ["task"]);
          assert.equal(service.statistics().begun, 1);
        },
      );
    });

    test("whose client goes away in the middle stops the call that it made, and nobody is told", async () => {
      await withDownstream(async ({ url, asked, givenUp, counts }) => {
        const over = gate<unknown>();
        await serving(
          framework,
          async (_path, group) => {
            const call = fetch(url, downstream(group)).then((response) => response.text());
            call.catch(over.open);
            return call;
          },
          {},
          async ({ get, service, failures }) => {
            const client = new AbortController();
            const answer = thrownBy(get("/", { signal: client.signal }));
            await asked.promise;
            client.abort();
            await answer;
            await givenUp.promise;
            await over.promise;
            await quiet();
            assert.deepEqual(counts, { asked: 1, answered: 0, givenUp: 1 });
            assert.deepEqual([service.statistics().ended.CLIENT_GONE, service.statistics().running], [1, 0]);
            assert.deepEqual(failures, []);
          },
        );
      });
    });

    test("that takes longer than its route allows is cancelled, and answered by a 504", async () => {
      const told: string[] = [];
      await serving(
        framework,
        (_path, group) => untilCancelled(group, (source) => told.push(source)),
        { deadline: 60_000, route: { deadline: 10 } },
        async ({ get, service }) => {
          const { status, text } = await get();
          assert.equal(status, 504);
          assert.match(text, /not answered in the time/);
          assert.deepEqual(told, ["deadline"]);
          assert.equal(service.statistics().ended.DEADLINE, 1);
        },
      );
    });

    test("has no more time than its client says, and no more than the service allows", async () => {
      await serving(
        framework,
        async (path, group) => (path === "/long" ? String(Math.ceil((group.deadline - group.now()) / 10_000)) : untilCancelled(group, () => {})),
        { deadline: 30_000, maxDeadline: 60_000 },
        async ({ get }) => {
          const ask = async (path: string, value: string): Promise<string | number> => {
            const { status, text } = await get(path, { headers: { "X-Request-Timeout-Ms": value } });
            return status === 200 ? text : status;
          };
          assert.equal(await ask("/", "10"), 504);
          assert.equal(await ask("/", "0"), 504);
          assert.equal(await ask("/long", "20000"), "2");
          assert.equal(await ask("/long", "50000"), "5");
          assert.equal(await ask("/long", "999999999"), "6");
        },
      );
    });

    test("whose client says nonsense has the time of its route", async () => {
      await serving(
        framework,
        async (_path, group) => String(Math.ceil((group.deadline - group.now()) / 10_000)),
        { deadline: 60_000 },
        async ({ get }) => {
          for (const value of ["soon", "-5", "1e3", "10, 10", "", "0x10", "9".repeat(30)]) {
            const { status, text } = await get("/", { headers: { "x-request-timeout-ms": value } });
            assert.deepEqual([value, status, text], [value, 200, "6"]);
          }
        },
      );
    });

    test("hands the time that it has left on to whom it asks", async () => {
      await withDownstream(async ({ url, asked, answer }) => {
        answer("an order");
        await serving(
          framework,
          async (_path, group) => (await fetch(url, downstream(group, { headers: { accept: "text/plain" } }))).text(),
          { deadline: 60_000 },
          async ({ get }) => {
            const { text } = await get("/", { headers: { "x-request-timeout-ms": "20000" } });
            assert.equal(text, "an order");
            const headers = await asked.promise;
            const left = Number(headers["x-request-timeout-ms"]);
            assert.ok(left > 0 && left <= 20_000, `${left} ms were handed on`);
            assert.equal(headers["accept"], "text/plain");
          },
        );
      });
    });

    test("whose handler fails goes the framework's own way: its error handler gets the very error, and the client a 500", async () => {
      const E = new Error("E");
      await serving(
        framework,
        async (path, group) => {
          if (path === "/body") throw E;
          group.spawn(() => Promise.reject(E));
          return untilCancelled(group, () => {});
        },
        {},
        async ({ get, failures }) => {
          assert.equal((await get("/body")).status, 500);
          assert.equal((await get("/task")).status, 500);
          assert.equal(failures.length, 2);
          for (const failure of failures) assert.equal(failure, E);
        },
      );
    });

    test("in which another one ends as it does is answered for its own end, and not for that one's", async () => {
      const inner = new HttpService();
      await serving(
        framework,
        async (_path, group) => inner.request((own) => untilCancelled(own, () => {}), { signal: group.signal }),
        { deadline: 10 },
        async ({ get, service }) => {
          assert.equal((await get()).status, 504);
          assert.deepEqual([service.statistics().ended.DEADLINE, inner.statistics().ended.CLIENT_GONE], [1, 1]);
        },
      );
    });

    test("whose client waits is answered, and the failure told, where that of another one in it has gone", async () => {
      const inner = new HttpService();
      await serving(
        framework,
        async () => inner.request((own) => untilCancelled(own, () => {}), { signal: AbortSignal.abort() }),
        {},
        async ({ get, failures }) => {
          const { status } = await get();
          assert.ok(status === 500 || status === 499, `${status}`);
          assert.deepEqual(failures.map((error) => isA(error, RequestError).code), ["CLIENT_GONE"]);
        },
      );
    });

    test("that was ended gets the status that the service says", async () => {
      await serving(
        framework,
        (_path, group) => untilCancelled(group, () => {}),
        { deadline: 5, status: { DEADLINE: 503 } },
        async ({ get, failures }) => {
          assert.equal((await get()).status, 503);
          // Where there is a framework, its error handler has seen it.
          for (const failure of failures) assert.equal(isA(failure, RequestError).cause instanceof Error, true);
        },
      );
    });
  });
}
