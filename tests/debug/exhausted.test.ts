/** Who holds what of semaphores, limiters and pools, and who waits. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Scope, sleepForever, taskGroup } from "espalier";
import { CapacityLimiter, ResourcePool, Semaphore } from "espalier/sync";
import { testClock } from "espalier/testing";
import { ledgerFor } from "../../src/debug/pools/ledger.ts";
import { kinds, listen, lose, reports } from "./listening.ts";

listen();

/** As much of each as these tests use. */
interface Limited {
  acquire(scope: Scope): Promise<{ release(): void }>;
}

const limits: Record<string, (group: Parameters<Parameters<typeof taskGroup>[0]>[0]) => Limited> = {
  "semaphore": () => new Semaphore(2, { name: "db" }),
  "capacity limiter": () => new CapacityLimiter(2, { name: "db" }),
  "pool": (group) => new ResourcePool(group, { create: () => "connection", max: 2, name: "db" }),
};

for (const [kind, make] of Object.entries(limits)) {
  describe(`a ${kind}`, () => {
    test("of which all is held while nobody gets on is told: who holds, since when and where, and who waits", async () => {
      const clock = testClock();
      await taskGroup(
        async (group) => {
          const limited = make(group);
          const holding = async (scope: Scope): Promise<void> => {
            const held = await limited.acquire(scope);
            await sleepForever(scope).finally(() => held.release());
          };
          group.spawn(holding, { name: "first" });
          group.spawn(holding, { name: "second" });
          group.spawn(holding, { name: "third" });
          await group.moveOnAfter(30, (scope) => sleepForever(scope));
          lose();
          group.cancel();
        },
        { clock, name: "main" },
      );
      assert.deepEqual(kinds(), ["exhausted-pool"]);
      const [{ what, path, standsAt }] = reports as [(typeof reports)[0]];
      assert.match(what, new RegExp(`^"third" waits for the ${kind} "db", and in the last .* nobody got on: all 2 are held, by "first" for 30 ms since .*exhausted.test.ts:34, "second" for 30 ms since`));
      assert.match(what, /Waiting is "third" for 30 ms since .*exhausted.test.ts:34\.$/);
      assert.deepEqual(path, ["main", "third"]);
      assert.match(standsAt!, new RegExp(`^${kind}, .*exhausted.test.ts:34$`));
    });

    test("that waits for itself is told at once, once for a task", async () => {
      await taskGroup(async (group) => {
        const limited = make(group);
        group.spawn(
          async (scope) => {
            const first = await limited.acquire(scope);
            const second = await limited.acquire(scope);
            await scope.moveOnAfter(1, (inner) => limited.acquire(inner));
            await scope.moveOnAfter(1, (inner) => limited.acquire(inner));
            second.release();
            const third = await limited.acquire(scope);
            for (const held of [first, third]) held.release();
          },
          { name: "greedy" },
        );
      }, { clock: testClock() });
      lose();
      assert.deepEqual(kinds(), ["exhausted-pool"]);
      assert.match(reports[0]!.what, /waits for the .* "db", but all 2 are held by functions that wait for that, by "greedy" for 0 ms since .*, "greedy"/);
    });

    test("that is busy, where some comes back, is not told", async () => {
      await taskGroup(async (group) => {
        const limited = make(group);
        for (let n = 0; n < 100; n++) {
          group.spawn(async (scope) => {
            const held = await limited.acquire(scope);
            await scope.checkpoint();
            held.release();
            if (n % 10 === 0) lose(1);
          });
        }
      });
      lose();
      assert.deepEqual(reports, []);
    });

    test("whose applicants gave up is not told", async () => {
      await taskGroup(async (group) => {
        const limited = make(group);
        const held = [await limited.acquire(group), await limited.acquire(group)];
        const task = group.spawn((scope) => limited.acquire(scope));
        await group.checkpoint();
        task.cancel();
        await task.settled(group);
        lose();
        for (const one of held) one.release();
      });
      assert.deepEqual(reports, []);
    });
  });
}

test("a semaphore that somebody gives signals with is not told: nothing has to come back to it", async () => {
  await taskGroup(async (group) => {
    const items = new Semaphore(1);
    const consumer = group.spawn(async (scope) => {
      for (let n = 0; n < 3; n++) await items.acquire(scope);
      await items.acquire(scope);
    });
    items.release();
    items.release();
    await new Promise((resolve) => setImmediate(resolve));
    lose();
    consumer.cancel();
  });
  assert.deepEqual(reports, []);
});

test("of a semaphore that somebody gives signals with nobody is kept as a holder", async () => {
  const items = new Semaphore(0);
  await taskGroup(async (group) => {
    for (let n = 0; n < 3; n++) {
      items.release();
      await items.acquire(group);
      items.release();
      assert.ok(items.tryAcquire());
    }
  });
  const limited = { kind: "semaphore", name: "items", wayOut: "", isFull: () => false };
  assert.deepEqual(ledgerFor(items, limited).holders, []);
});

test("what was taken in no scope is told as held outside of a task, and its taker as nobody's self", async () => {
  await taskGroup(async (group) => {
    const limiter = new CapacityLimiter(1);
    limiter.tryAcquire("somebody");
    const task = group.spawn((scope) => limiter.acquire(scope), { name: "late" });
    await group.checkpoint();
    lose();
    limiter.releaseFor("somebody");
    (await task.join(group)).release();
  });
  assert.deepEqual(kinds(), ["exhausted-pool"]);
  assert.match(reports[0]!.what, /^"late" waits for a capacity limiter, .*: the only one is held, by "\(no task\)" for \d+ ms since .*exhausted.test.ts:\d+\. Waiting is "late"/);
});

test("two tasks that wait for each other are told when the program has nothing else to do", async () => {
  const program = fileURLToPath(new URL("deadlocked-program.ts", import.meta.url));
  const running = promisify(execFile)(process.execPath, ["--conditions=espalier:source", program], { env: { ...process.env, ESPALIER_DEBUG: "1" } });
  // Node.js ends it with a code of its own: there is an await that nothing can end.
  const { stderr } = (await running.catch((error: unknown) => error)) as { stderr: string };
  assert.match(stderr, /exhausted-pool: "left" waits for the semaphore "b", and the program has nothing else to do: the only one is held, by "right"/);
  assert.match(stderr, /exhausted-pool: "right" waits for the semaphore "a", and the program has nothing else to do: the only one is held, by "left"/);
});
