import assert from "node:assert/strict";
import { test } from "node:test";
import { isClear, pairedRatio, percentile, shuffled, summarize } from "./statistics.ts";

test("percentile() interpolates between the neighbours of a part that falls between two values", () => {
  assert.equal(percentile([40, 10, 30, 20], 0.5), 25);
  assert.equal(percentile([10, 20], 0.99), 19.9);
});

test("percentile() gives the smallest value for 0, the largest for 1, and the only one for any part", () => {
  assert.equal(percentile([3, 1, 2], 0), 1);
  assert.equal(percentile([3, 1, 2], 1), 3);
  assert.equal(percentile([7], 0.99), 7);
});

test("percentile() leaves the order of the values it was given alone", () => {
  const values = [3, 1, 2];
  percentile(values, 0.5);
  assert.deepEqual(values, [3, 1, 2]);
});

test("percentile() rejects no values, and a part that is given in percent", () => {
  assert.throws(() => percentile([], 0.5), /without values/);
  assert.throws(() => percentile([1], 99), /from 0 to 1.*given 99/);
});

test("summarize() describes the values", () => {
  assert.deepEqual(summarize([1, 2, 3, 4, 5]), { count: 5, min: 1, p50: 3, p99: 4.96, max: 5 });
});

test("pairedRatio() compares within each round, so a machine that slows down for some rounds changes nothing", () => {
  const base = [100, 1000, 100, 5000];
  const twiceAsFast = base.map((time) => time / 2);
  assert.deepEqual(pairedRatio(base, twiceAsFast), { median: 2, lowerQuartile: 2, upperQuartile: 2, rounds: 4 });
});

test("pairedRatio() gives the quartiles of the rounds' ratios as the spread", () => {
  const { median, lowerQuartile, upperQuartile } = pairedRatio([10, 20, 30, 40, 50], [10, 10, 10, 10, 10]);
  assert.deepEqual([lowerQuartile, median, upperQuartile], [2, 3, 4]);
});

test("pairedRatio() rejects series that are no pairs", () => {
  assert.throws(() => pairedRatio([1, 2], [1]), /given 2 and 1/);
});

test("isClear() wants the middle half of the rounds on one side of 1, and at least four rounds", () => {
  const ratio = { median: 1.2, lowerQuartile: 1.1, upperQuartile: 1.3, rounds: 4 };
  assert.equal(isClear(ratio), true);
  assert.equal(isClear({ ...ratio, lowerQuartile: 0.9 }), false);
  assert.equal(isClear({ median: 0.8, lowerQuartile: 0.7, upperQuartile: 0.9, rounds: 12 }), true);
  assert.equal(isClear({ ...ratio, rounds: 3 }), false);
});

test("shuffled() keeps every item, leaves its input alone, and follows the given chance", () => {
  const items = ["a", "b", "c", "d"];
  assert.deepEqual(shuffled(items, () => 0), ["b", "c", "d", "a"]);
  assert.deepEqual(shuffled(items, () => 0.999), items);
  assert.deepEqual(shuffled(items).sort(), items);
  assert.deepEqual(items, ["a", "b", "c", "d"]);
});
