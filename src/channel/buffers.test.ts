/** What channels are made of: the buffer and the line of those who wait, against an array. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Line, Place } from "../sync/line.ts";
import { Ring } from "./ring.ts";

/** The same numbers for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("a ring gives what was put in, in order, however it grows, wraps and shrinks", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const next = chance(seed);
    const ring = new Ring<number>();
    const model: number[] = [];
    for (let step = 0; step < 1_000; step++) {
      // Phases of growing and of shrinking.
      const isGrowing = Math.floor(step / 200) % 2 === 0;
      if (next(10) < (isGrowing ? 8 : 2)) {
        ring.push(step);
        model.push(step);
      } else if (model.length > 0) assert.equal(ring.shift(), model.shift(), `seed ${seed}, step ${step}`);
      assert.equal(ring.size, model.length);
    }
    assert.deepEqual(ring.drain(), model, `seed ${seed}`);
    assert.equal(ring.size, 0);
  }
});

test("a ring keeps nothing alive that was taken out", async () => {
  const ring = new Ring<object>();
  const refs: WeakRef<object>[] = [];
  (() => {
    for (let n = 0; n < 5; n++) {
      const item = {};
      refs.push(new WeakRef(item));
      ring.push(item);
    }
    for (let n = 0; n < 4; n++) ring.shift();
  })();
  await new Promise((resolve) => setImmediate(resolve));
  globalThis.gc?.();
  if (globalThis.gc !== undefined) assert.deepEqual(refs.map((ref) => ref.deref() === undefined), [true, true, true, true, false]);
  assert.equal(ring.size, 1);
});

test("a line serves in the order of coming, and lets go of those who leave from anywhere", () => {
  for (let seed = 1; seed <= 50; seed++) {
    const next = chance(seed);
    const line = new Line<Place>();
    let model: Place[] = [];
    for (let step = 0; step < 500; step++) {
      const what = next(4);
      if (what < 2) {
        const place = new Place();
        line.append(place);
        model.push(place);
      } else if (what === 2) assert.equal(line.shift(), model.shift(), `seed ${seed}, step ${step}`);
      else if (model.length > 0) {
        const [place] = model.splice(next(model.length), 1);
        place!.leave();
        place!.leave();
      }
      assert.equal(line.size, model.length, `seed ${seed}, step ${step}`);
      if (next(100) === 0) {
        const some = new Set(model.filter(() => next(2) === 0));
        assert.deepEqual(line.shiftAll((place) => some.has(place)), [...some]);
        model = model.filter((place) => !some.has(place));
      }
    }
    assert.deepEqual(line.shiftAll(() => true), model);
  }
});
