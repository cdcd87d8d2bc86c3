/** Workers that are full: they say so, callers wait, and nobody is kept out by others. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { taskGroup } from "espalier";
import { work } from "espalier/executor";
import { testClock } from "espalier/testing";
import { same, scenario } from "../conformance/case.ts";
import { Errand } from "../../src/executor/cluster/caller/errand.ts";
import type { Large } from "../../src/executor/cluster/caller/large.ts";
import { Outgoing } from "../../src/executor/cluster/caller/outgoing.ts";
import { sameAddresses } from "../../src/executor/cluster/module-names.ts";
import { Subjects } from "../../src/executor/cluster/subjects.ts";
import type { Transport } from "../../src/executor/cluster/transport.ts";
import { readOfCaller } from "../../src/executor/cluster/wire/messages.ts";
import type { Call } from "../../src/executor/pool/call.ts";
import { Admission } from "../../src/executor/cluster/worker/admission.ts";
import { site } from "./in-memory.ts";
import { random } from "./seeds.ts";
import { log, takes } from "./works.ts";

const order = (keys: readonly number[]): number[] => log.filter(({ what, key }) => what === "began" && keys.includes(key)).map(({ key }) => key);
const upTo = (from: number, count: number): number[] => Array.from({ length: count }, (_, n) => from + n);

describe("a worker that is full", () => {
  scenario("takes what it does in a moment, refuses the rest, and all of it runs in the end, each once", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, there] = [caller("c", { size: 64 }), await worker("w", { size: 2 })];
    await taskGroup(async (group) => {
      const keys = upTo(1_000, 50);
      const tasks = keys.map((key) => group.spawn((scope) => pool.run(takes, { key, ms: 1_000 }, scope)));
      await clock.advance(100);
      assert.equal(there.worker.statistics().running, 4, "two that run, and as many more");
      assert.ok(there.worker.statistics().busy >= 46);
      await clock.advance(60_000);
      assert.deepEqual(await Promise.all(tasks.map((task) => task.join(group))), keys);
      assert.deepEqual(order(keys).toSorted((a, b) => a - b), keys);
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("of calls that wait for room the higher priority goes first", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, there] = [caller("c", { size: 64 }), await worker("w", { size: 1 })];
    await taskGroup(async (group) => {
      const low = upTo(2_000, 10).map((key) => group.spawn((scope) => pool.run(takes, { key, ms: 1_000 }, scope)));
      await clock.advance(100);
      const high = upTo(2_100, 3).map((key) => group.spawn((scope) => pool.run(takes, { key, ms: 1_000 }, scope, { priority: 1 })));
      await clock.advance(30_000);
      for (const task of [...low, ...high]) await task.join(group);
      // Two had been taken, and perhaps one that was tried just then.
      assert.ok(Math.max(...upTo(2_100, 3).map((key) => order([...upTo(2_000, 10), ...upTo(2_100, 3)]).indexOf(key))) <= 5);
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("one call does not wait for the hundred of another caller", async () => {
    const { clock, caller, worker } = site();
    const [many, few, there] = [caller("many", { size: 100 }), caller("few", { size: 100 }), await worker("w", { size: 1 })];
    await taskGroup(async (group) => {
      for (const key of upTo(3_000, 100)) void group.spawn((scope) => many.pool.run(takes, { key, ms: 100 }, scope));
      await clock.advance(1_000);
      const one = group.spawn((scope) => few.pool.run(takes, { key: 3_500, ms: 100 }, scope));
      await clock.advance(1_000);
      assert.equal(one.outcome?.status, "succeeded");
      assert.ok(order(upTo(3_000, 100)).length < 40);
      await clock.advance(30_000);
    }, { clock });
    await many.pool.close();
    await few.pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });

  scenario("a call that is cancelled while no worker has room never runs, and ends at once", async () => {
    const { clock, caller, worker } = site();
    const [{ pool }, there] = [caller("c", { size: 64 }), await worker("w", { size: 1 })];
    await taskGroup(async (group) => {
      const tasks = upTo(4_000, 8).map((key) => group.spawn((scope) => pool.run(takes, { key, ms: 1_000 }, scope)));
      await clock.advance(50);
      for (const task of tasks.slice(4)) task.cancel();
      await clock.advance(20);
      same(tasks.slice(4).map(({ status }) => status), ["cancelled", "cancelled", "cancelled", "cancelled"]);
      await clock.advance(10_000);
      assert.deepEqual(order(upTo(4_000, 8)), upTo(4_000, 4));
    }, { clock });
    await pool.close();
    await there.worker.drain(0);
    await there.pool.close();
  });
});

/** No worker has the module. */
const nowhere = work(import.meta, "nowhere", () => {});

scenario("calls that nobody serves, however urgent, do not keep back those that a worker has no room for yet", async () => {
  const { clock, caller, worker } = site();
  const [{ pool }, there] = [caller("c", { size: 64, patience: 3_600_000 }), await worker("w", { size: 1 })];
  await taskGroup(async (group) => {
    const urgent = upTo(0, 3).map(() => group.spawn((scope) => pool.run(nowhere, undefined, scope, { priority: 1 })));
    await clock.advance(100);
    const tasks = upTo(6_000, 8).map((key) => group.spawn((scope) => pool.run(takes, { key, ms: 1_000 }, scope)));
    await clock.advance(12_000);
    assert.deepEqual(tasks.map(({ status }) => status), Array.from({ length: 8 }, () => "succeeded"));
    for (const task of urgent) task.cancel();
  }, { clock });
  await pool.close();
  await there.worker.drain(0);
  await there.pool.close();
});

scenario("what one worker refuses another takes", async () => {
  const pick = random(3);
  const { clock, caller, worker } = site({ pick });
  const [{ pool }, one, two] = [caller("c", { size: 64 }), await worker("one", { size: 1 }), await worker("two", { size: 4 })];
  await taskGroup(async (group) => {
    const tasks = upTo(5_000, 40).map((key) => group.spawn((scope) => pool.run(takes, { key, ms: 1_000 }, scope)));
    await clock.advance(60_000);
    for (const task of tasks) await task.join(group);
    const [first, second] = [one.worker.statistics().succeeded, two.worker.statistics().succeeded];
    assert.ok(first >= 4 && second >= 20, `${first} and ${second}`);
  }, { clock });
  await pool.close();
  for (const there of [one, two]) {
    await there.worker.drain(0);
    await there.pool.close();
  }
});

test("short calls share messages, once it is known that they are short; long ones, and large ones, do not", async () => {
  const clock = testClock({ autojump: false });
  const sent: { readonly calls: number; readonly bytes: number }[] = [];
  const publish = (_subject: string, data: Uint8Array): void => void sent.push({ calls: readOfCaller(data).parts.length, bytes: data.byteLength });
  const transport = { maxPayload: 8_192, publish } as unknown as Transport;
  const settings = { id: "c", label: "c", lease: 1_000, clock, names: sameAddresses, subjects: new Subjects("test") };
  const outgoing = new Outgoing(settings, () => transport, { shrink: async () => undefined } as unknown as Large);
  let last = 0;
  const errand = (bytes = 1): Errand => new Errand(++last, { options: {} } as Call, last, 1, { module: "m", name: "w", version: undefined }, new Uint8Array(bytes));
  const messages = async (errands: readonly Errand[]): Promise<number[]> => {
    sent.length = 0;
    for (const one of errands) outgoing.add(one);
    await Promise.resolve();
    return sent.map(({ calls }) => calls);
  };
  const many = (count: number, bytes?: number): Errand[] => upTo(0, count).map(() => errand(bytes));
  assert.deepEqual(await messages(many(3)), [1, 1, 1]);
  for (let n = 0; n < 100; n++) outgoing.learn(errand(), 0.02);
  assert.deepEqual(await messages(many(50)), [20, 20, 10]);
  assert.deepEqual(await messages(many(5, 3_000)), [2, 2, 1]);
  for (let n = 0; n < 100; n++) outgoing.learn(errand(), 5);
  assert.deepEqual(await messages(many(2)), [1, 1]);
});

describe("admission", () => {
  test("is as much as the threads do in 50 ms, and twice their number where nothing is known", () => {
    const admission = new Admission(4, false);
    assert.equal(admission.most, 8);
    admission.learn(1);
    assert.equal(admission.most, 4 * 51);
    for (let n = 0; n < 200; n++) admission.learn(10_000);
    assert.equal(admission.most, 8);
    for (let n = 0; n < 400; n++) admission.learn(0);
    assert.equal(admission.most, 4 * 4_097);
  });

  test("has room for who has nothing there, as much again, and for all where there is no other worker", () => {
    const admission = new Admission(1, false);
    assert.deepEqual([admission.takes(1, 5), admission.takes(2, 5), admission.takes(2, 0), admission.takes(4, 0)], [true, false, true, false]);
    assert.equal(new Admission(1, true).takes(1e6, 1e6), true);
  });
});
