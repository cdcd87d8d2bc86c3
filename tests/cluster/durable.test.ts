/** Durable calls, in virtual time: what dies is done by others, what is done is not done again, what nobody wants never begins. */
import assert from "node:assert/strict";
import { describe } from "node:test";
import { taskGroup } from "espalier";
import { WorkerDiedError } from "espalier/cluster";
import { partOf } from "../../src/executor/cluster/wire/frame.ts";
import { write } from "../../src/executor/cluster/wire/messages.ts";
import { isA, quiet, same, scenario, thrownBy } from "../conformance/case.ts";
import { LEASE, site, slowRecords, type Worker } from "./in-memory.ts";
import { echo, keyOf, log, takes, takesOnce } from "./works.ts";

const HOUR = 3_600_000;
const of = (key: number): string[] => log.filter((entry) => entry.key === key).map(({ what }) => what);

async function end({ worker, pool }: Worker, clock: { advance(ms: number): Promise<void> }): Promise<void> {
  const drained = worker.drain(0);
  await clock.advance(3_000);
  await drained;
  await pool.close();
}

describe("a durable call", () => {
  scenario("is done by another worker when the one that has it dies, and its caller gets what came of it", async () => {
    const { clock, bus, caller, worker } = site();
    const [{ pool }, first] = [caller("c", { durable: true }), await worker("first")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 101, ms: HOUR }, scope));
      await clock.advance(5_000);
      assert.deepEqual(of(101), ["began"]);
      const second = await worker("second");
      first.connection.die();
      await clock.advance(2 * LEASE);
      assert.deepEqual(of(101).filter((what) => what === "began").length, 2);
      await clock.advance(HOUR);
      assert.equal(await call.join(group), 101);
      assert.equal(bus.keep.jobs.size, 0);
      await end(second, clock);
    }, { clock });
    await pool.close();
    await end(first, clock);
  });

  scenario("stays with the worker that works on it, however long", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, one, two] = [caller("c", { durable: true }), await worker("one"), await worker("two")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 111, ms: 5 * HOUR }, scope));
      await clock.advance(6 * HOUR);
      assert.equal(await call.join(group), 111);
      assert.deepEqual(of(111), ["began", "ended"]);
    }, { clock });
    await pool.close();
    await end(one, clock);
    await end(two, clock);
  });

  scenario("waits where nobody serves it, longer than any patience, and never begins when it is cancelled meanwhile", async () => {
    const { clock, bus, caller, worker } = site();
    const { pool } = caller("c", { durable: true });
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(echo, "late", scope));
      const cancelled = group.spawn((scope) => pool.run(takes, { key: 121, ms: 1 }, scope));
      await clock.advance(HOUR);
      same([call.outcome, bus.keep.jobs.size], [undefined, 2]);
      cancelled.cancel();
      await quiet();
      assert.equal(cancelled.status, "cancelled");
      const there = await worker("w");
      await clock.advance(10);
      assert.equal(await call.join(group), "late");
      assert.deepEqual(of(121), []);
      assert.equal(bus.keep.jobs.size, 0);
      await end(there, clock);
    }, { clock });
    await pool.close();
  });

  scenario("of a caller that has died never begins, and one that runs is cancelled after his lease", async () => {
    const { clock, bus, caller, worker } = site();
    const [{ pool, connection }, there] = [caller("c", { durable: true }), await worker("w", { size: 1 })];
    await taskGroup(async (group) => {
      for (const key of [131, 132]) void group.spawn((scope) => thrownBy(scope.failAfter(HOUR, (own) => pool.run(takes, { key, ms: 24 * HOUR }, own))));
      await clock.advance(100);
      connection.die();
      const other = await worker("other", { size: 1 });
      await clock.advance(4 * LEASE);
      // The second one waited for the place of the first.
      assert.deepEqual([of(131), of(132)], [["began", "cancelled"], []]);
      same([there.worker.statistics().running, other.worker.statistics().running, bus.keep.jobs.size], [0, 0, 0]);
      await clock.advance(2 * HOUR);
      await end(other, clock);
    }, { clock });
    await pool.close();
    await end(there, clock);
  });

  scenario("that was kept is no sign of life of its caller: what he has running is cancelled after his lease all the same", async () => {
    const { clock, bus, subjects, caller, worker } = site();
    const [{ pool, connection, carrier }, there] = [caller("c", { durable: true }), await worker("w")];
    const [keep, module] = [bus.keep.for(bus.connect()), new URL("./works.ts", import.meta.url).href];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(takes, { key: 136, ms: 24 * HOUR }, scope)));
      await clock.advance(100);
      connection.die();
      for (let n = 0; n < 8; n++) {
        await keep.put(subjects.job({ module, name: "echo", version: undefined }), write(["calls", "c", LEASE, module, "echo", undefined], [partOf([100 + n, n, undefined])]), `${n}`);
        await clock.advance(LEASE / 4);
      }
      assert.deepEqual(of(136), ["began", "cancelled"]);
      carrier().kill();
      await call.join(group);
    }, { clock });
    await clock.advance(4 * LEASE);
    assert.equal(bus.keep.jobs.size, 0);
    await pool.close();
    await end(there, clock);
  });

  scenario("is run again when its result was lost, unless it is to be done once: then it is answered as it was", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, first] = [caller("c", { durable: true }), await worker("first")];
    await taskGroup(async (group) => {
      const again = group.spawn((scope) => pool.run(takes, { key: 141, ms: 1_000 }, scope));
      const once = group.spawn((scope) => pool.run(takesOnce, { key: 142, ms: 1_000 }, scope));
      await clock.advance(995);
      const second = await worker("second");
      // What it says from now on nobody hears, but what it keeps is kept.
      first.connection.publish = () => {};
      await clock.advance(10);
      assert.deepEqual([of(141), of(142)], [["began", "ended"], ["began", "ended"]]);
      first.connection.die();
      await clock.advance(2 * LEASE);
      assert.deepEqual([await again.join(group), await once.join(group)], [141, 142]);
      assert.deepEqual([of(141), of(142)], [["began", "ended", "began", "ended"], ["began", "ended"]]);
      await end(second, clock);
    }, { clock });
    await pool.close();
    await first.pool.close();
    void first.worker.drain(0);
    await clock.advance(3_000);
  });

  scenario("with a key is done once by whoever calls it, also after its caller has died, and the work knows the key", async () => {
    const { clock, caller, worker } = site();
    const [one, two, there] = [caller("one", { durable: true }), caller("two", { durable: true }), await worker("w")];
    await taskGroup(async (group) => {
      const first = group.spawn((scope) => one.pool.run(takes, { key: 151, ms: 100 }, scope, { key: "order 7" }));
      await clock.advance(200);
      one.connection.die();
      const second = group.spawn((scope) => two.pool.run(takes, { key: 151, ms: 100 }, scope, { key: "order 7" }));
      const other = group.spawn((scope) => two.pool.run(keyOf, undefined, scope, { key: "order 7" }));
      await clock.advance(200);
      assert.deepEqual([await first.join(group), await second.join(group), await other.join(group)], [151, 151, "order 7"]);
      assert.deepEqual(of(151), ["began", "ended"]);
    }, { clock });
    await one.pool.close();
    await two.pool.close();
    await end(there, clock);
  });

  scenario("that is too much for so many workers is put aside, with the reason, and fails", async () => {
    const { clock, bus, caller, worker } = site();
    const { pool } = caller("c", { durable: true });
    const dead: Worker[] = [];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => thrownBy(pool.run(takes, { key: 161, ms: HOUR }, scope)));
      for (let n = 0; n < 3; n++) {
        const there = await worker(`w${n}`);
        await clock.advance(2_000);
        there.connection.die();
        dead.push(there);
        await clock.advance(2 * LEASE);
      }
      const last = await worker("last");
      await clock.advance(2 * LEASE);
      const error = isA(await call.join(group), WorkerDiedError);
      assert.match(error.message, /3 workers have had ".*takes"/);
      assert.equal(bus.keep.dead.length, 1);
      assert.match(bus.keep.dead[0]!.reason, /3 workers have had/);
      same([last.worker.statistics().buried, bus.keep.jobs.size, of(161).filter((what) => what === "began").length], [1, 0, 3]);
      await end(last, clock);
    }, { clock });
    await pool.close();
    for (const there of dead) await end(there, clock);
  });

  scenario("that cannot be read is put aside", async () => {
    const { clock, bus, subjects, worker } = site();
    const there = await worker("w");
    const enemy = bus.connect();
    await bus.keep.for(enemy).put(subjects.job({ module: new URL("./works.ts", import.meta.url).href, name: "echo", version: undefined }), new Uint8Array([1, 2]), "x");
    await clock.advance(10);
    same([bus.keep.jobs.size, there.worker.statistics().buried, there.worker.statistics().faults.foreign], [0, 1, 1]);
    assert.match(bus.keep.dead[0]!.reason, /cannot be read/);
    await end(there, clock);
  });

  scenario("that is looked up while its worker is shut down begins at another one, and there only", async () => {
    const at = site();
    const { clock } = at;
    const open = slowRecords(at);
    const [{ pool }, first] = [at.caller("c", { durable: true }), await at.worker("first")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 175, ms: 5 * LEASE }, scope, { key: "order 8" }));
      await clock.advance(100);
      const second = await at.worker("second");
      const drained = first.worker.drain(HOUR);
      await clock.advance(100);
      open();
      await clock.advance(6 * LEASE);
      await drained;
      assert.equal(await call.join(group), 175);
      assert.deepEqual([of(175), first.worker.statistics().succeeded], [["began", "ended"], 0]);
      await end(second, clock);
    }, { clock });
    await pool.close();
    await first.pool.close();
  });

  scenario("goes to another worker when its own is shut down", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, first] = [caller("c", { durable: true }), await worker("first")];
    await taskGroup(async (group) => {
      const call = group.spawn((scope) => pool.run(takes, { key: 171, ms: HOUR }, scope));
      await clock.advance(1_000);
      const second = await worker("second");
      const drained = first.worker.drain(500);
      await clock.advance(1_000);
      await drained;
      assert.deepEqual(of(171), ["began", "cancelled", "began"]);
      await clock.advance(2 * HOUR);
      assert.equal(await call.join(group), 171);
      await end(second, clock);
    }, { clock });
    await pool.close();
    await first.pool.close();
  });
});

scenario("a cancelled durable call that runs is cancelled there, and waited for", async () => {
  const { clock, caller, worker } = site();
  const [{ pool }, there] = [caller("c", { durable: true }), await worker("w")];
  await taskGroup(async (group) => {
    const call = group.spawn((scope) => pool.run(takes, { key: 181, ms: HOUR }, scope));
    await clock.advance(100);
    call.cancel();
    await clock.advance(1);
    assert.deepEqual([of(181), call.status], [["began", "cancelled"], "cancelled"]);
  }, { clock });
  await pool.close();
  await end(there, clock);
});

scenario("a worker process of the program's own dies: its replacement runs the durable calls, those that are cancelled end at once; without one, all fail", async () => {
  const { clock, caller, worker } = site();
  const [{ pool, carrier }, first] = [caller("c", { durable: true }), await worker("first")];
  await taskGroup(async (group) => {
    const call = group.spawn((scope) => pool.run(takes, { key: 191, ms: 1_000 }, scope));
    const cancelled = group.spawn((scope) => pool.run(takes, { key: 192, ms: HOUR }, scope));
    await clock.advance(100);
    first.connection.die();
    cancelled.cancel();
    carrier().workerDied("SIGKILL", true);
    await quiet();
    assert.deepEqual([call.outcome, cancelled.status], [undefined, "cancelled"]);
    const second = await worker("second");
    await clock.advance(2 * LEASE);
    assert.equal(await call.join(group), 191);
    const last = group.spawn((scope) => thrownBy(pool.run(takes, { key: 193, ms: HOUR }, scope)));
    await clock.advance(100);
    carrier().workerDied("SIGKILL", false);
    assert.equal(isA(await last.join(group), WorkerDiedError).code, "WORKER_DIED");
    await end(second, clock);
  }, { clock });
  await pool.close();
  await end(first, clock);
});
