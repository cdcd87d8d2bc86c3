import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Timer } from "../ports/clock.ts";
import { Timers } from "./timers.ts";

const timer = (at: number): Timer => ({ at, slot: -1, fire() {} });

/** All that can come due, in the order in which it is taken. */
function drain(timers: Timers): Timer[] {
  const taken: Timer[] = [];
  for (let next = timers.takeDue(Number.MAX_VALUE); next !== undefined; next = timers.takeDue(Number.MAX_VALUE)) taken.push(next);
  return taken;
}

describe("Timers", () => {
  test("takeDue() takes the earliest that is due, and nothing before its time", () => {
    const timers = new Timers();
    const [late, early] = [timer(20), timer(10)];
    timers.add(late);
    timers.add(early);
    assert.equal(timers.next, 10);
    assert.equal(timers.takeDue(9.999), undefined);
    assert.equal(timers.takeDue(10), early);
    assert.equal(timers.takeDue(10), undefined);
    assert.equal(timers.next, 20);
    assert.equal(timers.takeDue(1_000), late);
  });

  test("takeDue() takes those of one moment in the order of arming", () => {
    const timers = new Timers();
    const armed = Array.from({ length: 50 }, () => timer(5));
    for (const one of armed) timers.add(one);
    assert.deepEqual(drain(timers), armed);
  });

  test("delete() takes one out wherever it is, once, and is nothing for one that is not armed", () => {
    const timers = new Timers();
    const armed = [5, 3, 8, 1, 9, 2].map(timer);
    for (const one of armed) timers.add(one);
    const [five, , , one] = armed as [Timer, Timer, Timer, Timer];
    for (const gone of [one, five, one, five, timer(4)]) timers.delete(gone);
    assert.equal(timers.size, 4);
    assert.equal(timers.next, 2);
    assert.deepEqual(drain(timers).map(({ at }) => at), [2, 3, 8, 9]);
  });

  test("next is Infinity, and size 0, when none is armed, before and after", () => {
    const timers = new Timers();
    assert.deepEqual([timers.next, timers.size, timers.takeDue(1_000)], [Infinity, 0, undefined]);
    const one = timer(1);
    timers.add(one);
    timers.delete(one);
    assert.deepEqual([timers.next, timers.size, timers.takeDue(1_000)], [Infinity, 0, undefined]);
  });

  test("takeDue() gives nothing when none is armed, also at the end of time", () => {
    assert.equal(new Timers().takeDue(Infinity), undefined);
  });

  test("slot tells whether a timer is armed", () => {
    const timers = new Timers();
    const [deleted, fired] = [timer(1), timer(2)];
    timers.add(deleted);
    timers.add(fired);
    assert.ok(deleted.slot >= 0 && fired.slot >= 0);
    timers.delete(deleted);
    timers.takeDue(2);
    assert.deepEqual([deleted.slot, fired.slot], [-1, -1]);
  });

  test("delete() keeps few of the deleted, however many they were and wherever they lay", async () => {
    setFlagsFromString("--expose-gc");
    const collectGarbage = runInNewContext("gc") as () => void;
    const timers = new Timers();
    const watched: WeakRef<Timer>[] = [];
    timers.add(timer(0));
    (() => {
      const deleted = Array.from({ length: 10_000 }, (_, at) => timer(at));
      for (const one of deleted) timers.add(one);
      for (const one of deleted) timers.delete(one);
      for (const one of deleted) watched.push(new WeakRef(one));
    })();
    await new Promise((resolve) => void setImmediate(resolve));
    collectGarbage();
    assert.ok(watched.filter((one) => one.deref() !== undefined).length < 100);
    assert.equal(timers.size, 1);
  });

  test("a timer at Infinity is armed and never due", () => {
    const timers = new Timers();
    const never = timer(Infinity);
    timers.add(never);
    timers.add(timer(1));
    assert.equal(timers.takeDue(1)?.at, 1);
    assert.equal(timers.takeDue(Number.MAX_VALUE), undefined);
    assert.equal(timers.size, 1);
    timers.delete(never);
    assert.equal(timers.size, 0);
  });
});

/**
 * The same operations on the timers and on a sorted array, whose order is the specification. Replay a failure with
 * ESPALIER_SEED=<seed>; ESPALIER_RUNS raises the number of runs.
 */
describe("Timers against a sorted array", () => {
  const seeds = process.env["ESPALIER_SEED"] === undefined ? randomSeeds(Number(process.env["ESPALIER_RUNS"] ?? 60)) : [Number(process.env["ESPALIER_SEED"])];

  test("random additions, deletions and takings give the same, in the same order", () => {
    for (const seed of seeds) {
      try {
        run(seed);
      } catch (error) {
        throw new Error(`seed ${seed}: ${String(error)} (ESPALIER_SEED=${seed} replays it)`, { cause: error });
      }
    }
  });
});

function randomSeeds(count: number): number[] {
  return Array.from({ length: count }, () => Math.floor(Math.random() * 2 ** 32));
}

/** A small generator of good enough numbers in [0, 1), the same for the same seed. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

function run(seed: number): void {
  const random = generator(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const timers = new Timers();
  /** In the order in which they are due; of one moment in the order of arming. */
  const sorted: Timer[] = [];
  const gone: Timer[] = [];
  // Few moments give many ties; a run that mostly deletes makes the dead ones the larger part.
  const moments = 1 + pick(40);
  const deleting = random();
  let now = 0;

  for (let step = 0; step < 600; step++) {
    const dice = random();
    if (dice < 0.5) {
      const added = timer(now + pick(moments) - 3);
      const place = sorted.findIndex(({ at }) => at > added.at);
      sorted.splice(place === -1 ? sorted.length : place, 0, added);
      timers.add(added);
    } else if (dice < 0.5 + deleting / 2 && sorted.length > 0) {
      const [deleted] = sorted.splice(pick(sorted.length), 1);
      timers.delete(deleted!);
      gone.push(deleted!);
    } else if (dice > 0.97 && gone.length > 0) {
      timers.delete(gone[pick(gone.length)]!);
    } else {
      now += pick(4);
      const due = sorted[0] !== undefined && sorted[0].at <= now ? sorted.shift() : undefined;
      assert.equal(timers.takeDue(now), due);
      if (due !== undefined) gone.push(due);
    }
    assert.equal(timers.size, sorted.length);
    assert.equal(timers.next, sorted[0]?.at ?? Infinity);
  }
  assert.deepEqual(drain(timers), sorted);
  assert.deepEqual([timers.size, timers.next], [0, Infinity]);
}
