/** Who is believed to be there, and for how long: callers and workers that vanish, are cut off and come back, in virtual time. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { type Task, taskGroup } from "espalier";
import { ClusterError, WorkerDiedError } from "espalier/cluster";
import { isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { LEASE, site } from "./in-memory.ts";
import { log, takes, takesOnce, echo, left, versioned } from "./works.ts";

const DAY = 24 * 3_600_000;
const of = (key: number): string[] => log.filter((entry) => entry.key === key).map(({ what }) => what);
const atOf = (key: number, what: string): number => log.find((entry) => entry.key === key && entry.what === what)!.at;

describe("leases", () => {
  scenario("a work that takes a day is not lost, nor is one that waits behind it", async () => {
    const { clock, caller, worker } = site();
    const [{ pool, connection }, there] = [caller("c", { lease: 60_000 }), await worker("w", { size: 1 })];
    await taskGroup(async (group) => {
      const long = group.spawn((scope) => pool.run(takes, { key: 1, ms: DAY }, scope));
      const behind = group.spawn((scope) => pool.run(takes, { key: 2, ms: 5 }, scope));
      await clock.advance(DAY - 1);
      same([long.outcome, behind.outcome, there.worker.statistics().running], [undefined, undefined, 2]);
      await clock.advance(10);
      assert.deepEqual([await long.join(group), await behind.join(group)], [1, 2]);
    }, { clock });
    await pool.close();
    await connection.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("a caller that dies has its works cancelled after its lease, and leaves nothing behind", async () => {
    const { clock, caller, worker } = site();
    const [{ pool, connection }, there] = [caller("c"), await worker("w")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(takes, { key: 11, ms: DAY }, scope)));
      await clock.advance(100);
      connection.die();
      await clock.advance(LEASE - 200);
      assert.deepEqual(of(11), ["began"]);
      // Looked at three times in a lease.
      await clock.advance(LEASE / 3 + 400);
      assert.deepEqual(of(11), ["began", "cancelled"]);
      same([there.worker.statistics().running, there.worker.statistics().expired], [0, 1]);
      await clock.advance(LEASE);
      assert.equal(there.worker.statistics().callers, 0);
      // And he, if he were alive, has given it up.
      assert.equal(isA(await call.join(group), WorkerDiedError).code, "WORKER_LOST");
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("a worker that dies has its calls given up after the lease: they fail, and are not run again", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, first] = [caller("c"), await worker("first")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(takes, { key: 21, ms: DAY }, scope)));
      await clock.advance(100);
      const second = await worker("second");
      first.connection.die();
      await clock.advance(LEASE - 200);
      assert.equal(call.outcome, undefined);
      await clock.advance(LEASE / 3 + 400);
      const error = isA(await call.join(group), WorkerDiedError);
      assert.equal(error.code, "WORKER_LOST");
      assert.match(error.message, /has said a word of "takes"|had "takes"/);
      same([pool.statistics().died, pool.statistics().failed, second.worker.statistics().running], [1, 1, 0]);
      assert.equal(await pool.run(echo, "goes on", group), "goes on");
      await second.worker.drain(0);
      await second.pool.close();
    }, { clock });
    assert.deepEqual(of(21).filter((what) => what === "began"), ["began"]);
    await pool.close();
    const drained = first.worker.drain(0);
    await clock.advance(1);
    await drained;
    await first.pool.close();
  });

  scenario("a cut that heals within the lease is felt by nobody; a cancellation meanwhile arrives with it", async () => {
    const { clock, caller, worker } = site();
    const [{ pool, connection }, there] = [caller("c"), await worker("w")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 31, ms: 20_000 }, scope));
      const other = group.spawn((scope) => pool.run(takes, { key: 32, ms: DAY }, scope));
      await clock.advance(1_000);
      connection.cut();
      await clock.advance(LEASE / 2);
      other.cancel();
      await clock.advance(100);
      assert.deepEqual(of(32), ["began"]);
      connection.heal();
      await clock.advance(100);
      assert.deepEqual([of(32), other.status], [["began", "cancelled"], "cancelled"]);
      await clock.advance(20_000);
      assert.equal(await call.join(group), 31);
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("a cut for longer than the lease: the works are cancelled there, the calls given up here, and the next one runs", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, there] = [caller("c"), await worker("w")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(takes, { key: 41, ms: DAY }, scope)));
      await clock.advance(1_000);
      there.connection.cut();
      await clock.advance(2 * LEASE);
      assert.deepEqual(of(41), ["began", "cancelled"]);
      assert.equal(isA(await call.join(group), WorkerDiedError).code, "WORKER_LOST");
      there.connection.heal();
      await clock.advance(100);
      const next = group.spawn((scope) => pool.run(takes, { key: 42, ms: 10 }, scope));
      await clock.advance(100);
      assert.equal(await next.join(group), 42);
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("a result that gets lost is no reason to wait for ever", async () => {
    const { clock, caller, worker } = site();
    const [{ pool, connection }, there] = [caller("c"), await worker("w")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(takes, { key: 51, ms: 1_000 }, scope)));
      await clock.advance(500);
      connection.cut();
      await clock.advance(1_000);
      connection.heal();
      assert.deepEqual(of(51), ["began", "ended"]);
      await clock.advance(2 * LEASE);
      assert.equal(isA(await call.join(group), WorkerDiedError).code, "WORKER_LOST");
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("who slept himself has heard nobody, and gives nobody up for it", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, there] = [caller("c"), await worker("w")];
    const now = clock.now.bind(clock);
    let asleep = 0;
    clock.now = () => now() + asleep;
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 61, ms: 30_000 }, scope));
      await clock.advance(1_000);
      // As when the lid of a laptop was closed: the next timer comes late, for all of this process.
      asleep = 5 * LEASE;
      await clock.advance(40_000);
      assert.equal(await call.join(group), 61);
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });
});

describe("workers that are not there", () => {
  scenario("a call waits for one that comes within its patience", async () => {
    const { clock, caller, worker } = site();
    const { pool } = caller("c");
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(echo, 1, scope));
      const cancelled = group.spawn((scope) => pool.run(echo, 2, scope));
      await clock.advance(4_000);
      cancelled.cancel();
      await quiet();
      assert.equal(cancelled.status, "cancelled");
      const there = await worker("w");
      await clock.advance(10);
      assert.equal(await call.join(group), 1);
      await there.worker.drain(0);
      await there.pool.close();
    }, { clock });
    await pool.close();
  });

  scenario("then it fails, and says who is there", async () => {
    const { clock, caller, worker, bus, subjects } = site();
    const { pool } = caller("c");
    const fails = async (): Promise<ClusterError> =>
      taskGroup(async (group) => {
        const call: Task<unknown> = group.spawn((scope) => thrownBy(pool.run(versioned, undefined, scope)));
        await clock.advance(10_000);
        return isA(await call.join(group), ClusterError);
      }, { clock });
    const nobody = await fails();
    assert.deepEqual([nobody.code, /no worker is in this namespace/.test(nobody.message)], ["NO_WORKER", true]);
    const answering = (about: object): (() => Promise<void>) => {
      const connection = bus.connect();
      const me = { kind: "worker", id: "x", label: "x", speaks: subjects.speech, works: [], calls: [], size: 1, ...about };
      connection.subscribe(subjects.survey, ({ reply }) => connection.publish(reply!, new TextEncoder().encode(JSON.stringify(me))));
      return () => connection.close();
    };
    const url = new URL("./works.ts", import.meta.url).href;
    for (const [about, code, text] of [
      [{ works: [[url, "versioned", "1"]] }, "VERSION_SKEW", /have version 1 of it/],
      [{ speaks: "7" }, "VERSION_SKEW", /speak version 7 of the messages/],
      [{ works: [["shop:src/works", "other", null]] }, "NO_WORKER", /serves shop:src\/works#other/],
      [{ works: "nonsense" }, "NO_WORKER", /no worker is in this namespace/],
    ] as const) {
      const end = answering(about);
      const error = await fails();
      assert.equal(error.code, code);
      assert.match(error.message, text);
      await end();
    }
    const there = await worker("w");
    await taskGroup(async (group) => assert.equal(await pool.run(versioned, undefined, group), "version 2"), { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });
});

scenario("a deadline travels as the time that is left, and ends the work there", async () => {
  const { clock, caller, worker } = site({ latency: 300 });
  const [{ pool }, there] = [caller("c"), await worker("w")];
  await taskGroup(async (group) => {
    assert.equal(typeof left, "function");
    const error = group.spawn((scope) => thrownBy(scope.failAfter(2_000, (own) => pool.run(takes, { key: 71, ms: DAY }, own))));
    await clock.advance(5_000);
    isA(await error.join(group), Error);
    assert.ok(atOf(71, "cancelled") <= 2_700, `${atOf(71, "cancelled")}`);
  }, { clock });
  await pool.close();
  await there.worker.drain(0);
  await there.pool.close();
});

scenario("a worker that is shut down waits for its calls, then cancels them; they fail for their callers, who may call again", async () => {
  const { clock, caller, worker } = site();
  const [{ pool }, there] = [caller("c"), await worker("w")];
  await taskGroup(async (group) => {
    const short = group.spawn((scope) => pool.run(takes, { key: 81, ms: 1_000 }, scope));
    const long = group.spawn((scope) => thrownBy(pool.run(takes, { key: 82, ms: DAY }, scope)));
    await clock.advance(500);
    const drained = there.worker.drain(5_000);
    await clock.advance(1_000);
    assert.equal(await short.join(group), 81);
    assert.equal(long.outcome, undefined);
    await clock.advance(5_000);
    await drained;
    const error = isA(await long.join(group), WorkerDiedError);
    assert.match(error.message, /was shut down while it ran "takes"/);
  }, { clock });
  await pool.close();
  await there.pool.close();
});

for (const durable of [false, true]) {
  scenario(`a caller whose connection was closed for good takes no result of an earlier call for that of a later one: ${durable ? "durable" : "direct"}`, async () => {
    const { clock, caller, worker } = site();
    const [{ pool, connection }, there] = [caller("c", { durable }), await worker("w")];
    const run = durable ? takesOnce : takes;
    const key = durable ? 93 : 91;
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => thrownBy(pool.run(run, { key, ms: 1_000 }, scope)));
      await clock.advance(100);
      await connection.close();
      isA(await first.join(group), WorkerDiedError);
      const second = group.spawn((scope) => pool.run(run, { key: key + 1, ms: 2_000 }, scope));
      await clock.advance(10_000);
      assert.equal(await second.join(group), key + 1);
    }, { clock });
    await pool.close();
    const drained = there.worker.drain(0);
    await clock.advance(3_000);
    await drained;
    await there.pool.close();
  });
}
