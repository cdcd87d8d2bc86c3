import assert from "node:assert/strict";
import { test } from "node:test";
import { broadcast, channel, latest, WorkQueue } from "espalier/channel";
import { ResourcePool } from "espalier/sync";
import { taskGroup } from "espalier";
import type { Shown } from "./visible.ts";
import { show } from "./visible.ts";

const lists = (globalThis as unknown as Record<symbol, ((most: number) => Shown[])[]>)[Symbol.for("espalier.visible")]!;
const all = (): Shown[] => lists.flatMap((shown) => shown(Infinity));
const named = (name: string): string[] => all().filter((one) => one.name === name).map(({ kind }) => kind);

test("what has a name is shown, with what it is; what has none is not", () => {
  const before = all().length;
  const kept = [channel(1), broadcast(1), latest(0), new WorkQueue()];
  assert.equal(all().length, before);
  kept.push(channel(1, { name: "seen" }), broadcast(1, { name: "seen" }), latest(0, { name: "seen" }), new WorkQueue(1, { name: "seen" }));
  assert.deepEqual(named("seen"), ["channel", "broadcast", "latest", "work queue"]);
  assert.equal(kept.length, 8);
});

test("a pool is shown with who holds what, and tells its figures", () =>
  taskGroup(
    async (group) => {
      const pool = new ResourcePool(group, { create: () => ({}), max: 2, name: "database" });
      await pool.use(() => {
        const shown = all().find(({ name }) => name === "database")!;
        assert.equal(shown.kind, "pool");
        assert.deepEqual(shown.holders.map(({ scope }) => scope?.name), ["holder"]);
        assert.equal((shown.thing.statistics() as { lent: number }).lent, 1);
      }, group);
    },
    { name: "holder" },
  ));

test("what nobody has any more is forgotten", async () => {
  for (let n = 0; n < 1_000; n++) show("thing", "short-lived", { statistics: () => ({}) });
  await new Promise((resolve) => setImmediate(resolve));
  (globalThis as unknown as { gc(): void }).gc();
  assert.ok(named("short-lived").length < 10);
});
