/** What a caller says of a call that is with a worker, and that gets lost on its way, or comes before the call has begun. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { failAfter, sleep, taskGroup } from "espalier";
import { scenario, thrownBy } from "../conformance/case.ts";
import type { Connection } from "./bus.ts";
import { LEASE, type Site, site, slowRecords, type Worker } from "./in-memory.ts";
import { ask, asks, log, takes } from "./works.ts";

const HOUR = 3_600_000;
const of = (key: number): string[] => log.filter((entry) => entry.key === key).map(({ what }) => what);

async function end({ worker, pool }: Worker, { clock }: Site): Promise<void> {
  const drained = worker.drain(0);
  await clock.advance(3_000);
  await drained;
  await pool.close();
}

describe("a cancellation", () => {
  for (const durable of [false, true]) {
    scenario(`is said again to a worker that was connecting anew when it was said: ${durable ? "durable" : "direct"}`, async () => {
      const at = site();
      const [{ pool }, there, key] = [at.caller("c", { durable }), await at.worker("w"), durable ? 502 : 501];
      await taskGroup(async (group) => {
        const call = group.spawn((scope) => pool.run(takes, { key, ms: HOUR }, scope));
        await at.clock.advance(5_000);
        there.connection.cut();
        call.cancel();
        await at.clock.advance(100);
        there.connection.heal();
        await at.clock.advance(LEASE);
        assert.deepEqual([call.status, of(key)], ["cancelled", ["began", "cancelled"]]);
      }, { clock: at.clock });
      await pool.close();
      await end(there, at);
    });
  }

  scenario("of a durable call that its worker gave up meanwhile, and did not hear, ends it after a lease", async () => {
    const at = site();
    const [{ pool, connection }, there] = [at.caller("c", { durable: true }), await at.worker("w")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 511, ms: HOUR }, scope));
      await at.clock.advance(1_000);
      connection.cut(true);
      call.cancel();
      await at.clock.advance(2 * LEASE);
      connection.heal();
      await at.clock.advance(2 * LEASE);
      assert.deepEqual([call.status, of(511), at.bus.keep.jobs.size], ["cancelled", ["began", "cancelled"], 0]);
    }, { clock: at.clock });
    await pool.close();
    await end(there, at);
  });

  scenario("of a durable call whose worker dies of it ends it after a lease, and no other worker runs it", async () => {
    const at = site();
    const [{ pool }, first] = [at.caller("c", { durable: true }), await at.worker("first")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 512, ms: HOUR }, scope));
      await at.clock.advance(1_000);
      const second = await at.worker("second");
      first.connection.die();
      call.cancel();
      await at.clock.advance(3 * LEASE);
      assert.deepEqual([call.status, of(512).filter((what) => what === "began"), at.bus.keep.jobs.size], ["cancelled", ["began"], 0]);
      await end(second, at);
    }, { clock: at.clock });
    await pool.close();
    await end(first, at);
  });

  for (const [key, ms, when] of [[513, 100, "just then"], [514, 3 * LEASE, "for longer than a lease"]] as const) {
    scenario(`of a durable call that is looked up ${when} keeps it from beginning`, async () => {
      const at = site();
      const open = slowRecords(at);
      const [{ pool }, there] = [at.caller("c", { durable: true }), await at.worker("w")];
      await taskGroup(async (group) => {
        const call = group.spawn((scope) => pool.run(takes, { key, ms: HOUR }, scope, { key: "looked up" }));
        await at.clock.advance(ms);
        call.cancel();
        await at.clock.advance(100);
        open();
        await at.clock.advance(100);
        assert.deepEqual([call.status, of(key), at.bus.keep.jobs.size], ["cancelled", [], 0]);
      }, { clock: at.clock });
      await pool.close();
      await end(there, at);
    });
  }
});

/** In the time of the machine, as deadlines travel; the works are in that of the site. */
describe("a time limit that was moved", () => {
  const runs = async (at: Site, key: number, durable: boolean, moved: (move: () => void) => Promise<Worker>): Promise<void> => {
    const { pool } = at.caller("c", { durable, patience: HOUR });
    let there: Worker | undefined;
    await failAfter(60_000, async (scope) => {
      const call = thrownBy(pool.run(takes, { key, ms: HOUR / 2 }, scope, durable ? { key: `key ${key}` } : {}).then(() => Promise.reject(new Error("ended"))));
      there = await moved(() => scope.reschedule(scope.now() + HOUR));
      await at.clock.advance(HOUR);
      assert.deepEqual([String(await call), of(key)], ["Error: ended", ["began", "ended"]]);
    });
    await pool.close();
    await end(there!, at);
  };

  scenario("is said again to a worker that was connecting anew", async () => {
    const at = site();
    await runs(at, 521, false, async (move) => {
      const there = await at.worker("w");
      await at.clock.advance(1_000);
      there.connection.cut();
      move();
      await at.clock.advance(1_000);
      there.connection.heal();
      return there;
    });
  });

  for (const durable of [false, true]) {
    scenario(`holds for a call that nobody had yet: ${durable ? "durable" : "direct"}`, async () => {
      const at = site();
      await runs(at, durable ? 523 : 522, durable, async (move) => {
        await at.clock.advance(1_000);
        move();
        await at.clock.advance(1_000);
        return at.worker("w");
      });
    });
  }

  scenario("holds for a durable call that is looked up just then", async () => {
    const at = site();
    const open = slowRecords(at);
    await runs(at, 524, true, async (move) => {
      const there = await at.worker("w");
      await at.clock.advance(1_000);
      move();
      await at.clock.advance(1_000);
      open();
      return there;
    });
  });
});

describe("what a work asks of its caller", () => {
  /** Asked 20 ms after the call, answered `ms` later: each message takes 10 ms. */
  const asksWhile = async (ms: number, meanwhile: (at: Site, caller: Connection, worker: Connection) => Promise<void>): Promise<number> => {
    const at = site({ latency: 10 });
    const [{ pool, connection }, there] = [at.caller("c"), await at.worker("w")];
    let asked = 0;
    const answers = ask.by(async (input, scope) => {
      asked++;
      await sleep(ms, scope);
      return [input];
    });
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(asks, "question", scope, { offers: [answers] }));
      await meanwhile(at, connection, there.connection);
      await at.clock.advance(ms + LEASE);
      assert.deepEqual(await call.join(group), ["question"]);
    }, { clock: at.clock });
    await pool.close();
    await end(there, at);
    return asked;
  };

  scenario("is asked again when it was lost", async () => {
    const asked = await asksWhile(0, async ({ clock }, caller) => {
      await clock.advance(15);
      caller.cut();
      await clock.advance(10);
      caller.heal();
    });
    assert.equal(asked, 1);
  });

  scenario("is answered again, and not done again, when the answer was lost", async () => {
    const asked = await asksWhile(1_000, async ({ clock }, _, worker) => {
      await clock.advance(1_025);
      worker.cut();
      await clock.advance(10);
      worker.heal();
    });
    assert.equal(asked, 1);
  });

  scenario("is done once, however long that takes", async () => assert.equal(await asksWhile(5 * LEASE, async () => {}), 1));
});
