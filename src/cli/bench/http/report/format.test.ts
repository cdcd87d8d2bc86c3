import assert from "node:assert/strict";
import { test } from "node:test";
import { clipped, count, duration, range, timeRange } from "./format.ts";
import { wrap } from "./wrap.ts";

test("duration() gives no more digits than mean anything", () => {
  assert.deepEqual([1_234.5, 123.4, 99.6, 12.34, 1.234, 0.0234].map(duration), ["1,235 ms", "123 ms", "100 ms", "12 ms", "1.2 ms", "0.02 ms"]);
  assert.deepEqual([12_345, 123_456].map(duration), ["12.3 s", "123 s"]);
});

test("range() is one number when all runs agree", () => {
  assert.equal(range({ min: 900, max: 900 }), "900");
  assert.equal(range({ min: 899, max: 1_900 }), "899–1,900");
});

test("timeRange() gives both ends the digits of the larger", () => {
  assert.equal(timeRange({ min: 7.81, max: 34.2 }), "7.8–34.2");
  assert.equal(timeRange({ min: 96.9, max: 190.2 }), "97–190");
  assert.equal(timeRange({ min: 9_000, max: 12_345 }), "9.0–12.3 s");
});

test("count() sets thousands apart", () => {
  assert.equal(count(1_234_567.8), "1,234,568");
});

test("clipped() shortens only what does not fit", () => {
  assert.equal(clipped("short", 5), "short");
  assert.equal(clipped("longer", 5), "long…");
});

test("wrap() breaks at 100 columns and indents below a mark", () => {
  const lines = wrap("word ".repeat(50).trim(), "· ");
  assert.ok(lines.every((line) => line.length <= 100));
  assert.ok(lines[0]?.startsWith("· word"));
  assert.ok(lines[1]?.startsWith("  word"));
  assert.equal(lines.join(" ").split(/\s+/).filter((word) => word === "word").length, 50);
});

test("wrap() leaves a word whole that is longer than a line", () => {
  assert.deepEqual(wrap(`a ${"x".repeat(120)} b`), ["a", "x".repeat(120), "b"]);
});
