/** Messages that nobody of ours has written: they are counted, and do nothing else; who speaks properly meanwhile is served. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { taskGroup } from "espalier";
import { ClusterError } from "espalier/cluster";
import { frame, partOf, unframe, Unreadable } from "../../src/executor/cluster/wire/frame.ts";
import { callPart, readOfCaller, readOfWorker, readPart, write } from "../../src/executor/cluster/wire/messages.ts";
import { isA, quiet, scenario, thrownBy } from "../conformance/case.ts";
import { type Site, site } from "./in-memory.ts";
import { random } from "./seeds.ts";
import { ask, asks, echo, takes } from "./works.ts";

type Pick = (below: number) => number;

/** A value as somebody might send it who knows how these messages look. */
function anything(pick: Pick, depth = 0): unknown {
  const leaves: readonly (() => unknown)[] = [
    () => undefined, () => null, () => pick(2) === 0, () => -1, () => pick(3), () => Number.NaN, () => Infinity, () => 2 ** 53, () => 1n, () => "", () => "explicit", () => "> *.x", () => "x".repeat(pick(300)),
    () => new Date(Number.NaN), () => /(a+)+$/, () => new Uint8Array(pick(50)), () => new Error("sent"), () => new Map([[1, {}]]), () => JSON.parse('{ "__proto__": { "polluted": 1 }, "length": 5 }') as unknown,
  ];
  if (depth > 2 || pick(3) > 0) return leaves[pick(leaves.length)]!();
  if (pick(2) === 0) return Array.from({ length: pick(8) }, () => anything(pick, depth + 1));
  return Object.fromEntries(Array.from({ length: pick(5) }, (_, n) => [["left", "context", "priority", "grace", "key", "constructor"][pick(6)] ?? n, anything(pick, depth + 1)]));
}

const KINDS = ["calls", "beat", "cancel", "limit", "confirm", "reply", "claimed", "results", "busy", "running", "hello", "request", "drop", "claim", "refused", "constructor", "__proto__"];

function message(pick: Pick, honest: readonly Uint8Array[]): Uint8Array {
  const dice = pick(5);
  if (dice === 0) return Uint8Array.from({ length: pick(60) }, () => pick(256));
  if (dice === 1) return frame([Uint8Array.from({ length: pick(40) }, () => pick(256))]);
  if (dice === 2) {
    const bytes = Uint8Array.from(honest[pick(honest.length)]!);
    for (let n = 1 + pick(4); n > 0; n--) bytes[pick(bytes.length)] = pick(256);
    return pick(4) === 0 ? bytes.subarray(0, pick(bytes.length)) : bytes;
  }
  const head = [KINDS[pick(KINDS.length)], ...Array.from({ length: pick(7) }, () => (pick(3) === 0 ? "c" : anything(pick)))];
  return frame([partOf(head), ...Array.from({ length: pick(4) }, () => partOf(dice === 3 ? anything(pick) : [pick(5), anything(pick), anything(pick)]))]);
}

describe("the reader of messages", () => {
  const honest = [
    write(["calls", "c", 10_000, "m", "w", undefined], [partOf([1, { a: [1, 2] }, { left: 5 }]), partOf([2, "x", undefined])]),
    write(["cancel", 1, "explicit", "me", { why: 1 }]),
    write(["results", "w", false], [partOf([1, 0, "value", 0.5])]),
    write(["running", "w", [1, 2, 3]]),
    write(["request", "w", 1, 2, "m#f", {}, false]),
  ];

  test("throws nothing but Unreadable, whatever it reads", () => {
    for (const seed of [1, 2, 3, 4]) {
      const pick = random(seed);
      for (let n = 0; n < 5_000; n++) {
        const bytes = message(pick, honest);
        for (const read of [readOfCaller, readOfWorker]) {
          try {
            const { head, parts } = read(bytes);
            assert.equal(typeof head[0], "string");
            for (const part of parts) readPart(part, callPart);
          } catch (error) {
            assert.ok(error instanceof Unreadable, `seed ${seed}, message ${n}: ${String(error)}`);
          }
        }
      }
    }
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  });

  test("says what is wrong: whose it is, the version, the engine, the rest", () => {
    const faultOf = (bytes: Uint8Array): string => {
      try {
        unframe(bytes);
        return "none";
      } catch (error) {
        return (error as Unreadable).fault;
      }
    };
    const whole = honest[0]!;
    const changed = (at: number, to: number): Uint8Array => Uint8Array.from(whole, (byte, index) => (index === at ? to : byte));
    assert.deepEqual(
      [whole, new Uint8Array(), changed(0, 1), changed(1, 9), changed(2, 9), changed(3, 255), whole.subarray(0, whole.length - 1), whole.subarray(0, 3)].map(faultOf),
      ["none", "foreign", "foreign", "protocol", "format", "malformed", "malformed", "malformed"],
    );
  });

  test("takes no name of anybody that would be more than one word of a subject", () => {
    for (const name of ["", ">", "a.b", "a b", "*", "x".repeat(100)]) {
      assert.throws(() => readOfCaller(write(["calls", name, 1, "m", "w", undefined])), Unreadable);
      assert.throws(() => readOfWorker(write(["hello", name])), Unreadable);
    }
  });
});

async function withNoise(at: Site, seed: number, honest: () => Promise<void>): Promise<number> {
  const pick = random(seed);
  const { bus, subjects } = at;
  const enemy = bus.connect();
  const heard: Uint8Array[] = [];
  enemy.subscribe(">", ({ data }) => {
    if (heard.length < 200) heard.push(data);
  });
  const where = [
    subjects.call({ module: new URL("./works.ts", import.meta.url).href, name: "echo", version: undefined }),
    subjects.at("w"), subjects.of("c"), subjects.to("c"), subjects.to("c", 1), subjects.to("c", 7), subjects.survey, subjects.here,
  ];
  let sent = 0;
  for (let round = 0; round < 60; round++) {
    for (let n = 0; n < 25; n++) {
      const reply = [undefined, subjects.to("c", 3), "somewhere.else", subjects.survey][pick(4)];
      enemy.publish(where[pick(where.length)]!, message(pick, heard.length === 0 ? [new Uint8Array(5)] : heard), reply);
      sent++;
    }
    await honest();
  }
  await enemy.close();
  return sent;
}

scenario("whatever else is said on all its subjects, a cluster runs what is called, and counts what it does not understand", async () => {
  for (const seed of [1, 2, 3]) {
    const at = site();
    const { clock } = at;
    const [{ pool, carrier }, there] = [at.caller("c"), await at.worker("w", { isOnly: true })];
    let calls = 0;
    await taskGroup(async (group) => {
      const offers = [ask.by((input) => [input])];
      const honest = async (): Promise<void> => {
        const number = ++calls;
        // Who writes what is honest but for a number may end a call of ours, as he may who is let in; it does not hang, and nothing breaks.
        const [one, two] = [group.spawn((scope) => pool.run(echo, number, scope)), group.spawn((scope) => pool.run(asks, number, scope, { offers }))];
        await clock.advance(50);
        for (const task of [one, two]) if (task.outcome === undefined) task.cancel();
        await clock.advance(50);
      };
      await withNoise(at, seed, honest);
      await clock.advance(100_000);
    }, { clock, onError: () => {} });
    const { faults, running } = there.worker.statistics();
    assert.equal(running, 0);
    assert.ok(faults.foreign > 0 && faults.malformed > 0, JSON.stringify(faults));
    assert.ok(carrier().reception.faults.malformed > 0);
    const { succeeded, failed, cancelled } = pool.statistics();
    assert.equal(succeeded + failed + cancelled, 2 * calls);
    assert.ok(succeeded > calls, `seed ${seed}: ${succeeded} of ${2 * calls} came through`);
    await pool.close();
    const drained = there.worker.drain(0);
    await clock.advance(1);
    await drained;
    await there.pool.close();
  }
});

scenario("a worker runs nothing that it does not serve, and says so to whom it concerns only", async () => {
  const { clock, bus, subjects, caller, worker } = site();
  const there = await worker("w");
  const enemy = bus.connect();
  const answers: unknown[] = [];
  enemy.subscribe(subjects.to("enemy", "*"), ({ data }) => answers.push(readOfWorker(data).head[0]));
  enemy.subscribe("elsewhere", () => answers.push("elsewhere"));
  const module = new URL("./works.ts", import.meta.url).href;
  const to = subjects.call({ module, name: "echo", version: undefined });
  // By a subject that it listens to, something else.
  enemy.publish(to, write(["calls", "enemy", 1_000, module, "log", undefined], [partOf([1, 1, undefined])]), subjects.to("enemy", 1));
  enemy.publish(to, write(["calls", "enemy", 1_000, "node:child_process", "execSync", undefined], [partOf([2, "true", undefined])]), subjects.to("enemy", 2));
  enemy.publish(to, new Uint8Array([1, 2, 3]), "elsewhere");
  enemy.publish(to, new Uint8Array([1, 2, 3]), subjects.to("enemy", 3));
  await quiet();
  await clock.advance(10);
  assert.deepEqual(answers.filter((answer) => answer !== "hello"), ["refused", "results"]);
  const { failed, succeeded, faults } = there.worker.statistics();
  assert.deepEqual([failed, succeeded, faults.foreign], [2, 0, 2]);
  await enemy.close();
  // What a worker answers that cannot be read ends the call that it answers.
  const { pool } = caller("c");
  const liar = bus.connect();
  await there.worker.drain(0);
  liar.subscribe(to, ({ reply }) => liar.publish(reply!, new Uint8Array([0xe5, 77, 1])));
  await taskGroup(async (group) => {
    const call = group.spawn((scope) => thrownBy(pool.run(echo, 1, scope)));
    await clock.advance(10);
    const error = isA(await call.join(group), ClusterError);
    assert.equal(error.code, "NOT_UNDERSTOOD");
    assert.match(error.message, /version 77/);
  }, { clock });
  assert.equal(typeof takes, "function");
  await pool.close();
  await liar.close();
  await there.pool.close();
});
