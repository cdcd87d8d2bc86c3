/** The lock: one inside at a time, in the order of asking, and free in the end. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { Lock } from "../primitives/lock.ts";
import { type Study, work } from "../study.ts";

async function exclusion(group: TaskGroup): Promise<void> {
  const lock = new Lock();
  let inside = 0;
  for (const name of ["a", "b", "c"]) {
    group.spawn(
      async (scope) => {
        await scope.checkpoint();
        await lock.hold(scope, async () => {
          assert.equal(++inside, 1, `${inside} have the lock`);
          try {
            await scope.checkpoint();
          } finally {
            inside--;
          }
        });
      },
      { name },
    );
  }
  group.defer(() => assert.equal(lock.isHeld, false, "the lock is held by nobody who runs"));
}

async function order(group: TaskGroup): Promise<void> {
  const lock = new Lock();
  const asked: string[] = [];
  const served: string[] = [];
  for (const name of ["a", "b", "c"]) {
    group.spawn(
      async (scope) => {
        await scope.checkpoint();
        asked.push(name);
        await lock.hold(scope, () => served.push(name));
      },
      { name },
    );
  }
  // Who was cancelled while it waited is not served.
  group.defer(() => assert.deepEqual(served, asked.filter((name) => served.includes(name)), "not in the order of asking"));
}

/** Functions that make sure of their release in the end, though they had released before. */
async function doubleRelease(group: TaskGroup): Promise<void> {
  const lock = new Lock();
  let inside = 0;
  const careful = (before: number) => async (scope: Scope): Promise<void> => {
    await work(before, scope);
    await lock.acquire(scope);
    assert.equal(++inside, 1, `${inside} have the lock`);
    await scope.checkpoint();
    inside--;
    lock.release(scope);
    await scope.checkpoint();
    lock.release(scope);
  };
  group.spawn(careful(0), { name: "first" });
  group.spawn(careful(3), { name: "second" });
  group.spawn(careful(6), { name: "third" });
}

export const studies: Readonly<Record<string, Study>> = {
  exclusion: { program: exclusion, faults: ["cancel"], isSmall: true },
  order: { program: order, faults: ["cancel"], isSmall: true },
  doubleRelease: { program: doubleRelease },
};
