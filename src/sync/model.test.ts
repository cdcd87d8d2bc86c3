/**
 * The lock-likes beside a model so simple that one sees it is right: a number of places, and a line. After each of many random
 * calls (acquire, try, give back, cancel, several of them in one turn) both must say the same. Seeds are fixed and printed.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Task, taskGroup, type TaskGroup } from "espalier";
import { CapacityLimiter, Condition, type Guard, Lock, Semaphore } from "espalier/sync";
import { testClock, waitAllTasksBlocked } from "espalier/testing";
import { Random } from "../testing/explore/random.ts";

/** Places and a line: what each call must give. */
class Model {
  readonly places: number;
  readonly holders = new Set<number>();
  readonly line: number[] = [];
  /** Everybody who ever got a place, in that order. */
  readonly granted: number[] = [];

  constructor(places: number) {
    this.places = places;
  }

  acquire(user: number): void {
    if (!this.take(user)) this.line.push(user);
  }

  take(user: number): boolean {
    if (this.holders.size >= this.places) return false;
    this.holders.add(user);
    this.granted.push(user);
    return true;
  }

  release(user: number): void {
    this.holders.delete(user);
    const next = this.line.shift();
    if (next !== undefined) this.take(next);
  }

  cancel(user: number): void {
    const at = this.line.indexOf(user);
    if (at >= 0) this.line.splice(at, 1);
  }
}

interface LockLike {
  acquire(scope: TaskGroup | Parameters<Lock["acquire"]>[0]): Promise<Guard>;
  tryAcquire(): Guard | undefined;
}

interface Subject {
  readonly lock: LockLike;
  /** How many wait, and whether anything is free, as its statistics tell. */
  readonly waiting: () => number;
  readonly isFree: () => boolean;
}

const subjects: Record<string, (places: number) => Subject> = {
  Lock() {
    const lock = new Lock();
    return { lock, waiting: () => lock.statistics().waiting, isFree: () => !lock.statistics().locked };
  },
  Semaphore(places) {
    const lock = new Semaphore(places);
    return { lock, waiting: () => lock.statistics().waiting, isFree: () => lock.statistics().available > 0 };
  },
  CapacityLimiter(places) {
    const lock = new CapacityLimiter(places);
    return { lock, waiting: () => lock.statistics().waiting, isFree: () => lock.statistics().borrowed < places };
  },
  Condition() {
    const lock = new Condition();
    return { lock, waiting: () => lock.statistics().inLine, isFree: () => !lock.statistics().locked };
  },
};

async function drive(group: TaskGroup, { lock, waiting, isFree }: Subject, model: Model, random: Random): Promise<void> {
  const guards = new Map<number, Guard>();
  const tasks = new Map<number, Task<void>>();
  const granted: number[] = [];
  const got = (user: number, guard: Guard): void => {
    guards.set(user, guard);
    granted.push(user);
  };
  const held = (): number[] => [...guards].filter(([, guard]) => guard.held).map(([user]) => user);
  for (let user = 0; user < 60; user++) {
    // One to three calls in a turn, then everything settles.
    for (let calls = 1 + random.below(3); calls > 0; calls--) {
      const holders = held();
      const holder = holders[random.below(Math.max(1, holders.length))];
      const waiter = model.line[random.below(Math.max(1, model.line.length))];
      const what = random.below(4);
      if (what === 0 && !tasks.has(user)) {
        tasks.set(user, group.spawn(async (scope) => got(user, await lock.acquire(scope))));
        model.acquire(user);
      } else if (what === 1 && holder !== undefined) {
        guards.get(holder)!.release();
        model.release(holder);
      } else if (what === 2 && waiter !== undefined) {
        tasks.get(waiter)!.cancel();
        model.cancel(waiter);
      } else if (what === 3) {
        const guard = lock.tryAcquire();
        assert.equal(guard !== undefined, model.take(1_000 + user), `tryAcquire() ${guard === undefined ? "found nothing" : "took what is not free"}`);
        if (guard !== undefined) got(1_000 + user, guard);
        break;
      }
      assert.equal(waiting(), model.line.length, "who waits");
      assert.equal(isFree(), model.holders.size < model.places, "what is free");
    }
    await waitAllTasksBlocked(group);
    assert.deepEqual(held().toSorted(), [...model.holders].toSorted(), "who holds");
  }
  assert.deepEqual(granted.filter((user) => user < 1_000), model.granted.filter((user) => user < 1_000), "in which order");
  group.cancel();
}

for (const [name, make] of Object.entries(subjects)) {
  test(`${name} does what a number of places and a line would do`, async () => {
    for (let seed = 0; seed < 25; seed++) {
      const random = new Random(seed);
      const places = name === "Lock" || name === "Condition" ? 1 : 1 + random.below(3);
      await taskGroup((group) => drive(group, make(places), new Model(places), random), { clock: testClock() }).catch((error: unknown) => {
        throw new Error(`${name} and the model differ with seed ${seed}`, { cause: error });
      });
    }
  });
}
