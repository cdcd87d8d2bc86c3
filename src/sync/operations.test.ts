/** What holds for every operation: cancelled it rejects and has done nothing, it lets others run, and nobody has to await its cancellation. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, sleep, taskGroup } from "espalier";
import { Barrier, CapacityLimiter, Condition, type Guard, Lock, RateLimiter, ResourcePool, Semaphore } from "espalier/sync";
import { explore } from "espalier/testing";
import { isA, scenario, thrownBy } from "../../tests/conformance/case.ts";

describe("G22: tasks that do nothing but hand something to one another let the world in", () => {
  type Turn = (scope: Scope) => Promise<unknown>;
  const lock = new Lock();
  const semaphore = new Semaphore(1);
  const limiter = new CapacityLimiter(1);
  const condition = new Condition();
  const turns: Record<string, (pool: ResourcePool<object>) => Turn> = {
    "a lock": () => (scope) => lock.use(() => {}, scope),
    "a semaphore": () => (scope) => semaphore.use(() => {}, scope),
    "a limiter": () => (scope) => limiter.use(() => {}, scope),
    "a condition": () => (scope) => condition.use((guard) => guard.notify(), scope),
    "a condition that holds": () => (scope) => condition.use((guard) => guard.waitFor(() => true, scope), scope),
    "a pool": (pool) => (scope) => pool.use(() => {}, scope),
  };
  for (const [what, make] of Object.entries(turns)) {
    for (const tasks of [1, 2]) {
      scenario(`G22: ${what}, ${tasks === 1 ? "by one task" : "by two"}`, async () => {
        let isLetIn = false;
        await taskGroup(async (group) => {
          const pool = new ResourcePool(group, { create: () => ({}), max: 1 });
          const turn = make(pool);
          const timer = setTimeout(() => (isLetIn = true), 1);
          await group.group((own) => {
            // An end of its own, or nothing would ever tell.
            for (let n = 0; n < tasks; n++) own.spawn(async (scope) => { for (let left = 300_000; left > 0 && !isLetIn; left--) await turn(scope); });
          });
          clearTimeout(timer);
        });
        assert.ok(isLetIn);
      });
    }
  }
});

describe("G16: a cancellation that nobody awaits is no unhandled rejection", () => {
  const waits: Record<string, (scope: Scope) => Promise<unknown>> = {
    "lock.use()": (scope) => {
      const lock = new Lock();
      lock.tryAcquire();
      return lock.use(() => {}, scope);
    },
    "lock.use() of what waits": (scope) => new Lock().use(() => sleep(1_000, scope), scope),
    "rate.acquire()": (scope) => {
      const rate = new RateLimiter({ tokens: 1, interval: 1_000 });
      rate.tryAcquire(scope);
      return rate.acquire(scope);
    },
    "guard.wait()": (scope) => new Condition().tryAcquire()!.wait(scope),
    "guard.waitFor()": (scope) => new Condition().tryAcquire()!.waitFor(() => false, scope),
  };
  for (const [name, wait] of Object.entries(waits)) {
    scenario(`G16: … of ${name}`, async ({ clock }) => {
      await moveOnAfter(
        10,
        async (scope) => {
          const ahead = wait(scope);
          await sleep(1_000, scope);
          await ahead;
        },
        { clock },
      );
    });
  }

  scenario("G16: … of pool.acquire()", async ({ clock }) => {
    await taskGroup(
      async (group) => {
        const pool = new ResourcePool(group, { create: (scope) => sleep(1_000, scope).then(() => ({})), max: 1 });
        await group.moveOnAfter(10, async (scope) => {
          const ahead = [pool.acquire(scope), pool.use(() => {}, scope)];
          await sleep(1_000, scope);
          await Promise.all(ahead);
        });
      },
      { clock },
    );
  });

  scenario("G16: … but a misuse is one, and so is a failure", async ({ takeReports }) => {
    const ended = await taskGroup((group) => group);
    void new Lock().use(() => {}, ended);
    void taskGroup((group) => new Lock().use(() => Promise.reject(new Error("E")), group));
    assert.deepEqual((await takeReports()).map(({ event }) => event), ["unhandledRejection", "unhandledRejection"]);
  });
});

scenario("G4: waitFor() asks for nothing in a cancelled scope, nor of who does not hold", async () => {
  const guard = new Condition().tryAcquire()!;
  let asked = 0;
  const ask = (): boolean => ++asked > 0;
  await moveOnAfter(Infinity, async (scope) => {
    scope.cancel();
    isA(await thrownBy(guard.waitFor(ask, scope)), CancelledError);
  });
  guard.release();
  await taskGroup(async (group) => {
    assert.equal(isA(await thrownBy(guard.waitFor(ask, group)), MisuseError).code, "NOT_HELD");
  });
  assert.equal(asked, 0);
});

test("G8: who lets the others through a barrier has come, though it is cancelled in the same moment", async () => {
  await explore(async (group) => {
    const barrier = new Barrier(2);
    const first = group.spawn((scope) => barrier.wait(scope));
    const place = await group.moveOnAfter(Infinity, async (own) => {
      const last = barrier.wait(own);
      own.cancel();
      return await last;
    });
    assert.equal(place, 1);
    assert.equal(await first.join(group), 0);
  });
});

scenario("a resource that cannot be validated is destroyed, and the next one tried", async () => {
  const destroyed: number[] = [];
  await taskGroup(async (group) => {
    let made = 0;
    const pool = new ResourcePool(group, {
      create: () => ({ id: ++made }),
      destroy: ({ id }) => void destroyed.push(id),
      max: 2,
      validate: ({ id }) => id > 2 || Promise.reject(new Error("ECONNRESET")),
    });
    const leases = [await pool.acquire(group), await pool.acquire(group)];
    for (const lease of leases) lease.release();
    assert.equal(await pool.use(({ id }) => id, group), 3);
  });
  assert.deepEqual(destroyed.toSorted(), [1, 2, 3]);
});

scenario("… unless who asks is cancelled meanwhile", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const pool = new ResourcePool(group, { create: () => ({}), max: 1, validate: (_, scope) => sleep(1_000, scope).then(() => true) });
      (await pool.acquire(group)).release();
      assert.equal(await group.moveOnAfter(10, (scope) => pool.use(() => "lent", scope), { fallback: "cancelled" }), "cancelled");
      assert.equal(pool.statistics().lent, 0);
    },
    { clock },
  );
});

scenario("G21: notify() of what is no number of waiters is an error", async () => {
  const guard = new Condition().tryAcquire()!;
  for (const count of [NaN, -1, "two" as never]) assert.throws(() => guard.notify(count), RangeError);
  guard.notify(0);
  guard.release();
});

scenario("a rate without a limit has as many tokens as one asks for", async ({ clock }) => {
  await taskGroup(
    async (group) => {
      const rate = new RateLimiter({ tokens: Infinity, interval: 1 });
      for (const pause of [0, 0, 10]) {
        await sleep(pause, group);
        await rate.acquireMany(1_000, group);
        assert.equal(rate.statistics().tokens, Infinity);
      }
    },
    { clock },
  );
});

scenario("a key of a limiter whose turn comes as it is let go is free for who asks anew in that moment", async () => {
  const limiter = new CapacityLimiter(1);
  await taskGroup(async (group) => {
    const held = await limiter.acquire(group);
    let again!: Promise<Guard>;
    let other!: Guard;
    await group.moveOnAfter(Infinity, async (own) => {
      own.signal.addEventListener("abort", () => {
        held.release();
        other = limiter.tryAcquire()!;
        again = limiter.acquireFor("key", group);
      });
      const waiting = limiter.acquireFor("key", own);
      own.cancel();
      await waiting;
    });
    assert.throws(() => limiter.tryAcquire("key"), MisuseError);
    other.release();
    (await again).release();
    assert.equal(limiter.statistics().borrowed, 0);
  });
});
