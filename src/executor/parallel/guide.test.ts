import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Guide } from "./guide.ts";

function chunksOf(...range: ConstructorParameters<typeof Guide>): (readonly [number, number])[] {
  const guide = new Guide(...range);
  const chunks = [];
  for (let next = guide.take(); next !== undefined; next = guide.take()) chunks.push(next);
  assert.equal(guide.isDone, true);
  assert.equal(guide.take(), undefined);
  return chunks;
}

describe("Guide", () => {
  test("gives a range in parts, in order, each number once, none but the last smaller than the least", () => {
    for (const length of [0, 1, 2, 3, 7, 64, 513, 10_007]) {
      for (const from of [0, -5, 1_000]) {
        for (const least of [1, 3, 100, 20_000]) {
          for (const width of [1, 2, 16, 128]) {
            let at = from;
            const chunks = chunksOf(from, from + length, least, width);
            for (const [index, [first, end]] of chunks.entries()) {
              assert.equal(first, at);
              assert.ok(end > first && (end - first >= least || index === chunks.length - 1));
              at = end;
            }
            assert.equal(at, from + length);
          }
        }
      }
    }
  });
  test("large ones first, a part of what each would have, and few in all", () => {
    const sizes = chunksOf(0, 1_000_000, 1, 2).map(([from, to]) => to - from);
    assert.deepEqual(sizes.slice(0, 3), [166_667, 138_889, 115_741]);
    assert.deepEqual(sizes, [...sizes].sort((a, b) => b - a));
    assert.ok(sizes.length < 90, `${sizes.length}`);
  });
  test("what is equal gives equal chunks", () => {
    assert.deepEqual(chunksOf(3, 999, 2, 3), chunksOf(3, 999, 2, 3));
  });
  test("the ends of what numbers can count", () => {
    const [low, high] = [Number.MIN_SAFE_INTEGER, 0];
    const chunks = chunksOf(low, high, 2 ** 40, 4);
    assert.deepEqual([chunks[0]![0], chunks.at(-1)![1]], [low, high]);
  });
});
