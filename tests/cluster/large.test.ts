/** What is too large for a message, in virtual time: it lies in a store, which cannot always be reached. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { taskGroup } from "espalier";
import { ClusterError } from "espalier/cluster";
import type { Store } from "../../src/executor/cluster/durable.ts";
import { isA, quiet, scenario, thrownBy } from "../conformance/case.ts";
import type { Connection } from "./bus.ts";
import { LEASE, type Site, site, type Worker } from "./in-memory.ts";
import { echo, log, takes } from "./works.ts";

const ballast = new Uint8Array(2 ** 20).fill(1);
const of = (key: number): string[] => log.filter((entry) => entry.key === key).map(({ what }) => what);

async function end({ worker, pool }: Worker, { clock }: Site): Promise<void> {
  const drained = worker.drain(0);
  await clock.advance(3_000);
  await drained;
  await pool.close();
}

/** Its store cannot be opened, or gives nothing, as often as that. */
function failing({ bus }: Site, connection: Connection, left: { opens?: number; gets?: number }): void {
  const store = bus.keep.store(connection);
  const fails = (what: "opens" | "gets"): void => {
    if ((left[what] ?? 0) > 0) {
      left[what] = left[what]! - 1;
      throw new Error("no leader");
    }
  };
  const own = async (): Promise<Store> => {
    fails("opens");
    return { ...store, get: async (name) => (fails("gets"), store.get(name)) };
  };
  Object.assign(connection, { store: own });
}

describe("what is too large for a message", () => {
  scenario("fails while its store cannot be opened, and goes through when it can", async () => {
    const at = site();
    const [{ pool, connection }, there] = [at.caller("c"), await at.worker("w")];
    failing(at, connection, { opens: 1 });
    await taskGroup(async (group) => {
      const error = isA(await thrownBy(pool.run(echo, ballast, group)), ClusterError);
      assert.match(error.message, /could not be put into the object store: no leader/);
      assert.deepEqual(await pool.run(echo, ballast, group), ballast);
    }, { clock: at.clock });
    await quiet();
    assert.equal(at.bus.keep.objects.size, 0);
    await pool.close();
    await end(there, at);
  });

  scenario("of a durable result is fetched again when it could not be had, and confirmed only then", async () => {
    const at = site();
    const [{ pool, connection }, there] = [at.caller("c", { durable: true }), await at.worker("w")];
    failing(at, connection, { gets: 2 });
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(echo, ballast, scope));
      await at.clock.advance(100);
      assert.deepEqual([call.outcome, at.bus.keep.jobs.size], [undefined, 1]);
      await at.clock.advance(LEASE);
      assert.deepEqual(await call.join(group), ballast);
    }, { clock: at.clock });
    await quiet();
    assert.deepEqual([at.bus.keep.jobs.size, at.bus.keep.objects.size], [0, 0]);
    await pool.close();
    await end(there, at);
  });

  scenario("of a durable result is not waited for by who has cancelled the call", async () => {
    const at = site();
    const [{ pool, connection }, there] = [at.caller("c", { durable: true }), await at.worker("w")];
    failing(at, connection, { gets: Infinity });
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(echo, ballast, scope));
      await at.clock.advance(LEASE);
      assert.equal(call.outcome, undefined);
      call.cancel();
      await at.clock.advance(LEASE);
      assert.deepEqual([call.status, at.bus.keep.jobs.size], ["cancelled", 0]);
    }, { clock: at.clock });
    await pool.close();
    await end(there, at);
  });

  scenario("that is gone for good from the store fails, and does not come again", async () => {
    const at = site();
    const [{ pool, connection }, there] = [at.caller("c", { durable: true }), await at.worker("w")];
    const store = at.bus.keep.store(connection);
    Object.assign(connection, { store: async (): Promise<Store> => ({ ...store, get: async () => undefined }) });
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(echo, ballast, scope)));
      await at.clock.advance(100);
      assert.match(isA(await call.join(group), ClusterError).message, /is not there any more/);
      assert.equal(at.bus.keep.jobs.size, 0);
    }, { clock: at.clock });
    await pool.close();
    await end(there, at);
  });

  scenario("of a durable call is laid down anew with it, when the worker that had it has taken it away", async () => {
    const at = site();
    const [{ pool, connection }, there] = [at.caller("c", { durable: true }), await at.worker("w")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 601, ms: 4 * LEASE, ballast } as { key: number; ms: number }, scope));
      await at.clock.advance(1_000);
      connection.cut();
      await at.clock.advance(2 * LEASE);
      connection.heal();
      await at.clock.advance(20 * LEASE);
      assert.equal(await call.join(group), 601);
      assert.deepEqual(of(601), ["began", "cancelled", "began", "ended"]);
    }, { clock: at.clock });
    await quiet();
    assert.deepEqual([at.bus.keep.jobs.size, at.bus.keep.objects.size], [0, 0]);
    await pool.close();
    await end(there, at);
  });

  for (const durable of [false, true]) {
    scenario(`is not lost when it takes longer than a lease on its way, nor is its call given up: ${durable ? "durable" : "direct"}`, async () => {
      const at = site();
      const [{ pool }, there] = [at.caller("c", { durable }), await at.worker("w")];
      const store = at.bus.keep.store(there.connection);
      const slow = async (name: string, data: Uint8Array): Promise<void> => {
        await new Promise<void>((fire) => at.clock.arm({ at: at.clock.now() + 3 * LEASE, slot: -1, fire }));
        await store.put(name, data);
      };
      Object.assign(there.connection, { store: async (): Promise<Store> => ({ ...store, put: slow }) });
      await taskGroup(async (group) => {
        const call = group.spawn((scope) => pool.run(echo, ballast, scope));
        await at.clock.advance(2 * LEASE);
        assert.equal(call.outcome, undefined);
        await at.clock.advance(2 * LEASE);
        assert.deepEqual(await call.join(group), ballast);
      }, { clock: at.clock });
      assert.deepEqual([there.worker.statistics().running, there.worker.statistics().expired], [0, 0]);
      await pool.close();
      await end(there, at);
    });
  }
});
