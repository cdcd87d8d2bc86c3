import assert from "node:assert/strict";
import { test } from "node:test";
import { pairedRatio } from "./ratio.ts";

test("pairedRatio() compares within rounds: a round that was slow for both changes nothing", () => {
  const { median, spread, rounds } = pairedRatio([2, 20, 4, 2, 2], [1, 10, 2, 1, 1]);
  assert.equal(median, 2);
  assert.deepEqual(spread, [2, 2]);
  assert.equal(rounds, 5);
});

test("pairedRatio() gives the median of the ratios and not the ratio of the medians", () => {
  assert.equal(pairedRatio([1, 1, 9], [1, 2, 3]).median, 1);
});
