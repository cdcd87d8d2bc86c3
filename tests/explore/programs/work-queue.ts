/** The queue of work: each item is done once, and whoever joined goes on only when all are. */
import assert from "node:assert/strict";
import type { Scope, TaskGroup } from "espalier";
import { WorkQueue } from "../primitives/work-queue.ts";
import type { Study } from "../study.ts";

/** An item is worked on in two steps, and may bring another one. */
async function joining(group: TaskGroup): Promise<void> {
  const queue = new WorkQueue<string>();
  const done: string[] = [];
  const worker = async (scope: Scope): Promise<never> => {
    for (;;) {
      const item = await queue.take(scope);
      assert.ok(item, "a worker goes on without an item");
      await scope.checkpoint();
      if (item === "page") queue.put("image");
      done.push(item);
      queue.done();
    }
  };
  for (const name of ["a", "b"]) group.spawn(worker, { name, daemon: true });
  await group.checkpoint();
  queue.put("page");
  queue.put("style");
  await queue.join(group);
  assert.deepEqual(done.toSorted(), ["image", "page", "style"], "not all is done");
}

export const studies: Readonly<Record<string, Study>> = { joining: { program: joining, isSmall: true } };
