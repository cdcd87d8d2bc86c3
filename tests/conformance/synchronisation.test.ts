/** P: locks, semaphores, limiters, events, conditions, barriers. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CancelledError, MisuseError, moveOnAfter, type Scope, sleep, type Task, taskGroup, type TaskGroup } from "espalier";
import { park } from "espalier/lowlevel";
import { Barrier, CapacityLimiter, ClosedError, Condition, Event, type Guard, Lock, Semaphore } from "espalier/sync";
import { waitAllTasksBlocked } from "espalier/testing";
import { Queue } from "../../src/sync/queue.ts";
import { type Given, scenario, thrownBy } from "./case.ts";

const waiter = (fn: (scope: Scope) => Promise<unknown>, group: TaskGroup): Task<unknown> => group.spawn(fn);

interface LockLike {
  acquire(scope: Scope): Promise<Guard>;
  tryAcquire(): Guard | undefined;
}
const lockLikes: Record<string, () => LockLike> = {
  "a Lock": () => new Lock(),
  "a Semaphore of 1": () => new Semaphore(1),
  "a CapacityLimiter of 1": () => new CapacityLimiter(1),
  "a Condition's lock": () => new Condition(),
};

scenario("P01: those who wait for an Event go on when it is set; wait() on a set one returns, and is a cancellation point still", async ({ clock }) => {
  const event = new Event();
  const woken: number[] = [];
  await taskGroup(
    async (group) => {
      for (const n of [1, 2, 3]) waiter(async (scope) => (await event.wait(scope), woken.push(n)), group);
      await waitAllTasksBlocked(group);
      assert.deepEqual([woken, event.statistics()], [[], { isSet: false, waiting: 3 }]);
      event.set();
      await waitAllTasksBlocked(group);
      assert.deepEqual(woken, [1, 2, 3]);
      await event.wait(group);
      await moveOnAfter(
        Infinity,
        async (scope) => {
          scope.cancel();
          assert.ok((await thrownBy(event.wait(scope))) instanceof CancelledError);
        },
        group,
      );
    },
    { clock },
  );
});

scenario("P02: set() and then a cancellation in the same turn: the waiter wakes; the other way round it is cancelled", async ({ clock }) => {
  for (const isSetFirst of [true, false]) {
    const event = new Event();
    await taskGroup(
      async (group) => {
        const task = group.spawn((scope) => event.wait(scope));
        await waitAllTasksBlocked(group);
        if (isSetFirst) event.set();
        task.cancel();
        if (!isSetFirst) event.set();
        assert.equal((await task.settled(group)).status, isSetFirst ? "succeeded" : "cancelled");
      },
      { clock },
    );
  }
});

scenario("P03: what is held is given back once: released twice, it does nothing the second time", async ({ clock }) => {
  const lock = new Lock();
  await taskGroup(
    async (group) => {
      const guard = await lock.acquire(group);
      assert.deepEqual([guard.held, lock.locked], [true, true]);
      guard.release();
      const other = lock.tryAcquire();
      guard[Symbol.dispose]();
      assert.deepEqual([guard.held, other?.held, lock.locked], [false, true, true]);
    },
    { clock },
  );
});

const cancelledWaiter =
  (order: "before" | "after", make: () => LockLike) =>
  async ({ clock }: Given): Promise<void> => {
    const lock = make();
    await taskGroup(
      async (group) => {
        const guard = lock.tryAcquire()!;
        const waiting = group.spawn(async (scope) => {
          const own = await lock.acquire(scope);
          try {
            await scope.checkpoint();
          } finally {
            own.release();
          }
        });
        await waitAllTasksBlocked(group);
        if (order === "before") waiting.cancel();
        guard.release();
        if (order === "after") waiting.cancel();
        assert.equal((await waiting.settled(group)).status, "cancelled");
        assert.equal(lock.tryAcquire()?.held, true, "free, with nobody waiting");
      },
      { clock },
    );
  };

for (const [name, make] of Object.entries(lockLikes)) {
  describe(`${name} is fair`, () => {
    scenario(`P04: three workers that take ${name} five times each come in turn`, async ({ clock }) => {
      const lock = make();
      const order: string[] = [];
      await taskGroup(
        (group) => {
          for (const who of ["a", "b", "c"]) {
            group.spawn(async (scope) => {
              for (let round = 0; round < 5; round++) {
                const guard = await lock.acquire(scope);
                order.push(who);
                await scope.checkpoint();
                guard.release();
              }
            });
          }
        },
        { clock },
      );
      assert.equal(order.join(""), "abc".repeat(5));
    });

    scenario(`P05: ${name} that is released with somebody waiting is theirs at once: tryAcquire() finds nothing`, async ({ clock }) => {
      const lock = make();
      await taskGroup(
        async (group) => {
          const guard = lock.tryAcquire()!;
          const next = group.spawn((scope) => lock.acquire(scope));
          await waitAllTasksBlocked(group);
          guard.release();
          assert.equal(lock.tryAcquire(), undefined);
          (await next.join(group)).release();
          assert.equal(lock.tryAcquire()?.held, true);
        },
        { clock },
      );
    });

    scenario(`P06: a waiter for ${name} that is cancelled in the turn of the release, before it, leaves nothing`, cancelledWaiter("before", make));
    scenario(`P07: a waiter for ${name} that is cancelled in the turn of the release, after it, loses nothing`, cancelledWaiter("after", make));
  });
}

test("P09: a Semaphore refuses fewer than no permits, more than its most, and a release beyond", () => {
  assert.throws(() => new Semaphore(-1), RangeError);
  assert.throws(() => new Semaphore(1.5), RangeError);
  assert.throws(() => new Semaphore(3, { max: 2 }), RangeError);
  const permits = new Semaphore(1, { max: 1 });
  assert.throws(() => permits.release(), RangeError);
  const guard = permits.tryAcquire()!;
  permits.release();
  assert.equal(permits.available, 1);
  guard.release();
});

scenario("P10: to wait and to notify takes the lock; notify(2) puts two in line for it, the longest first", async ({ clock }) => {
  const condition = new Condition();
  const woken: number[] = [];
  await taskGroup(
    async (group) => {
      for (const n of [1, 2, 3]) {
        waiter(async (scope) => {
          const guard = await condition.acquire(scope);
          await guard.wait(scope);
          woken.push(n);
          guard.release();
        }, group);
      }
      await waitAllTasksBlocked(group);
      const guard = await condition.acquire(group);
      assert.deepEqual(condition.statistics(), { locked: true, waiting: 3, inLine: 0 });
      guard.notify(2);
      assert.deepEqual(condition.statistics(), { locked: true, waiting: 1, inLine: 2 });
      guard.release();
      for (const call of [() => guard.notify(), () => guard.notifyAll()]) assert.throws(call, MisuseError);
      assert.ok((await thrownBy(guard.wait(group))) instanceof MisuseError);
      await waitAllTasksBlocked(group);
      assert.deepEqual(woken, [1, 2]);
      await condition.use((own) => own.notifyAll(), group);
    },
    { clock },
  );
  assert.deepEqual(woken, [1, 2, 3]);
});

scenario("P11: a notification that reaches a waiter which is cancelled in the same turn passes to the next one", async ({ clock }) => {
  const condition = new Condition();
  const woken: string[] = [];
  await taskGroup(
    async (group) => {
      const wait = (name: string): Task<unknown> =>
        group.spawn(async (scope) => {
          const guard = await condition.acquire(scope);
          try {
            await guard.wait(scope);
            woken.push(name);
          } finally {
            assert.equal(guard.held, true);
            guard.release();
          }
        });
      const [first] = [wait("first"), wait("second")];
      await waitAllTasksBlocked(group);
      const guard = await condition.acquire(group);
      guard.notify(1);
      first.cancel();
      guard.release();
    },
    { clock },
  );
  assert.deepEqual(woken, ["second"]);
});

scenario("P11: … also when the lock is let go by whoever hears of that cancellation first", async ({ clock }) => {
  const condition = new Condition();
  const woken: string[] = [];
  await taskGroup(
    async (group) => {
      const guards: Guard[] = [];
      const wait = (name: string): Task<void> =>
        group.spawn((scope) => {
          scope.signal.addEventListener("abort", () => guards.pop()?.release());
          return condition.use((guard) => guard.wait(scope).then(() => void woken.push(name)), scope);
        });
      const [first] = [wait("first"), wait("second")];
      await waitAllTasksBlocked(group);
      const guard = await condition.acquire(group);
      guards.push(guard);
      guard.notify(1);
      first.cancel();
    },
    { clock },
  );
  assert.deepEqual(woken, ["second"]);
});

scenario("P12: waitFor() looks again after each notification, and gives what the predicate gave", async ({ clock }) => {
  const condition = new Condition();
  const items: number[] = [];
  await taskGroup(
    async (group) => {
      const consumer = group.spawn((scope) => condition.use((guard) => guard.waitFor(() => (items.length >= 2 ? [...items] : undefined), scope), scope));
      for (const n of [1, 2]) {
        await sleep(10, group);
        await condition.use((guard) => {
          items.push(n);
          guard.notifyAll();
        }, group);
      }
      assert.deepEqual(await consumer.join(group), [1, 2]);
    },
    { clock },
  );
});

scenario("P13: a borrower is any key, has one place at most, is listed, and only it can give back", async ({ clock }) => {
  const limiter = new CapacityLimiter(2);
  await taskGroup(
    async (group) => {
      const key = {};
      const guard = await limiter.acquireFor(key, group);
      await limiter.acquireFor("name", group);
      assert.deepEqual(limiter.statistics().borrowers, [key, "name"]);
      assert.throws(() => limiter.tryAcquire(key), (error) => error instanceof MisuseError && error.code === "ALREADY_BORROWED");
      assert.ok((await thrownBy(limiter.acquireFor(key, group))) instanceof MisuseError);
      assert.throws(() => limiter.releaseFor("nobody"), (error) => error instanceof MisuseError && error.code === "NOT_BORROWED");
      limiter.releaseFor("name");
      guard.release();
      assert.deepEqual(limiter.statistics(), { total: 2, borrowed: 0, borrowers: [], waiting: 0 });
    },
    { clock },
  );
});

scenario("P14: raised to 4, exactly 4 have a place; lowered to 1, the next gets one when fewer than that have", async ({ clock }) => {
  const limiter = new CapacityLimiter(2);
  const guards: Guard[] = [];
  await taskGroup(
    async (group) => {
      for (let n = 0; n < 5; n++) group.spawn(async (scope) => void guards.push(await limiter.acquire(scope)));
      await waitAllTasksBlocked(group);
      assert.equal(guards.length, 2);
      limiter.total = 4;
      await waitAllTasksBlocked(group);
      assert.deepEqual([guards.length, limiter.statistics().waiting], [4, 1]);
      limiter.total = 1;
      for (const guard of guards.splice(0, 3)) guard.release();
      await waitAllTasksBlocked(group);
      assert.deepEqual([guards.length, limiter.available], [1, 0]);
      guards.shift()!.release();
      await waitAllTasksBlocked(group);
      assert.deepEqual([guards.length, limiter.statistics().waiting], [1, 0]);
    },
    { clock },
  );
});

scenario("P15: a total of 0 lets nobody in, raising it the longest first; Infinity lets all in", async ({ clock }) => {
  const limiter = new CapacityLimiter(0);
  const order: number[] = [];
  await taskGroup(
    async (group) => {
      for (const n of [1, 2, 3]) waiter(async (scope) => (await limiter.acquire(scope), order.push(n)), group);
      await waitAllTasksBlocked(group);
      assert.deepEqual([order, limiter.tryAcquire()], [[], undefined]);
      limiter.total = 1;
      await waitAllTasksBlocked(group);
      assert.deepEqual(order, [1]);
      limiter.total = Infinity;
    },
    { clock },
  );
  assert.deepEqual(order, [1, 2, 3]);
  for (const total of [-1, Number.NaN, 1.5]) assert.throws(() => (limiter.total = total), RangeError);
});

scenario("P16: an acquire that is cancelled leaves no entry", async ({ clock }) => {
  const limiter = new CapacityLimiter(0);
  await moveOnAfter(10, (scope) => limiter.acquireFor("key", scope), { clock });
  assert.deepEqual(limiter.statistics(), { total: 0, borrowed: 0, borrowers: [], waiting: 0 });
});

scenario("P17: a Barrier goes on without one who was cancelled; aborted it is broken, and reset() makes it as new", async ({ clock }) => {
  const barrier = new Barrier(3);
  await taskGroup(
    async (group) => {
      const [one] = [group.spawn((scope) => barrier.wait(scope)), group.spawn((scope) => barrier.wait(scope))];
      await waitAllTasksBlocked(group);
      one.cancel();
      assert.equal(barrier.statistics().waiting, 1);
      const places = [group.spawn((scope) => barrier.wait(scope)), group.spawn((scope) => barrier.wait(scope))];
      assert.deepEqual(await Promise.all(places.map((task) => task.join(group))), [1, 2]);

      for (const end of ["abort", "reset"] as const) {
        const parked = thrownBy(barrier.wait(group));
        barrier[end]();
        const error = await parked;
        assert.ok(error instanceof ClosedError && error.code === "BROKEN");
        if (end === "abort") assert.ok((await thrownBy(barrier.wait(group))) instanceof ClosedError);
      }
      assert.deepEqual(barrier.statistics(), { parties: 3, waiting: 0, broken: false });
    },
    { clock },
  );
});

scenario("P18: made outside of any scope, all can be used later", async ({ clock }) => {
  const [event, lock, permits, limiter, condition, barrier] = [new Event(), new Lock(), new Semaphore(1), new CapacityLimiter(1), new Condition(), new Barrier(1)];
  event.set();
  await taskGroup(
    async (group) => {
      await event.wait(group);
      for (const one of [lock, permits, limiter, condition]) (await one.acquire(group)).release();
      assert.equal(await barrier.wait(group), 0);
    },
    { clock },
  );
});

scenario("P19: a queue is strictly first in, first out; who is cancelled leaves; those who are moved keep their order", async ({ clock }) => {
  const [queue, other] = [new Queue<string>(), new Queue<string>()];
  const woken: string[] = [];
  await taskGroup(
    async (group) => {
      const tasks = ["a", "b", "c", "d", "e"].map((name) => group.spawn(async (scope) => void woken.push(name, await park(scope, "queue", queue.register))));
      await waitAllTasksBlocked(group);
      tasks[1]!.cancel();
      assert.equal(queue.size, 4);
      assert.equal(queue.wake("1"), true);
      assert.equal(queue.moveTo(other) && queue.moveTo(other), true);
      tasks[2]!.cancel();
      assert.deepEqual([queue.size, other.size], [1, 1]);
      assert.deepEqual([other.wake("2"), other.wake("none"), other.moveTo(queue)], [true, false, false]);
      queue.wakeAll("3");
    },
    { clock },
  );
  assert.deepEqual(woken, ["a", "1", "d", "2", "e", "3"]);
});
