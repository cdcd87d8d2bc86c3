/** Work outside of the library and virtual time: what is known of holds it, what cannot be judged is warned about. */
import assert from "node:assert/strict";
import { open } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { describe } from "node:test";
import { failAfter, moveOnAfter, type Scope, sleep, sleepUntil, taskGroup, TimeoutError } from "espalier";
import { external, testClock } from "espalier/testing";
import { gate, isA, quiet, same, scenario, thrownBy } from "../../tests/conformance/case.ts";

/** Runs `body` with a server on this machine that says nothing. */
async function withServer<T>(body: (port: number) => Promise<T>): Promise<T> {
  const server: Server = createServer((socket) => socket.on("error", () => {}).resume());
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  try {
    return await body((server.address() as { port: number }).port);
  } finally {
    await new Promise((resolve) => void server.close(resolve));
  }
}

describe("external()", () => {
  scenario("external() holds virtual time still until the work has settled, and gives its result", async ({ clock }) => {
    const { promise, open: answer } = gate<string>();
    const call = failAfter(60_000, () => external(promise, "answer"), { clock });
    for (let round = 0; round < 20; round++) await quiet();
    assert.equal(clock.now(), 0);
    answer("42");
    assert.equal(await call, "42");
    assert.equal(clock.now(), 0);
  });

  scenario("external() gives the very error, lets time go on, and leaves nothing when all is told", async ({ clock }) => {
    const { promise, fail } = gate();
    const error = new Error("refused");
    const call = taskGroup(
      async (group) => {
        group.spawn((scope) => sleep(10, scope));
        assert.equal(await thrownBy(external(promise)), error);
      },
      { clock },
    );
    await quiet();
    fail(error);
    await call;
    assert.equal(clock.now(), 10);
  });

  scenario("external() whose result nobody awaits is loud when it fails", async ({ takeReports }) => {
    const error = new Error("unheard");
    void external(Promise.reject(error));
    same((await takeReports()).map((report) => report.error), [error]);
  });

  scenario("external() of several is over with the last", async ({ clock }) => {
    const [first, second] = [gate(), gate()];
    const call = taskGroup(
      async (group) => {
        group.spawn(() => external(first.promise));
        group.spawn(() => external(second.promise));
        await sleep(5, group);
      },
      { clock },
    );
    first.open();
    await quiet();
    assert.equal(clock.now(), 0);
    second.open();
    await call;
    assert.equal(clock.now(), 5);
  });

  scenario("external() of a function throws a TypeError that says to call it", () => {
    assert.throws(() => external((() => {}) as never), /got function\. Call the function that does the work/);
  });
});

describe("work that nobody registered", () => {
  scenario("a file that is read holds virtual time: no false timeout", async ({ clock }) => {
    // Not readFile(): Node.js 26 does not list that one.
    const read = async (): Promise<number> => {
      const file = await open(new URL(import.meta.url));
      const { bytesRead } = await file.read();
      await file.close();
      return bytesRead;
    };
    assert.ok((await failAfter(60_000, read, { clock })) > 0);
    assert.equal(clock.now(), 0);
  });

  scenario("a connection that is being made holds virtual time", async ({ clock }) => {
    await withServer(async (port) => {
      const connected = (): Promise<void> =>
        new Promise((resolve) => {
          const socket = connect(port, "127.0.0.1", () => void socket.once("close", () => resolve()).destroy());
        });
      await failAfter(60_000, connected, { clock });
    });
    assert.equal(clock.now(), 0);
  });

  scenario("an open socket at a jump is warned about, once for each clock, with its type and the way out", async ({ takeReports }) => {
    const timeout = async (scope: Scope, port: number): Promise<void> => {
      const socket = connect(port, "127.0.0.1");
      await new Promise((resolve) => void socket.once("connect", resolve));
      await sleep(10, scope);
      await sleep(10, scope);
      await new Promise((resolve) => void socket.once("close", resolve).destroy());
    };
    await withServer(async (port) => {
      for (let n = 0; n < 2; n++) await failAfter(60_000, (scope) => timeout(scope, port), { clock: testClock() });
    });
    const warnings = (await takeReports()).map(({ error }) => isA(error, Error));
    assert.deepEqual(warnings.map(({ name }) => name), ["EspalierWarning", "EspalierWarning"]);
    for (const { message } of warnings) assert.match(message, /^Virtual time jumps from 0 to 10 ms .*TCPSocketWrap.*external\(/s);
  });

  scenario("a server that only listens is no reason for a warning", async ({ clock }) => {
    await withServer(() => taskGroup((group) => sleep(10, group), { clock }));
    assert.equal(clock.now(), 10);
  });
});

describe("testClock({ rate })", () => {
  scenario("rate makes virtual time run by itself, that much faster, and fires what comes due in order", async () => {
    const clock = testClock({ rate: 1_000 });
    const real = performance.now();
    const trace: string[] = [];
    await taskGroup(
      (group) => {
        for (const at of [30_000, 20_000, 10_000]) group.spawn((scope) => sleepUntil(at, scope).then(() => trace.push(`${at}`)));
      },
      { clock },
    );
    assert.deepEqual(trace, ["10000", "20000", "30000"]);
    assert.ok(clock.now() >= 30_000);
    assert.ok(performance.now() - real >= 29, "time did not jump");
  });

  scenario("rate and a time limit: TimeoutError as on any clock", async () => {
    isA(await thrownBy(failAfter(5_000, (scope) => sleep(Infinity, scope), { clock: testClock({ rate: 1_000 }) })), TimeoutError);
  });

  scenario("rate with autojump jumps, too", async () => {
    const clock = testClock({ rate: 1, autojump: true });
    await moveOnAfter(86_400_000, (scope) => sleep(Infinity, scope), { clock });
    assert.ok(clock.now() >= 86_400_000);
  });

  scenario("rate and advance(): time moves on at once, and goes on from there", async () => {
    const clock = testClock({ rate: 1e-6 });
    const call = taskGroup((group) => sleep(1_000, group), { clock });
    await clock.advance(1_000);
    await call;
    assert.ok(clock.now() >= 1_000);
  });

  for (const rate of [Number.NaN, -1, Infinity]) {
    scenario(`rate ${rate} throws a RangeError`, () => {
      assert.throws(() => testClock({ rate }), RangeError);
    });
  }
});
