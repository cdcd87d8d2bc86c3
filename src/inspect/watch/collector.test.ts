import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { runInThisContext } from "node:vm";
import { sleepForever, taskGroup, type TaskGroup } from "espalier";
import { attachProbe } from "espalier/lowlevel";
// Its pools are shown, by a list that is on globalThis.
import "espalier/sync";
import { BOUNDS, Collector } from "./collector.ts";
import { Picture } from "./picture.ts";
import { type Batch, SKIPPED } from "./wire.ts";

/** The batches that it takes to tell everything there is. */
function all(collector: Collector): Batch[] {
  const batches: Batch[] = [];
  do batches.push(collector.batch([]));
  while (batches.at(-1)!.behind > 0);
  return batches;
}

async function collecting(body: (collector: Collector, group: TaskGroup) => unknown): Promise<void> {
  const collector = new Collector();
  try {
    await taskGroup(
      async (group) => {
        collector.start();
        await body(collector, group);
        group.cancel();
      },
      { name: "here" },
    );
  } finally {
    collector.stop();
  }
}

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const spawnMany = (group: TaskGroup, count: number): void => {
  for (let n = 0; n < count; n++) group.spawn(sleepForever, { name: `job ${n}` });
};

describe("a collector", () => {
  test("tells what was there before in batches of bounded size, parents first, each once", () =>
    taskGroup(async (outer) => {
      spawnMany(outer, 3_000);
      await collecting((collector) => {
        const told = new Set([0]);
        const batches = all(collector);
        for (const { changes } of batches) {
          assert.ok(changes.length <= BOUNDS.changes + 1, `${changes.length} changes in a batch`);
          for (const { id, parent } of changes) {
            assert.ok(told.has(parent!), "its parent was told of before");
            assert.ok(!told.has(id), "it was told of once");
            told.add(id);
          }
        }
        assert.equal(told.size, 3_003);
        assert.ok(batches.length <= 8, `${batches.length} batches`);
      });
      outer.cancel();
    }));

  test("tells a change of what was told once, however often it changed, with its last steps", () =>
    collecting(async (collector, group) => {
      let hasWaited = false;
      const task = group.spawn(
        async (scope) => {
          for (let n = 0; n < 20; n++) await scope.wait(Promise.resolve());
          await scope.moveOnAfter(Infinity, (own) => ((hasWaited = true), sleepForever(own)), { name: "limited" });
        },
        { name: "busy" },
      );
      const picture = new Picture();
      for (const batch of all(collector)) picture.apply(batch);
      while (!hasWaited) await turn();
      const batches = all(collector);
      const [busy] = [...picture.seen.values()].filter(({ name }) => name === "busy");
      const changes = batches.flatMap(({ changes }) => changes).filter(({ id }) => id === busy!.id);
      assert.equal(changes.length, 1);
      assert.ok(changes[0]!.steps!.length <= BOUNDS.steps);
      assert.ok(changes[0]!.skipped! > 0);
      assert.equal(changes[0]!.steps!.at(-2)![1], SKIPPED);
      assert.equal(changes[0]!.steps!.at(-1)![1], "", "the wait is that of the scope further in");
      for (const batch of batches) picture.apply(batch);
      const limited = [...picture.seen.values()].find(({ name }) => name === "limited")!;
      assert.deepEqual([limited.parent, limited.waits], [busy!.id, ["sleep"]]);
      task.cancel();
    }));

  test("counts what began and ended untold, when there is too much of it", () =>
    collecting(async (collector, group) => {
      all(collector);
      const count = BOUNDS.untold + 2_000;
      for (let n = 0; n < count; n++) group.spawn(() => {});
      const batches = all(collector);
      const missed = batches.reduce((sum, batch) => sum + batch.missed, 0);
      const told = batches.flatMap(({ changes }) => changes).filter(({ outcome }) => outcome === "succeeded").length;
      assert.equal(missed + told, count);
      assert.ok(missed >= 1_900, `${missed} were missed`);
    }));

  test("tells the wait of a group for its tasks, though nobody tells it when a body ends", () =>
    collecting(async (collector, group) => {
      const picture = new Picture();
      group.spawn(async (scope) => scope.group(async (inner) => {
        inner.spawn(sleepForever);
        await Promise.resolve();
      }, { name: "pages" }));
      for (const batch of all(collector)) picture.apply(batch);
      await turn();
      for (const batch of all(collector)) picture.apply(batch);
      assert.deepEqual([...picture.seen.values()].find(({ name }) => name === "pages")!.waits, ["its tasks"]);
    }));

  test("tells the end of what was there before, also of what woke and ended before its turn to be told", () =>
    taskGroup(async (outer) => {
      let wake!: () => void;
      const woken = new Promise<void>((resolve) => (wake = resolve));
      // Whichever end is told of first.
      const first = outer.spawn((scope) => scope.wait(woken), { name: "fleeting" });
      spawnMany(outer, 3_000);
      const last = outer.spawn((scope) => scope.wait(woken), { name: "fleeting" });
      await collecting(async (collector) => {
        const picture = new Picture();
        picture.apply(collector.batch([]));
        wake();
        for (const task of [first, last]) await task.join(outer);
        for (const batch of all(collector)) picture.apply(batch);
        const seen = [...picture.seen.values()].filter(({ name }) => name === "fleeting");
        assert.deepEqual(seen.map(({ outcome }) => outcome), ["succeeded", "succeeded"]);
      });
      outer.cancel();
    }));

  test("leaves out who holds something and has ended", async () => {
    const lists = (globalThis as unknown as Record<symbol, unknown[]>)[Symbol.for("espalier.visible")]!;
    let ended: unknown;
    const attached = attachProbe({ ended: (node) => (ended = node) });
    await taskGroup(() => {});
    attached[Symbol.dispose]();
    lists.push(() => [{ kind: "pool", name: "lent for ever", thing: { statistics: () => ({}) }, holders: [{ scope: ended, since: 0 }] }]);
    await collecting((collector) => {
      const batches = all(collector);
      assert.deepEqual(batches.flatMap(({ resources = [] }) => resources).find(({ name }) => name === "lent for ever")?.holders, []);
      assert.deepEqual(batches.flatMap(({ changes }) => changes).map(({ name }) => name), ["here"]);
    }).finally(() => lists.pop());
  });

  test("tells nothing any more once it was stopped, in the middle of what was there before too", () =>
    collecting((collector, group) => {
      spawnMany(group, 3_000);
      const late = new Collector();
      late.start();
      for (const one of [collector, late]) {
        one.batch([]);
        one.stop();
      }
      group.spawn(sleepForever);
      assert.deepEqual([...collector.batch([]).changes, ...late.batch([]).changes], []);
    }));

  test("hears of copies of the library that are loaded while it watches, and leaves nothing where they come", () => {
    const copies = (globalThis as unknown as Record<symbol, unknown[]>)[Symbol.for("espalier.probes")]!;
    const [first, second] = [new Collector(), new Collector()];
    let attached = 0;
    first.start();
    second.start();
    first.stop();
    copies.push(() => ({ [Symbol.dispose]: () => attached--, count: attached++ }));
    copies.pop();
    assert.equal(attached, 1);
    second.stop();
    assert.equal(attached, 0);
    assert.equal(Object.hasOwn(copies, "push"), false);
  });

  test("is as a text what it is as a class", () => {
    const again = new (runInThisContext(`(() => { const BOUNDS = ${JSON.stringify(BOUNDS)}; return ${String(Collector)}; })()`) as typeof Collector)();
    again.start();
    const { changes } = again.batch([]);
    again.stop();
    assert.deepEqual(changes, []);
  });
});
