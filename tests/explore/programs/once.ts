/** The value made once: one maker at a time, no second value, no cancellation kept, nothing old after it was dropped. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { Once } from "../primitives/once.ts";
import { LONG, type Study, work } from "../study.ts";

async function shared(group: TaskGroup): Promise<void> {
  let made = 0;
  let makers = 0;
  const once = new Once(async (scope: Scope) => {
    assert.equal(++makers, 1, `${makers} make it at once`);
    try {
      await scope.checkpoint();
    } finally {
      makers--;
    }
    return ++made;
  });
  for (const [index, name] of ["a", "b", "c"].entries()) {
    group.spawn(
      async (scope) => {
        await work(4 * index, scope);
        assert.equal(await once.get(scope), 1, "made twice");
      },
      { name },
    );
  }
}

/** Settings that are read once; somebody writes them, row by row, and says so when that is done. */
async function fresh(group: TaskGroup): Promise<void> {
  let row = 0;
  const settings = new Once(async (scope: Scope) => {
    const read = row;
    await scope.checkpoint();
    return read;
  });
  const reader = group.spawn((scope) => settings.get(scope), { name: "reader" });
  group.spawn(
    async (scope) => {
      for (; row < LONG; row++) await scope.checkpoint();
      settings.drop();
      await reader.settled(scope);
      assert.equal(await settings.get(scope), LONG, "settings of before");
    },
    { name: "writer" },
  );
}

/** The first one fails, or is cancelled: the others need not suffer from it. */
async function secondTry(group: TaskGroup): Promise<void> {
  const once = new Once(async (scope: Scope) => {
    await work(2, scope);
    return "value";
  });
  const first = group.spawn((scope) => once.get(scope), { name: "first" });
  const second = group.spawn((scope) => once.get(scope), { name: "second" });
  await group.checkpoint();
  first.cancel("not wanted any more");
  assert.equal(await second.join(group), "value");
}

export const studies: Readonly<Record<string, Study>> = {
  shared: { program: shared },
  fresh: { program: fresh, isSmall: true },
  secondTry: { program: secondTry, isSmall: true },
};
