/** Virtual time and mocks of `fetch`: they answer without a socket, so nothing has to be registered. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, isCancelled, map, moveOnAfter, type Scope, sleep, TimeoutError } from "espalier";
import { external, testClock } from "espalier/testing";
import { fetch, MockAgent } from "undici";
import { isA, scenario, thrownBy } from "../../tests/conformance/case.ts";

const origin = "https://api.example";

/** An agent that answers what a case tells it to, and refuses the network. */
async function withAgent(body: (agent: MockAgent) => Promise<unknown>): Promise<void> {
  const agent = new MockAgent();
  agent.disableNetConnect();
  try {
    await body(agent);
  } finally {
    await agent.close();
  }
}

describe("undici's MockAgent on a test clock", () => {
  scenario("an answer at once beats every virtual time limit", async ({ clock }) => {
    await withAgent(async (agent) => {
      agent.get(origin).intercept({ path: "/user" }).reply(200, { name: "ada" });
      const read = async ({ signal }: Scope): Promise<unknown> => (await fetch(`${origin}/user`, { dispatcher: agent, signal })).json();
      assert.deepEqual(await failAfter(1, read, { clock }), { name: "ada" });
      assert.equal(clock.now(), 0);
    });
  });

  scenario("retries with pauses of hours pass at once, and to the millisecond", async ({ clock }) => {
    await withAgent(async (agent) => {
      const pool = agent.get(origin);
      for (let n = 0; n < 3; n++) pool.intercept({ path: "/job" }).reply(503);
      pool.intercept({ path: "/job" }).reply(200, "done");
      const text = await moveOnAfter(
        86_400_000,
        async (scope) => {
          for (let pause = 3_600_000; ; pause *= 2) {
            const response = await fetch(`${origin}/job`, { dispatcher: agent, signal: scope.signal });
            if (response.ok) return response.text();
            await response.body?.cancel();
            await sleep(pause, scope);
          }
        },
        { clock },
      );
      assert.equal(text, "done");
      assert.equal(clock.now(), 7 * 3_600_000);
    });
  });

  scenario("many at a time, each within its own limit", async ({ clock }) => {
    await withAgent(async (agent) => {
      const pages = Array.from({ length: 30 }, (_, n) => n);
      for (const n of pages) agent.get(origin).intercept({ path: `/${n}` }).reply(200, String(n));
      const read = (n: number, scope: Scope): Promise<string> =>
        scope.failAfter(1_000, async ({ signal }) => {
          await sleep(n, scope);
          return (await fetch(`${origin}/${n}`, { dispatcher: agent, signal })).text();
        });
      assert.deepEqual(await map(pages, read, { clock, concurrency: 5 }), pages.map(String));
    });
  });

  scenario("a delay of the mock is real time: registered it holds the clock, and the limit does not fire", async ({ clock }) => {
    await withAgent(async (agent) => {
      agent.get(origin).intercept({ path: "/slow" }).reply(200, "late").delay(20);
      const read = async ({ signal }: Scope): Promise<string> => (await external(fetch(`${origin}/slow`, { dispatcher: agent, signal }))).text();
      assert.equal(await failAfter(1, read, { clock }), "late");
      assert.equal(clock.now(), 0);
    });
  });

  scenario("a mock that never answers is cancelled by the virtual limit", async ({ clock }) => {
    await withAgent(async (agent) => {
      agent.get(origin).intercept({ path: "/never" }).reply(200, "late").delay(2 ** 30);
      const seen: unknown[] = [];
      const read = ({ signal }: Scope): Promise<unknown> =>
        fetch(`${origin}/never`, { dispatcher: agent, signal }).catch((error: unknown) => {
          seen.push(error);
          throw error;
        });
      isA(await thrownBy(failAfter(60_000, read, { clock })), TimeoutError);
      assert.equal(isCancelled(seen[0]), true);
      assert.equal(clock.now(), 60_000);
    });
  });
});

describe("a fake of fetch on a test clock", () => {
  scenario("it may sleep in virtual time, with the scope as its options", async () => {
    const clock = testClock();
    const fake = async (url: string, scope: Scope): Promise<Response> => {
      await sleep(url.endsWith("/slow") ? 5_000 : 10, scope);
      return new Response(url);
    };
    const read = (url: string) => (scope: Scope) => scope.moveOnAfter(1_000, async (own) => (await fake(url, own)).text(), { fallback: "too slow" });
    assert.deepEqual(await map(["/a", "/slow"], (url, scope) => read(url)(scope), { clock }), ["/a", "too slow"]);
    assert.equal(clock.now(), 1_000);
  });
});
