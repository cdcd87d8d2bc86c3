/** The primitives in every order of their wake-ups, and with any two tasks cancelled at any step. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Scope, TaskGroup } from "espalier";
import { Barrier, CapacityLimiter, ClosedError, Condition, type Guard, Lock, RateLimiter, Semaphore } from "espalier/sync";
import { explore, type Program } from "espalier/testing";

function holds(title: string, program: Program): void {
  test(title, async () => {
    await explore(program, { schedules: 1_500, seeds: 200 });
    await explore(program, { faults: ["cancel"], mostFaults: 2, schedules: 1_500, seeds: 500 });
  });
}

interface LockLike {
  acquire(scope: Scope): Promise<Guard>;
  tryAcquire(): Guard | undefined;
  statistics(): { readonly waiting?: number };
}

const lockLikes: Record<string, (places: number) => LockLike> = {
  "a Lock": () => new Lock(),
  "a Semaphore": (places) => new Semaphore(places),
  "a CapacityLimiter": (places) => new CapacityLimiter(places),
  "a Condition's lock": () => new Condition(),
};

for (const [name, make] of Object.entries(lockLikes)) {
  for (const places of name.endsWith("r") || name.endsWith("e") ? [1, 2] : [1]) {
    holds(`${name} of ${places} is never held more often, and free at last with nobody waiting`, async (group) => {
      const lock = make(places);
      let held = 0;
      const user = async (scope: Scope): Promise<void> => {
        const guard = await lock.acquire(scope);
        held++;
        assert.ok(held <= places, `${held} hold ${places}`);
        try {
          await scope.checkpoint();
        } finally {
          held--;
          guard.release();
        }
      };
      const hasty = async (scope: Scope): Promise<void> => {
        const guard = lock.tryAcquire();
        if (guard === undefined) return;
        held++;
        assert.ok(held <= places, `${held} hold ${places}`);
        await scope.checkpoint().finally(() => {
          held--;
          guard.release();
        });
      };
      await group.allSettled([user, user, hasty, user]);
      assert.equal(lock.statistics().waiting, 0);
      for (let place = 0; place < places; place++) assert.equal(lock.tryAcquire()?.held, true, "a place is lost");
    });
  }
}

holds("a Condition: every item is taken once, no notification is lost, and the lock is held wherever a guard says so", async (group) => {
  const condition = new Condition();
  const items: number[] = [];
  const taken: number[] = [];
  let inside = 0;
  const consume = async (scope: Scope): Promise<void> => {
    const guard = await condition.acquire(scope);
    try {
      assert.equal(++inside, 1);
      while (items.length === 0) {
        inside--;
        await guard.wait(scope).finally(() => assert.equal(++inside, 1));
      }
      taken.push(items.shift()!);
    } finally {
      inside--;
      guard.release();
    }
  };
  const consumers = [consume, consume].map((fn) => group.spawn(fn));
  for (const n of [1, 2]) {
    await condition.use((guard) => {
      items.push(n);
      guard.notify();
    }, group);
  }
  for (const task of consumers) await task.settled(group);
  assert.deepEqual([...taken, ...items], [1, 2]);
  assert.deepEqual(condition.statistics(), { locked: false, waiting: 0, inLine: 0 });
  if (consumers.every(({ status }) => status === "succeeded")) assert.deepEqual(items, []);
});

holds("a Barrier lets go as many as it takes, each with a place of its own", async (group) => {
  const barrier = new Barrier(2);
  const places: number[] = [];
  const come = async (scope: Scope): Promise<void> => {
    const place = await barrier.wait(scope).catch((error: unknown) => {
      if (error instanceof ClosedError) return undefined;
      throw error;
    });
    if (place !== undefined) places.push(place);
  };
  const tasks = [come, come, come].map((fn) => group.spawn(fn));
  // Whoever has no partner is sent home.
  while (group.size > barrier.statistics().waiting) await group.checkpoint();
  barrier.abort();
  for (const task of tasks) await task.settled(group);
  assert.equal(barrier.statistics().waiting, 0);
  assert.ok(places.filter((place) => place === 0).length <= 1);
});

holds("a RateLimiter gives no token too many, whoever gives up waiting", async (group: TaskGroup) => {
  const rate = new RateLimiter({ tokens: 1, interval: 10, burst: 1 });
  const times: number[] = [];
  const take = async (scope: Scope): Promise<void> => {
    await rate.acquire(scope);
    times.push(group.now());
  };
  await group.allSettled([take, take, take]);
  times.forEach((time, n) => assert.ok(time >= 10 * n - 1e-6, `token ${n} at ${time} ms`));
  assert.equal(rate.statistics().waiting, 0);
});
